"""Money as Decimal: tolerant in, to the cent out (fact 23)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core.money import CENT, cents, decimal


@pytest.mark.parametrize("value", [None, "", 0, "0.0000"])
def test_nothing_is_zero(value: str | int | None) -> None:
    assert decimal(value) == 0


@pytest.mark.parametrize("value", ["336.3200", 336.32, Decimal("336.32")])
def test_it_reads_the_forms_that_bigcommerce_uses(value: str | float | Decimal) -> None:
    assert decimal(value) == Decimal("336.32")


@pytest.mark.parametrize("value", ["two", "NaN", "Infinity", "1,5"])
def test_it_refuses_what_is_no_amount(value: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        decimal(value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=6))
def test_rounding_to_the_cent_moves_by_half_a_cent_at_most(value: Decimal) -> None:
    rounded = cents(value)
    assert rounded == rounded.quantize(CENT)
    assert abs(rounded - value) <= CENT / 2


def test_half_a_cent_goes_up() -> None:
    assert (cents(Decimal("2.345")), cents(Decimal("-2.345"))) == (Decimal("2.35"), Decimal("-2.35"))
