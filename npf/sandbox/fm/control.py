"""JSON endpoints under /_sandbox for tests in other processes; the same moves as the Python API.

    GET  /_sandbox/clients | orders?client=&status=&number= | log?client= | faults?client= | settings?client=
    POST /_sandbox/clients {client_code, username, password, products?, faults?, settings?}
    POST /_sandbox/ship | part_ship {client, number, lines?, consignment?} (ship also: short)
    POST /_sandbox/hold | cancel {client, number, reason?}     POST /_sandbox/backorder {client, number, lines?}
    POST /_sandbox/error {client, number, code?, detail?}      POST /_sandbox/release | remember {client, number}
    POST /_sandbox/forget {client, number, how?}
    POST /_sandbox/stock {client, products?, words?}           on hand; words told in its place, null = the figure
    POST /_sandbox/faults {spec, client?, path?}               in place of the faults before
    POST /_sandbox/settings {client?, name: value, …}

`client` may be left out where there is only one; with faults and settings that means every client. Answers: 200 with
the thing changed; 400 what cannot be read, 404 unknown client or number, 409 a move that the order's state forbids;
each with {"error": text}.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from ..faults import Faults, parse_faults
from .client import Client
from .errors import WrongMove
from .faults import KINDS
from .warehouse import Warehouse

PREFIX = "/_sandbox/"

Answer = tuple[str, list[tuple[str, str]], bytes]
_Json = dict[str, Any]

# The arguments of each move on an order, beside its number.
_MOVES: dict[str, tuple[str, ...]] = {
    "ship": ("lines", "consignment", "short"),
    "part_ship": ("lines", "consignment"),
    "hold": ("reason",),
    "cancel": ("reason",),
    "backorder": ("lines",),
    "error": ("code", "detail"),
    "release": (),
    "forget": ("how",),
    "remember": (),
}
_TYPES: dict[str, type] = {"lines": dict, "short": bool}


class _NotFoundError(Exception):
    pass


def answer(warehouse: Warehouse, environ: dict[str, Any]) -> Answer:
    """The answer to one control request: status, headers, body."""
    name = environ["PATH_INFO"].removeprefix(PREFIX).strip("/")
    try:
        if environ["REQUEST_METHOD"] == "GET":
            query = {key: values[-1] for key, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
            return _send("200 OK", _READS[name](warehouse, query))
        if environ["REQUEST_METHOD"] != "POST":
            return _send("405 Method Not Allowed", {"error": "GET or POST"})
        given = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
        if not isinstance(given, dict):
            return _send("400 Bad Request", {"error": "the body must be a JSON object"})
        if name in _MOVES:
            return _send("200 OK", _move(warehouse, name, given))
        return _send("200 OK", _WRITES[name](warehouse, given))
    except _NotFoundError as error:
        return _send("404 Not Found", {"error": str(error)})
    except KeyError as error:
        return _send("404 Not Found", {"error": f"no {error.args[0]!r} here"})
    except WrongMove as error:
        return _send("409 Conflict", {"error": str(error)})
    except (ValueError, TypeError) as error:
        return _send("400 Bad Request", {"error": str(error)})


def _send(status: str, content: Any) -> Answer:
    return status, [("Content-Type", "application/json")], json.dumps(content).encode()


def _client(warehouse: Warehouse, given: _Json) -> Client:
    code = given.get("client")
    if code is None and len(warehouse.clients) == 1:
        return next(iter(warehouse.clients.values()))
    if code not in warehouse.clients:
        raise _NotFoundError(f"no client {code!r}")
    return warehouse.clients[code]


def _move(warehouse: Warehouse, name: str, given: _Json) -> _Json:
    client = _client(warehouse, given)
    number = given.get("number")
    if not isinstance(number, str) or number not in client.orders:
        raise _NotFoundError(f"no order {number!r}")
    arguments = {key: value for key, value in given.items() if key not in ("client", "number")}
    for key, value in arguments.items():
        if key not in _MOVES[name] or not isinstance(value, _TYPES.get(key, str)):
            raise ValueError(f"{name} cannot take {key}={value!r}")
    _check_units(arguments.get("lines", {}))
    getattr(client, name)(number, **arguments)
    return client.order(number).as_dict()


def _check_units(units: Any) -> None:
    if not isinstance(units, dict) or not all(type(n) is int and n >= 0 for n in units.values()):
        raise ValueError("lines and products are objects of whole numbers from 0 by product code")


def _describe(client: Client) -> _Json:
    return {
        "client_code": client.code,
        "username": client.username,
        "orders": len(client.orders),
        "faults": _rules(client.faults),
        "stock": {
            code: {"on_hand": client.stock[code], "available": client.stock.available(code)} for code in client.stock
        },
    }


def _get_clients(warehouse: Warehouse, query: dict[str, str]) -> _Json:
    return {"clients": [_describe(client) for client in list(warehouse.clients.values())]}


def _get_orders(warehouse: Warehouse, query: dict[str, str]) -> _Json:
    clients = [_client(warehouse, dict(query))] if "client" in query else list(warehouse.clients.values())
    found = [
        order.as_dict() | {"client": client.code}
        for client in clients
        for order in client.orders.values()
        if query.get("status", order.status) == order.status and query.get("number", order.number) == order.number
    ]
    return {"orders": found}


def _get_log(warehouse: Warehouse, query: dict[str, str]) -> _Json:
    entries = _client(warehouse, dict(query)).log if "client" in query else warehouse.log
    return {"log": [entry.as_dict() for entry in entries]}


def _post_clients(warehouse: Warehouse, given: _Json) -> _Json:
    settings = given.pop("settings", {})
    if given.get("products") is not None:
        _check_units(given["products"])
    return _describe(warehouse.add_client(**given, **settings))


def _post_stock(warehouse: Warehouse, given: _Json) -> _Json:
    client = _client(warehouse, given)
    products, words = given.get("products", {}), given.get("words", {})
    _check_units(products)
    if not isinstance(words, dict) or not all(isinstance(text, str | None) for text in words.values()):
        raise ValueError("words is an object of texts by product code")
    with client.lock:
        client.stock.update(products)
        for code, text in words.items():
            client.stock.tell(code, text)
    return _describe(client)


def _post_faults(warehouse: Warehouse, given: _Json) -> _Json:
    faults = _client(warehouse, given).faults if "client" in given else warehouse.faults
    rules = parse_faults(str(given.get("spec", "")), KINDS)
    faults.clear()
    for rule in rules:
        faults.add(rule.name, rule.probability, left=rule.left, path=given.get("path"))
    return {"faults": _rules(faults)}


def _get_faults(warehouse: Warehouse, query: dict[str, str]) -> _Json:
    faults = _client(warehouse, dict(query)).faults if "client" in query else warehouse.faults
    return {"faults": _rules(faults), "struck": faults.struck}


def _get_settings(warehouse: Warehouse, query: dict[str, str]) -> _Json:
    return asdict(_client(warehouse, dict(query)).settings if "client" in query else warehouse.settings)


def _rules(faults: Faults) -> list[_Json]:
    return [
        {"kind": rule.name, "probability": rule.probability, "left": rule.left, "path": rule.path}
        for rule in faults.rules()
    ]


def _post_settings(warehouse: Warehouse, given: _Json) -> _Json:
    changes = {key: value for key, value in given.items() if key != "client"}
    if "client" in given:
        _client(warehouse, given).set(**changes)
    else:
        warehouse.set(**changes)
    return {"changed": sorted(changes)}


_READS: dict[str, Callable[[Warehouse, dict[str, str]], _Json]] = {
    "clients": _get_clients,
    "orders": _get_orders,
    "log": _get_log,
    "faults": _get_faults,
    "settings": _get_settings,
}
_WRITES: dict[str, Callable[[Warehouse, _Json], _Json]] = {
    "clients": _post_clients,
    "stock": _post_stock,
    "faults": _post_faults,
    "settings": _post_settings,
}
