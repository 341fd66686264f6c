"""Stock into BigCommerce: what FM can send, less what is sold, by whichever way the token allows.

station     preview, run, undo: on record, then the seat belt, then written batch by batch, then read again
sheet       one run with its items: the figures of a count, the previous figures of a run, the document of --json
unsent      what orders take off FM's figures, and why
ways        by the inventory or by the catalogue; one refused item never stops the others
"""
