"""FM's error codes (WEBSERVICE.md section 1, table) and the two ways in which a call goes wrong.

Problem    one code with its detail, inside the answer document
Refused    the whole document is refused; carries its problems
SoapFault  the call never reached the document: nuSOAP answers with a fault
WrongMove  a person asked the warehouse for something that the order's state does not allow
"""

from typing import NamedTuple

MEANINGS = {
    "100": "Invalid XML",
    "500": "Internal server error, please try again later",
    "99999": "Unexpected error",
    "01001": "Invalid login",
    "02003": "Invalid login",
    "02002": "Invalid client code",
    "03001": "Invalid client code",
    "02001": "Invalid order count",
    "02005": "Order is already imported",
    "03003": "Duplicate order",
    "02006": "Data missing",
    "02007": "Invalid product code",
    "02008": "Invalid country",
    "02009": "Invalid dispatch method",
    "04002": "Invalid dispatch method",
    "02010": "Data for an international order is missing",
    "02011": "Handling cost is not defined",
    "04001": "International order can have only one item",
    "04003": "Invalid post code",
    "1824": "Invalid value",
}


class Problem(NamedTuple):
    """One `Error` of FM: `code` as in the table, `detail` names what is wrong."""

    code: str
    detail: str


def problem(code: str, names: str = "") -> Problem:
    """The problem of a code with FM's words for it, followed by what it is about."""
    return Problem(code, f"{MEANINGS[code]}: {names}" if names else MEANINGS[code])


class Refused(Exception):
    """FM refuses the document for these problems; never empty."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.code} {p.detail}" for p in problems))
        self.problems = problems


class SoapFault(Exception):
    """A SOAP 1.1 fault: `code` is `Client` or `Server`, the text becomes the faultstring."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class WrongMove(ValueError):
    """The order's state, or its quantities, do not allow what was asked; the text says why."""
