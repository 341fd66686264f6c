"""V3 inventory locations (facts 107, 108); the rules are in locations.py. Writes answer {transaction_id} alone."""

import uuid

from npf.sandbox.bigcommerce import locations
from npf.sandbox.bigcommerce.answers import Answer, Request, data, number_list, ok, page_of, problem, text_list
from npf.sandbox.bigcommerce.router import Route


def list_locations(request: Request) -> Answer:
    """GET /inventory/locations (examples/locations.json)."""
    wanted = number_list(request, "location_id:in")
    codes = text_list(request, "location_code:in")
    found = [
        location.body()
        for location in request.store.inventory.locations.values()
        if (wanted is None or location.id in wanted) and (codes is None or location.code in codes)
    ]
    part, meta = page_of(request, found, default=50, most=1000)
    return data(part, meta)


def post_locations(request: Request) -> Answer:
    """POST /inventory/locations: a list."""
    store = request.store
    locations.create(store.inventory.locations, request.body, store.plan, store.seconds())
    return _done(request)


def put_locations(request: Request) -> Answer:
    """PUT /inventory/locations: a list with ids."""
    locations.update(request.store.inventory.locations, request.body, request.store.seconds())
    return _done(request)


def delete_locations(request: Request) -> Answer:
    """DELETE /inventory/locations?location_id:in=: the stock that lies there goes too."""
    ids = number_list(request, "location_id:in")
    if not ids:
        raise problem(422, "Payload contains invalid fields", {"location_id:in": "is required"})
    stock = request.store.inventory
    locations.check_deletion(stock.locations, ids)
    for number in ids:
        del stock.locations[number]
    stock.forget(lambda location_id, key: location_id not in ids)
    return _done(request)


def _done(request: Request) -> Answer:
    number = uuid.UUID(int=request.store.inventory.chance.getrandbits(128), version=4)
    return ok({"transaction_id": str(number)})


_LOCATIONS = "store_locations"
ROUTES = [
    Route("GET", "/v3/inventory/locations", list_locations, _LOCATIONS),
    Route("POST", "/v3/inventory/locations", post_locations, _LOCATIONS),
    Route("PUT", "/v3/inventory/locations", put_locations, _LOCATIONS),
    Route("DELETE", "/v3/inventory/locations", delete_locations, _LOCATIONS),
]
