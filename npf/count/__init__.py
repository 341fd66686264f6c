"""count: FM's stock of every SKU that the store sells.

the catalogue, with its tracking modes
  -> FM codes, bundles by their parts
  -> FM, 150 codes a call; "no details" is unknown, never zero
  -> levels
"""
