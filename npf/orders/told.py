"""What FM is told otherwise than BigCommerce has it: cut, or written in the letters that FM can hold. Pure."""

from collections.abc import Iterator

from npf.bigcommerce.records import Address, Order
from npf.fm.text import latin1
from npf.orders import document
from npf.orders.parcels import Parcel
from npf.warehouse import records

_NAMES = (
    ("first name", "first_name", "FirstName"),
    ("last name", "last_name", "LastName"),
    ("company", "company", "CompanyName"),
    ("city", "city", "City"),
    ("state", "state", "State"),
)


def otherwise(order: Order, parcel: Parcel, built: records.SalesOrder) -> list[str]:
    """Clauses for the timeline, each with the original; none where FM is told everything as BigCommerce has it.

    `built` is what document.build made of the parcel. Blanks do not count, nor do the shapes of a name of goods: the
    packer goes by the code.
    """
    where = parcel.consignment
    found = [
        *_address(order.billing_address, built.BillingAddress),
        *_address(where, built.ShippingAddress),
        *_text("phone number", order.billing_address.phone or where.phone, built.BillingAddress.Phone),
        *(_cut("name of the article", item.line.name, _name(built, item.parts)) for item in parcel.items if item.parts),
    ]
    if lacks := document.left_out(order, parcel):
        found.append(lacks)
    return list(dict.fromkeys(filter(None, found)))


def _name(built: records.SalesOrder, parts: dict[str, int]) -> str:
    return next((one.Description for one in built.Products if one.Code in parts), "")


def _address(of: Address, built: records.Address) -> Iterator[str]:
    for word, theirs, ours in _NAMES:
        yield from _text(word, getattr(of, theirs), getattr(built, ours))
    whole, written = f"{of.street_1} {of.street_2}", f"{built.Address1} {built.Address2}"
    if _bare(whole) != _bare(written):
        yield from _text("street", whole, written)


def _bare(text: str) -> str:
    """Without what falls away where a street is spread over two lines."""
    return "".join(char for char in text if char not in " ,;")


def _text(word: str, original: str, written: str) -> Iterator[str]:
    original, written = " ".join(original.split()), " ".join(written.split())
    if original != written:
        yield _cut(word, original, written) or f"the {word} “{original}” is written “{written}”"


def _cut(word: str, original: str, written: str) -> str:
    """The clause for what was cut; "" where nothing was."""
    original = " ".join(original.split())
    plain = latin1(original)
    if not written or len(plain) <= len(written) or not plain.startswith(written):
        return ""
    return f"the {word} “{original}” is cut to “{written}”"
