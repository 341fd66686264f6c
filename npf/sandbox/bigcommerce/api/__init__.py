"""The endpoints of BigCommerce's API, one module an area; each has a ROUTES list."""

from npf.sandbox.bigcommerce.api import (
    catalogue,
    channels,
    customers,
    hooks,
    inventory,
    locations,
    orders,
    payments,
    products,
    shipments,
    store,
    variants,
)
from npf.sandbox.bigcommerce.router import Route


def all_routes() -> list[Route]:
    """Every endpoint of the sandbox."""
    modules = (
        orders,
        shipments,
        payments,
        products,
        variants,
        catalogue,
        inventory,
        locations,
        customers,
        channels,
        store,
        hooks,
    )
    return [route for module in modules for route in module.ROUTES]
