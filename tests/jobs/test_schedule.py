"""When a store is looked at."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer
from pytest_django import Settings

from npf.core.clock import ManualClock
from npf.hooks.models import Hook
from npf.jobs import schedule
from npf.stores import book
from npf.stores.models import Store
from tests.jobs.scheduled import add, taken

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["tick", "rescue"])
def test_the_worker_looks_at_the_clock_every_five_seconds(name: str) -> None:
    task = next(one for one in app.periodic_registry.periodic_tasks.values() if one.task.name.endswith(name))
    at = NEW_YEAR.timestamp() + 2
    times = list(PeriodicDeferrer(app.periodic_registry).get_timestamps(task, int(at), at + 20))
    assert [moment - NEW_YEAR.timestamp() for moment in times] == [5, 10, 15, 20]


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
