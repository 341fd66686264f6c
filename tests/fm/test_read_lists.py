"""FM's answers about status and stock."""

import locale
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.core.errors import FixSettings, TryLater
from npf.fm.markup import Unreadable
from npf.fm.read import fm_date, fm_time, statuses, stock
from npf.fm.write import fm_date as written
from npf.warehouse.records import OrderStatus, Refusal

MELBOURNE = ZoneInfo("Australia/Melbourne")


def said(inside: str, *asked: str) -> dict[str, OrderStatus]:
    return statuses(f"<OrderList>{inside}</OrderList>", asked or ("MG1",), MELBOURNE)


def order(inside: str, number: str = "MG1", npf: str = "47100") -> str:
    return f"<Order><SalesOrderNo> {number} </SalesOrderNo><NPFOrderNo>{npf}</NPFOrderNo>{inside}</Order>"


def shipment(consignment: str, quantity: str = "2", link: str = "") -> str:
    return (
        f"<Shipment><DespatchDate> 02-Jun-2012 </DespatchDate><ManifestNo>M1</ManifestNo><ConsignmentNo> {consignment}"
        f"</ConsignmentNo><FrieghtCharges> 7.50</FrieghtCharges><HandlingCharges>$1.20</HandlingCharges>"
        f"<TrackingLink>{link}</TrackingLink><Products><Product><Code> A1 </Code><Quantity>{quantity}</Quantity>"
        f"</Product></Products></Shipment>"
    )


SHIPPED = "<OrderStatus> Shipped </OrderStatus><ShipmentDetails>{}</ShipmentDetails>"


def test_a_shipped_order_bears_its_shipments() -> None:
    found = said(
        order("<StatusTime> 02-Jun-2012 14:05:09</StatusTime>" + SHIPPED.format(shipment("C1") + shipment("C2")))
    )
    status = found["MG1"]
    assert (status.status, status.NPFOrderNo, status.known, status.unread) == ("SHIPPED", "47100", True, [])
    assert status.status_time == datetime(2012, 6, 2, 4, 5, 9, tzinfo=UTC)
    assert [s.ConsignmentNo for s in status.shipments] == ["C1", "C2"]
    first = status.shipments[0]
    assert (first.DespatchDate, first.ManifestNo, first.products) == (date(2012, 6, 2), "M1", [("A1", 2)])
    assert (first.FrieghtCharges, first.HandlingCharges) == (Decimal("7.50"), Decimal("1.20"))


def test_a_bare_ampersand_in_a_link_costs_nothing_of_the_document() -> None:
    link = "www.example.com/track?id=1&type=2&amp;lang=en&&copy=1&nbsp;x&#65;"
    found = said(
        order(SHIPPED.format(shipment("C1", link=link))) + order("<OrderStatus>HOLD</OrderStatus>", "MG2"), "MG1", "MG2"
    )
    assert found["MG1"].shipments[0].TrackingLink == "www.example.com/track?id=1&type=2&lang=en&&copy=1 xA"
    assert found["MG1"].shipments[0].products == [("A1", 2)]
    assert found["MG2"].status == "HOLD"


def test_a_back_order_bears_what_is_still_owed() -> None:
    products = (
        "<Products><Product><Code>A1</Code><OrderQuantity>5</OrderQuantity><BOQuantity>3</BOQuantity></Product>"
        "<Product><Code>A2</Code><OrderQuantity>1</OrderQuantity><BOQuantity>0</BOQuantity></Product></Products>"
    )
    status = said(order("<OrderStatus>BACKORDER</OrderStatus>" + products))["MG1"]
    assert (status.status, status.backorder, status.shipments) == ("BACKORDER", [("A1", 3)], [])


def test_a_partial_back_order_bears_both() -> None:
    status = said(
        order(
            "<OrderStatus>PARTIAL  BACKORDER</OrderStatus><ShipmentDetails>" + shipment("C1") + "</ShipmentDetails>"
            "<BODetails><Products><Product><Code>A2</Code><Quantity> 4 </Quantity></Product></Products></BODetails>"
        )
    )["MG1"]
    assert (status.status, status.backorder) == ("PARTIAL BACKORDER", [("A2", 4)])
    assert status.shipments[0].products == [("A1", 2)]


