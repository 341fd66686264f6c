"""follow: every order that FM has and that is not finished, until it is.

take     the orders whose turn has come, all their sales orders together, 100 a call
ask      FM for their status
record   shipments as rows, once each; quantities turned back into BigCommerce's lines
stand    what all sales orders of an order together say: its stage, or a hold
turn     the next look: soon while it is young, slower with age, never stopped
"""
