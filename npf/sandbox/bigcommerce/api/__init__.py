"""The endpoints of BigCommerce's API, one module an area; each has a ROUTES list."""

from npf.sandbox.bigcommerce.api import catalogue, customers, hooks, inventory, orders, shipments, store
from npf.sandbox.bigcommerce.router import Route


def all_routes() -> list[Route]:
    """Every endpoint of the sandbox."""
    modules = (orders, shipments, catalogue, inventory, customers, store, hooks)
    return [route for module in modules for route in module.ROUTES]
