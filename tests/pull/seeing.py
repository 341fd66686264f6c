"""What a test sees of a pull: its calls, what it wrote, what it told."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from django.db import connection

from npf.audit.models import Event
from npf.jobs.stations import one_station
from npf.sandbox import bigcommerce as bc
from npf.stores.visit import Visit
from tests.connected import Connected

TABLES = ("orders_order", "orders_record", "orders_line", "orders_address", "audit_event")


def pull(shop: Connected, progress: Callable[[str, int, int], None] = lambda what, done, total: None) -> Visit:
    """One pull; `progress` is called behind each page."""
    return one_station("pull", shop.store, shop.outside, "test", progress=progress, urgent=True)


def calls(shop: Connected) -> list[dict[str, str]]:
    """The queries of all order lists that BigCommerce was asked for, oldest first."""
    entries = shop.bc.log.entries("GET")
    return [
        {name: values[0] for name, values in parse_qs(entry.query).items()}
        for entry in entries
        if entry.path == "/v2/orders"
    ]


def versions() -> dict[str, list[tuple[Any, ...]]]:
    """Where each row stands, by table: written again, it would stand elsewhere."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"select ctid::text, xmin::text from {table} order by 1")
            found[table] = cursor.fetchall()
    return found


def told(bc_order_id: int | None) -> list[str]:
    """What the timeline of an order says, oldest first."""
    return list(Event.objects.filter(bc_order_id=bc_order_id).order_by("pk").values_list("text", flat=True))


def many(shop: Connected, count: int) -> list[int]:
    """Place that many plain orders."""
    return bc.seed_store(shop.bc, count, seed=1, variety="plain", days=2)
