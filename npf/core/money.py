"""Money as Decimal to the cent; BigCommerce gives strings, numbers and empty strings for it (fact 23)."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")


def decimal(value: str | int | float | Decimal | None) -> Decimal:
    """The value as Decimal, unrounded; None and "" are 0. Raises ValueError for anything that is no finite number."""
    if value is None or value == "":
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is not an amount")
    return number


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, half up, as invoices are."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
