"""FM down, FM's login wrong: orders wait with the reason, the store pauses once, and all goes on when it is mended."""

from collections.abc import Callable

import pytest

from npf.audit.models import Event
from npf.core.clock import ManualClock
from npf.core.errors import FixSettings, TryLater
from npf.jobs.stations import STATIONS
from npf.sandbox import fm
from npf.sandbox.server import serve
from npf.send.ask import THREADS
from npf.send.station import AT_ONCE
from npf.stores import book, draft
from npf.stores.models import Beat
from tests.connected import Connected
from tests.send.conftest import ORDER_PAGE, STATUS_PAGE, calls, pulled, sales_orders, stands


def with_password(shop: Connected, password: str) -> None:
    nested = book.nested(shop.store, secrets=True)
    nested["fm"]["password"] = password
    book.save(draft.read(nested), "anna", shop.outside.clock)


def test_orders_wait_with_the_reason_while_fm_is_down(shop: Connected) -> None:
    numbers = [shop.place() for _ in range(3)]
    shop.station("pull")
    port = int(shop.both.fm_server.url.rpartition(":")[2])
    shop.both.fm_server.close()
    with pytest.raises(TryLater, match="answers nobody"):
        shop.station("send")
    for number in numbers:
        order = shop.order(number)
        assert (order.stage, order.reason_code, order.attempts) == ("new", "try_later", 1)
        assert "cannot be reached" in order.reason
        assert order.next_attempt_at is not None
    assert "cannot be reached" in Beat.objects.get(station="send").message
    with serve(fm.make_app(shop.both.warehouse), port=port):
        shop.station("send")
    assert {stands(shop, number) for number in numbers} == {("pending", "")}
    # Nothing was in doubt, so FM was not asked whether it has them.
    assert not calls(shop, "importorderstatus")


def test_what_is_cancelled_while_fm_is_down_never_goes_there(shop: Connected) -> None:
    number = pulled(shop)
    shop.both.fm_server.close()
    with pytest.raises(TryLater):
        shop.station("send")
    shop.bc.cancel(number)
    shop.station("pull")
    assert stands(shop, number)[0] == "cancelled"


