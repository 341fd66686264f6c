"""FM, NPF's logistics platform, to play with: what WEBSERVICE.md says of it, over real SOAP.

app       WSGI: SOAP pages, WSDLs, control endpoints, page       soap, wsdl   as nuSOAP writes them
warehouse admits clients, carries calls out                      client       life of the orders, stock
documents reads orders strictly, judge judges them               answers      writes FM's documents
faults, log, settings, errors                                    run          `npf sandbox fm`

warehouse = Warehouse(seed=1, pick_delay=0.2)
client = warehouse.add_client(client_code="DEMO", username="demo", password="demo")
with serve(make_app(warehouse)) as fm: ...          # npf.sandbox.server; fm.url is the store's fm.base_url
"""

from .app import make_app
from .client import Client
from .errors import WrongMove
from .log import Entry
from .orders import Order, Shipment
from .run import run, start
from .settings import Settings
from .stock import CATALOGUE
from .warehouse import Warehouse

__all__ = [
    "CATALOGUE",
    "Client",
    "Entry",
    "Order",
    "Settings",
    "Shipment",
    "Warehouse",
    "WrongMove",
    "make_app",
    "run",
    "start",
]
