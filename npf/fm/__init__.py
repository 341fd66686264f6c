"""FM, NPF's logistics platform: one adapter (WEBSERVICE.md is its contract), no Django, no database.

records   the login, and what goes in and comes out, in FM's own words
limits    what FM would refuse, known before it is asked      text   fitting and transliterating
write     records -> inner documents                          read   inner documents -> records
wsdl      what a WSDL says: argument, address, envelope       wire   HTTP and the SOAP envelope
client    FM: send, statuses, stock, as npf.warehouse.port asks
codes     error codes and dispatch methods                    errors what a refusal means to the caller
markup    XML, read tolerantly and safely                     masking the password, out of all that is kept
"""
