"""The client against the FM sandbox, which reads strictly and shares no code with it."""

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec
import pycountry
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from npf.core import countries
from npf.core.errors import FixSettings, GiveUp, Skip, TryLater
from npf.fm import codes
from npf.fm.client import FM
from npf.fm.errors import Refused
from npf.fm.limits import LIMITS, problems
from npf.fm.text import clean
from npf.sandbox.fm import Client, Warehouse, make_app
from npf.sandbox.server import Server, serve
from npf.warehouse.records import SalesOrder
from tests.fm.conftest import LOGIN, changed


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse(seed=1, pick_delay=0.0, split_share=0.0)


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    return warehouse.add_client(
        client_code=LOGIN.ClientCode, username=LOGIN.Username, password=LOGIN.Password, products=None
    )


@pytest.fixture
def server(warehouse: Warehouse, client: Client) -> Iterator[Server]:
    with serve(make_app(warehouse)) as running:
        yield running


@pytest.fixture
def fm(server: Server, fm_at: Callable[..., FM]) -> FM:
    return fm_at(server.url)


def test_an_order_goes_in_and_its_shipment_comes_back(fm: FM, client: Client, order: SalesOrder) -> None:
    accepted = fm.send(order)
    status = fm.statuses([order.SalesOrderNo])[order.SalesOrderNo]
    shipped = client.order(order.SalesOrderNo).shipments[0]
    assert status.NPFOrderNo == accepted.NPFOrderNo
    assert (status.status, status.unread, status.ClientCode) == ("SHIPPED", [], LOGIN.ClientCode)
    assert [(s.ConsignmentNo, s.TrackingLink, s.products) for s in status.shipments] == [
        (shipped.consignment, shipped.link, [("001215", 2)])
    ]
    assert status.shipments[0].FrieghtCharges == Decimal(shipped.freight)
    assert status.status_time
    assert abs((status.status_time - shipped.despatched_at).total_seconds()) < 1


def test_every_status_is_read_as_the_warehouse_means_it(fm: FM, client: Client, order: SalesOrder) -> None:
    client.set(manual=True)
    numbers = [f"MG{n}" for n in range(6)]
    for number in numbers:
        fm.send(changed(order, "SalesOrderNo", number))
    client.hold("MG1", "Address?")
    client.cancel("MG2", "as asked")
    client.backorder("MG3")
    client.part_ship("MG4", {"001215": 1})
    client.error("MG5", "02006", "Email")
    found = fm.statuses([*numbers, "MG99"])
    assert {number: status.status for number, status in found.items()} == {
        "MG0": "PICKING",
        "MG1": "HOLD",
        "MG2": "CANCEL",
        "MG3": "BACKORDER",
        "MG4": "PARTIAL BACKORDER",
        "MG5": "ERROR",
        "MG99": "",
    }
    assert found["MG99"].known is False
    assert (found["MG1"].message, found["MG2"].message) == ("Address?", "as asked")
    assert found["MG3"].backorder == [("001215", 2)]
    assert (found["MG4"].shipments[0].products, found["MG4"].backorder) == ([("001215", 1)], [("001215", 1)])
    assert [(e.code, e.detail) for e in found["MG5"].errors] == [("02006", "Email")]


def test_stock_is_a_number_or_unknown(fm: FM, warehouse: Warehouse, client: Client) -> None:
    assert fm.stock(["001215", "AB 12"]) == {"001215": 100, "AB 12": 100}
    warehouse.faults.next("no-details")
    assert fm.stock(["001215"]) == {"001215": None}


@pytest.mark.parametrize("form", ["errors", "invalid-codes"])
@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_every_code_is_understood_in_every_form(
    fm: FM, warehouse: Warehouse, order: SalesOrder, code: str, form: str
) -> None:
    warehouse.set(refusal_form=form)
    warehouse.faults.next("500-doc" if code == "500" else code)
    kind = {"hold": GiveUp, "retry": TryLater, "stop": FixSettings, "there": Skip}[codes.CODES[code].action]
    with pytest.raises(kind, match=code):
        fm.send(order)


