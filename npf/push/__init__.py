"""push: into BigCommerce what is not there yet, never twice, never backwards, never onto a cancelled order.

orders      what changed in BigCommerce since the last look: one list, nothing read per order
  claim     write down which shipments BigCommerce is being asked to take
  tell      look first where an earlier try had no clear answer, else write the shipment; then the status
  settle    bind the shipments' numbers, move the order to complete
  rules     what may be written, and what not

stock/      the last count -> the seat belt -> BigCommerce, once a day and when something changed
"""
