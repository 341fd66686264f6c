"""The row of the dispatch table that a parcel gets, by its shipping method, its country and its weight. Pure."""

from decimal import Decimal

from npf.core import countries
from npf.orders.parcels import Item, Parcel
from npf.stores.dispatch import KILOGRAMS, Row, lacking
from npf.stores.maps import Settings


def row_of(parcel: Parcel, settings: Settings) -> Row | None:
    """The row that counts; None = unmapped."""
    return settings.dispatch_row(parcel.consignment.shipping_method, country_of(parcel), weight_kg(parcel, settings))


def unmapped(parcel: Parcel, settings: Settings) -> tuple[str, Row]:
    """Of a parcel that no row fits: why, as a sentence, and the row that is missing, without its code.

    The sentence is the same for every order that lacks the same row, so that they are one cause to whoever decides.
    """
    method, weight = parcel.consignment.shipping_method, weight_kg(parcel, settings)
    row = lacking(settings.dispatch_rows, method, country_of(parcel), weight)
    named = [one for one in settings.dispatch_rows if one.names(method)]
    if not named:
        return f"shipping method “{method}” is not in the dispatch table", row
    to = f" to {countries.name(row.countries[0])}" if row.countries else ""
    why = f"the dispatch table has no row for shipping method “{method}”{to}"
    if row.weighs:
        return f"{why} {in_words(row)}", row
    if weight is None and any(one.goes_to(country_of(parcel)) for one in named):
        return f"{why} without a weight, and BigCommerce has no weight for one of its products", row
    return why, row


def in_words(row: Row) -> str:
    """The bounds of a row: "over 5 kg, up to 22 kg"; "" = it has none."""
    over = f"over {row.over_kg:f} kg" if row.over_kg is not None else ""
    up_to = f"up to {row.up_to_kg:f} kg" if row.up_to_kg is not None else ""
    return ", ".join(filter(None, (over, up_to)))


def country_of(parcel: Parcel) -> str:
    """ISO2 of where it goes; "" = unknown."""
    where = parcel.consignment
    return countries.iso2(where.country_iso2) or countries.iso2(where.country) or ""


def weight_kg(parcel: Parcel, settings: Settings) -> Decimal | None:
    """What the goods weigh in BigCommerce, in kilograms; None where it has no weight for one of them.

    A line's weight is that of one unit, in the unit of the store (fact 118). A bundle without a weight of its own
    weighs what its parts do that BigCommerce lists.
    """
    riders: dict[int | None, Decimal] = {}
    for item in parcel.items:
        if item.rides_with is not None:
            riders[item.rides_with] = riders.get(item.rides_with, Decimal(0)) + _weight(item)
    total = Decimal(0)
    for item in parcel.items:
        if item.parts:
            weight = _weight(item) or riders.get(item.line.id, Decimal(0))
            if not weight:
                return None
            total += weight
    return total * KILOGRAMS[settings.parameters.weight_unit]


def _weight(item: Item) -> Decimal:
    return item.line.weight * item.quantity
