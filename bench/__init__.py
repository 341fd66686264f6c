"""The bench: what pull, send, follow and push cost, beside a plain loop that makes one call per sub-resource.

__main__    arguments, the table
sandboxes   BigCommerce and FM in a process of their own, and the calls that they counted
worker      a process that works phase by phase when it is told to
connector   the worker that is npf, on an embedded Postgres
stock       a push of stock when every SKU changes: seconds, calls, memory, with the Store Inventory scope and without
plain       the worker that is a plain loop, without npf and without a database
market      shops whose shoppers come while npf works, and the truth about what FM can send
month       npf at work among them for days, on their time
selling     what is sold beyond what FM can send, by how stock is written
"""
