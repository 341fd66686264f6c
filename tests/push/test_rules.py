"""The rules of push as laws."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npf.bigcommerce.shipments import Shipment, ShipmentItem, body_of
from npf.core.errors import GiveUp
from npf.orders.stages import STOPPED_STATUSES
from npf.push.rules import (
    RANK,
    STATUS_STAYS,
    Parcel,
    fits,
    matching,
    new_shipment,
    plus,
    status_to_set,
    units,
    web_address,
)
from npf.stores.fm_parameters import FmOptions
from npf.stores.maps import Settings
from npf.stores.parameters import Parameters

SETTINGS = Settings(name="acme", parameters=Parameters(), fm=FmOptions(), carriers={"AP": "auspost"})
statuses = st.one_of(st.none(), st.integers(-1, 20))
items = st.dictionaries(st.integers(1, 9), st.integers(1, 5), min_size=1, max_size=4)
numbers = st.text("ABCabc 123", min_size=1, max_size=8).filter(str.strip)


def parcel(**more: object) -> Parcel:
    plain = {"pk": 1, "order_address_id": 7, "tracking_number": "34NPF01", "tracking_link": "", "dispatch_code": "AP"}
    return Parcel(**(plain | {"items": {5: 2}} | more))  # type: ignore[arg-type]


def theirs(id: int, number: str, carried: dict[int, int], order_address_id: int = 7) -> Shipment:
    rows = [ShipmentItem(order_product_id=line, quantity=quantity) for line, quantity in carried.items()]
    return Shipment(id=id, tracking_number=number, order_address_id=order_address_id, items=rows)


@given(current=statuses, wanted=statuses)
def test_a_status_only_moves_forward_and_only_from_one_that_is_known(current: int | None, wanted: int | None) -> None:
    found = status_to_set(current, wanted)
    if found is not None:
        assert found == wanted
        assert current in RANK
        assert current not in STATUS_STAYS
        assert RANK[found] > RANK[current]


@given(wanted=statuses)
@pytest.mark.parametrize("current", [*sorted(STOPPED_STATUSES), 0, 14, 15, 99, None])
def test_nothing_is_written_over_these(current: int | None, wanted: int | None) -> None:
    assert status_to_set(current, wanted) is None


@given(current=statuses, wanted=statuses)
def test_what_was_written_is_not_written_again(current: int | None, wanted: int | None) -> None:
    found = status_to_set(current, wanted)
    assert status_to_set(found, wanted) is None


@given(number=numbers, carried=items, bound=st.sets(st.integers(1, 5)))
def test_a_shipment_is_known_again_by_number_lines_and_address(
    number: str, carried: dict[int, int], bound: set[int]
) -> None:
    ours = parcel(tracking_number=number, items=carried)
    found = matching(ours, [theirs(3, number.swapcase(), carried)], bound)
    assert (found is not None) == (3 not in bound)


@given(number=numbers, other=numbers, carried=items, different=items, address=st.integers(1, 9))
def test_what_differs_in_number_lines_or_address_is_another_shipment(
    number: str, other: str, carried: dict[int, int], different: dict[int, int], address: int
) -> None:
    ours = parcel(tracking_number=number, items=carried)
    same = number.strip().casefold() == other.strip().casefold() and carried == different and address == 7
    assert (matching(ours, [theirs(3, other, different, address)], ()) is not None) == same


def test_a_shipment_that_lists_a_line_twice_carries_both() -> None:
    rows = [ShipmentItem(order_product_id=5, quantity=1), ShipmentItem(order_product_id=5, quantity=1)]
    twice = Shipment(id=3, tracking_number="34npf01", order_address_id=7, items=rows)
    assert units([twice]) == {5: 2}
    assert matching(parcel(), [twice], ()) is twice


@given(some=items, more=items, to_ship=items)
def test_what_fits_is_never_more_than_there_is_to_ship(
    some: dict[int, int], more: dict[int, int], to_ship: dict[int, int]
) -> None:
    together = plus(some, more)
    assert fits(more, some, to_ship) == all(together[line] <= to_ship.get(line, 0) for line in more)


@given(link=st.text(max_size=60) | st.text(max_size=9).map(lambda text: text + "x.y/" * 130))
@settings(max_examples=50)
def test_a_link_is_one_that_bigcommerce_takes_or_none(link: str) -> None:
    found = web_address(link)
    assert len(found) <= 500
    assert not found or found.casefold().startswith(("http://", "https://"))
    body_of(new_shipment(parcel(tracking_link=link), SETTINGS))


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("www.auspost.com.au/track?id=1&type=parcel", "https://www.auspost.com.au/track?id=1&type=parcel"),
        ("//track.example/1", "https://track.example/1"),
        ("HTTP://track.example/1", "HTTP://track.example/1"),
        (" www.track.example/\n1 ", "https://www.track.example/1"),
        ("", ""),
        ("n/a", ""),
        ("http://", ""),
        ("https://[broken", ""),
        ("www.track.example/" + "x" * 500, ""),
    ],
)
def test_links_as_fm_writes_them(link: str, address: str) -> None:
    assert web_address(link) == address


@given(number=st.text(min_size=51, max_size=100))
def test_a_number_is_never_cut(number: str) -> None:
    with pytest.raises(GiveUp) as caught:
        new_shipment(parcel(tracking_number=number), SETTINGS)
    assert caught.value.field == "tracking_number"


def test_a_number_of_fifty_characters_goes_whole() -> None:
    assert new_shipment(parcel(tracking_number="N" * 50), SETTINGS).tracking_number == "N" * 50
