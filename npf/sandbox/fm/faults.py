"""FM's own faults, in the grammar of npf.sandbox.faults: `kind=probability` or `kind@count`, commas between.

nothing taken   FM, its PHP or the proxy before it breaks off first
a refusal       every error code of FM's table is a kind (`02011@1`): the document is refused with it, nothing is taken;
                `500-doc` is code 500 inside the document, `500` alone a SOAP fault
taken           the call is carried out, and its answer is late, lost or broken
bent            the answer arrives whole and is not quite right                                   bend, warehouse
"""

from collections.abc import Callable

from ..faults import Fault, Faults
from .errors import MEANINGS
from .wsdl import ORDER, SERVICES, STATUS, STOCK

_BEFORE = {
    "500": "SOAP fault with HTTP 500, nothing taken",
    "soap-fault": "SOAP fault with HTTP 200, nothing taken",
    "500-bare": "HTTP 500 without any body, as PHP breaks off, nothing taken",
    "502": "HTTP 502 with a page of HTML, nothing taken",
    "503": "HTTP 503 with a page of HTML, nothing taken",
    "504": "HTTP 504 with a page of HTML, nothing taken",
    "500-doc": "error code 500 inside the document, nothing taken",
    "reset-before": "connection reset, nothing taken",
    "garbage": "a page of HTML instead of XML, nothing taken",
    "wsdl": "the WSDL answers HTTP 500 with a page of HTML",
}
_AFTER = {
    "500-after": "the call is carried out, the answer is a SOAP fault",
    "504-after": "the call is carried out, the answer is HTTP 504",
    "reset-after": "the call is carried out, its answer is lost",
    "truncate": "the call is carried out, its answer breaks off in the middle",
    "garbage-after": "the call is carried out, the answer is a page of HTML",
    "empty": "the call is carried out, the answer's string is empty",
    "stall": "the work begins after so many seconds (stall:2)",
    "stall-after": "the call is carried out, the answer comes so many seconds later",
    "twice": "the call arrives twice, as when a proxy repeats it; the answer is the second one's",
    "slow": "the order is taken, but seen and shipped so many seconds later",
}
_BENT = {
    "leave-out": "the status list leaves out about half of the orders, at least one",
    "duplicate": "one row of the list comes twice",
    "stale": "the list of orders or of stock is as it was so many seconds ago",
    "zeros": "all stock figures are zero",
    "no-details": "nothing asked for is known",
    "no-contents": "the stock answer is the words No Contents, without a list",
    "wrong-client": "the answer bears another client's code, and that client's stock",
    "wrong-number": "an order of the answer bears a number that nobody asked for",
    "no-number": "the order is taken, its answer has no NPFOrderNo",
    "text-number": "a word stands where a number belongs: a stock figure, a quantity, a charge",
    "strange-status": "an order of the list has a status that nobody knows",
    "zero-dates": "every date of the status list is PHP's writing of no date",
    "ragged": "every text of the answer has spaces, tabs and line breaks around it",
    "bare-ampersand": "a bare & stands in every free text of the answer",
}
_CODES = {code: f"refused: {text}" for code, text in MEANINGS.items() if code != "500"}

KINDS = _BEFORE | _AFTER | _BENT | _CODES
"""All kinds, each with what it does."""

_PATHS = {service.operation: service.path for service in SERVICES}
_LISTS = (_PATHS[STATUS], _PATHS[STOCK])
_ONLY = {
    "twice": (_PATHS[ORDER],),
    "slow": (_PATHS[ORDER],),
    "leave-out": (_PATHS[STATUS],),
    "duplicate": _LISTS,
    "stale": _LISTS,
    "zeros": (_PATHS[STOCK],),
    "no-details": _LISTS,
    "no-contents": (_PATHS[STOCK],),
    "wrong-number": (_PATHS[ORDER], _PATHS[STATUS]),
    "no-number": (_PATHS[ORDER],),
    "text-number": _LISTS,
    "strange-status": (_PATHS[STATUS],),
    "zero-dates": (_PATHS[STATUS],),
}


def fm_faults(seed: int, spec: str = "") -> Faults:
    """The faults of a warehouse or of one client. Raises ValueError for a spec that cannot be read.

    `draw` wants the HTTP method and the path of the page; GET stands for the reading of a WSDL. One page alone:
    `faults.next("reset-after", path="/serverorder.php")`.
    """
    faults = Faults(seed, KINDS, {kind: _narrow(kind) for kind in KINDS})
    faults.load(spec)
    return faults


def strikes_before(fault: Fault | None) -> bool:
    """Whether the fault keeps the call from being carried out."""
    return fault is not None and (fault.kind in _BEFORE or fault.kind in _CODES)


def code_of(fault: Fault) -> str | None:
    """The error code with which the document is refused, where the fault is a refusal."""
    if fault.kind == "500-doc":
        return "500"
    return fault.kind if fault.kind in _CODES else None


def _narrow(kind: str) -> Callable[[str, str], bool]:
    wanted = "GET" if kind == "wsdl" else "POST"
    pages = _ONLY.get(kind, tuple(_PATHS.values()))
    return lambda method, path: method == wanted and path in pages
