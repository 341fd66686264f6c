"""A store with a legacy account (facts 5, 6): its orders go the whole way by V2; stock is refused and says why."""

import base64

import pytest

from npf.audit.models import Event, Exchange
from npf.core.errors import FixSettings, GiveUp
from npf.stock.models import Run
from npf.stores import usage
from npf.stores.models import Beat, Quota
from tests.connected import Connected, Sandboxes
from tests.old_accounts import KEY, connect_legacy


@pytest.fixture
def old(sandboxes: Sandboxes, transactional_db: None) -> Connected:
    return connect_legacy(sandboxes)


def test_its_orders_go_into_fm_and_back_complete(old: Connected) -> None:
    numbers = [old.place(("MUG-INK", 2)) for _ in range(3)]
    done = old.run()
    assert (done["pulled"], done["sent"], done["pushed"], done["errors"]) == (3, 3, 3, [])
    for number in numbers:
        assert old.order(number).stage == "complete", old.order(number).reason
        assert old.bc.orders[number].status_id == 10
        assert len(old.bc.shipments(number)) == 1
    assert all(entry.path.startswith("/v2/") for entry in old.bc.log)
    kept = "".join(f"{one.asked} {one.answered}" for one in Exchange.objects.all())
    assert KEY not in kept
    assert base64.b64encode(f"npf:{KEY}".encode()).decode() not in kept


def test_an_order_cancelled_at_bigcommerce_is_seen(old: Connected) -> None:
    number = old.place(("MUG-INK", 1))
    old.station("pull")
    old.bc.cancel(number)
    old.station("pull")
    assert old.order(number).stage == "cancelled"


def test_stock_is_refused_with_its_cure_and_nothing_else_stops(old: Connected) -> None:
    done = old.stock()
    assert "a legacy account cannot write stock" in done["stopped"]
    assert "Create V2/V3 API token" in done["stopped"]
    assert (done["written"], done["items"], done["try_again"]) == (0, [], False)
    assert old.store.paused_at is None
    assert not Beat.objects.exclude(failures=0).exists()
    run = Run.objects.get()
    assert run.stopped == done["stopped"]
    assert Event.objects.filter(text__contains="a legacy account cannot write stock").count() == 1
    assert len(old.bc.log) == 0
    number = old.place(("MUG-INK", 1))
    assert old.run()["errors"] == []
    assert old.order(number).stage == "complete"


def test_a_dry_run_of_stock_says_the_same_and_keeps_nothing(old: Connected) -> None:
    assert "a legacy account cannot write stock" in old.stock(dry_run=True)["stopped"]
    assert not Run.objects.exists()


def test_counting_alone_is_refused_without_a_mark_on_the_store(old: Connected) -> None:
    with pytest.raises(GiveUp, match="a legacy account cannot write stock"):
        old.station("count")
    assert old.store.paused_at is None
    assert not Beat.objects.exists()


def test_a_key_that_was_taken_back_pauses_the_store_and_names_it(old: Connected) -> None:
    old.bc.legacy = None
    number = old.place(("MUG-INK", 1))
    with pytest.raises(GiveUp):
        old.station("pull")
    from npf.sandbox import bigcommerce as bc

    bc.add_legacy_account(old.bc, "npf", "another")
    with pytest.raises(FixSettings):
        old.station("pull")
    assert old.store.paused_parameter == "bigcommerce.access_token"
    assert number not in old.fm.orders


def test_its_calls_of_the_last_hour_are_counted(old: Connected) -> None:
    old.place(("MUG-INK", 1))
    old.run()
    used = usage.last_hour(old.store, old.outside.clock.now())
    assert used.ours == len(old.bc.log)
    assert used.others is None
    assert Quota.objects.get().rolling
    assert "seen left of an hour, 20% kept free" in usage.in_words(used)


def test_with_a_token_instead_the_same_store_goes_on(old: Connected, sandboxes: Sandboxes) -> None:
    from npf.stores import book, draft
    from npf.stores.sheet import assign

    number = old.place(("MUG-INK", 1))
    old.run()
    account = old.bc.add_account("token-new", {"store_v2_orders", "store_v2_products"}, "client-new")
    nested = assign(
        book.nested(old.store, secrets=True),
        [
            "apistorename=acme",
            f"username={account.client_id}",
            "apikey=token-new",
            f"api url={sandboxes.bc_server.url}",
        ],
    )
    book.save(draft.read(nested), "anna", old.outside.clock)
    assert old.store.legacy_url == ""
    second = old.place(("MUG-INK", 1))
    assert old.run()["errors"] == []
    assert [old.order(one).stage for one in (number, second)] == ["complete", "complete"]
    assert len(old.fm.orders) == 2
    assert old.stock()["stopped"] is None
