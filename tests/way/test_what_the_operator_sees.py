"""Every error code and every status of FM (WEBSERVICE.md), and what the people see of it: the list is complete."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import msgspec
import pytest
from django.test import Client

from npf.console.models import Person
from npf.console.words import sentence
from npf.core.errors import FixSettings, TryLater
from npf.orders.models import Order
from npf.stores import book
from tests.connected import Connected
from tests.console import factories as make

WEBSERVICE = Path(__file__).resolve().parents[2].parent / "shared" / "fm" / "WEBSERVICE.md"
ORDER_PAGE, STATUS_PAGE = "/serverorder.php", "/npforderstatus.php"


class Sees(msgspec.Struct, frozen=True):
    """What the page of an order shows: parts of its reason and of its next step, the field, whether a retry helps.

    `told`: the status and the number of shipments that BigCommerce shows when push has run.
    """

    stage: str
    code: str = ""
    reason: str = ""
    field: str = ""
    step: str = ""
    retry: bool = False
    told: tuple[int, int] = (11, 0)


OUR_FAULT = "fault of the connector"
DISPATCH = "Map the shipping method"

# Codes that answer a sending: the document is refused.
REFUSED = {
    "100": Sees("held", "100", "invalid XML (100)", "", OUR_FAULT, True),
    "02001": Sees("held", "02001", "invalid order count (02001)", "", OUR_FAULT, True),
    "02006": Sees("held", "02006", "data missing (02006)", "", "Fill in what FM names", True),
    "02007": Sees("held", "02007", "invalid product code (02007)", "Products.Code", "Map the SKU", True),
    "02008": Sees("held", "02008", "invalid country (02008)", "Country", "full English name", True),
    "02009": Sees("held", "02009", "invalid dispatch method (02009)", "DispatchMethod", DISPATCH, True),
    "04002": Sees("held", "04002", "invalid dispatch method (04002)", "DispatchMethod", DISPATCH, True),
    "02010": Sees(
        "held", "02010", "international order is missing", "DespatchDetails.ArticleDescription", "value and the", True
    ),
    "02011": Sees("held", "02011", "handling cost", "DespatchDetails.DispatchMethod", "ask NPF to define it", True),
    "04001": Sees("held", "04001", "only one item (04001)", "Products", "Split the order", True),
    "04003": Sees("held", "04003", "invalid post code (04003)", "PostCode", "Correct the post code", True),
    "1824": Sees("held", "1824", "invalid value", "", "Correct the value that FM names", True),
}
# It is there, and nothing of it can be seen; tests/send/test_compare.py has what follows where it can.
THERE = {
    code: Sees("held", "fm_has_it", "FM already has", "SalesOrderNo", "if it is this very order, release it", True)
    for code in ("02005", "03003")
}
# FM has trouble: nothing waits for a person, and the next try is told.
TROUBLE = {
    "500": Sees("new", "try_later", "internal server error (500)", retry=True),
    "99999": Sees("new", "try_later", "unexpected error (99999)", retry=True),
}
# The login: the whole client stops, and the store's page says what to mend.
LOGIN = {
    "01001": ("fm.username", "invalid login (01001)", "Check fm.username and fm.password"),
    "02003": ("fm.username", "invalid login (02003)", "Check fm.username and fm.password"),
    "02002": ("fm.client_code", "invalid client code (02002)", "Check fm.client_code"),
    "03001": ("fm.client_code", "invalid client code (03001)", "Check fm.client_code"),
}


def _part(shop: Connected, number: str) -> None:
    shop.fm.part_ship(number, {"MUG-INK": 1})


def _short(shop: Connected, number: str) -> None:
    shop.fm.ship(number, {"MUG-INK": 1}, short=True)


def _part_then_cancel(shop: Connected, number: str) -> None:
    _part(shop, number)
    # A cancelled order's answer has no shipments any more: what left is known from the look before.
    shop.station("follow")
    shop.fm.cancel(number, "the rest is sold out")


# FM's word -> how it comes about, and what is seen of an order of two mugs.
STATUSES: dict[str, tuple[Callable[[Connected, str], object], Sees]] = {
    "ERROR": (
        lambda shop, number: shop.fm.error(number, "02006", "Data missing: ShippingAddress/PostCode"),
        Sees("held", "fm_error", "FM cannot ship it: 02006: Data missing", "", "mend it at NPF, then retry", True),
    ),
    "CANCEL": (
        lambda shop, number: shop.fm.cancel(number, "out of range"),
        Sees("cancelled", "fm_cancel", "FM cancelled it: out of range"),
    ),
    "CANCEL, part has left": (
        _part_then_cancel,
        Sees("held", "fm_cancel", "part of the order has left NPF", "", "release it to go on", told=(3, 1)),
    ),
    "HOLD": (
        lambda shop, number: shop.fm.hold(number, "Address could not be confirmed"),
        Sees("held", "fm_hold", "FM holds it: Address could not", "", "it goes on by itself when FM lets go", True),
    ),
    "BACKORDER": (
        lambda shop, number: shop.fm.backorder(number),
        Sees("processing", "", "back-ordered: 2 x MUG-INK"),
    ),
    "PARTIAL BACKORDER": (
        _part,
        Sees("processing", "", "back-ordered: 1 x MUG-INK", told=(3, 1)),
    ),
    "SHIPPED": (
        lambda shop, number: shop.fm.ship(number),
        Sees("complete", "", "", told=(10, 1)),
    ),
    "SHIPPED, less than was ordered": (
        _short,
        Sees(
            "held", "fm_short", "FM says shipped, but 1 x MUG-INK has not left", "", "release it if", True, told=(3, 1)
        ),
    ),
    "(none)": (
        lambda shop, number: shop.fm.forget(number, "no-details"),
        Sees("pending"),
    ),
    "left out": (
        lambda shop, number: shop.fm.forget(number, "left-out"),
        Sees("pending"),
    ),
    "an unknown word": (
        lambda shop, number: shop.fm.set(picking_word="Wrapped in paper"),
        Sees("pending"),
    ),
    "no word at all": (
        lambda shop, number: shop.fm.set(picking_word=""),
        Sees("pending"),
    ),
}
WORD = {"an unknown word": "WRAPPED IN PAPER", "no word at all": "", "(none)": "", "left out": ""}


def test_every_code_and_every_status_of_the_contract_is_here_and_no_other() -> None:
    if not WEBSERVICE.is_file():
        pytest.skip(f"{WEBSERVICE} is absent: FM's contract is not part of the repository")
    orders, _, statuses = WEBSERVICE.read_text().partition("## 2. Order status")
    rows = re.findall(r"^\| ([\d, ]+) \| .+? \| .+? \|$", orders, re.MULTILINE)
    codes = {code.strip() for row in rows for code in row.split(",")}
    assert codes == {*REFUSED, *THERE, *TROUBLE, *LOGIN}
    words = re.findall(r"^\| (`[A-Z ]+`|\(none\)) ", statuses.partition("## 3.")[0], re.MULTILINE)
    ours = {word.partition(",")[0] for word in STATUSES} - {"left out", "an unknown word", "no word at all"}
    assert {word.strip("`") for word in words} == ours


@pytest.fixture
def operator(transactional_db: None) -> Client:
    return _browser(make.person("otto", "operator"))


def _browser(person: Person) -> Client:
    browser = Client()
    browser.force_login(person.user)
    return browser


def page(browser: Client, shop: Connected, number: int) -> str:
    """The text of an order's page, as it is read: one space between two words."""
    answer = browser.get(f"/stores/{shop.name}/orders/{number}/")
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def assert_seen(browser: Client, shop: Connected, order: Order, sees: Sees) -> None:
    assert (order.stage, order.reason_code, order.field) == (sees.stage, sees.code, sees.field), order.reason
    assert sees.reason in order.reason
    assert sees.step in order.repair
    shown = page(browser, shop, order.bc_order_id)
    assert order.reason[:1].upper() + order.reason[1:] in shown
    assert order.field in shown
    if order.stage == "held":
        assert order.repair
        assert f"Next step: {order.repair}" in shown
    assert ('id="retry"' in shown) == sees.retry