@pytest.mark.parametrize("word", ["CANCEL", "HOLD"])
def test_the_reason_stands_in_the_message(word: str) -> None:
    status = said(
        order(f"<OrderStatus>{word.lower()}</OrderStatus><OrderStatusMessage> as\n asked </OrderStatusMessage>")
    )["MG1"]
    assert (status.status, status.message) == (word, "as asked")


def test_the_errors_of_one_order_stay_its_own() -> None:
    errors = "<Errors><Error><ErrorCode>2006</ErrorCode><ErrorDetail> Email </ErrorDetail></Error></Errors>"
    found = said(order(f"<OrderStatus>ERROR</OrderStatus>{errors}") + order("", "MG2"), "MG1", "MG2")
    assert found["MG1"].errors == [Refusal("02006", "Email")]
    assert found["MG2"].errors == []


def test_a_word_that_nobody_documented_is_kept() -> None:
    status = said(order("<OrderStatus>Being picked</OrderStatus>"))["MG1"]
    assert (status.status, status.known) == ("BEING PICKED", True)


@pytest.mark.parametrize(
    "inside",
    [
        "<OrderStatus></OrderStatus><OrderStatusMessage> Sorry, No details available! </OrderStatusMessage>",
        "<OrderStatusMessage>Sorry, No details available!</OrderStatusMessage>",
        "<OrderStatus>Sorry, No details available!</OrderStatus>",
    ],
)
def test_an_order_that_fm_does_not_know_says_so(inside: str) -> None:
    status = said(order(inside, npf=""))["MG1"]
    assert (status.known, status.status) == (False, "")
    assert status.message == "Sorry, No details available!"


def test_a_sorry_without_a_number_is_for_the_one_that_was_asked_for() -> None:
    sorry = "<Order><OrderStatusMessage>Sorry, No details available!</OrderStatusMessage></Order>"
    assert said(sorry)["MG1"].known is False
    assert said(sorry, "MG1", "MG2") == {}


def test_orders_that_fm_leaves_out_are_missing_and_others_are_left_out() -> None:
    found = said(order("", "MG2") + order("", "XX9"), "MG1", "MG2")
    assert list(found) == ["MG2"]
    assert said("") == {}


def test_a_number_in_other_capitals_is_the_same_unless_two_were_asked_for() -> None:
    assert list(said(order("", "mg1"))) == ["MG1"]
    assert said(order("", "mg1"), "MG1", "Mg1") == {}


def test_a_quantity_that_cannot_be_read_is_left_out_and_named() -> None:
    status = said(order(SHIPPED.format(shipment("C1", "two") + shipment("C2", "1.5") + shipment("C3", "-1"))))["MG1"]
    assert [s.products for s in status.shipments] == [[], [], []]
    assert len(status.unread) == 3
    assert "'two'" in status.unread[0]
    assert "A1" in status.unread[0]


def test_a_whole_quantity_with_a_point_is_a_quantity() -> None:
    status = said(order(SHIPPED.format(shipment("C1", "2.00"))))["MG1"]
    assert status.shipments[0].products == [("A1", 2)]


def test_an_order_said_twice_loses_no_shipment_and_the_later_saying_counts() -> None:
    early = order("<StatusTime>01-Jun-2012 10:00:00</StatusTime>" + SHIPPED.format(shipment("C1")))
    late = order("<StatusTime>02-Jun-2012 10:00:00</StatusTime>" + SHIPPED.format(shipment("C1") + shipment("C2")))
    for inside in (early + late, late + early):
        status = said(inside)["MG1"]
        assert status.status_time == datetime(2012, 6, 2, 0, 0, tzinfo=UTC)
        assert [s.ConsignmentNo for s in status.shipments] == ["C1", "C2"]


def test_the_later_of_two_npf_orders_with_one_number_stands_alone() -> None:
    cancelled = order("<StatusTime>01-Jun-2012 10:00:00</StatusTime><OrderStatus>CANCEL</OrderStatus>", npf="1")
    shipped = order("<StatusTime>02-Jun-2012 10:00:00</StatusTime>" + SHIPPED.format(shipment("C2")), npf="2")
    status = said(shipped + cancelled)["MG1"]
    assert (status.status, status.NPFOrderNo, len(status.shipments)) == ("SHIPPED", "2", 1)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Sorry",
        "<OrderList><Order><SalesOrderNo>MG1</SalesOrderNo>",
        "<html/>",
        "<Request><Status>Valid</Status></Request>",
        "<OrderList><Order></OrderList>",
    ],
)
def test_a_list_that_cannot_be_read_whole_is_asked_for_again(answer: str) -> None:
    with pytest.raises(Unreadable):
        statuses(answer, ["MG1"], MELBOURNE)


