"""count: FM's stock of every SKU that the store sells.

sellable    the catalogue's SKUs, once each, with what keeps some from being written
station     FM codes, bundles by their parts -> FM, 150 codes a call; "no details" is unknown, never zero -> levels
"""
