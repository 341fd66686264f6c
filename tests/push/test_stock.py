"""Stock in BigCommerce: FM's figures less what is sold, only what changed, by whichever way the token allows."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.audit.models import Event, Exchange
from npf.core.errors import FixSettings
from npf.sandbox import bigcommerce as bc
from npf.stock.models import Item, Run
from tests.connected import Connected

Connect = Callable[..., Connected]

BOTH_WAYS = pytest.mark.parametrize("scopes", [bc.FULL_SCOPES, bc.FOUR_SCOPES], ids=["inventory", "catalogue"])


def with_scopes(connect: Connect, scopes: frozenset[str], **more: Any) -> Connected:
    shop = connect(merchant={"scopes": scopes}, **more)
    shop.bc.log.clear()
    return shop


def item(done: dict[str, Any], sku: str) -> dict[str, Any]:
    (found,) = [one for one in done["items"] if one["sku"] == sku]
    return found


def stock_writes(shop: Connected) -> list[tuple[str, int]]:
    """Path and number of items of each call that wrote stock."""
    return [
        (one.path, len(one.body["items"] if isinstance(one.body, dict) else one.body)) for one in shop.bc.log.writes()
    ]


@BOTH_WAYS
def test_it_writes_what_fm_can_send_and_a_later_run_writes_nothing(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    shop.fm.stock.update({"MUG-INK": 17, "TEE-AUS-M": 4})
    done = shop.stock()
    assert (shop.bc.stock("MUG-INK"), shop.bc.stock("TEE-AUS-M"), shop.bc.stock("APRON-LIN")) == (17, 4, 100)
    assert done["stopped"] is None
    assert done["written"] == done["changed"] > 50
    shop.bc.log.clear()
    again = shop.stock()
    assert (again["changed"], again["written"], again["stopped"]) == (0, 0, None)
    assert shop.bc.log.writes() == []


@BOTH_WAYS
def test_only_what_changed_is_written(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    shop.stock()
    shop.bc.log.clear()
    shop.fm.stock.update({"MUG-INK": 17, "TEE-AUS-M": 4})
    shop.bc.set_stock("APRON-LIN", 55)
    done = shop.stock()
    assert (done["changed"], done["written"]) == (3, 3)
    assert sum(count for _, count in stock_writes(shop)) == 3
    assert [shop.bc.stock(sku) for sku in ("MUG-INK", "TEE-AUS-M", "APRON-LIN")] == [17, 4, 100]


def test_the_inventory_takes_all_in_one_call_and_the_catalogue_in_tens_and_fifties(connect: Connect) -> None:
    shop = with_scopes(connect, bc.FULL_SCOPES)
    done = shop.stock()
    assert (stock_writes(shop), done["way"]) == ([("/v3/inventory/adjustments/absolute", done["written"])], "inventory")
    other = connect("bolt", merchant={"scopes": bc.FOUR_SCOPES})
    done = other.stock()
    written = stock_writes(other)
    assert done["way"] == "catalogue"
    assert {path for path, _ in written} == {"/v3/catalog/variants", "/v3/catalog/products"}
    assert all(count <= (50 if "variants" in path else 10) for path, count in written)
    assert sum(count for _, count in written) == done["written"]


def test_the_document_has_the_keys_of_the_design(shop: Connected) -> None:
    shop.fm.stock["MUG-INK"] = 17
    shop.set(stock_buffer="2")
    was = shop.bc.stock("MUG-INK")
    shop.place(("MUG-INK", 3), status_id=7)
    done = shop.stock()
    assert {"store", "counted", "changed", "unknown", "written", "stopped", "items"} <= set(done)
    assert (done["store"], done["counted"], done["unknown"], done["stopped"]) == ("acme", 61, 0, None)
    one = item(done, "MUG-INK")
    assert {key: one[key] for key in ("sku", "fm", "unsent", "buffer", "publish", "was")} == {
        "sku": "MUG-INK",
        "fm": 17,
        "unsent": 3,
        "buffer": 2,
        "publish": 12,
        "was": was - 3,
    }
    assert shop.bc.stock("MUG-INK") == 12


def test_a_run_is_kept_with_its_figures_and_its_calls(shop: Connected) -> None:
    shop.fm.stock["MUG-INK"] = 17
    was = shop.bc.stock("MUG-INK")
    done = shop.stock()
    run = Run.objects.get()
    assert (run.counted, run.written, run.way, run.stopped) == (61, done["written"], "inventory", "")
    assert run.ended_at is not None
    one = Item.objects.get(sku="MUG-INK")
    assert (one.fm, one.publish, one.was, one.written, one.refused) == (17, 17, was, True, "")
    assert Event.objects.filter(tag="push:stock:pushed").count() == 1
    assert Exchange.objects.filter(system="bigcommerce", what__contains="adjustments/absolute").count() == 1


def test_a_dry_run_writes_nothing_and_keeps_no_run(shop: Connected) -> None:
    shop.fm.stock["MUG-INK"] = 17
    was = shop.bc.stock("MUG-INK")
    done = shop.stock(dry_run=True)
    assert (item(done, "MUG-INK")["publish"], item(done, "MUG-INK")["was"]) == (17, was)
    assert (done["written"], done["changed"] > 50) == (0, True)
    assert shop.bc.log.writes() == []
    assert shop.bc.stock("MUG-INK") == was
    assert not Run.objects.exists()
    assert not Item.objects.exists()


@BOTH_WAYS
def test_what_cannot_be_written_for_certain_is_listed_and_left_alone(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    twin = shop.bc.add_product("MUG-INK", stock=3)
    shop.bc.add_product(
        "SIZES", stock=9, tracking="product", options=[("S-1", (("Size", "1"),)), ("S-2", (("Size", "2"),))]
    )
    was = shop.bc.stock("MUG-INK")
    done = shop.stock()
    assert "several items" in item(done, "MUG-INK")["note"]
    assert "tracking is off" in item(done, "CARD-BDAY")["note"]
    assert "several articles" in item(done, "SIZES")["note"]
    assert shop.bc.stock("MUG-INK") == was
    assert shop.bc.inventory.level_of(twin.variants[0]).on_hand == 3
    assert shop.bc.stock("S-1") == 9
    assert done["written"] == done["changed"]
    assert done["stopped"] is None


def test_what_fm_does_not_know_stays_as_it_stands(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-INK": 17, "APRON-LIN": 4, "VASE-BUD": 5})
    was = shop.bc.stock("BOWL-SER-28")
    for sku in ("MUG-INK", "APRON-LIN", "VASE-BUD"):
        shop.bc.set_stock(sku, 9)
    done = shop.stock()
    assert (done["unknown"], done["written"]) == (58, 3)
    one = item(done, "BOWL-SER-28")
    assert (one["fm"], one["publish"], one["unsent"], one["was"]) == (None, None, 0, was)
    assert shop.bc.stock("BOWL-SER-28") == was


def test_test_items_are_never_written(shop: Connected) -> None:
    shop.fm.stock.update({"Test001": 1, "Test002": 2})
    done = shop.stock()
    assert not [one for one in done["items"] if one["sku"].startswith("Test")]
    assert (shop.bc.stock("Test001"), shop.bc.stock("Test002")) == (1000, 1000)


def test_bundles_follow_their_parts(connect: Connect) -> None:
    shop = connect(tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    shop.fm.stock.update({"MUG-STONE": 9, "TEA-TWL-GUM": 7})
    shop.place(("MUG-STONE", 2), status_id=7)
    shop.stock()
    assert [shop.bc.stock(sku) for sku in ("KIT-TEA", "MUG-STONE", "TEA-TWL-GUM")] == [3, 7, 7]


def test_a_merchants_safety_stock_is_kept_free_and_not_written_again_and_again(shop: Connected) -> None:
    shop.bc.inventory.level_of(shop.bc.variant("MUG-INK")).safety = 5
    shop.stock()
    level = shop.bc.inventory.level_of(shop.bc.variant("MUG-INK"))
    assert (level.on_hand, level.available) == (100, 95)
    assert shop.stock()["changed"] == 0


def test_another_location_is_written_and_compared_with(shop: Connected) -> None:
    place = shop.bc.add_location("WH-2", "NPF Melbourne")
    shop.set(stock_location=str(place))
    was = shop.bc.stock("MUG-INK")
    done = shop.stock()
    assert (shop.bc.stock("MUG-INK", place), shop.bc.stock("MUG-INK")) == (100, was)
    assert item(done, "MUG-INK")["was"] in (0, None)
    assert shop.stock()["written"] == 0


@pytest.mark.parametrize("enabled", [True, False], ids=["unknown", "disabled"])
def test_a_location_that_cannot_be_used_is_named(shop: Connected, enabled: bool) -> None:
    other = shop.bc.add_location("WH-2", "NPF Melbourne", enabled=enabled)
    wanted = other + 1 if enabled else other
    shop.set(stock_location=str(wanted))
    with pytest.raises(FixSettings, match=f"location {wanted} ") as caught:
        shop.stock()
    assert caught.value.parameter == "parameters.stock_location"
    assert "1 (Default location)" in caught.value.cure
    assert shop.bc.log.writes() == []


def test_a_token_that_may_read_the_inventory_and_not_write_it_uses_the_catalogue(connect: Connect) -> None:
    scopes = bc.FOUR_SCOPES | {"store_inventory_read_only", "store_locations_read_only"}
    shop = with_scopes(connect, scopes)
    shop.fm.stock["MUG-INK"] = 17
    done = shop.stock()
    assert (done["way"], done["stopped"], done["written"]) == ("catalogue", None, done["changed"])
    assert shop.bc.stock("MUG-INK") == 17
    assert shop.store.paused_at is None


def test_a_location_of_ones_own_needs_the_inventory(connect: Connect) -> None:
    shop = with_scopes(connect, bc.FOUR_SCOPES, stock_location="2")
    with pytest.raises(FixSettings, match="Store Locations"):
        shop.stock()
    assert shop.bc.log.writes() == []


@pytest.mark.slow
def test_two_thousand_skus_take_one_call_and_no_time(shop: Connected) -> None:
    for number in range(2000):
        shop.bc.add_product(f"SKU-{number}", stock=number % 7)
    done = shop.stock()
    assert done["written"] > 2000
    assert [count for _, count in stock_writes(shop)] == [2000, done["written"] - 2000]


def test_a_sku_may_have_a_buffer_of_its_own(connect: Connect) -> None:
    shop = connect(stock_buffer="2", tables={"buffers": {"MUG-INK": 5, "APRON-LIN": 0}})
    done = shop.stock()
    assert [shop.bc.stock(sku) for sku in ("MUG-INK", "APRON-LIN", "VASE-BUD")] == [95, 100, 98]
    assert item(done, "MUG-INK")["buffer"] == 5
