"""A warehouse of files: orders go out as files, despatch and stock files come in. No Django, no database.

client    Files: send, statuses, stock_answer, as npf.warehouse.port asks
place     where the files are, by a few questions: folder (a local one), sftp (a server's)
out       one order as a CSV or JSON file             sending   written, then renamed, once
read      a file of the warehouse, row by row         intake    taken once, by content, and moved to done or bad
told      what files said of an order, the latest word of each
ledger    what has to be remembered, asked of whoever keeps it (npf/stores/ledger.py: Postgres)
"""
