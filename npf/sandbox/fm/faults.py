"""FM's own faults, in the grammar of npf.sandbox.faults: `kind=probability` or `kind@count`, commas between.

Beside the kinds below every error code of FM's table is a kind (`02011@1`): the document is refused with it and
nothing is taken; `500-doc` is code 500 inside the document, `500` alone a SOAP fault. A stall comes before the work:
the order is taken late.
"""

from collections.abc import Callable

from ..faults import Fault, Faults
from .errors import MEANINGS
from .wsdl import SERVICES, STATUS, STOCK

_BEFORE = {
    "500": "SOAP fault with HTTP 500, nothing taken",
    "500-doc": "error code 500 inside the document, nothing taken",
    "reset-before": "connection reset, nothing taken",
    "garbage": "a page of HTML instead of XML, nothing taken",
    "wsdl": "the WSDL answers HTTP 500 with a page of HTML",
}
_AFTER = {
    "500-after": "the call is carried out, the answer is a SOAP fault",
    "reset-after": "the call is carried out, its answer is lost",
    "truncate": "the call is carried out, its answer breaks off in the middle",
    "garbage-after": "the call is carried out, the answer is a page of HTML",
    "stall": "the work begins after so many seconds (stall:2)",
    "leave-out": "the status list leaves out about half of the orders, at least one",
    "zeros": "all stock figures are zero",
    "no-details": "nothing asked for is known",
}
_CODES = {code: f"refused: {text}" for code, text in MEANINGS.items() if code != "500"}

KINDS = _BEFORE | _AFTER | _CODES
"""All kinds, each with what it does."""

_PATHS = {service.operation: service.path for service in SERVICES}
_ONLY = {
    "leave-out": (_PATHS[STATUS],),
    "zeros": (_PATHS[STOCK],),
    "no-details": (_PATHS[STATUS], _PATHS[STOCK]),
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
