"""When a store is looked at, and when its stock is pushed."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer
from pytest_django import Settings

from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, TryLater
from npf.hooks.models import Hook
from npf.jobs import schedule
from npf.stores import book, draft
from npf.stores.models import Store
from npf.stores.parameters import Parameters
from tests.stores.files import right

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))


@given(
    zone=ZONES,
    at=st.times().map(lambda found: found.replace(second=0, microsecond=0)),
    begin=st.integers(0, 13 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
)
@example("Australia/Melbourne", time(2, 30), datetime(2026, 10, 3, 1, tzinfo=UTC))  # left out on the 4th
@example("Australia/Melbourne", time(2, 30), datetime(2027, 4, 3, 1, tzinfo=UTC))  # twice on the 4th
@example("Australia/Lord_Howe", time(2, 15), datetime(2026, 10, 3, 1, tzinfo=UTC))  # half an hour
def test_the_stock_is_due_exactly_once_on_every_day_of_the_stores_calendar(
    zone: str, at: time, begin: datetime
) -> None:
    values = Parameters(timezone=zone, stock_time=f"{at:%H:%M}")
    found = []
    due = begin
    for _ in range(6):
        before, due = due, values.stock_due_after(due)
        assert before < due
        found.append(due.astimezone(ZoneInfo(zone)).date())
    assert found == [found[0] + timedelta(days=number) for number in range(6)]
    assert due.astimezone(ZoneInfo(zone)).date() - begin.astimezone(ZoneInfo(zone)).date() <= timedelta(days=6)


@pytest.mark.parametrize(
    ("after", "due", "clock"),
    [
        ((2026, 10, 3, 8), (2026, 10, 4, 7), "18:00"),  # the evening of the day that loses an hour
        ((2027, 4, 3, 7), (2027, 4, 4, 8), "18:00"),  # and of the one that gains it
        ((2026, 10, 3, 15), (2026, 10, 3, 16, 30), "02:30"),  # there is no 02:30: it comes at 03:30
        ((2027, 4, 3, 15), (2027, 4, 3, 15, 30), "02:30"),  # there are two: the first
        ((2027, 4, 3, 15, 30), (2027, 4, 4, 16, 30), "02:30"),  # and not the second
    ],
)
def test_it_is_right_on_both_days_of_daylight_saving(after: Any, due: Any, clock: str) -> None:
    values = Parameters(timezone="Australia/Melbourne", stock_time=clock)
    assert values.stock_due_after(datetime(*after, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def test_a_day_that_an_island_skips_has_no_stock_time_of_its_own() -> None:
    """Samoa had no 30 December 2011."""
    values = Parameters(timezone="Pacific/Apia", stock_time="18:00")
    due = datetime(2011, 12, 29, 0, tzinfo=UTC)
    days: list[date] = []
    for _ in range(3):
        due = values.stock_due_after(due)
        days.append(due.astimezone(ZoneInfo("Pacific/Apia")).date())
    assert days == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31)]


@pytest.mark.parametrize("name", ["tick", "rescue"])
def test_the_worker_looks_at_the_clock_every_five_seconds(name: str) -> None:
    task = next(one for one in app.periodic_registry.periodic_tasks.values() if one.task.name.endswith(name))
    at = NEW_YEAR.timestamp() + 2
    times = list(PeriodicDeferrer(app.periodic_registry).get_timestamps(task, int(at), at + 20))
    assert [moment - NEW_YEAR.timestamp() for moment in times] == [5, 10, 15, 20]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 2, 0, tzinfo=UTC))


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)


def add(name: str, clock: ManualClock, **parameters: Any) -> Store:
    nested = right(
        name=name,
        bigcommerce={"store_id": name},
        fm={"client_code": name},
        parameters={"timezone": "UTC", **parameters},
    )
    return book.save(draft.read(nested), "test", clock)[0]


def taken() -> list[str]:
    """The wakes that wait, taken off the queue: 'pull acme'."""
    names = {store.pk: store.name for store in Store.objects.all()}
    jobs = list(ProcrastinateJob.objects.filter(status="todo").order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    return [f"{job.task_name.rpartition('.')[2]} {names[job.args['store_id']]}" for job in jobs]


LOOK = [f"{station} acme" for station in ("pull", "send", "follow", "push")]


@pytest.mark.django_db(transaction=True)
class TestTick:
    def test_it_wakes_the_four_stations_of_a_store_that_is_due(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock)
        schedule.tick(clock, rng)
        assert taken() == LOOK
        schedule.tick(clock, rng)
        assert taken() == []

    def test_it_comes_again_after_the_interval_give_or_take_a_tenth(
        self, clock: ManualClock, rng: random.Random
    ) -> None:
        add("acme", clock, look_every=60)
        schedule.tick(clock, rng)
        taken()
        clock.advance(53)
        schedule.tick(clock, rng)
        assert taken() == []
        clock.advance(14)
        schedule.tick(clock, rng)
        assert taken() == LOOK

    def test_it_spreads_stores_that_were_added_together(self, clock: ManualClock, rng: random.Random) -> None:
        for number in range(20):
            add(f"store-{number}", clock)
        schedule.tick(clock, rng)
        times = set(Store.objects.values_list("next_look_at", flat=True))
        assert len(times) == 20
        assert max(times) - min(times) > timedelta(seconds=10)

    def test_it_leaves_paused_and_removed_stores_alone(self, clock: ManualClock, rng: random.Random) -> None:
        book.pause(add("paused", clock, stock_time="00:00"), "test", clock, "stocktaking")
        book.remove(add("removed", clock, stock_time="00:00"), "test", clock)
        clock.advance(86_400)
        schedule.tick(clock, rng)
        assert taken() == []

    def test_it_wakes_the_stock_once_a_day_at_the_stores_time(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock, stock_time="18:00", look_every=86_400)
        schedule.tick(clock, rng)
        taken()
        woken = []
        for _ in range(3 * 24):
            clock.advance(3600)
            schedule.tick(clock, rng)
            woken += [clock.now() for wake in taken() if wake == "stock acme"]
        assert woken == [datetime(2026, 11, day, 18, tzinfo=UTC) for day in (2, 3, 4)]

    def test_a_stock_that_was_missed_is_made_up_for_once(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock, stock_time="18:00")
        clock.advance(3 * 86_400)
        schedule.tick(clock, rng)
        assert taken().count("stock acme") == 1
        schedule.tick(clock, rng)
        assert taken() == []

    def test_a_stock_that_fm_could_not_answer_is_tried_again_soon(self, clock: ManualClock, rng: random.Random) -> None:
        store = add("acme", clock, stock_time="18:00", look_every=86_400)
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

    def test_a_stock_that_a_wrong_setting_stopped_comes_when_the_store_is_resumed(
        self, clock: ManualClock, rng: random.Random
    ) -> None:
        store = add("acme", clock, stock_time="18:00", look_every=86_400)
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
        store = add("acme", clock, stock_time="00:02")
        schedule.stock_again(store, clock, TryLater("FM is away"))
        store.refresh_from_db()
        assert store.next_stock_at == datetime(2026, 11, 2, 0, 2, tzinfo=UTC)

    def test_two_clocks_that_tick_at_once_wake_each_store_once(self, clock: ManualClock, rng: random.Random) -> None:
        """Two workers; one wake waits at a time whatever they do."""
        add("acme", clock)
        schedule.tick(clock, rng)
        Store.objects.update(next_look_at=clock.now())
        schedule.tick(clock, rng)
        assert taken() == LOOK


@pytest.mark.django_db(transaction=True)
class TestWebhooks:
    @pytest.fixture(autouse=True)
    def _public(self, settings: Settings) -> None:
        settings.NPF_PUBLIC_URL = "https://npf.example.com"

    def due(self, clock: ManualClock, rng: random.Random) -> list[str]:
        schedule.tick(clock, rng)
        return [wake for wake in taken() if wake.startswith("hooks")]

    def test_a_new_stores_is_looked_after_at_once_and_then_once_a_day(
        self, clock: ManualClock, rng: random.Random
    ) -> None:
        add("acme", clock)
        assert self.due(clock, rng) == ["hooks acme"]
        found = []
        for _ in range(72):
            clock.advance(3600)
            found += self.due(clock, rng)
        assert found == ["hooks acme"] * 3

    def test_after_trouble_its_own_earlier_time_counts(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock)
        self.due(clock, rng)
        Hook.objects.update(next_check_at=clock.now() + timedelta(hours=1))
        clock.advance(3601)
        assert self.due(clock, rng) == ["hooks acme"]

    def test_a_new_public_address_is_made_known_within_the_hour(
        self, clock: ManualClock, rng: random.Random, settings: Settings
    ) -> None:
        add("acme", clock)
        self.due(clock, rng)
        Hook.objects.update(destination="https://npf.example.com/hooks/acme/orders", checked_at=clock.now())
        clock.advance(3599)
        settings.NPF_PUBLIC_URL = "https://npf.example.co"
        assert self.due(clock, rng) == []
        clock.advance(1)
        assert self.due(clock, rng) == ["hooks acme"]
        settings.NPF_PUBLIC_URL = "https://npf.example.com"
        assert self.due(clock, rng) == []

    def test_without_a_public_address_nothing_is_due(
        self, clock: ManualClock, rng: random.Random, settings: Settings
    ) -> None:
        settings.NPF_PUBLIC_URL = ""
        add("acme", clock)
        assert self.due(clock, rng) == []
        assert not Hook.objects.exists()

    def test_paused_and_removed_stores_are_left_alone(self, clock: ManualClock, rng: random.Random) -> None:
        book.pause(add("paused", clock), "test", clock, "stocktaking")
        book.remove(add("removed", clock), "test", clock)
        assert self.due(clock, rng) == []

    def test_many_that_are_due_together_take_turns(
        self, clock: ManualClock, rng: random.Random, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(schedule, "HOOKS_AT_ONCE", 3)
        for number in range(5):
            add(f"store-{number}", clock)
        assert [len(self.due(clock, rng)) for _ in range(3)] == [3, 2, 0]

    def test_its_secret_outlives_every_tick(self, clock: ManualClock, rng: random.Random) -> None:
        add("acme", clock)
        self.due(clock, rng)
        before = Hook.objects.get().secret
        clock.advance(2 * 86_400)
        self.due(clock, rng)
        assert Hook.objects.get().secret == before