def test_each_refusal_shows_its_reason_field_and_next_step(shop: Connected, operator: Client) -> None:
    numbers = [shop.place() for _ in REFUSED]
    shop.station("pull")
    for code in REFUSED:
        shop.fm.faults.next(code, path=ORDER_PAGE)
    shop.station("send")
    orders = {order.reason_code: order for order in map(shop.order, numbers)}
    assert orders.keys() == REFUSED.keys()
    for code, sees in REFUSED.items():
        assert_seen(operator, shop, orders[code], sees)


@pytest.mark.parametrize("code", THERE)
def test_a_number_that_fm_has_already_shows_what_to_choose(shop: Connected, operator: Client, code: str) -> None:
    number = shop.place()
    shop.station("pull")
    shop.fm.faults.next(code, path=ORDER_PAGE)
    shop.station("send")
    assert_seen(operator, shop, shop.order(number), THERE[code])
    shown = page(operator, shop, number)
    assert "FM's order is taken as this one; nothing is sent again." in shown
    assert "FM's order counts as another one, and this one is sent as new." in shown


@pytest.mark.parametrize("code", TROUBLE)
def test_fms_own_trouble_shows_when_it_is_tried_again(shop: Connected, operator: Client, code: str) -> None:
    number = shop.place()
    shop.station("pull")
    shop.fm.faults.next("500-doc" if code == "500" else code, path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    assert_seen(operator, shop, shop.order(number), TROUBLE[code])
    assert "Next try" in page(operator, shop, number)
    shop.station("send")
    assert shop.order(number).stage == "pending"


@pytest.mark.parametrize("code", LOGIN)
def test_a_refused_login_shows_on_the_overview_what_to_mend(shop: Connected, operator: Client, code: str) -> None:
    parameter, reason, cure = LOGIN[code]
    number = shop.place()
    shop.station("pull")
    shop.fm.faults.next(code, path=ORDER_PAGE)
    with pytest.raises(FixSettings):
        shop.station("send")
    assert shop.store.paused_parameter == parameter
    shown = " ".join(unescape(operator.get("/").content.decode()).split())
    why, _, step = shop.store.paused_reason.rpartition(" — ")
    assert reason in why
    assert step.startswith(cure)
    assert f"<strong>{sentence(why)}</strong>" in shown
    assert sentence(step) in shown
    assert reason in page(operator, shop, number)
    book.resume(shop.store, "otto", shop.outside.clock)
    shop.station("send")
    assert shop.order(number).stage == "pending"


@pytest.mark.parametrize("word", STATUSES)
def test_each_status_shows_where_the_order_stands_and_what_to_do(shop: Connected, operator: Client, word: str) -> None:
    bring_about, sees = STATUSES[word]
    shop.fm.set(manual=True)
    number = shop.place(("MUG-INK", 2))
    for station in ("pull", "send"):
        shop.station(station)
    bring_about(shop, f"AC-{number}")
    for station in ("follow", "push"):
        shop.station(station)
    assert_seen(operator, shop, shop.order(number), sees)
    shown = page(operator, shop, number)
    assert WORD.get(word, word.partition(",")[0]) in shown
    theirs = shop.bc.orders[number]
    assert (theirs.status_id, len(shop.bc.shipments(number))) == sees.told
    # The merchant reads the same, and has nothing to press.
    merchant = page(_browser(make.person("mia", "merchant", (shop.name,))), shop, number)
    assert sees.reason in merchant
    assert 'id="retry"' not in merchant
    assert 'id="release"' not in merchant


def test_every_code_that_an_error_status_bears_is_shown_with_its_detail(shop: Connected, operator: Client) -> None:
    shop.fm.set(manual=True)
    codes = [*REFUSED, *THERE, *TROUBLE, *LOGIN]
    numbers = {code: shop.place() for code in codes}
    for station in ("pull", "send"):
        shop.station(station)
    for code, number in numbers.items():
        shop.fm.error(f"AC-{number}", code, f"the detail of {code}")
    shop.station("follow")
    for code, number in numbers.items():
        reason = f"FM cannot ship it: {code}: the detail of {code}"
        sees = Sees("held", "fm_error", reason, "", "mend it at NPF, then retry", True)
        assert_seen(operator, shop, shop.order(number), sees)
