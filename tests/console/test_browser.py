"""The pages in a real browser: whole, calm, by keyboard, on a phone, and asking nobody but this server."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from npf.orders.stages import Stage
from npf.stores.models import Store
from npf.stores.tables import TABLES
from tests.console import factories as make
from tests.console import scene

CHROMIUM = shutil.which("chromium")
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would refuse the tests' own queries beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS.split())
        yield browser
        browser.close()


class Seen:
    """What a context's pages asked for and complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.hosts: set[str | None] = set()
        self.complaints: list[str] = []
        context.on("request", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def request(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).hostname)

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def enter(chromium: Browser, live_server: LiveServer, width: int = 1280) -> tuple[Page, Seen]:
    """A page in which anna, the integrator, has logged in by hand."""
    make.person("anna", "integrator")
    base = live_server.url.replace("localhost", "127.0.0.1")
    context = chromium.new_context(base_url=base, viewport={"width": width, "height": 800})
    seen = Seen(context)
    page = context.new_page()
    page.goto("/login/?next=/")
    page.fill("#id_username", "anna")
    page.fill("#id_password", make.PASSWORD)
    page.click("button")
    page.wait_for_url("**/")
    return page, seen


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_whole_and_asks_nobody_else(chromium: Browser, live_server: LiveServer, width: int) -> None:
    store = scene.seed()
    page, seen = enter(chromium, live_server, width)
    for address in (
        "/",
        "/orders/",
        "/orders/?q=nothing-fits",
        "/orders/?late=yes",
        "/freight/",
        "/held/",
        f"/stores/{store.name}/",
        "/stores/harbour-home/",
        f"/stores/{store.name}/orders/",
        f"/stores/{store.name}/orders/1000071/",
        f"/stores/{store.name}/orders/1000012/",
        *(f"/stores/{store.name}/orders/{number}/" for number in (1000081, 1000082, 1000083)),
        f"/stores/{store.name}/explain/?number=abc",
        f"/stores/{store.name}/parameters/",
        f"/stores/{store.name}/stock/",
        *(f"/stores/{store.name}/stock/{part}/" for part in ("preview", "not-written", "drift")),
        *(f"/stores/{store.name}/stock/runs/{run.pk}/" for run in store.stock_runs.order_by("-pk")[:2]),
        f"/stores/{store.name}/stock/runs/{store.stock_runs.filter(written__gt=0).latest('pk').pk}/undo/",
        f"/stores/{store.name}/stock/sku/?sku=APRON-SAGE",
        *(f"/stores/{store.name}/tables/{key}/" for key in TABLES),
        "/stores/zen-nz/stock/",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate("typeof window.htmx") == "object", address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        expect(page.locator("h1")).to_have_count(1)
    page.context.close()
    assert seen.hosts == {"127.0.0.1"}
    assert seen.complaints == []


def test_the_overview_moves_by_itself_and_keeps_the_focus(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    page, seen = enter(chromium, live_server)
    link = page.locator(f"#store-{store.pk}")
    link.focus()
    make.order(store, 1, Stage.HELD, reason="a reason")
    expect(page.locator("#held-now")).to_have_text("1", timeout=10_000)
    expect(page).to_have_title("(1) Overview · NPF Connect")
    expect(link).to_be_focused()
    page.context.close()
    assert seen.complaints == []


def test_a_release_answers_in_place_with_its_sentence(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    make.order(store, 1000012, Stage.HELD, reason="FM already has it", reason_code="fm_has_it")
    page, seen = enter(chromium, live_server)
    page.goto(f"/stores/{store.name}/orders/1000012/")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Release").click()
    expect(page.locator("#messages")).to_have_text("It goes to FM at the next send.")
    expect(page.locator(".order-head .stage")).to_have_text("New")
    expect(page.locator("#held-now")).to_be_empty()
    assert page.evaluate("window.stayed")
    page.context.close()
    assert seen.complaints == []


def test_an_outcome_is_decided_after_a_question_and_the_text_can_be_copied(
    chromium: Browser, live_server: LiveServer
) -> None:
    store = make.store()
    scene.desk(store)
    page, seen = enter(chromium, live_server)
    page.goto(f"/stores/{store.name}/orders/1000082/")
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_role("button", name="Cop")).to_have_text("Copied")
    page.get_by_label("Remark, if any").fill("Kim at the dock")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Stopped at NPF").click()
    expect(page.locator(".order-head .stage")).to_have_text("Held")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Stopped at NPF").click()
    expect(page.locator("#messages")).to_have_text("It is Cancelled.")
    expect(page.locator(".order-head .stage")).to_have_text("Cancelled")
    expect(page.locator(".timeline")).to_contain_text("anna: It is Cancelled (why: Kim at the dock)")
    page.context.close()
    assert seen.complaints == []


def test_a_whole_cause_is_decided_after_a_question(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    for number in (1, 2):
        make.order(store, number, Stage.HELD, reason="FM already has it", reason_code="fm_has_it")
    page, _ = enter(chromium, live_server)
    page.goto("/held/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Release all 2").click()
    expect(page.locator(".cause")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Release all 2").click()
    expect(page.locator("#messages")).to_have_text("2 orders, each: It goes to FM at the next send.")
    expect(page.get_by_role("heading", name="Nothing is held")).to_be_visible()
    page.context.close()


def test_what_somebody_types_beside_a_cause_is_not_polled_away(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    make.order(store, 1, Stage.HELD, reason="x", reason_code="gate:dispatch method", gates=make.DISPATCH_HOLD)
    page, seen = enter(chromium, live_server)
    page.goto("/held/")
    page.evaluate("document.getElementById('live').dataset.poll = '1'")
    page.get_by_label("Dispatch code").fill("EX")
    page.locator("h1").click()
    make.order(store, 2, Stage.HELD, reason="by otto", reason_code="by_hand")
    page.wait_for_timeout(2500)
    expect(page.get_by_label("Dispatch code")).to_have_value("EX")
    page.get_by_label("Dispatch code").fill("")
    page.locator("h1").click()
    expect(page.locator(".cause")).to_have_count(2)
    page.context.close()
    assert seen.complaints == []


def test_it_goes_by_keyboard(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    for number in (1, 2):
        make.order(store, number)
    page, _ = enter(chromium, live_server)
    page.goto("/orders/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.get_by_role("link", name="2", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/stores/{store.name}/orders/1/")
    page.context.close()


def test_the_record_unfolds_when_it_is_asked_for(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    make.order(store, 1000012)
    page, seen = enter(chromium, live_server)
    page.goto(f"/stores/{store.name}/orders/1000012/")
    page.get_by_text("The record as BigCommerce wrote it").click()
    expect(page.locator("details.record pre")).to_contain_text('"status_id": 11')
    page.context.close()
    assert seen.complaints == []


def test_a_session_that_ended_leads_to_the_login(chromium: Browser, live_server: LiveServer) -> None:
    make.store()
    page, _ = enter(chromium, live_server)
    page.context.clear_cookies()
    page.wait_for_url("**/login/**", timeout=15_000)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.context.close()


def test_a_mistake_in_the_parameters_stays_on_the_page(chromium: Browser, live_server: LiveServer) -> None:
    store = make.store()
    page, _ = enter(chromium, live_server)
    page.goto(f"/stores/{store.name}/parameters/")
    page.get_by_label("Stock buffer").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("must be a whole number")).to_be_visible()
    expect(page.get_by_label("Stock buffer")).to_have_value("many")
    page.get_by_label("Stock buffer").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Stock buffer: (none) → 4")
    page.context.close()
    assert Store.objects.get().parameters["stock_buffer"] == 4
