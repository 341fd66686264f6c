"""The pages: what they show, what their forms do, whom they obey."""

import http.client
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from npf.sandbox.fm.answers import NO_DETAILS
from npf.sandbox.fm.faults import KINDS
from npf.sandbox.fm.page.actions import CLIENT_ACTIONS, ORDER_ACTIONS
from npf.sandbox.fm.settings import SETTINGS

Document = Callable[..., str]
TABS = ("", "/stock", "/settings", "/faults", "/calls")
TWO = (("Test001", 2, 1100), ("Test002", 3, 500))


@pytest.fixture
def press(fm: Any) -> Any:
    """Sends a form as a browser does, and gives the answer."""

    def send(path: str, headers: dict[str, str] | None = None, /, **typed: Any) -> Any:
        own = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": fm.server.url,
            "Sec-Fetch-Site": "same-origin",
        }
        connection = http.client.HTTPConnection("127.0.0.1", fm.server.port, timeout=10)
        connection.request("POST", path, urlencode(typed), {**own, **(headers or {})})
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer, page

    return send


@pytest.fixture
def see(fm: Any) -> Any:
    def get(path: str) -> str:
        status, _, body = fm.raw("GET", path)
        assert status == 200, path
        return str(body.decode())

    return get


class Labels(HTMLParser):
    """Which fields a page has, and which of them a label names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[str | None] = []
        self.labels: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "select"):
            self.fields.append(dict(attrs).get("id"))
        elif tag == "label":
            self.labels.append(dict(attrs).get("for"))


def test_clients_are_listed_and_added_and_calls_of_strangers_are_shown(
    fm: Any, press: Any, see: Any, order_document: Document
) -> None:
    fm.refusal(order_document("MG1", login=("x", "y", "NONE")))
    page = see("/")
    assert 'href="/page/DEMO"' in page
    assert "refused 01001" in page
    answer, _ = press("/client", client_code="AC/ME", username="demo", password="s3cret", sells="every")
    assert answer.headers["Location"] == "/?done=Client%20AC/ME%20is%20added."
    assert 'href="/page/AC%2FME"' in see("/")
    assert "login demo" in see("/page/AC%2FME")
    assert fm.send(order_document("MG1", login=("demo", "s3cret", "AC/ME"))).findtext("Status") == "Valid"
    assert press("/client", client_code="DEMO", username="a", password="b", sells="every")[0].status == 400


@pytest.mark.parametrize("tab", TABS)
def test_every_field_has_a_label_and_an_idle_client_says_what_is_missing(see: Any, tab: str) -> None:
    text = see(f"/page/DEMO{tab}")
    page = Labels(text)
    assert len(set(page.fields)) == len(page.fields)
    assert set(page.fields) == set(page.labels)
    assert tab in ("/settings", "/stock") or "yet" in text


def test_the_orders_are_shown_with_state_and_shopper_and_everything_is_escaped(
    fm: Any, see: Any, order_document: Document
) -> None:
    fm.send(order_document("MG1", {"ShippingAddress/FirstName": "<Zoë>"}))
    fm.client.hold("MG1", "a < b")
    page = see("/page/DEMO")
    assert "HOLD: a &lt; b" in page
    assert "&lt;Zoë&gt; Lovelace, Melbourne, Australia" in page
    assert "2 x Test001" in page


def test_an_order_page_labels_its_fields_and_shows_what_was_sent(fm: Any, see: Any, order_document: Document) -> None:
    fm.send(order_document("MG/1 #?", lines=TWO))
    text = see("/page/DEMO/orders/MG%2F1%20%23%3F")
    page = Labels(text)
    assert len(set(page.fields)) == len(page.fields)
    assert set(page.fields) == set(page.labels)
    assert "Products/Product[2]/Code" in text
    assert "ships by itself at" in text
    assert "&lt;time" not in text


def test_an_order_is_shipped_in_parts_by_hand(fm: Any, press: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    at = "/page/DEMO/orders/MG1"
    answer, _ = press(f"{at}/ship", **{"units:Test001": 1, "units:Test002": 0, "consignment": "C1", "rest": "back"})
    assert answer.headers["Location"] == f"{at}?done=1%20units%20left%20as%20C1."
    order = fm.client.order("MG1")
    assert (order.status, order.backordered) == ("PARTIAL BACKORDER", {"Test001": 1, "Test002": 3})
    press(f"{at}/ship", **{"units:Test001": 0, "units:Test002": 2, "consignment": "", "rest": "short"})
    order = fm.client.order("MG1")
    assert (order.status, order.shipped) == ("SHIPPED", {"Test001": 1, "Test002": 2})
    refused, page = press(f"{at}/hold", reason="late")
    assert (refused.status, "MG1 stands as SHIPPED: cannot hold it" in page) == (400, True)


def test_an_order_is_stopped_and_let_go_on_by_hand(fm: Any, press: Any, order_document: Document) -> None:
    fm.send(order_document("MG1", lines=TWO))
    at = "/page/DEMO/orders/MG1"

    def stands() -> tuple[str, str]:
        order = fm.client.order("MG1")
        return order.status, order.message

    press(f"{at}/backorder", **{"units:Test001": 1, "units:Test002": 0})
    assert (stands(), fm.client.order("MG1").backordered) == (("BACKORDER", ""), {"Test001": 1})
    press(f"{at}/hold", reason="Address?")
    assert stands() == ("HOLD", "Address?")
    press(f"{at}/release")
    assert stands() == ("PICKING", "")
    press(f"{at}/error", code="02007", detail="Code MUG")
    assert fm.client.order("MG1").errors == [("02007", "Code MUG")]
    press(f"{at}/cancel", reason="as asked")
    assert stands() == ("CANCEL", "as asked")
    press(f"{at}/tell", how="left-out")
    assert fm.status("MG1") == {}
    press(f"{at}/tell", how="")
    assert fm.word("MG1") == "CANCEL"


def test_stock_is_a_figure_or_unknown_or_a_text(fm: Any, press: Any, see: Any) -> None:
    press("/page/DEMO/set-stock", code="Test001", tells="figure", value="7")
    press("/page/DEMO/set-stock", code="Test002", tells="unknown", value="")
    press("/page/DEMO/set-stock", code="NEW-1", tells="text", value="see note")
    assert fm.stock("Test001", "Test002", "NEW-1") == {"Test001": "7", "Test002": NO_DETAILS, "NEW-1": "see note"}
    assert "see note" in see("/page/DEMO/stock")
    press("/page/DEMO/set-stock", code="NEW-1", tells="figure", value="2")
    assert fm.stock("NEW-1") == {"NEW-1": "2"}


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        ("orders/MG1/ship", {"units:Test001": 9, "rest": "back"}, "units:Test001"),
        ("orders/MG1/ship", {"units:Test001": 0, "rest": "back"}, "units:Test001"),
        ("orders/MG1/ship", {"units:Test001": 1, "rest": "away"}, "rest"),
        ("orders/MG1/ship", {"units:Test001": 1, "rest": "back", "consignment": "C" * 51}, "consignment"),
        ("orders/MG1/backorder", {"units:Test001": "x"}, "units:Test001"),
        ("orders/MG1/backorder", {"units:Test002": "1"}, "units:Test001"),
        ("orders/MG1/error", {"code": "1"}, "code"),
        ("orders/MG1/tell", {"how": "shout"}, "how"),
        ("set-stock", {"code": "A,B", "tells": "figure", "value": 1}, "code"),
        ("set-stock", {"code": "A", "tells": "figure", "value": "-1"}, "value"),
        ("set-stock", {"code": "A", "tells": "text", "value": " "}, "value"),
        ("set", {"pick_delay": "soon", "whom": "client"}, "pick_delay"),
        ("set", {"zone": "Moon", "whom": "client"}, "zone"),
        ("set", {"pick_delay": "1", "whom": "nobody"}, "whom"),
        ("fault", {"kind": "explode", "how": "count", "number": 1, "whom": "all"}, "kind"),
        ("fault", {"kind": "500", "how": "count", "number": 1, "seconds": 5, "whom": "all"}, "seconds"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_done(
    fm: Any, press: Any, order_document: Document, path: str, typed: dict[str, Any], field: str
) -> None:
    fm.send(order_document("MG1"))
    answer, page = press(f"/page/DEMO/{path}", **typed)
    assert answer.status == 400
    wrong = re.search(r'<(?:input|select)[^>]*name="([^"]+)"[^>]*aria-invalid="true" aria-describedby="([^"]+)"', page)
    assert wrong is not None
    assert wrong[1] == field
    assert f'id="{wrong[2]}"' in page
    assert 'role="alert"' in page
    assert (fm.client.order("MG1").status, fm.client.settings.pick_delay) == ("PICKING", 10.0)
    assert fm.warehouse.faults.rules() == []
    assert "A" not in fm.client.stock


def test_settings_are_set_for_one_client_or_for_every_one(fm: Any, press: Any, see: Any) -> None:
    other = fm.warehouse.add_client(client_code="ACME", username="acme", password="pw")
    assert all(f'name="{name}"' in see("/page/DEMO/settings") for name in SETTINGS)
    press("/page/DEMO/set", manual="yes", domestic_countries="Australia, France", whom="client")
    assert (fm.client.settings.manual, other.settings.manual) == (True, False)
    assert fm.client.settings.domestic_countries == ("Australia", "France")
    press("/page/DEMO/set", fault_status="200", whom="all")
    assert (fm.client.settings.fault_status, other.settings.fault_status) == ("200", "200")
    assert fm.raw("POST", "/serverorder.php", b"<a/>")[0] == 200


def test_a_fault_is_added_shown_with_what_it_struck_and_removed(
    fm: Any, press: Any, see: Any, order_document: Document
) -> None:
    assert all(f'value="{kind}"' in see("/page/DEMO/faults") for kind in KINDS)
    press("/page/DEMO/fault", kind="02011", how="count", number=1, path="/serverorder.php", whom="client")
    press("/page/DEMO/fault", kind="stale", how="percent", number="2.5", seconds="60", whom="all")
    assert list(fm.refusal(order_document("MG1"))) == ["02011"]
    page = see("/page/DEMO/faults")
    assert "2.5 % of the time" in page
    assert re.search(r"<td[^>]*>02011</td><td[^>]*>1</td><td[^>]*>POST /serverorder.php</td>", page)
    (rule,) = fm.warehouse.faults.rules()
    assert press(f"/page/DEMO/faults/all/{rule.number}/remove")[0].status == 303
    assert fm.warehouse.faults.rules() == []
    assert press(f"/page/DEMO/faults/all/{rule.number}/remove")[0].status == 404
    press("/page/DEMO/clear-faults")
    assert fm.client.faults.struck == []


def test_calls_are_shown_with_their_documents_and_without_the_password(
    fm: Any, press: Any, see: Any, order_document: Document
) -> None:
    fm.client.faults.load("reset-before@1")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        fm.send(order_document("MG1"))
    fm.refusal(order_document("MG2", {"ShippingAddress/Country": "AU"}))
    fm.raw("POST", "/serverorder.php", b"<Password>s3cret</Password>")
    page = see("/page/DEMO/calls")
    assert "not reached" in page
    assert "refused 02008" in page
    assert "no SOAP" in see("/")
    told = "".join(see(f"/calls/{entry.number}") for entry in fm.warehouse.log)
    assert "&lt;SalesOrderNo&gt;MG2&lt;/SalesOrderNo&gt;" in told
    assert "Invalid country" in told
    assert "s3cret" not in told
    press("/page/DEMO/clear-calls")
    assert fm.client.log == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_another_site_cannot_press_a_button(
    fm: Any, press: Any, order_document: Document, headers: dict[str, str]
) -> None:
    fm.send(order_document("MG1"))
    assert press("/page/DEMO/orders/MG1/cancel", headers, reason="x")[0].status == 403
    assert press("/_sandbox/cancel", headers)[0].status == 403
    assert fm.client.order("MG1").status == "PICKING"


def test_what_is_not_there_is_404(fm: Any, press: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    for path in ("/page/NONE", "/page/DEMO/nowhere", "/page/DEMO/orders/MG9", "/calls/x", "/calls/999", "/client"):
        assert fm.raw("GET", path)[0] == 404, path
    for path in ("/", "/page/DEMO/explode", "/page/DEMO/orders/MG1/explode", "/page/DEMO/orders/MG9/ship"):
        assert press(path)[0].status == 404, path


def test_every_action_has_its_form(fm: Any, see: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.hold("MG1")
    pages = "".join(see(f"/page/DEMO{tab}") for tab in (*TABS, "/orders/MG1"))
    sent_to = set(re.findall(r'action="/page/DEMO/([^"]+)"', pages))
    assert sent_to == {*CLIENT_ACTIONS, *(f"orders/MG1/{name}" for name in ORDER_ACTIONS)}


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(fm: Any, order_document: Document) -> None:
    from playwright.sync_api import sync_playwright

    fm.send(order_document("MG1", lines=TWO))
    fm.client.part_ship("MG1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in ("/", *(f"/page/DEMO{tab}" for tab in TABS), "/page/DEMO/orders/MG1", "/calls/1"):
            page.goto(f"{fm.server.url}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert said == []
        browser.close()
