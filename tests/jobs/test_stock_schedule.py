"""When the stock is pushed: daily, once the orders are through, and on change."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, TryLater
from npf.jobs import schedule, stations, tasks
from npf.sandbox import bigcommerce as bc
from npf.stock.models import Run
from npf.stores import book, draft
from npf.stores.leases import lease
from npf.stores.models import Beat, Store
from npf.wake import wake
from tests.connected import Connected
from tests.jobs.scheduled import add, taken

pytestmark = pytest.mark.django_db(transaction=True)
STOCK = ("stock", "change")


def quiet(clock: ManualClock, **parameters: object) -> Store:
    """A store whose orders nobody looks at."""
    store = add("acme", clock, **parameters)
    Store.objects.update(next_look_at=None)
    return store


def change(store: Store, clock: ManualClock, **parameters: object) -> None:
    nested = book.nested(store, secrets=True)
    nested["parameters"] |= parameters
    book.save(draft.read(nested), "test", clock)


class TestDaily:
    def test_it_comes_once_a_day_at_the_stores_time(self, clock: ManualClock, rng: random.Random) -> None:
        quiet(clock, stock_time="18:00")
        woken = []
        for _ in range(3 * 24):
            clock.advance(3600)
            schedule.tick(clock, rng)
            woken += [clock.now() for wake in taken() if wake == "stock acme"]
        assert woken == [datetime(2026, 11, day, 18, tzinfo=UTC) for day in (2, 3, 4)]

    @pytest.mark.parametrize(
        ("zone", "day"),
        [
            ("Australia/Melbourne", (2026, 10, 3)),
            ("Pacific/Auckland", (2026, 9, 26)),
            ("Australia/Lord_Howe", (2027, 4, 3)),
        ],
    )
    def test_it_comes_once_on_the_night_on_which_the_clock_changes(
        self, zone: str, day: tuple[int, int, int], rng: random.Random
    ) -> None:
        clock = ManualClock(datetime(*day, tzinfo=UTC))
        quiet(clock, stock_time="02:00", timezone=zone)
        woken = []
        for _ in range(24 * 12):
            clock.advance(300)
            schedule.tick(clock, rng)
            woken += taken()
        assert woken == ["stock acme"]

    def test_one_that_was_missed_is_made_up_for_once(self, clock: ManualClock, rng: random.Random) -> None:
        quiet(clock, stock_time="18:00", stock_every=10)
        clock.advance(3 * 86_400)
        schedule.tick(clock, rng)
        assert taken(*STOCK) == ["stock acme"]
        schedule.tick(clock, rng)
        assert taken(*STOCK) == []

    def test_one_that_fm_could_not_answer_is_tried_again_soon(self, clock: ManualClock, rng: random.Random) -> None:
        store = quiet(clock, stock_time="18:00")
        clock.advance(18 * 3600)
        schedule.tick(clock, rng)
        taken()
        schedule.stock_again(store, clock, TryLater("FM is away", delay=5))
        clock.advance(schedule.STOCK_AGAIN - 1)
        schedule.tick(clock, rng)
        assert taken() == []
        clock.advance(1)
        schedule.tick(clock, rng)
        assert taken() == ["stock acme"]
        store.refresh_from_db()
        assert store.next_stock_at == datetime(2026, 11, 3, 18, tzinfo=UTC)

    def test_one_that_a_wrong_setting_stopped_comes_when_the_store_is_resumed(
        self, clock: ManualClock, rng: random.Random
    ) -> None:
        store = quiet(clock, stock_time="18:00", stock_wait=0)
        clock.advance(18 * 3600)
        schedule.tick(clock, rng)
        taken()
        wrong = FixSettings("no such location", parameter="parameters.stock_location", cure="use 1")
        book.pause_for(store, "stock", clock, wrong)
        schedule.stock_again(store, clock, wrong)
        clock.advance(3600)
        schedule.tick(clock, rng)
        assert taken() == []
        book.resume(store, "anna", clock)
        schedule.tick(clock, rng)
        assert "stock acme" in taken()

    def test_trying_again_never_puts_the_regular_time_off(self, clock: ManualClock) -> None:
        store = quiet(clock, stock_time="00:02")
        schedule.stock_again(store, clock, TryLater("FM is away"))
        store.refresh_from_db()
        assert store.next_stock_at == datetime(2026, 11, 2, 0, 2, tzinfo=UTC)

    def test_a_new_stock_time_holds_at_once(self, clock: ManualClock, rng: random.Random) -> None:
        store = quiet(clock, stock_time="18:00")
        change(store, clock, stock_time="00:30", stock_wait=0)
        clock.advance(1800)
        schedule.tick(clock, rng)
        assert "stock acme" in taken()
        store.refresh_from_db()
        assert store.next_stock_at == datetime(2026, 11, 3, 0, 30, tzinfo=UTC)


class TestWaitingForTheOrders:
    """ "After the orders are processed and shipped"."""

    def due(self, clock: ManualClock, **parameters: object) -> Store:
        store = quiet(clock, stock_time="00:10", **parameters)
        clock.advance(600)
        return store

    def ticks(self, clock: ManualClock, rng: random.Random) -> list[str]:
        schedule.tick(clock, rng)
        return taken(*STOCK)

    @pytest.mark.parametrize("station", ["pull", "send", "follow", "push"])
    def test_it_waits_while_a_station_of_its_orders_is_at_work(
        self, clock: ManualClock, rng: random.Random, station: str
    ) -> None:
        store = self.due(clock)
        with lease(station, store.pk, clock):
            assert self.ticks(clock, rng) == []
            clock.advance(5)
            assert self.ticks(clock, rng) == []
        assert self.ticks(clock, rng) == ["stock acme"]

    @pytest.mark.parametrize("status", ["todo", "doing"])
    def test_it_waits_for_a_station_that_is_woken(self, clock: ManualClock, rng: random.Random, status: str) -> None:
        store = self.due(clock)
        wake("send", [store.pk], "pull")
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = %s", [status])
        assert self.ticks(clock, rng) == []
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs")
        assert self.ticks(clock, rng) == ["stock acme"]

    def test_it_waits_no_longer_than_is_set(self, clock: ManualClock, rng: random.Random) -> None:
        store = self.due(clock, stock_wait=2)
        with lease("send", store.pk, clock):
            clock.advance(119)
            assert self.ticks(clock, rng) == []
            clock.advance(1)
            assert self.ticks(clock, rng) == ["stock acme"]
            assert self.ticks(clock, rng) == []

    def test_it_need_not_wait(self, clock: ManualClock, rng: random.Random) -> None:
        store = self.due(clock, stock_wait=0)
        with lease("send", store.pk, clock):
            assert self.ticks(clock, rng) == ["stock acme"]

    def test_another_stores_orders_keep_nobody_waiting(self, clock: ManualClock, rng: random.Random) -> None:
        self.due(clock)
        other = add("other", clock)
        with lease("send", other.pk, clock):
            assert self.ticks(clock, rng) == ["stock acme"]

    def test_a_lease_that_has_run_out_keeps_nobody_waiting(self, clock: ManualClock, rng: random.Random) -> None:
        store = self.due(clock)
        with lease("send", store.pk, clock):
            clock.advance(11 * 60)
            assert self.ticks(clock, rng) == ["stock acme"]

    def test_the_stock_itself_is_nothing_to_wait_for(self, clock: ManualClock, rng: random.Random) -> None:
        store = self.due(clock)
        with lease("count", store.pk, clock), lease("stock", store.pk, clock):
            assert self.ticks(clock, rng) == ["stock acme"]


class TestOnChange:
    def test_it_comes_every_so_many_minutes(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock, stock_time="18:00", stock_every=20)
        woken = []
        for _ in range(12):
            clock.advance(300)
            schedule.tick(clock, rng)
            woken += [
                (clock.now() - datetime(2026, 11, 2, tzinfo=UTC)) // timedelta(minutes=1) for _ in taken("change")
            ]
        assert woken == [20, 40, 60]

    def test_it_is_off_unless_it_is_asked_for(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock, stock_time="18:00")
        clock.advance(17 * 3600)
        schedule.tick(clock, rng)
        assert taken("change") == []

    def test_it_makes_room_for_the_daily_one(self, clock: ManualClock, rng: random.Random) -> None:
        """Both at once would do the same twice."""
        store = quiet(clock, stock_time="00:20", stock_every=20)
        clock.advance(1200)
        with lease("send", store.pk, clock):
            schedule.tick(clock, rng)
            assert taken(*STOCK) == []
        schedule.tick(clock, rng)
        assert taken(*STOCK) == ["stock acme"]
        clock.advance(1199)
        schedule.tick(clock, rng)
        assert taken(*STOCK) == []
        clock.advance(1)
        schedule.tick(clock, rng)
        assert taken(*STOCK) == ["change acme"]

    def test_a_changed_interval_holds_at_once_and_nought_ends_it(self, clock: ManualClock, rng: random.Random) -> None:
        store = add("acme", clock, stock_time="18:00", stock_every=600)
        change(store, clock, stock_every=5)
        clock.advance(300)
        schedule.tick(clock, rng)
        assert taken("change") == ["change acme"]
        store.refresh_from_db()
        change(store, clock, stock_every=0)
        clock.advance(3600)
        schedule.tick(clock, rng)
        assert taken("change") == []

    def test_a_removed_store_has_none(self, clock: ManualClock, rng: random.Random) -> None:
        store = add("acme", clock, stock_every=5)
        book.remove(store, "test", clock)
        store.refresh_from_db()
        assert store.next_change_at is None

    def test_fewer_than_five_minutes_are_refused(self, clock: ManualClock) -> None:
        with pytest.raises(draft.WrongSettings, match="must be 0, or from 5 to 1440"):
            add("acme", clock, stock_every=4)


NAMES = count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 40_000), st.integers(1, 3)), min_size=1, max_size=25))
def test_whatever_the_gaps_between_the_ticks_what_came_due_in_a_gap_is_pushed_once(
    steps: list[tuple[int, int]], db: None
) -> None:
    """A step: so many seconds without a worker, then so many ticks. The clock changes on the second day."""
    clock, rng = ManualClock(datetime(2026, 10, 3, 2, tzinfo=UTC)), random.Random(1)
    name = f"store-{next(NAMES)}"
    store = add(name, clock, stock_time="02:30", timezone="Australia/Melbourne")
    Store.objects.update(next_look_at=None)
    due_after = book.settings_of(store).parameters.stock_due_after
    for seconds, ticks in steps:
        due = due_after(clock.now()) <= clock.now() + timedelta(seconds=seconds)
        clock.advance(seconds)
        for _ in range(ticks):
            schedule.tick(clock, rng)
        assert taken() == ([f"stock {name}"] if due else [])
    Store.objects.filter(pk=store.pk).delete()


class TestJobs:
    """What the worker does with a wake."""

    def run(self, shop: Connected, station: str) -> None:
        getattr(tasks, station)(store_id=shop.store.pk, by="schedule")

    def test_a_push_on_change_writes_what_has_changed_since(self, shop: Connected) -> None:
        self.run(shop, "stock")
        shop.fm.stock["MUG-INK"] = 17
        shop.bc.log.clear()
        self.run(shop, "change")
        (write,) = shop.bc.log.writes()
        assert len(write.body["items"]) == 1
        assert shop.bc.stock("MUG-INK") == 17

    @pytest.mark.parametrize(
        ("station", "by", "kind"),
        [("stock", "schedule", "daily"), ("stock", "anna", "now"), ("change", "schedule", "change")],
    )
    def test_the_run_says_what_woke_it(self, shop: Connected, station: str, by: str, kind: str) -> None:
        getattr(tasks, station)(store_id=shop.store.pk, by=by)
        assert list(Run.objects.values_list("kind", "by")) == [(kind, by)]

    def test_a_run_that_the_belt_stopped_goes_on_for_a_person_and_bears_the_name(self, shop: Connected) -> None:
        self.run(shop, "stock")
        shop.fm.stock.update(dict.fromkeys(bc.physical_skus(shop.bc), 0))
        self.run(shop, "stock")
        assert Run.objects.latest("pk").belt
        tasks.anyway(store_id=shop.store.pk, by="otto")
        last = Run.objects.latest("pk")
        assert (last.anyway_by, last.stopped) == ("otto", "")
        assert last.written > 50

    def test_an_undo_is_of_the_run_that_was_named(self, shop: Connected) -> None:
        self.run(shop, "stock")
        first = Run.objects.get()
        shop.fm.stock["MUG-INK"] = 17
        self.run(shop, "stock")
        tasks.undo(store_id=shop.store.pk, by="otto", run=first.pk)
        last = Run.objects.latest("pk")
        assert (last.kind, last.by, last.undoes_id) == ("undo", "otto", first.pk)

    def test_an_undo_of_nothing_says_so_and_pauses_nothing(self, shop: Connected) -> None:
        with pytest.raises(FixSettings, match="could be undone"):
            stations.undo_stock(shop.store, shop.outside, "otto")
        assert shop.store.paused_at is None

    def test_one_on_change_that_finds_the_stock_worked_leaves_it(
        self, shop: Connected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        regular, push = shop.store.next_stock_at, stations.push_stock
        monkeypatch.setattr(stations, "push_stock", lambda *given, **named: push(*given, **named, wait=0))
        with lease("stock", shop.store.pk, shop.outside.clock):
            self.run(shop, "change")
        assert shop.store.next_stock_at == regular
        assert not ProcrastinateJob.objects.exists()

    def test_one_on_change_that_fails_leaves_the_daily_one_its_time(self, shop: Connected) -> None:
        regular = shop.store.next_stock_at
        shop.both.fm_server.close()
        self.run(shop, "change")
        assert shop.store.next_stock_at == regular
        assert Beat.objects.get(station="count").failures == 1
