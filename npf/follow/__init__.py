"""follow: every order that FM has and that is not finished, until it is.

take the sales orders whose turn has come, oldest first, 100 a call
  -> ask FM for their status
  -> shipments as rows, once each; quantities turned back into BigCommerce's lines
  -> the order's stage, a hold, or the next turn: soon while young, slower with age, never stopped
"""