def test_it_stops_at_the_first_batch_that_fm_does_not_answer(shop: Connected) -> None:
    for _ in range(AT_ONCE + 1):
        shop.place()
    shop.station("pull")
    shop.fm.faults.add("500", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    assert len(calls(shop)) == AT_ONCE


def test_a_look_that_fails_keeps_back_its_own_orders_only(shop: Connected) -> None:
    unclear = [shop.place() for _ in range(AT_ONCE)]
    shop.station("pull")
    shop.fm.faults.next("reset-after", AT_ONCE, path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    later = [shop.place() for _ in range(2)]
    shop.station("pull")
    shop.fm.faults.next("500", path=STATUS_PAGE)
    shop.station("send")
    assert {stands(shop, number)[0] for number in unclear} == {"new"}
    assert {stands(shop, number)[0] for number in later} == {"pending"}


def test_a_wait_is_kept_by_the_schedule_and_not_by_a_person(
    timed: Callable[..., Connected], clock: ManualClock
) -> None:
    shop = timed()
    number = pulled(shop)
    shop.fm.faults.next("500", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send", urgent=False)
    shop.station("send", urgent=False)
    assert len(calls(shop)) == 1
    clock.advance(60)
    shop.station("send", urgent=False)
    assert stands(shop, number) == ("pending", "")

    number = pulled(shop)
    shop.fm.faults.next("500", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send", urgent=False)
    shop.station("send", urgent=True)
    assert stands(shop, number) == ("pending", "")


@pytest.mark.parametrize("code", ["01001", "02002"])
def test_a_refused_login_pauses_every_store_of_the_fm_client_and_tells_once(
    connect: Callable[..., Connected], code: str
) -> None:
    shop, other, apart = connect("acme"), connect("bolt"), connect("cord", client_code="CORD")
    numbers = [shop.place() for _ in range(3)]
    shop.station("pull")
    shop.fm.faults.add(code, path=ORDER_PAGE)
    with pytest.raises(FixSettings):
        shop.station("send")
    assert [one.store.paused_at is not None for one in (shop, other, apart)] == [True, True, False]
    assert shop.store.paused_parameter == ("fm.username" if code == "01001" else "fm.client_code")
    # Another worker that was at it already comes to the same end and says it no second time.
    with pytest.raises(FixSettings):
        shop.station("send")
    assert Event.objects.filter(tag="station:store:paused").count() == 2
    for number in numbers:
        order = shop.order(number)
        assert (order.stage, order.reason_code, order.next_attempt_at) == ("new", "fix_settings", None)
        # FM did not take it, for certain: the gates may still have their say.
        assert sales_orders(shop, number)[0].asked_at is None


def test_the_orders_go_out_at_once_when_the_login_is_mended(connect: Callable[..., Connected]) -> None:
    shop, other = connect("acme"), connect("bolt")
    number = pulled(shop)
    shop.fm.password = "changed-at-npf"
    with pytest.raises(FixSettings):
        shop.station("send")
    assert other.store.paused_at is not None
    with_password(shop, "changed-at-npf")
    assert [one.store.paused_at for one in (shop, other)] == [None, None]
    shop.station("pull", urgent=False)
    shop.station("send", urgent=False)
    assert stands(shop, number) == ("pending", "")
    assert shop.order(number).reason == ""


@pytest.mark.parametrize("code", ["01001", "02003", "02002", "03001"])
def test_a_wrong_login_is_not_tried_order_by_order(shop: Connected, code: str) -> None:
    """FM may shut out whoever knocks too often."""
    numbers = [shop.place() for _ in range(AT_ONCE)]
    shop.station("pull")
    shop.fm.faults.add(code, path=ORDER_PAGE)
    with pytest.raises(FixSettings):
        shop.station("send")
    assert 1 <= len(calls(shop)) <= THREADS
    assert {stands(shop, number) for number in numbers} == {("new", "fix_settings")}
    shop.fm.faults.clear()
    book.resume(shop.store, "anna", shop.outside.clock)
    shop.station("send")
    assert {stands(shop, number) for number in numbers} == {("pending", "")}
    assert len(shop.fm.orders) == AT_ONCE


def test_a_login_that_was_mended_meanwhile_stops_nobody(connect: Callable[..., Connected]) -> None:
    shop, other = connect("acme"), connect("bolt")
    pulled(shop)
    shop.fm.password = "changed-at-npf"

    def send_with_the_old_one() -> None:
        with shop.visit("send") as at:
            with_password(other, "changed-at-npf")
            STATIONS["send"](at)

    with pytest.raises(FixSettings):
        send_with_the_old_one()
    assert [one.store.paused_at for one in (shop, other)] == [None, None]
    for station in ("pull", "send"):
        shop.station(station)
    assert len(shop.fm.orders) == 1


def test_a_store_that_is_resumed_takes_those_along_that_the_same_login_stopped(
    connect: Callable[..., Connected],
) -> None:
    shop, other, apart = connect("acme"), connect("bolt"), connect("cord")
    book.pause(apart.store, "anna", shop.outside.clock, "stocktaking")
    pulled(shop)
    shop.fm.faults.next("01001", path=ORDER_PAGE)
    with pytest.raises(FixSettings):
        shop.station("send")
    assert book.resume(other.store, "anna", shop.outside.clock)
    assert [one.store.paused_at is not None for one in (shop, other, apart)] == [False, False, True]
    told = Event.objects.filter(store_id=shop.store.pk, tag="person:store:resumed").values_list("text", flat=True)
    assert list(told) == ["Resumed with bolt, which sends to the same FM client"]
    assert not book.resume(other.store, "anna", shop.outside.clock)


def test_a_login_that_is_refused_at_the_look_keeps_what_is_unclear_unclear(shop: Connected) -> None:
    first = pulled(shop)
    shop.fm.faults.next("reset-after", path=ORDER_PAGE)
    with pytest.raises(TryLater):
        shop.station("send")
    second = pulled(shop)
    shop.fm.faults.next("01001", path=STATUS_PAGE)
    with pytest.raises(FixSettings):
        shop.station("send")
    assert len(calls(shop)) == 1
    assert sales_orders(shop, first)[0].asked_at is not None
    assert sales_orders(shop, second)[0].asked_at is None
    book.resume(shop.store, "anna", shop.outside.clock)
    shop.station("send")
    assert {stands(shop, number)[0] for number in (first, second)} == {"pending"}
    assert [call.outcome for call in calls(shop)] == ["accepted", "accepted"]


def test_an_order_whose_lines_cannot_be_read_now_keeps_no_other_back(timed: Callable[..., Connected]) -> None:
    shop = timed()
    first, second = shop.place(("MUG-INK", 1), ("BOWL-SER-28", 1)), shop.place()
    shop.bc.hide_lines(first)
    shop.station("pull")
    shop.bc.faults.add("500", path=f"/orders/{first}/products")
    shop.station("send")
    order = shop.order(first)
    assert (order.stage, order.reason_code) == ("new", "try_later")
    assert stands(shop, second) == ("pending", "")
    shop.bc.faults.clear()
    shop.station("send")
    assert stands(shop, first) == ("pending", "")
    assert shop.fm.orders[f"AC-{first}"].ordered == {"MUG-INK": 1, "BOWL-SER-28": 1}
