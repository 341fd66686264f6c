"""A visit tells how it went, whatever happens in it, and what was asked is never lost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from npf.audit.models import Event
from npf.audit.models import Exchange as Row
from npf.audit.notes import Note, Tag
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, GiveUp, TryLater
from npf.core.exchange import Exchange
from npf.stores import book, draft
from npf.stores.leases import LASTS, Busy, lease
from npf.stores.models import Beat, Lease, Store
from npf.stores.outside import Outside
from npf.stores.visit import Stopped, Visit, look, visit
from tests.stores.files import right

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outside() -> Outside:
    return Outside(ManualClock(datetime(2026, 11, 2, 7, 30, tzinfo=UTC)))


@pytest.fixture
def store(outside: Outside, transactional_db: None) -> Store:
    return book.save(draft.read(right()), "anna", outside.clock)[0]


def asked(at: Visit) -> None:
    """A write to BigCommerce, as a client reports it."""
    at.notebook(
        Exchange(
            system="bigcommerce",
            what="POST /v2/orders/7/shipments",
            write=True,
            asked="{}",
            answered="a\0b",
            status=201,
            outcome="done",
            started=at.clock.now(),
            took=0.25,
        )
    )


def beat(store: Store, station: str = "push") -> Beat:
    return Beat.objects.get(store=store, station=station)


def fail(store: Store, outside: Outside, error: BaseException, **options: Any) -> None:
    with visit("push", store, outside, "test", **options) as at:
        asked(at)
        raise error


def test_a_visit_that_went_well_says_when_and_what_it_did(store: Store, outside: Outside) -> None:
    with visit("push", store, outside, "schedule") as at:
        asked(at)
        at.count("pushed", 2)
        outside.clock.sleep(3)
        with at.claim():
            at.tell([Note(Tag.SHIPMENT_PUSHED, "told\0BigCommerce", 7), None])
    found = beat(store)
    assert (found.ended_at, found.ok_at) == (outside.clock.now(), outside.clock.now())
    assert (found.message, found.failures, found.counts) == ("", 0, {"pushed": 2})
    row = Row.objects.get()
    assert (row.answered, row.took_ms, row.by, row.outcome) == ("ab", 250, "schedule", "done")
    assert Event.objects.get(tag=Tag.SHIPMENT_PUSHED).text == "toldBigCommerce"


def test_while_it_runs_its_beat_has_no_end(store: Store, outside: Outside) -> None:
    with visit("push", store, outside, "test"):
        assert beat(store).ended_at is None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (TryLater("FM is away", delay=60), "FM is away"),
        (GiveUp("the list is broken", code="broken"), "the list is broken"),
        (ZeroDivisionError("division by zero"), "fault in npf itself: ZeroDivisionError: division by zero"),
    ],
)
def test_what_went_wrong_stands_on_the_beat_and_is_raised_on(
    store: Store, outside: Outside, error: Exception, message: str
) -> None:
    for failures in (1, 2):
        with pytest.raises(type(error)):
            fail(store, outside, error)
        found = beat(store)
        assert message in found.message
        assert (found.failures, found.ok_at) == (failures, None)
        assert Row.objects.count() == failures
    assert Store.objects.get().paused_at is None
    with visit("push", store, outside, "test"):
        pass
    assert (beat(store).failures, beat(store).message) == (0, "")


def test_a_wrong_setting_pauses_the_store_and_tells_once(store: Store, outside: Outside) -> None:
    wrong = FixSettings("the token was refused", parameter="bigcommerce.access_token", cure="make a new one")
    for _ in range(2):
        with pytest.raises(FixSettings):
            fail(store, outside, wrong)
    row = Store.objects.get()
    assert row.paused_reason == "the token was refused — make a new one"
    assert row.paused_parameter == "bigcommerce.access_token"
    assert Event.objects.filter(tag=Tag.STORE_STOPPED).count() == 1
    assert beat(store).message == "the token was refused"
    assert Row.objects.count() == 2


def test_a_paused_store_is_not_visited_and_the_command_that_resumes_it_is_named(store: Store, outside: Outside) -> None:
    book.pause(store, "anna", outside.clock, "stocktaking")
    with (
        pytest.raises(FixSettings, match="store acme is paused: stocktaking") as caught,
        visit("push", Store.objects.get(), outside, "test"),
    ):
        pass
    assert caught.value.cure == "npf store resume acme"
    assert not Beat.objects.exists()


def test_a_store_that_a_setting_paused_names_the_setting(store: Store, outside: Outside) -> None:
    book.pause(store, "send", outside.clock, "the login was refused", "fm.password")
    with pytest.raises(FixSettings) as caught, visit("push", Store.objects.get(), outside, "test"):
        pass
    assert (caught.value.parameter, caught.value.cure) == (
        "fm.password",
        "npf store resume acme, once fm.password is right",
    )


def test_a_visit_to_a_station_at_work_leaves_its_beat_alone(store: Store, outside: Outside) -> None:
    with visit("push", store, outside, "test"):
        began = beat(store).began_at
        outside.clock.sleep(5)
        with pytest.raises(Busy), visit("push", store, outside, "test"):
            pass
        assert beat(store).began_at == began
        assert beat(store).message == ""


def test_an_owner_that_was_overtaken_claims_nothing_and_leaves_the_beat_to_the_new_one(
    store: Store, outside: Outside
) -> None:
    def frozen() -> None:
        with visit("push", store, outside, "frozen") as at:
            asked(at)
            outside.clock.sleep(LASTS.total_seconds() + 1)
            with lease("push", store.pk, outside.clock):
                Beat.objects.update(message="the new owner's")
                with at.claim():
                    at.tell([Note(Tag.SHIPMENT_PUSHED, "twice")])

    with pytest.raises(Busy):
        frozen()
    assert beat(store).message == "the new owner's"
    assert not Event.objects.filter(text="twice").exists()
    assert Row.objects.count() == 1


@pytest.mark.parametrize("told", [Stopped("the worker ends"), KeyboardInterrupt(), SystemExit(143)])
def test_a_visit_that_somebody_stopped_is_no_failure(store: Store, outside: Outside, told: BaseException) -> None:
    with pytest.raises(type(told)):
        fail(store, outside, told)
    found = beat(store)
    assert (found.message, found.failures, found.ok_at) == ("", 0, None)
    assert found.ended_at is not None
    assert Row.objects.count() == 1


def test_a_visit_for_one_order_says_nothing_about_the_station(store: Store, outside: Outside) -> None:
    with pytest.raises(GiveUp):
        fail(store, outside, GiveUp("no such order", code="not_found"), beat=False)
    assert not Beat.objects.exists()
    assert Row.objects.count() == 1


def test_looking_needs_no_lease_and_may_claim_nothing(store: Store, outside: Outside) -> None:
    book.pause(store, "anna", outside.clock, "stocktaking")
    with look(Store.objects.get(), outside, "test") as at:
        with pytest.raises(RuntimeError, match="only looks"), at.claim():
            pass
        assert at.settings.name == "acme"
    assert not Lease.objects.exists()
    assert not Beat.objects.exists()


def test_it_counts_the_calls_of_the_clients_that_were_used(store: Store, outside: Outside) -> None:
    with look(store, outside, "test") as at:
        assert at.calls == {"bigcommerce": 0, "fm": 0}
        at.bigcommerce.calls = 3
        assert at.calls == {"bigcommerce": 3, "fm": 0}


def test_one_store_has_one_pace_and_a_new_share_a_new_one(store: Store, outside: Outside) -> None:
    def pace() -> Any:
        return outside.bigcommerce(Store.objects.get())._pace

    first = pace()
    assert pace() is first
    nested = book.nested(store, secrets=True)
    nested["parameters"]["quota_kept_free"] = "50%"
    book.save(draft.read(nested), "anna", outside.clock)
    assert pace() is not first
