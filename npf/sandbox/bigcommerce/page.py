"""A page for people at `/`: the stores, the last orders and the last requests. It reloads itself."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl

from npf.sandbox.bigcommerce.answers import Answer
from npf.sandbox.bigcommerce.record import rfc2822
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.world import World

_STYLE = """
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
th{font-weight:600;opacity:.7}code{font-size:.9em}nav a{margin-right:1rem}.bad{color:#c33}
"""
_ROWS = 60


def overview(world: World, query: str) -> Answer:
    """All stores, and the orders and requests of the one that `?store=` names, by default the first."""
    wanted = dict(parse_qsl(query)).get("store", "")
    store = world.stores.get(wanted) or next(iter(world.stores.values()), None)
    links = " ".join(f'<a href="/?store={escape(name)}">{escape(name)}</a>' for name in world.stores)
    parts = [f"<h1>BigCommerce sandbox</h1><nav>{links}</nav>"]
    if store is None:
        parts.append("<p>There is no store. Add one with <code>POST /_sandbox/stores</code>.</p>")
    else:
        with store.lock:
            parts += [_summary(store), _orders(store), _requests(store)]
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
        f"<title>BigCommerce sandbox</title><style>{_STYLE}</style>{''.join(parts)}</html>"
    )
    return Answer(200, page.encode(), "text/html; charset=utf-8")


def _summary(store: Store) -> str:
    token = next(iter(store.accounts), "")
    return (
        f"<p><b>{escape(store.name)}</b>: {len(store.book)} orders, {len(store.log)} requests, "
        f"{store.quota.refused} refused by the quota. Store hash <code>{escape(store.store_hash)}</code>, "
        f"token <code>{escape(token)}</code>.</p>"
    )


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _orders(store: Store) -> str:
    rows = []
    for order in sorted(store.book, key=lambda one: (one.modified, one.id), reverse=True)[:_ROWS]:
        address = order.addresses[0] if order.addresses else order.billing
        goods = ", ".join(f"{line.quantity} x {line.sku or line.name}" for line in order.lines)
        tracking = ", ".join(one.tracking_number for one in store.shipments_of.get(order.id, []))
        to = f"{address.first_name} {address.last_name}, {address.city}, {address.country_iso2}"
        status = store.custom_status(order.status_id)
        rows.append((order.id, status, to, goods, tracking, rfc2822(order.modified)))
    return "<h2>Orders, last changed first</h2>" + _table(
        ("Order", "Status", "To", "Goods", "Tracking", "Changed"), rows
    )


def _requests(store: Store) -> str:
    rows = [
        (f"{entry.at:%H:%M:%S}", entry.method, entry.path, entry.query, entry.status or "", entry.fault)
        for entry in list(store.log)[-_ROWS:][::-1]
    ]
    return "<h2>Requests, last first</h2>" + _table(("Time", "Method", "Path", "Query", "Status", "Fault"), rows)
