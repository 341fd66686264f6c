"""What comes in and what goes out: requests, answers, the error bodies of V2 and V3.

V2 answers bare values and an array of {status, message} for errors; V3 answers {data, meta} and a problem object
(facts 17-21; examples/errors.json).
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.sandbox.bigcommerce.switches import Account

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

STATUS_PAGE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes"
_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def to_json(value: Any) -> bytes:
    """Compact UTF-8 JSON."""
    return _ENCODE(value).encode()


@dataclass(slots=True)
class Answer:
    """A status with a body that is already serialised."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: list[tuple[str, str]] = field(default_factory=list)


class Refusal(Exception):
    """An answer that ends the work at once."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True)
class Request:
    """One authorised call to one store. `ids` are the numbers of the path, in its order; `body` is parsed JSON.

    `book` holds the orders that it reads: those of the store, or older states of them where the read is stale.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    store: "Store"
    account: Account
    book: OrderBook
    ids: tuple[int, ...] = ()
    fault: str = ""


def ok(value: Any, status: int = 200) -> Answer:
    """A V2 body, or any bare JSON value."""
    return Answer(status, to_json(value))


def no_content() -> Answer:
    """204: V2's empty list (fact 18), and the answer to deletions."""
    return Answer(204)


def some_or_204(rows: list[Any]) -> Answer:
    """A V2 list: 204 with no body when it is empty (fact 18)."""
    return ok(rows) if rows else no_content()


def v2_error(status: int, message: str) -> Refusal:
    """V2's array of errors (fact 20)."""
    return Refusal(ok([{"status": status, "message": message}], status))


def v3_error(status: int, title: str, errors: Any = None, type_: str = STATUS_PAGE) -> Refusal:
    """V3's problem object (fact 21)."""
    body: dict[str, Any] = {"status": status, "title": title, "type": type_}
    if errors is not None or status in (400, 409, 413, 422):
        body["errors"] = errors or {}
    return Refusal(ok(body, status))


def problem(status: int, title: str, errors: Any = None) -> Refusal:
    """As `v3_error`, in the media type that the Inventory API uses (fact 21)."""
    refusal = v3_error(status, title, errors)
    refusal.answer.content_type = "application/problem+json"
    return refusal


def not_found(request: Request, what: str = "") -> Refusal:
    """404 in the version's own shape."""
    if request.path.startswith("/v2"):
        return v2_error(404, "The requested resource was not found.")
    return v3_error(404, what or "The requested resource was not found.")


def data(value: Any, meta: dict[str, Any] | None = None) -> Answer:
    """A V3 answer with its envelope."""
    return ok({"data": value, "meta": meta or {}})


def paging(request: Request, default: int, most: int) -> tuple[int, int]:
    """(page, limit) of the query. Wrong numbers are refused with 400 (V2) or 422 (V3).

    A limit above `most` answers 413 (fact 27), or is cut to `most` when the store's switch `over_limit` is "clamp".
    """
    v2 = request.path.startswith("/v2")
    values = {"page": 1, "limit": default}
    for name in values:
        text = request.query.get(name, "")
        if not text:
            continue
        if not text.isdecimal() or int(text) < 1:
            raise (
                v2_error(400, f"The field '{name}' is invalid.")
                if v2
                else v3_error(422, "Invalid filter value", {name: "must be a positive integer"})
            )
        values[name] = int(text)
    if values["limit"] > most:
        if request.store.switches.over_limit == "clamp":
            values["limit"] = most
        else:
            message = f"The maximum number of items per page is {most}"
            raise v2_error(413, message) if v2 else v3_error(413, message)
    return values["page"], values["limit"]


def page_of(request: Request, rows: list[Any], default: int = 50, most: int = 250) -> tuple[list[Any], dict[str, Any]]:
    """One page of V3 rows with its `meta` (fact 17; examples/inventory_items_page.json)."""
    page, limit = paging(request, default, most)
    start = (page - 1) * limit
    part = rows[start : start + limit]
    pages = max(1, -(-len(rows) // limit))
    links = {"current": f"?page={page}&limit={limit}"}
    if page > 1:
        links = {"previous": f"?page={page - 1}&limit={limit}", **links}
    if page < pages:
        links["next"] = f"?page={page + 1}&limit={limit}"
    pagination = {
        "total": len(rows),
        "count": len(part),
        "per_page": limit,
        "current_page": page,
        "total_pages": pages,
        "links": links,
    }
    return part, {"pagination": pagination}


def number_list(request: Request, name: str) -> set[int] | None:
    """A filter like `id:in=1,2,3`; None when it was not sent, 422 when it holds anything but numbers."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return {int(part) for part in text.split(",") if part.strip()}
    except ValueError:
        raise v3_error(422, "Invalid filter value", {name: "must be a list of integers"}) from None


def text_list(request: Request, name: str) -> set[str] | None:
    """A filter like `sku:in=A,B`. It is split at commas: a SKU that holds one cannot be asked for (fact 106)."""
    text = request.query.get(name)
    return None if text is None else {part.strip() for part in text.split(",") if part.strip()}
