"""pull: BigCommerce's orders into our rows, each with the verdict of every gate.

walk by id over everything modified since the cursor, 250 orders a call
  -> read each order, tolerantly; what cannot be read is held with its raw text
  -> the gates
  -> rows, in one transaction a page
"""