REFUSED = "<Errors><Error><ErrorCode>{}</ErrorCode><ErrorDetail>no</ErrorDetail></Error></Errors>"


@pytest.mark.parametrize("around", ["<OrderList>{}</OrderList>", "<Request><Response>{}</Response></Request>"])
def test_a_refused_question_is_a_wrong_login_or_asked_again(around: str) -> None:
    with pytest.raises(FixSettings):
        statuses(around.format(REFUSED.format("01001")), ["MG1"], MELBOURNE)
    with pytest.raises(TryLater):
        stock(around.format(REFUSED.format("500")), ["A1"])
    with pytest.raises(FixSettings):
        stock("Invalid|Invalid client code", ["A1"])


def levels(*products: tuple[str, str]) -> str:
    inside = "".join(
        f"<Product><ProductCode> {code} </ProductCode><StockonHand> {figure} </StockonHand></Product>"
        for code, figure in products
    )
    return f"<ProductList><ClientCode> ACME </ClientCode>{inside}</ProductList>"


@pytest.mark.parametrize(
    ("figure", "known"),
    [
        ("12", 12),
        ("0", 0),
        ("12.00", 12),
        ("12.9", 12),
        ("-3", -3),
        ("Sorry, No details available!", None),
        ("", None),
        ("twelve", None),
        ("1,200", None),
        ("12 pcs", None),
        ("NaN", None),
        ("1e3", None),
        ("\u0661\u0662", None),
        ("99999999999999999999", None),
    ],
)
def test_a_figure_is_a_number_or_unknown_and_never_a_guess(figure: str, known: int | None) -> None:
    assert stock(levels(("A1", figure)), ["A1"]).StockonHand == {"A1": known}


def test_a_code_that_fm_leaves_out_is_unknown() -> None:
    answer = stock(levels(("A1", "5"), ("ZZ", "9")), ["A1", "B2"])
    assert answer.StockonHand == {"A1": 5, "B2": None}
    assert answer.ClientCodes == ["ACME"]


def test_two_figures_for_one_code_are_no_figure() -> None:
    assert stock(levels(("A1", "5"), ("A1", "7"), ("B2", "3"), ("B2", "3")), ["A1", "B2"]).StockonHand == {
        "A1": None,
        "B2": 3,
    }


def test_codes_that_differ_in_capitals_only_are_not_mixed_up() -> None:
    assert stock(levels(("a1", "5"), ("A1", "7")), ["A1", "a1"]).StockonHand == {"A1": 7, "a1": 5}
    assert stock(levels(("A1", "7")), ["a1"]).StockonHand == {"a1": 7}


def test_no_contents_is_unknown_for_all() -> None:
    assert stock("no contents", ["A1", "B2"]).StockonHand == {"A1": None, "B2": None}


@given(st.dates())
def test_a_date_that_we_write_is_read_back_in_any_capitals(day: date) -> None:
    assert fm_date(f" {written(day)} ") == day
    assert fm_date(written(day).upper() + " 10:00:00") == day


@pytest.mark.parametrize("text", ["", "2012-06-01", "31-Feb-2012", "01-Foo-2012", "01-06-2012", "soon", "01-Jun-12"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert fm_date(text) is None
    assert fm_time(text, MELBOURNE) is None


def test_a_date_is_english_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert fm_date("01-Dec-2012") == date(2012, 12, 1)
            assert written(date(2012, 12, 1)) == "01-Dec-2012"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    ("text", "zone", "hour"),
    [
        ("15-Jan-2026 12:00:00", "Australia/Melbourne", 1),
        ("15-Jun-2026 12:00:00", "Australia/Melbourne", 2),
        ("15-Jun-2026 12:00:00", "Pacific/Auckland", 0),
        ("15-Jun-2026 12:00", "UTC", 12),
    ],
)
def test_a_time_is_of_the_zone_that_is_set(text: str, zone: str, hour: int) -> None:
    found = fm_time(text, ZoneInfo(zone))
    assert found
    assert (found.hour, found.tzinfo) == (hour, UTC)


def test_an_impossible_time_is_none() -> None:
    assert fm_time("15-Jan-2026 25:00:00", MELBOURNE) is None
