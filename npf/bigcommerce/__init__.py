"""The BigCommerce client: typed records out, strict bodies in, no Django.

orders shipments catalog inventory stores hooks   operations: plain functions that take the client first
                 |
           records  pages                   typed records | lists over all their pages
              |       |
          tolerant    |                     odd values read as what they mean, or refused by name
                      |
            client ---+--- pace             one question, tried again where that is safe | the shared quota
                |
transport   refusals   address              one request | an answer that says no | where a store is
"""
