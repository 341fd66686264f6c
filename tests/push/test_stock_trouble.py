"""What stops a push of stock before it does harm, and what is refused of it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from npf.audit.models import Event
from npf.core.errors import FixSettings
from npf.push.stock import station as stock
from npf.push.stock import ways
from npf.push.stock.record import Record, save
from npf.sandbox import bigcommerce as bc
from npf.stock.models import Item, Level, Run
from tests.connected import Connected
from tests.push.test_stock import BOTH_WAYS, item, stock_writes, with_scopes

Connect = Callable[..., Connected]


def levels(shop: Connected) -> dict[Any, int]:
    return {key: level.on_hand for key, level in shop.bc.inventory.levels.items()}


@pytest.mark.parametrize("fault", ["500", "garbage"])
def test_nothing_is_written_when_fm_does_not_answer(shop: Connected, fault: str) -> None:
    shop.stock()
    shop.bc.set_stock("MUG-INK", 3)
    shop.bc.log.clear()
    before = levels(shop)
    shop.fm.faults.add(fault)
    done = shop.stock()
    assert done["stopped"]
    assert (done["written"], done["items"]) == (0, [])
    assert Run.objects.order_by("-pk")[0].stopped == done["stopped"]
    assert Event.objects.filter(tag="push:stock:stopped").count() == 1
    assert shop.bc.log.writes() == []
    assert levels(shop) == before


def test_a_login_that_fm_refuses_pauses_the_store_and_nothing_is_written(shop: Connected) -> None:
    shop.fm.faults.add("01001")
    with pytest.raises(FixSettings):
        shop.stock()
    assert shop.store.paused_at is not None
    assert shop.bc.log.writes() == []


@BOTH_WAYS
def test_a_wave_of_zeros_stops_before_it_is_written(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    before = levels(shop)
    shop.fm.faults.add("zeros")
    done = shop.stock()
    assert "SKUs in stock would fall to zero" in done["stopped"]
    assert (done["written"], done["changed"] > 50) == (0, True)
    assert shop.bc.log.writes() == []
    assert levels(shop) | before == before
    assert Run.objects.get().stopped == done["stopped"]
    shop.fm.faults.clear()
    assert shop.stock()["stopped"] is None


def test_when_fm_knows_nothing_nothing_is_written(shop: Connected) -> None:
    before = levels(shop)
    shop.fm.faults.add("no-details")
    done = shop.stock()
    assert "FM knows none of the 61 SKUs" in done["stopped"]
    assert (done["unknown"], done["written"]) == (61, 0)
    assert shop.bc.log.writes() == []
    assert levels(shop) | before == before


@BOTH_WAYS
def test_a_store_that_tracks_no_stock_is_left_alone_and_told_why(connect: Connect, scopes: frozenset[str]) -> None:
    shop = with_scopes(connect, scopes)
    for product in shop.bc.catalogue.products.values():
        product.tracking = "none"
    done = shop.stock()
    assert "none of the 61 SKUs can be written; of 61 because inventory tracking is off" in done["stopped"]
    assert (done["written"], Run.objects.get().stopped) == (0, done["stopped"])
    assert shop.bc.log.writes() == []


def test_a_great_fall_without_a_zero_stops_before_it_is_written(shop: Connected) -> None:
    shop.stock()
    shop.bc.log.clear()
    for one in Item.objects.all():
        shop.fm.stock[one.sku] = 8
    done = shop.stock()
    assert "the total would fall from" in done["stopped"]
    assert shop.bc.log.writes() == []
    assert shop.stock(anyway=True)["stopped"] is None
    assert shop.bc.stock("MUG-INK") == 8


def test_skus_that_fm_has_lost_stop_the_others_too_until_somebody_goes_on(connect: Connect) -> None:
    seeded = bc.World(seed=1).add_store("seeded")
    bc.seed_catalogue(seeded)
    skus = bc.physical_skus(seeded)
    shop = connect(fm_products=dict.fromkeys(skus, 100))
    shop.stock()
    shop.bc.log.clear()
    for sku in skus[:40]:
        del shop.fm.stock[sku]
    shop.fm.stock[skus[-1]] = 90
    for _ in range(2):
        done = shop.stock()
        assert "FM has lost" in done["stopped"]
        assert shop.bc.log.writes() == []
    assert shop.stock(anyway=True)["written"] > 0


def test_an_old_count_is_not_pushed(timed: Connect) -> None:
    shop = timed()
    shop.station("count")
    shop.outside.clock.sleep(3 * 3600)
    done = push(shop)
    assert "the count is 180 minutes old" in done["stopped"]
    assert shop.bc.log.writes() == []


def test_figures_of_another_client_are_not_pushed_not_even_anyway(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.fm, "code", "SOMEBODY-ELSE")
    done = shop.stock(anyway=True)
    assert "FM answered for client SOMEBODY-ELSE" in done["stopped"]
    assert (done["anyway_by"], shop.bc.log.writes()) == (None, [])


def test_with_update_soh_off_it_is_counted_and_shown_and_never_written(connect: Connect) -> None:
    shop = connect(update_soh="No")
    done = shop.stock()
    assert done["stopped"] == "Update SOH to Shopping cart is off"
    assert (done["counted"], done["written"], item(done, "MUG-INK")["publish"]) == (61, 0, 100)
    assert shop.bc.log.writes() == []


@pytest.mark.parametrize("pull", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_without_both_pulls_nothing_is_written(timed: Connect, pull: int, dry_run: bool) -> None:
    shop = timed()
    before = levels(shop)
    shop.bc.faults.next("503", count=10, skip=pull, path="/v2/orders")
    done = shop.stock(dry_run=dry_run)
    assert "BigCommerce answered 503" in done["stopped"]
    assert Run.objects.count() == (0 if dry_run else 1)
    assert shop.bc.log.writes() == []
    assert levels(shop) == before


def mark_wrong(shop: Connected, *skus: str) -> dict[str, int]:
    """Give these SKUs identities in our count that BigCommerce does not have: it will refuse them by name."""
    found = {}
    for at, sku in enumerate(skus):
        level = Level.objects.get(sku=sku)
        level.variant_id, level.product_id = (990_000 + at if level.variant_id else None), 990_000 + at
        level.save()
        found[sku] = level.product_id
    return found


def push(shop: Connected) -> dict[str, Any]:
    """Push what was counted before."""
    with shop.visit("stock") as at:
        return stock.as_json(stock.run(at))


@BOTH_WAYS
def test_items_that_bigcommerce_refuses_by_name_are_left_out_and_listed(
    connect: Connect, scopes: frozenset[str]
) -> None:
    shop = with_scopes(connect, scopes)
    shop.station("count")
    wrong = mark_wrong(shop, "MUG-INK", "TEE-AUS-M", "APRON-LIN")
    shop.bc.log.clear()
    done = push(shop)
    assert done["stopped"] is None
    assert done["written"] == done["changed"] - 3
    for sku in wrong:
        assert "BigCommerce answered 4" in item(done, sku)["note"]
        assert Item.objects.get(sku=sku).refused == item(done, sku)["note"]
    assert shop.bc.stock("BOWL-SER-28") == 100
    assert (
        not Item.objects.filter(refused="", written=False).exclude(publish=None).exclude(publish=100, was=100).exists()
    )


def test_items_are_named_out_with_one_more_call_for_each_kind_of_trouble(shop: Connected) -> None:
    shop.station("count")
    mark_wrong(shop, "MUG-INK", "VASE-BUD", "APRON-LIN", "TEE-AUS-M")
    shop.bc.log.clear()
    done = push(shop)
    assert done["written"] == done["changed"] - 4
    assert len(stock_writes(shop)) <= 3


def test_a_culprit_that_nobody_names_is_found_by_halves(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.station("count")
    mark_wrong(shop, "MUG-INK")
    monkeypatch.setattr(ways, "_named", lambda refused, batch: [])
    shop.bc.log.clear()
    done = push(shop)
    assert done["written"] == done["changed"] - 1
    assert item(done, "MUG-INK")["note"]
    assert len(stock_writes(shop)) <= 13


def test_a_refusal_of_everything_does_not_become_a_storm(shop: Connected) -> None:
    for number in range(300):
        shop.bc.add_product(f"SKU-{number}", stock=0)
    shop.station("count")

    class Closed(dict[int, Any]):
        def get(self, key: int, default: Any = None) -> Any:
            return None

    real = shop.bc.inventory.locations
    with shop.visit("stock") as at:
        found = stock.preview(at)
        shop.bc.inventory.locations = Closed(real)
        shop.bc.log.clear()
        changed = [one for one in found.items if one.publish is not None and not one.refused]
        assert found.way is not None
        save(at, found)
        ways.write(found.way, changed, Record(at, found.way, len(changed)))
    assert len(shop.bc.log.writes()) <= ways.MOST_REFUSALS + 10
    assert all("Location not found" in one.refused for one in changed)


@BOTH_WAYS
def test_a_call_that_was_done_though_its_answer_was_lost_is_found_and_the_rest_goes_on(
    timed: Connect, scopes: frozenset[str]
) -> None:
    shop = with_scopes(timed, scopes)
    shop.bc.faults.next("504-after", method="PUT")
    done = shop.stock()
    assert (done["stopped"], done["written"]) == (None, done["changed"])
    assert sum(count for _, count in stock_writes(shop)) == done["written"]


def test_what_was_written_before_the_trouble_is_on_record(timed: Connect) -> None:
    shop = with_scopes(timed, bc.FOUR_SCOPES)
    shop.bc.faults.next("500", method="PUT", skip=1)
    done = shop.stock()
    assert "it may have been done" in done["stopped"]
    assert 0 < done["written"] < done["changed"]
    run = Run.objects.get()
    assert (run.written, run.stopped) == (done["written"], done["stopped"])
    assert Item.objects.filter(written=True).count() == done["written"]
    again = shop.stock()
    assert again["stopped"] is None
    assert again["written"] == again["changed"] <= done["changed"] - done["written"]


def test_a_push_that_was_killed_leaves_what_it_was_about_to_overwrite(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ways, "write", killed)
    was = shop.bc.stock("MUG-INK")
    with pytest.raises(KeyboardInterrupt):
        shop.stock()
    run = Run.objects.get()
    assert run.ended_at is None
    assert Item.objects.get(sku="MUG-INK").was == was


def test_two_pushes_at_once_write_one_after_the_other(shop: Connected) -> None:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            shop.stock()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert len(shop.bc.log.writes()) == 1
    assert shop.bc.stock("MUG-INK") == 100
