"""Settings that change: what FM was not asked for is judged again, from the text that we hold."""

from npf.core.clock import ManualClock
from npf.desk import decisions
from npf.orders.models import Order
from npf.pull import regate
from npf.stores.visit import Visit
from tests.connected import Connected
from tests.pull.seeing import pull, told, versions


def done(at: Visit) -> dict[str, int]:
    """What a pull did, beside seeing orders that BigCommerce lists again for the overlap."""
    return {what: count for what, count in at.counts.items() if what != "seen"}


def waiting(shop: Connected) -> int:
    with shop.visit() as at:
        return regate.waiting(at).count()


def test_skipped_and_held_orders_are_judged_again_without_asking_bigcommerce(
    shop: Connected, clock: ManualClock
) -> None:
    shop.set(countries=["New Zealand"])
    skipped = shop.place()
    shop.tables(dispatch={"*express*": "EP EXP"})
    held = shop.place(country="NZ", shipping_method="Drone")
    pull(shop)
    assert (shop.order(skipped).stage, shop.order(held).stage) == ("skipped", "held")
    clock.advance(7200)
    shop.set(countries=[])
    shop.tables(dispatch={"*express*": "EP EXP", "drone": "AP", "standard shipping": "AP"})
    at = pull(shop)
    assert (shop.order(skipped).stage, shop.order(held).stage) == ("new", "new")
    assert at.calls["bigcommerce"] == 1
    assert done(at) == {"judged": 2}
    assert told(held)[-1] == "Passed every gate"


def test_an_order_that_waits_for_fm_is_judged_again_too(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    shop.set(countries=["New Zealand"])
    pull(shop)
    assert (shop.order(number).stage, shop.order(number).reason_code) == ("skipped", "gate:country")


def test_orders_that_fm_has_are_left_alone(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    shop.station("send")
    clock.advance(7200)
    shop.set(countries=["New Zealand"])
    before = versions()["orders_order"]
    assert done(pull(shop)) == {}
    assert shop.order(number).stage == "pending"
    assert versions()["orders_order"] == before
    assert waiting(shop) == 0


def test_the_settings_are_looked_at_once_for_each_change(shop: Connected, clock: ManualClock) -> None:
    shop.place(status_id=0)
    pull(shop)
    clock.advance(7200)
    shop.set(countries=["New Zealand"])
    assert waiting(shop) == 1
    assert done(pull(shop)) == {"judged": 1}
    assert waiting(shop) == 0
    before = versions()
    assert done(pull(shop)) == {}
    assert versions() == before


def test_judging_again_writes_verdicts_and_leaves_the_order_as_it_was(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(status_id=0)
    pull(shop)
    before, order = versions(), shop.order(number)
    clock.advance(7200)
    shop.set(order_status=[7, 11])
    pull(shop)
    now, after = shop.order(number), versions()
    assert now.reason == "the status is 0 Incomplete; orders go to FM from 7 Awaiting Payment, 11 Awaiting Fulfillment"
    assert now.gated_with == shop.store.settings_version
    assert (now.pulled_at, now.status_seen_at, now.digest) == (order.pulled_at, order.status_seen_at, order.digest)
    for table in ("orders_record", "orders_line", "orders_address"):
        assert after[table] == before[table]


def test_what_a_person_holds_stays_held_whatever_the_settings(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    pull(shop)
    decisions.hold(shop.order(number), "ada", clock)
    clock.advance(7200)
    shop.set(countries=["New Zealand"])
    pull(shop)
    order = shop.order(number)
    assert (order.stage, order.reason) == ("held", "held by ada")
    assert waiting(shop) == 0


def test_a_retry_of_a_person_judges_an_order_again_at_the_next_pull(shop: Connected, clock: ManualClock) -> None:
    number = shop.place(("", 1))
    other = shop.place(("", 1))
    pull(shop)
    clock.advance(7200)
    decisions.retry(shop.order(number), "ada", clock)
    assert waiting(shop) == 1
    before = Order.objects.get(bc_order_id=other).pulled_at
    pull(shop)
    assert shop.order(number).stage == "held"
    assert waiting(shop) == 0
    assert Order.objects.get(bc_order_id=other).pulled_at == before


def test_more_orders_than_one_batch_are_all_judged_again(shop: Connected, clock: ManualClock) -> None:
    for _ in range(12):
        shop.place(status_id=0)
    pull(shop)
    clock.advance(7200)
    shop.set(prefix="NEW-")
    size, regate.AT_ONCE = regate.AT_ONCE, 5
    try:
        assert done(pull(shop)) == {"judged": 12}
    finally:
        regate.AT_ONCE = size
    assert waiting(shop) == 0


def test_a_malformed_order_stays_malformed_whatever_the_settings(shop: Connected, clock: ManualClock) -> None:
    number = shop.place()
    shop.bc.malform(number)
    pull(shop)
    clock.advance(7200)
    shop.set(prefix="NEW-")
    pull(shop)
    assert shop.order(number).reason_code == "gate:readable"
    assert waiting(shop) == 0
