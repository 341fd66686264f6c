"""npf pull, send, follow, count, push, run, stock: documents, exit codes, and what went wrong."""

from collections.abc import Callable

import pytest

from npf.stores.models import Beat, Store
from tests.cli.conftest import Npf
from tests.connected import Connected

Connect = Callable[..., Connected]
RUN_KEYS = {"store", "pulled", "sent", "followed", "pushed", "held", "skipped", "failed", "calls"}
STOCK_KEYS = {"store", "counted", "changed", "unknown", "written", "stopped", "items"}
ITEM_KEYS = {"sku", "fm", "unsent", "buffer", "publish", "was"}


def test_run_takes_an_order_all_the_way_and_a_second_run_writes_nothing(npf: Npf, shop: Connected) -> None:
    shop.place(("MUG-INK", 1))
    done = npf("run", "acme", "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) >= RUN_KEYS
    assert (done.json["store"], done.json["pulled"], done.json["sent"], done.json["pushed"]) == ("acme", 1, 1, 1)
    assert set(done.json["calls"]) == {"bigcommerce", "fm"}
    writes = len(shop.bc.log.writes())
    again = npf("run", "acme", "--json")
    assert (again.code, again.json["sent"], again.json["pushed"]) == (0, 0, 0)
    assert len(shop.bc.log.writes()) == writes


def test_several_stores_give_one_document_with_one_each(npf: Npf, connect: Connect) -> None:
    connect("one", client_code="ONE").place()
    connect("two", client_code="TWO").place()
    for words in (("one", "two", "one"), ("--all",)):
        done = npf("run", *words, "--json")
        assert done.code == 0
        assert [one["store"] for one in done.json["stores"]] == ["one", "two"]
    assert npf("run", "one", "--json").json["store"] == "one"


def test_all_with_a_single_store_is_a_list_too(npf: Npf, shop: Connected) -> None:
    assert [one["store"] for one in npf("run", "--all", "--json").json["stores"]] == ["acme"]


def test_run_wants_names_or_all(npf: Npf, shop: Connected) -> None:
    assert npf("run").code == 2
    assert npf("run", "acme", "--all").code == 2


def test_something_held_is_exit_1(npf: Npf, shop: Connected) -> None:
    shop.tables(dispatch={"Express": "EP"})
    shop.place(shipping_method="By pigeon")
    done = npf("run", "acme", "--json")
    assert (done.code, done.json["held"]) == (1, 1)


def test_a_refused_token_is_exit_2_and_names_the_parameter(npf: Npf, shop: Connected) -> None:
    shop.bc.accounts.clear()
    done = npf("run", "acme", "--json")
    assert done.code == 2
    assert done.json["fix"]["parameter"] == "bigcommerce.access_token"
    assert "401" in done.json["errors"][0]
    assert shop.store.paused_at is not None


def test_one_stores_refused_token_keeps_no_other_from_its_work(npf: Npf, connect: Connect) -> None:
    connect("one", client_code="ONE").bc.accounts.clear()
    two = connect("two", client_code="TWO")
    two.place()
    done = npf("run", "--all")
    assert done.code == 2
    assert "one: pull" in done.err
    assert len(two.fm.orders) == 1
    assert npf("run", "--all").code == 0  # the first is paused now and no longer asked


def test_a_wrong_fm_login_stops_every_store_of_that_client_in_the_same_run(npf: Npf, connect: Connect) -> None:
    one = connect("one", client_code="ONE")
    connect("two", client_code="ONE")
    one.place()
    one.fm.password = "changed at NPF"
    done = npf("run", "one", "two", "--json")
    assert done.code == 2
    assert [bool(each["fix"]) for each in done.json["stores"]] == [True, True]
    assert Store.objects.filter(paused_parameter="fm.username").count() == 2


def test_an_fm_that_is_away_is_exit_1_and_says_so(npf: Npf, shop: Connected) -> None:
    shop.place()
    shop.both.fm_server.close()
    done = npf("run", "acme", "--json")
    assert (done.code, done.json["pulled"], done.json["sent"]) == (1, 1, 0)
    assert "FM cannot be reached" in str(done.json["errors"])
    assert npf("count", "acme", "--json").code == 1


@pytest.mark.parametrize("station", ["pull", "send", "follow", "count", "push"])
def test_each_station_runs_alone(npf: Npf, shop: Connected, station: str) -> None:
    done = npf(station, "acme", "--json")
    assert (done.code, done.err) == (0, "")
    assert (done.json["store"], done.json["station"]) == ("acme", station)
    assert set(done.json["calls"]) == {"bigcommerce", "fm"}
    assert Beat.objects.get(station=station).failures == 0
    assert npf(station, "acme").out.startswith(f"{station}: ")


def test_one_order_is_pulled_by_its_number(npf: Npf, shop: Connected) -> None:
    number = shop.place()
    done = npf("pull", "acme", "--order", str(number), "--json")
    assert done.json == {"store": "acme", "bc_order_id": number, "stage": "new", "reason": ""}


def test_a_number_that_bigcommerce_does_not_know_is_wrong_use_and_no_failure_of_the_station(
    npf: Npf, shop: Connected
) -> None:
    done = npf("pull", "acme", "--order", "999999", "--json")
    assert (done.code, done.json["parameter"]) == (2, "--order")
    assert "no order 999999" in done.err
    assert not Beat.objects.exists()
    assert npf("pull", "acme", "--order", "0").code == 2
    assert npf("pull", "acme", "--order", "abc").code == 2


def test_stock_is_told_as_the_design_says_and_a_dry_run_writes_nothing(npf: Npf, shop: Connected) -> None:
    done = npf("stock", "acme", "--dry-run", "--json")
    assert done.code == 0, done.err
    assert set(done.json) >= STOCK_KEYS
    assert set(done.json["items"][0]) >= ITEM_KEYS
    assert done.json["changed"] > 0
    assert shop.bc.log.writes() == []
    done = npf("stock", "acme", "--json")
    assert (done.code, done.json["written"]) == (0, done.json["changed"])
    assert shop.bc.log.writes()
    assert "Nothing was written: dry run" in npf("stock", "acme", "--dry-run").out


def test_a_stock_push_is_undone_and_goes_on_past_the_belt_by_command(npf: Npf, shop: Connected) -> None:
    shop.bc.set_stock("MUG-INK", 30)
    shop.fm.faults.add("zeros")
    done = npf("stock", "acme")
    assert (done.code, "npf stock acme --anyway" in done.err) == (1, True)
    done = npf("stock", "acme", "--anyway", "--json")
    assert (done.code, done.json["anyway_by"], shop.bc.stock("MUG-INK")) == (0, "command", 0)
    done = npf("stock", "acme", "--undo", "--dry-run", "--json")
    assert (done.code, done.json["kind"], shop.bc.stock("MUG-INK")) == (0, "undo", 0)
    done = npf("stock", "acme", "--undo", "--json")
    assert (done.code, shop.bc.stock("MUG-INK")) == (0, 30)
    assert npf("stock", "acme", "--undo", "--anyway").code == 2


def test_a_dry_run_of_stock_names_the_orders_behind_a_figure(npf: Npf, shop: Connected) -> None:
    number = shop.place(("MUG-INK", 3), status_id=7)
    done = npf("stock", "acme", "--dry-run", "--json")
    (item,) = [one for one in done.json["items"] if one["sku"] == "MUG-INK"]
    assert item["causes"] == {"awaiting payment": {"units": 3, "orders": [str(number)], "more": 0}}
    assert "awaiting payment" in npf("stock", "acme", "--dry-run").out


def test_a_stock_push_that_is_stopped_is_exit_1_and_says_why(npf: Npf, shop: Connected) -> None:
    shop.set(update_soh="No")
    done = npf("stock", "acme", "--json")
    assert done.code == 1
    assert "Update SOH" in done.json["stopped"]


def test_progress_is_drawn_for_people_alone(npf: Npf, shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.place()
    assert npf("run", "acme").err == ""  # nobody looks
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    done = npf("run", "acme", "--json")
    assert (done.err, done.json["store"]) == ("", "acme")
    shop.place()
    done = npf("run", "acme")
    assert "orders pulled" in done.err
    assert "orders pulled" not in done.out
