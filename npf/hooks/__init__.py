"""hooks: the store's webhook at BigCommerce. It only makes us look sooner; without it every store is polled.

npf check, a button, once a day
             |
compare.py   what is there, and what should be
keep.py      made, mended, removed; what was found stays in models.Hook
state.py     how it stands, in words
"""
