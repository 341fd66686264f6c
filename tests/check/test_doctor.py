"""The doctor finds what will go wrong before an order does, says what to change, and writes nothing but the webhook."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from npf.audit.models import Event
from npf.check.doctor import Finding, examine
from npf.core.clock import ManualClock
from npf.sandbox import bigcommerce as bc
from npf.stores import book
from npf.stores.models import Beat, Lease
from npf.stores.visit import look
from tests.connected import Connected, Sandboxes
from tests.old_accounts import connect_legacy

Connect = Callable[..., Connected]


def found(shop: Connected) -> list[Finding]:
    with look(shop.store, shop.outside, "test") as at:
        return list(examine(at))


def wrong(shop: Connected) -> list[Finding]:
    return [one for one in found(shop) if one.result == "wrong"]


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


@pytest.fixture
def well(connect: Connect) -> Iterator[Connected]:
    """A store with nothing wrong. Whatever a test finds, nothing was written."""
    shop = connect(tables={"bundles": bc.KIT_PARTS})
    for product in list(shop.bc.catalogue.products.values()):
        for variant in product.variants:
            if not variant.sku.strip():
                variant.sku = f"SKU-{variant.id}"
    shop.place()
    yield shop
    assert shop.bc.log.writes() == []
    assert {entry.operation for entry in shop.fm.log} <= {"importorderstatus", "importsoh"}
    assert set(Event.objects.values_list("tag", flat=True)) <= {"person:store:added", "person:store:changed"}
    assert not Beat.objects.exists()
    assert not Lease.objects.exists()


def test_a_store_that_is_well_has_nothing_to_mend(well: Connected) -> None:
    findings = found(well)
    assert [one for one in findings if one.result == "wrong"] == []
    subjects = {one.subject for one in findings}
    assert subjects >= {"scope", "order status", "status_complete", "stock", "stock location", "clock"}
    assert subjects >= {"shipping method", "FM", "SKUs"}


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("store_v2_orders", "Orders: modify"),
        ("store_v2_transactions", "Order Transactions: modify"),
        ("store_v2_customers_read_only", "Customers: read-only"),
        ("store_v2_products", "Products: modify"),
    ],
)
def test_a_missing_scope_is_named_with_where_to_click(well: Connected, scope: str, name: str) -> None:
    well.bc.accounts.clear()
    well.bc.add_account("token-acme", set(bc.FOUR_SCOPES) - {scope}, "client-acme")
    first = wrong(well)[0]
    assert (first.subject, first.says.partition(" is missing")[0]) == ("scope", name)
    assert "Settings > API accounts" in first.cure


def test_a_wrong_token_is_one_finding_and_bigcommerce_is_asked_no_more(well: Connected) -> None:
    well.bc.accounts.clear()
    finding = only(wrong(well))
    assert finding.subject == "BigCommerce"
    assert "401" in finding.says
    assert "API account" in finding.cure
    assert len(well.bc.log) == 4


def test_a_token_of_the_four_scopes_writes_stock_the_slow_way(well: Connected) -> None:
    well.bc.accounts.clear()
    well.bc.add_account("token-acme", set(bc.FOUR_SCOPES), "client-acme")
    note = only([one for one in found(well) if one.result == "note" and one.subject == "stock"])
    assert "50 variants" in note.says
    assert "Store Inventory: modify" in note.cure
    assert wrong(well) == []


def test_the_quota_of_the_last_hour_is_told(connect: Connect) -> None:
    shop = connect(merchant={"quota": (150, 3000)}, quota_kept_free="10%")
    for _ in range(5):
        found(shop)
    before = len(shop.bc.log)
    finding = only([one for one in found(shop) if one.subject == "quota"])
    # What this look has asked up to here is among them: the four scopes.
    assert finding.says == (
        f"in the last hour {before + 4} calls by us; by others none seen; quota 150 in 3000 s, 10% kept free"
    )


def test_a_shipping_method_without_a_dispatch_code_is_named_with_the_command(well: Connected) -> None:
    well.tables(dispatch={"Express*": "EP EXP"}, carriers={"EP EXP": "startrack"})
    finding = only(wrong(well))
    assert finding.says == '"Standard Shipping" has no dispatch code; 1 recent orders would be held'
    assert 'npf store set acme "dispatch.Standard Shipping=CODE"' in finding.cure


def test_skus_that_fm_does_not_know_are_listed(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-INK": 5})
    finding = only([one for one in wrong(shop) if one.says.startswith("FM does not know")])
    assert re.match(r"FM does not know (\d+) of \d+: APRON-LIN, .* and \d+ more$", finding.says)
    assert "MUG-INK" not in finding.says
    assert 'npf store set acme "sku_map.APRON-LIN=CODE"' in finding.cure


def test_test_items_that_fm_does_not_know_are_a_note(connect: Connect) -> None:
    notes = found(connect(fm_products={"MUG-INK": 5}, test_skus=["Test001"]))
    assert only([one for one in notes if one.subject == "test items"]).says.startswith("FM does not know Test001")


def test_the_sku_map_is_looked_through(connect: Connect) -> None:
    shop = connect(fm_products={"FM-MUG": 5}, tables={"sku_map": {"MUG-INK": "FM-MUG"}})
    finding = only([one for one in wrong(shop) if one.says.startswith("FM does not know")])
    assert "MUG" not in finding.says


def test_blank_and_doubled_skus_are_told(well: Connected) -> None:
    for sku in ("TWICE", "TWICE"):
        well.bc.add_product(sku)
    well.bc.add_product("GONE").variants[0].sku = ""
    says = [one.says for one in wrong(well) if one.subject == "SKUs"]
    assert says == ["1 items have no SKU; orders for them are held", "1 stand on several items: TWICE"]


def test_products_that_sell_without_stock_are_noted(well: Connected) -> None:
    before = [one.says for one in found(well) if "tracking is off" in one.says]
    well.bc.add_product("UNTRACKED", tracking="none", name="Gift wrapping")
    after = [one.says for one in found(well) if "tracking is off" in one.says]
    assert before != after
    assert "Gift wrapping" in after[0]


def test_a_bundle_without_a_row_is_named(well: Connected) -> None:
    well.set(bundle_prefix="MUG-")
    finding = only([one for one in wrong(well) if one.subject == "bundles"])
    assert "MUG-INK" in finding.says
    assert 'npf store set acme "bundles.MUG-' in finding.cure


def test_a_channel_that_is_not_there_is_told_with_those_that_are(well: Connected) -> None:
    well.set(store_filter_enabled="Yes", channels=[1, 77])
    finding = only(wrong(well))
    assert finding.says == "BigCommerce has no channel 77"
    assert "1 (" in finding.cure


def test_channels_that_the_token_may_not_read_are_a_note(well: Connected) -> None:
    well.set(store_filter_enabled="Yes", channels=[77])
    well.bc.accounts.clear()
    well.bc.add_account("token-acme", set(bc.FOUR_SCOPES), "client-acme")
    assert wrong(well) == []
    assert "cannot be looked up" in only([one for one in found(well) if one.subject == "store filter"]).says


def test_a_stock_location_that_is_not_there_or_disabled_is_told(well: Connected) -> None:
    well.set(stock_location=99)
    assert only(wrong(well)).says == "BigCommerce has no location 99"
    closed = well.bc.add_location("SHED", "The shed", enabled=False)
    well.set(stock_location=closed)
    finding = only(wrong(well))
    assert finding.says == f"location {closed} (The shed) is disabled"
    assert "Default location" in finding.cure


def test_a_clock_that_is_off_is_told(well: Connected) -> None:
    now = well.both.world.now
    well.both.world.now = lambda: now() + timedelta(minutes=10)
    finding = only(wrong(well))
    assert (finding.subject, finding.cure) == ("clock", "set it by NTP")
    assert "600 s off" in finding.says or "599 s off" in finding.says


def test_a_wrong_fm_login_is_told_and_fm_is_asked_no_more(well: Connected) -> None:
    well.fm.password = "changed at NPF"
    finding = only(wrong(well))
    assert finding.subject == "FM"
    assert "fm.password" in finding.cure
    assert well.store.paused_at is None
    assert len(well.fm.log) == 1


def test_an_fm_that_is_away_is_one_finding(well: Connected) -> None:
    well.both.fm_server.close()
    finding = only(wrong(well))
    assert finding.subject == "FM"
    assert "cannot be reached" in finding.says


def test_a_bigcommerce_that_is_away_is_one_finding(well: Connected) -> None:
    well.both.bc_server.close()
    well.outside.clock = ManualClock(well.outside.clock.now())
    finding = only(wrong(well))
    assert finding.subject == "BigCommerce"
    assert "no connection" in finding.says


def test_orders_that_cannot_be_read_are_a_note(well: Connected) -> None:
    well.bc.malform(well.place())
    assert only([one for one in found(well) if one.subject == "orders"]).says.startswith("1 recent orders cannot be")


def test_a_start_date_ahead_and_a_code_without_a_carrier_are_notes(well: Connected) -> None:
    well.set(start_date="01/01/2090")
    well.tables(carriers={"AP": "auspost"})
    notes = {one.subject: one for one in found(well) if one.result == "note"}
    assert "01/01/2090" in notes["start date"].says
    assert notes["carriers"].cure == 'npf store set acme "carriers.EP EXP=auspost"'


def test_a_paused_store_is_examined_too_and_told_so(connect: Connect) -> None:
    shop = connect(tables={"bundles": bc.KIT_PARTS})
    book.pause(shop.store, "test", shop.outside.clock, "stocktaking")
    finding = [one for one in wrong(shop) if one.subject == "store"]
    assert only(finding).says == "is paused: stocktaking"


class TestWebhook:
    """Facts 121, 122, 135, 136: registered by the doctor, where NPF_PUBLIC_URL says where events should go."""

    TO = "http://127.0.0.1:8080/hooks/acme/orders"

    def finding(self, shop: Connected) -> Finding:
        return only([one for one in found(shop) if one.subject == "webhook"])

    def test_without_a_public_address_it_is_one_calm_note(self, well: Connected) -> None:
        finding = self.finding(well)
        assert (finding.result, finding.says) == ("note", "webhooks are off: the store is looked at every 120 s")
        assert "NPF_PUBLIC_URL" in finding.cure

    def test_it_registers_the_webhook_once(self, connect: Connect, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
        shop = connect()
        for _ in range(2):
            finding = self.finding(shop)
            assert (finding.result, finding.says) == ("ok", "registered; no event has come yet")
        assert [hook.destination for hook in shop.bc.hooks.by_id.values()] == [self.TO]
        assert [entry.path for entry in shop.bc.log.writes()] == ["/v3/hooks"]

    def test_an_address_that_bigcommerce_cannot_call_is_wrong_and_says_what_to_set(
        self, well: Connected, settings: Settings
    ) -> None:
        settings.NPF_PUBLIC_URL = "https://npf.example.com:8443"
        finding = self.finding(well)
        assert finding.result == "wrong"
        assert "BigCommerce calls https on port 443 only" in finding.says
        assert "https without a port" in finding.cure
        assert Event.objects.filter(tag="hooks:webhook:trouble").delete()[0] == 1

    def test_its_calls_are_counted_with_the_others(self, connect: Connect, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
        shop = connect()
        with look(shop.store, shop.outside, "test") as at:
            list(examine(at))
            assert at.calls["bigcommerce"] == len(shop.bc.log)


def test_it_says_when_all_orders_were_last_compared(timed: Connect, clock: ManualClock) -> None:
    shop = timed()
    shop.place()
    assert "nothing missed" not in {one.subject for one in found(shop)}
    shop.station("pull")
    finding = only([one for one in found(shop) if one.subject == "nothing missed"])
    assert (finding.result, finding.says) == ("ok", "all orders were compared with BigCommerce on 23/11/2026 13:00")
    clock.advance(51 * 3600)
    finding = only([one for one in found(shop) if one.subject == "nothing missed"])
    assert (finding.result, finding.cure) == ("wrong", "see what hinders it: npf pull acme")


def test_a_legacy_account_proves_orders_and_says_what_is_missing(sandboxes: Sandboxes, transactional_db: None) -> None:
    shop = connect_legacy(sandboxes, store_filter_enabled="Yes", channels=[1])
    shop.place()
    findings = found(shop)
    bad = only([one for one in findings if one.result == "wrong"])
    assert (bad.subject, bad.says) == ("stock", "is not written with a legacy account")
    assert "Create V2/V3 API token" in bad.cure
    assert "npf store set acme update_soh=No" in bad.cure
    note = only([one for one in findings if one.subject == "legacy account"])
    assert "stock, channels and SKUs are out of its reach" in note.says
    assert {one.subject for one in findings if one.result == "ok"} >= {"order status", "clock", "shipping method", "FM"}
    assert "cannot be looked up" in only([one for one in findings if one.subject == "store filter"]).says
    assert all(entry.path.startswith("/v2/") for entry in shop.bc.log)
    shop.set(update_soh="No")
    assert wrong(shop) == []


def test_a_legacy_account_that_is_refused_is_one_finding(sandboxes: Sandboxes, transactional_db: None) -> None:
    shop = connect_legacy(sandboxes, update_soh="No")
    bc.add_legacy_account(shop.bc, "npf", "another key")
    finding = only(wrong(shop))
    assert finding.subject == "BigCommerce"
    assert "with www, or without" in finding.cure
    assert len(shop.bc.log) == 1
