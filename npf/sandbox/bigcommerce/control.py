"""The side door at /_sandbox/…: JSON, without a token, for a test that runs in another process.

GET  /_sandbox/stores                       POST /_sandbox/stores          {"store_hash", "orders", …}
GET  /_sandbox/{hash}/orders                POST …/orders                  what Store.place_order takes
GET  …/orders/{id}                          POST …/orders/{id}/status      {"status_id": 5}
POST …/orders/{id}/edit | lines/{n} | address/{n} | refund | malform | archive | cancel | pay
GET  …/log?method=&path_prefix=&contains=&status=&writes=1   DELETE …/log
GET  …/faults   POST …/faults  {"spec": "…"} or {"kind", "count" | "probability", "method", "path"}   DELETE
GET  …/stock    POST …/stock   {"sku", "quantity"}           POST …/seed  {"orders", "variety", "seed"}
GET  …/switches POST …/switches {"over_shipping": "lax"}     POST …/quota {"quota": "150/30"}
GET  …/hooks    the hooks, and what each was sent           POST /_sandbox/deliver  send the webhooks that are due now
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from npf.sandbox.bigcommerce.answers import Answer, Refusal, no_content, ok
from npf.sandbox.bigcommerce.quota import parse_quota
from npf.sandbox.bigcommerce.seeding import seed_store
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switchboard import set_switches, switch_values
from npf.sandbox.bigcommerce.world import World
from npf.sandbox.server import Environ

_OBJECT = frozenset({"consignments", "consignments.line_items", "fees"})
Words = dict[str, Any]


def control(world: World, path: str, environ: Environ) -> Answer:
    """Answer a request of the side door. 400 with the reason for whatever the Python API would raise."""
    method: str = environ["REQUEST_METHOD"]
    parts = [part for part in path.split("/") if part][1:]
    raw: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        words = json.loads(raw) if raw else {}
        if not isinstance(words, dict):
            raise ValueError("the body must be a JSON object")
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        return _dispatch(world, method, parts, {**query, **words})
    except (KeyError, IndexError) as error:
        return ok({"error": f"there is no {error}"}, 404)
    except Refusal as refusal:
        return refusal.answer
    except (TypeError, ValueError) as error:
        return ok({"error": str(error)}, 400)


def _dispatch(world: World, method: str, parts: list[str], words: Words) -> Answer:
    match method, parts:
        case "GET", ["stores"] | []:
            return ok({"stores": [describe(store) for store in world.stores.values()]})
        case "POST", ["stores"]:
            return _add_store(world, words)
        case "POST", ["deliver"]:
            return ok({"sent": world.deliver()})
        case _, [store_hash, "orders", *rest]:
            return _orders(world.stores[store_hash], method, rest, words)
        case _, [store_hash, subject]:
            if (action := _SUBJECTS.get((method, subject))) is None:
                raise KeyError(f"{method} {subject}")
            return action(world.stores[store_hash], words)
        case _:
            raise KeyError("/".join(parts))


def describe(store: Store) -> Words:
    """One store in short."""
    counts: dict[int, int] = {}
    for order in store.book:
        counts[order.status_id] = counts.get(order.status_id, 0) + 1
    account = next(iter(store.accounts.values()), None)
    return {
        "store_hash": store.store_hash,
        "name": store.name,
        "access_token": account.access_token if account else None,
        "client_id": account.client_id if account else None,
        "client_secret": account.client_secret if account else None,
        "scopes": sorted(account.scopes) if account else [],
        "orders": len(store.book),
        "statuses": counts,
        "requests": len(store.log),
    }


def _add_store(world: World, words: Words) -> Answer:
    orders, variety = words.pop("orders", 0), words.pop("variety", "believable")
    if "quota" in words:
        words["quota"] = parse_quota(words["quota"])
    store = world.add_store(**words)
    if orders:
        seed_store(store, orders, world.seed, variety)
    return ok(describe(store), 201)


def _orders(store: Store, method: str, rest: list[str], words: Words) -> Answer:
    if not rest:
        if method == "POST":
            if "created" in words:
                words["created"] = datetime.fromisoformat(words["created"])
            return ok({"id": store.place_order(**words)}, 201)
        return ok([_short(store, order_id) for order_id in store.orders])
    order_id = int(rest[0])
    if order_id not in store.orders:
        raise KeyError(f"order {order_id}")
    match method, rest[1:]:
        case "GET", []:
            body = json.loads(store.order_bytes(store.orders[order_id], _OBJECT, "object"))
            return ok({"order": body, "shipments": store.shipments(order_id)})
        case "POST", ["status"]:
            store.set_status(order_id, int(words["status_id"]))
        case "POST", ["cancel" | "pay" | "archive" as name]:
            getattr(store, name)(order_id)
        case "POST", ["refund" | "malform" as name]:
            getattr(store, name)(order_id, **words)
        case "POST", ["edit"]:
            store.edit(order_id, **words)
        case "POST", ["lines", number]:
            if "quantity" in words and isinstance(words["quantity"], int):
                store.change_quantity(order_id, int(number), words.pop("quantity"))
            if words:
                store.edit_line(order_id, int(number), **words)
        case "POST", ["address", number]:
            store.change_address(order_id, int(number), **words)
        case _:
            raise KeyError(f"{method} {'/'.join(rest)}")
    return ok(_short(store, order_id))


def _short(store: Store, order_id: int) -> Words:
    order = store.orders[order_id]
    shipments = store.shipments(order_id)
    return {
        "id": order_id,
        "status_id": order.status_id,
        "status": order.status,
        "created": order.created,
        "modified": order.modified,
        "country": order.addresses[0].country_iso2 if order.addresses else None,
        "shipping_method": order.addresses[0].shipping_method if order.addresses else None,
        "addresses": [address.id for address in order.addresses],
        "lines": [
            {"id": line.id, "sku": line.sku, "quantity": line.quantity, "shipped": line.shipped, "type": line.kind}
            for line in order.lines
        ],
        "shipments": [
            {name: shipment[name] for name in ("id", "tracking_number", "tracking_link", "shipping_provider", "items")}
            for shipment in shipments
        ],
    }


def _log(store: Store, words: Words) -> Answer:
    status = int(words["status"]) if "status" in words else None
    wanted = (words.get("method"), words.get("path_prefix", ""), status, words.get("contains", ""))
    found = store.log.entries(*wanted)
    if words.get("writes"):
        writes = {id(entry) for entry in store.log.writes()}
        found = [entry for entry in found if id(entry) in writes]
    shown = found[-int(words.get("limit", 1000)) :]
    return ok({"count": len(found), "entries": [entry.as_json() for entry in shown]})


def _clear_log(store: Store, words: Words) -> Answer:
    store.log.clear()
    return no_content()


def _faults(store: Store, words: Words) -> Answer:
    return ok({"rules": [asdict(rule) for rule in store.faults.rules()], "struck": store.faults.struck})


def _add_faults(store: Store, words: Words) -> Answer:
    if "spec" in words:
        store.faults.load(words["spec"])
    else:
        if "count" in words:
            words["left"] = words.pop("count")
        store.faults.add(words.pop("kind"), words.pop("probability", 1.0), **words)
    return _faults(store, {})


def _clear_faults(store: Store, words: Words) -> Answer:
    store.faults.clear()
    return no_content()


def _stock(store: Store, words: Words) -> Answer:
    return ok({variant.sku: store.stock(variant.sku) for variant in store.catalogue.variants.values()})


def _set_stock(store: Store, words: Words) -> Answer:
    store.set_stock(words["sku"], int(words["quantity"]), int(words.get("location_id", 1)))
    return ok({words["sku"]: store.stock(words["sku"])})


def _switches(store: Store, words: Words) -> Answer:
    return ok(switch_values(store))


def _set_switches(store: Store, words: Words) -> Answer:
    set_switches(store, words)
    return _switches(store, {})


def _set_quota(store: Store, words: Words) -> Answer:
    store.quota.allowed, store.quota.window = parse_quota(words["quota"]) or (None, 30.0)
    return ok({"allowed": store.quota.allowed, "window": store.quota.window})


def _hooks(store: Store, words: Words) -> Answer:
    with store.lock:
        sent = [delivery.as_json() for delivery in store.deliveries.all]
        return ok({"hooks": [hook.body() for hook in store.hooks.by_id.values()], "deliveries": sent})


def _seed(store: Store, words: Words) -> Answer:
    return ok({"placed": seed_store(store, **words)}, 201)


_SUBJECTS: dict[tuple[str, str], Callable[[Store, Words], Answer]] = {
    ("GET", "log"): _log,
    ("DELETE", "log"): _clear_log,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "stock"): _stock,
    ("POST", "stock"): _set_stock,
    ("GET", "switches"): _switches,
    ("POST", "switches"): _set_switches,
    ("POST", "quota"): _set_quota,
    ("GET", "hooks"): _hooks,
    ("POST", "seed"): _seed,
}