@pytest.mark.parametrize("fault", ["500", "reset-before", "garbage", "500-after", "reset-after", "truncate"])
def test_after_every_loss_of_an_answer_the_status_tells_what_happened(
    fm: FM, warehouse: Warehouse, client: Client, order: SalesOrder, fault: str
) -> None:
    warehouse.faults.next(fault)
    with pytest.raises(TryLater) as raised:
        fm.send(order)
    assert raised.value.unclear
    there = fm.statuses([order.SalesOrderNo])[order.SalesOrderNo].known
    assert there is (order.SalesOrderNo in client.orders)
    assert there is (fault in ("500-after", "reset-after", "truncate"))


def test_an_order_sent_twice_is_there_already(fm: FM, order: SalesOrder) -> None:
    fm.send(order)
    with pytest.raises(Skip):
        fm.send(order)


NUMBERS = itertools.count(1)
ANY = st.one_of(st.text(max_size=120), st.text(st.characters(codec="latin-1"), max_size=120))


def _accepted(fm: FM, order: SalesOrder) -> None:
    """FM takes what the limits let through; that its own detail is what they said, is theirs."""
    try:
        fm.send(order)
    except Refused as refused:
        pytest.fail(f"the limits let through what FM refuses: {refused}")


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(texts=st.dictionaries(st.sampled_from(sorted(LIMITS)), ANY, max_size=4), cleaned=st.booleans())
def test_what_the_limits_let_through_fm_accepts(
    fm: FM, order: SalesOrder, texts: dict[str, str], cleaned: bool
) -> None:
    for path, text in texts.items():
        order = changed(order, path, clean(text, LIMITS[path][1]) if cleaned else text)
    if "SalesOrderNo" not in texts:
        order = changed(order, "SalesOrderNo", f"F{next(NUMBERS)}")
    assume(not problems(order))
    with_number = fm.statuses([order.SalesOrderNo]).get(order.SalesOrderNo)
    assume(with_number is None or not with_number.known)
    _accepted(fm, order)


prices = st.decimals(min_value=0, max_value=5000, places=2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(prices, st.integers(1, 20), st.sampled_from([0, 10, 15])), min_size=1, max_size=4),
    handling=prices,
    discount=st.integers(0, 100),
)
def test_money_that_adds_up_for_us_adds_up_for_fm(
    fm: FM, order: SalesOrder, lines: list[tuple[Decimal, int, int]], handling: Decimal, discount: int
) -> None:
    rows = []
    for price, quantity, gst in lines:
        gross = (price * (100 + gst) / 100).quantize(Decimal("0.01"))
        rows.append(
            msgspec.structs.replace(
                order.Products[0],
                Quantity=quantity,
                SalesPrice=price,
                GST=gst,
                SalesPricesIncludesGST=gross,
                Amount=gross * quantity,
            )
        )
    subtotal = sum((row.Amount for row in rows), Decimal(0))
    off = ((subtotal + handling) * discount / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    totals = msgspec.structs.replace(
        order.Totals,
        SubTotal1=subtotal,
        P_H_Cost=handling,
        P_H_GST=0,
        P_H_IncludesGST=handling,
        SubTotal2=subtotal + handling,
        DiscountPercentage=discount,
        DiscountAmount=off,
        Total=subtotal + handling - off,
    )
    order = msgspec.structs.replace(order, SalesOrderNo=f"M{next(NUMBERS)}", Products=rows, Totals=totals)
    assert problems(order) == []
    _accepted(fm, order)


def test_every_country_that_the_limits_know_fm_knows_by_that_name(fm: FM, order: SalesOrder) -> None:
    for country in pycountry.countries:
        billing = msgspec.structs.replace(
            order.BillingAddress, Country=countries.name(country.alpha_2), PostCode="12345", State="X"
        )
        there = changed(changed(order, "BillingAddress", billing), "SalesOrderNo", f"C{next(NUMBERS)}")
        if not problems(there):
            _accepted(fm, there)
