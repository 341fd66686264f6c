"""pull: BigCommerce's orders into our rows, each with the verdict of every gate.

regate   orders that were judged with earlier settings, from the text that we hold
walk     by id over everything modified since the cursor, 250 orders a call
sweep    at night over everything, in case a change was missed; what is no longer listed is asked for by number
page     read each order, tolerantly, and put it through the gates; what cannot be read is held with its raw text
decide   what that means for an order, given what we hold of it
rows     and write it, with the cursor, in one transaction a page; what did not change is not written
"""
