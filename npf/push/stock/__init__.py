"""Stock into BigCommerce: what FM can send, less what is sold, by whichever way the token allows.

station     preview, run, undo: read, pull, figures, the seat belt, written batch by batch, read again
sheet       one run with its items: the figures of a count, the previous figures of a run, the document of --json
unsent      what orders take off FM's figures, and why
ways        by the inventory (figures or differences) or by the catalogue; a refused item never stops the others
confirm     what BigCommerce shows after a write, and after a lost answer
record      what is on record before, during and after
"""
