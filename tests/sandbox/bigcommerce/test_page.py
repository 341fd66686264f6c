"""The pages: what they show, what their forms do, whom they obey."""

import http.client
import re
import urllib.error
import urllib.request
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest

from npf.sandbox.bigcommerce import KINDS, SWITCHES, Store, World
from npf.sandbox.bigcommerce.page.actions import ORDER_ACTIONS, STORE_ACTIONS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TABS = ("", "/switches", "/faults", "/hooks", "/requests")


@pytest.fixture
def press(port: int, store: Store) -> Any:
    """Sends a form as a browser does, and gives the answer."""

    def send(path: str, headers: dict[str, str] | None = None, /, **typed: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        own = {**FORM, "Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", f"/page/demo1/{path}", urlencode(typed), {**own, **(headers or {})})
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer, page

    return send


@pytest.fixture
def see(port: int, store: Store) -> Any:
    def get(path: str = "") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/page/demo1{path}") as answer:
            return answer.read().decode()

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


def test_the_stores_are_listed_and_each_leads_to_its_own_page(bc: Any, world: World, store: Store) -> None:
    world.add_store("demo2", name="<Two>")
    page = bc.get("/").body.decode()
    assert 'href="/page/demo1"' in page
    assert 'href="/page/demo2"' in page
    assert "&lt;Two&gt;" in page


def test_a_page_shows_orders_requests_and_quota_and_escapes_them(bc: Any, see: Any, store: Store) -> None:
    store.place_order([("MUG", 2)], address={"first_name": "<Zoë>"})
    store.quota.allowed = 9
    bc.get("/v2/orders", min_id=7)
    page = see()
    assert "&lt;Zoë&gt;" in page
    assert "2 x MUG" in page
    assert "8 of 9 requests left" in page
    assert "/v2/orders?min_id=7" in see("/requests")


@pytest.mark.parametrize("tab", TABS)
def test_every_field_has_a_label_and_an_empty_store_says_what_is_missing(see: Any, tab: str) -> None:
    page = Labels(see(tab))
    assert len(set(page.fields)) == len(page.fields)
    assert set(page.fields) == set(page.labels)
    assert "yet" in see(tab) or tab == "/switches"


def test_an_order_is_placed_and_everything_is_done_to_it_by_hand(press: Any, see: Any, store: Store) -> None:
    placed, _ = press("place", sku="MUG", quantity=3, country="NZ", shipping_method="Express Post", status_id=0)
    assert (placed.status, placed.headers["Location"]) == (303, "/page/demo1?done=Order%20101%20is%20placed.")
    order = store.orders[101]
    assert (order.status_id, order.addresses[0].country_iso2, order.addresses[0].shipping_method) == (
        0,
        "NZ",
        "Express Post",
    )
    at = "orders/101"
    assert "Order 101 is placed." in see("?done=Order%20101%20is%20placed.")
    assert press(f"{at}/pay")[0].status == 303
    assert order.status_id == 11
    press(f"{at}/quantity", line=0, quantity=5)
    assert order.lines[0].quantity == 5
    press(f"{at}/address/0", city="Nelson", first_name="<Aroha>")
    assert (order.addresses[0].city, order.addresses[0].first_name) == ("Nelson", "<Aroha>")
    assert "&lt;Aroha&gt;" in see(f"/{at}")
    press(f"{at}/refund", line=0, quantity=2)
    assert (order.lines[0].refunded, order.status_id) == (2, 14)
    press(f"{at}/status", status_id=13)
    assert order.status_id == 13
    press(f"{at}/cancel")
    press(f"{at}/archive")
    assert (order.status_id, order.is_deleted) == (5, True)
    assert "Cancelled, archived" in see()


def test_an_order_page_labels_its_fields_and_shows_its_shipments(bc: Any, see: Any, store: Store) -> None:
    order_id = store.place_order([("MUG", 1), ("TEE", 1)], addresses=2)
    line = store.orders[order_id].lines[0]
    body = {
        "order_address_id": line.address_id,
        "items": [{"order_product_id": line.id, "quantity": 1}],
        "tracking_number": "TRK1",
    }
    assert bc.post(f"/v2/orders/{order_id}/shipments", body).status == 201
    text = see(f"/orders/{order_id}")
    page = Labels(text)
    assert len(set(page.fields)) == len(page.fields)
    assert set(page.fields) == set(page.labels)
    assert "TRK1" in text
    assert "&lt;time" not in text


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        ("place", {"sku": " ", "quantity": 1, "country": "AU", "status_id": 11}, "sku"),
        ("place", {"sku": "MUG", "quantity": "two", "country": "AU", "status_id": 11}, "quantity"),
        ("place", {"sku": "MUG", "quantity": 0, "country": "AU", "status_id": 11}, "quantity"),
        ("place", {"sku": "MUG", "quantity": 1, "country": "XX", "status_id": 11}, "country"),
        ("place", {"sku": "MUG", "quantity": 1, "country": "AU", "status_id": 99}, "status_id"),
        ("orders/101/quantity", {"line": 7, "quantity": 1}, "line"),
        ("orders/101/quantity", {"line": 0, "quantity": -1}, "quantity"),
        ("orders/101/refund", {"line": 0, "quantity": 9}, "quantity"),
        ("orders/101/status", {}, "status_id"),
        ("set", {"inventory_lag": "soon"}, "inventory_lag"),
        ("set", {"suspended": "perhaps"}, "suspended"),
        ("set", {"scope:store_v2_orders": "all"}, "scope:store_v2_orders"),
        ("quota", {"quota": "many"}, "quota"),
        ("fault", {"kind": "explode", "how": "count", "number": 1}, "kind"),
        ("fault", {"kind": "500", "how": "count", "number": "x"}, "number"),
        ("fault", {"kind": "500", "how": "percent", "number": "101"}, "number"),
        ("fault", {"kind": "500", "how": "count", "number": 1, "seconds": "5"}, "seconds"),
        ("fault", {"kind": "stall", "how": "count", "number": 1, "seconds": "x"}, "seconds"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_done(
    press: Any, store: Store, path: str, typed: dict[str, Any], field: str
) -> None:
    store.sell("MUG", quantity=2)
    before = (len(store.orders), store.orders[101].lines[0].quantity, store.switches.suspended, store.faults.rules())
    answer, page = press(path, **typed)
    assert answer.status == 400
    wrong = re.search(r'<(?:input|select)[^>]*name="([^"]+)"[^>]*aria-invalid="true" aria-describedby="([^"]+)"', page)
    assert wrong is not None
    assert wrong[1] == field
    assert f'id="{wrong[2]}"' in page
    assert 'role="alert"' in page
    after = (len(store.orders), store.orders[101].lines[0].quantity, store.switches.suspended, store.faults.rules())
    assert after == before


def test_what_was_typed_is_still_there_after_a_refusal(press: Any) -> None:
    _, page = press("place", sku="<MUG>", quantity="two", country="NZ", status_id=7)
    assert 'value="&lt;MUG&gt;"' in page
    assert 'value="two"' in page
    assert 'value="NZ" selected' in page


def test_all_switches_and_scopes_are_set_in_one_form_or_none_of_them(press: Any, see: Any, store: Store) -> None:
    assert all(f'name="{name}"' in see("/switches") for name in SWITCHES)
    press("set", **{"over_shipping": "lax", "other_apps": "40", "scope:store_v2_orders": "_read_only"})
    assert (store.switches.over_shipping, store.switches.other_apps) == ("lax", 40)
    assert store.accounts["token-demo1"].scopes == {"store_v2_orders_read_only"}
    press("set", over_shipping="strict", inventory_lag="soon")
    assert store.switches.over_shipping == "lax"
    press("quota", quota="9/10")
    assert (store.quota.allowed, store.quota.window) == (9, 10.0)


def test_a_fault_is_added_shown_with_what_it_struck_and_removed(bc: Any, press: Any, see: Any, store: Store) -> None:
    assert all(f'value="{kind}"' in see("/faults") for kind in KINDS)
    press("fault", kind="500", how="count", number=2, method="GET", path="/v2/orders")
    press("fault", kind="stale", how="percent", number="2.5", seconds="60")
    assert [bc.get("/v2/orders").status for _ in range(2)] == [500, 500]
    page = see("/faults")
    assert "2.5 % of the time" in page
    assert re.search(r"<td[^>]*>500</td><td[^>]*>2</td><td[^>]*>GET /v2/orders</td>", page)
    (rule,) = store.faults.rules()
    assert (rule.name, rule.probability) == ("stale:60", 0.025)
    press(f"faults/{rule.number}/remove")
    assert store.faults.rules() == []
    assert press(f"faults/{rule.number}/remove")[0].status == 404
    press("clear-faults")
    assert store.faults.struck == []
    press("clear-requests")
    assert len(store.log) == 0


def test_hooks_are_shown_with_every_try_and_the_next(press: Any, see: Any, store: Store) -> None:
    store.hooks.add("client-demo1", "demo1", "store/order/*", "http://127.0.0.1:9/x", store.seconds())
    store.hooks.add("client-demo1", "demo1", "store/order/created", "https://npf.example/x", store.seconds())
    store.sell("MUG")
    sent, _ = press("deliver")
    assert "One%20webhook%20was%20sent." in sent.headers["Location"]
    page = see("/hooks")
    assert "no answer" in page
    assert "02:01:00" in page, "the next try is a minute later"
    assert "undeliverable: the sandbox sends to this machine only" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_another_site_cannot_press_a_button(press: Any, bc: Any, store: Store, headers: dict[str, str]) -> None:
    order_id = store.sell("MUG")
    assert press(f"orders/{order_id}/cancel", headers)[0].status == 403
    assert bc.ask("POST", f"/_sandbox/demo1/orders/{order_id}/cancel", headers=headers).status == 403
    assert store.orders[order_id].status_id == 11


@pytest.mark.parametrize(
    "path", ["/nowhere", "/orders/9", "/orders/x", "/orders/1/2/3", "/place", "/orders/99999999999999999999"]
)
def test_a_page_that_is_not_there_is_404(bc: Any, store: Store, path: str) -> None:
    url = f"http://127.0.0.1:{bc.connection.port}/page/demo1{path}"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(url)


def test_a_button_that_does_not_exist_is_404(press: Any, store: Store) -> None:
    store.sell("MUG")
    for path in ("explode", "orders/101/explode", "orders/9/pay", "orders/101/address/7", "faults/x/remove"):
        assert press(path)[0].status == 404, path


def test_every_action_has_its_form(see: Any, store: Store) -> None:
    order_id = store.sell("MUG")
    pages = "".join(see(tab) for tab in TABS) + see(f"/orders/{order_id}")
    sent_to = set(re.findall(r'action="/page/demo1/([^"]+)"', pages))
    assert sent_to == {*STORE_ACTIONS, *(f"orders/{order_id}/{name}" for name in ORDER_ACTIONS), "orders/101/address/0"}


@pytest.mark.browser
def test_the_page_renews_itself_and_leaves_alone_what_one_types(port: int, store: Store) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}/page/demo1")
        page.get_by_label("SKU").fill("MUG-HALF-TY")
        order_id = store.sell("TEAPOT")
        expect(page.get_by_role("link", name=str(order_id))).to_be_visible(timeout=10_000)
        expect(page.get_by_label("SKU")).to_have_value("MUG-HALF-TY")
        page.get_by_label("SKU").press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"Order {order_id + 1} is placed.")
        for tab in (*TABS, f"/orders/{order_id}"):
            page.goto(f"http://127.0.0.1:{port}/page/demo1{tab}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert said == []
        browser.close()
