"""The port of a warehouse: what `send`, `follow` and `count` ask, whoever answers. See docs/warehouses.md.

port      the three questions, and the errors that may answer them
records   what goes in and comes out, in FM's own words

npf/fm answers by SOAP, npf/files by files in a folder or on an SFTP server.
"""
