"""Whatever happens in BigCommerce, between pulls and in whatever order, a pull ends with the truth."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.bigcommerce import orders as bc_orders
from npf.core.clock import ManualClock
from npf.orders.models import Line, Order, SalesOrder
from npf.pull import page
from npf.stores.models import Cursor
from tests.connected import Connected
from tests.pull.seeing import pull, versions

_STAGE = {"skip": "skipped", "hold": "held", "cancelled": "cancelled"}
_WHICH = st.integers(0, 5)
_STEPS = st.one_of(
    st.tuples(st.just("place"), st.sampled_from([0, 5, 7, 11, 11])),
    st.tuples(st.just("status"), _WHICH, st.sampled_from([0, 4, 5, 7, 10, 11, 11])),
    st.tuples(st.just("quantity"), _WHICH, st.integers(1, 9)),
    st.tuples(st.just("sku"), _WHICH, st.sampled_from(["", "MUG-INK", "Test001", "KIT-X"])),
    st.tuples(st.just("zip"), _WHICH, st.sampled_from(["3000", "30", ""])),
    st.tuples(st.just("malform"), _WHICH),
    st.tuples(st.just("mend"), _WHICH),
    st.tuples(st.just("hide"), _WHICH),
    st.tuples(st.just("setting"), st.sampled_from([{"countries": ["NZ"]}, {"countries": []}, {"prefix": "B-"}])),
    st.tuples(st.just("wait"), st.sampled_from([1, 60, 7200])),
    st.tuples(st.just("pull")),
    st.tuples(st.just("fail")),
    st.tuples(st.just("ask")),
)


class History:
    """The merchant's side of a history; `numbers` are the orders that were placed in it."""

    def __init__(self, shop: Connected, clock: ManualClock) -> None:
        self.shop = shop
        self.clock = clock
        self.numbers: list[int] = []

    def do(self, step: tuple[Any, ...]) -> None:
        what, *words = step
        if what == "place":
            self.numbers.append(self.shop.place(("MUG-INK", 2), status_id=words[0]))
        elif what == "setting":
            self.shop.set(**words[0])
        elif what == "wait":
            self.clock.advance(words[0])
        elif what == "pull":
            pull(self.shop)
        elif what == "fail":
            self.shop.bc.faults.next("500", 4, path="/products")
        elif what == "ask":
            self._ask_fm()
        elif self.numbers:
            self._change(what, self.numbers[words[0] % len(self.numbers)], *words[1:])

    def _change(self, what: str, number: int, *words: Any) -> None:
        bc = self.shop.bc
        match what:
            case "status":
                bc.set_status(number, *words)
            case "quantity":
                bc.edit_line(number, 0, quantity=words[0])
            case "sku":
                bc.edit_line(number, 0, sku=words[0])
            case "zip":
                bc.change_address(number, zip=words[0])
            case "malform":
                bc.edit_line(number, 0, quantity="two")
            case "mend":
                bc.edit_line(number, 0, quantity=2)
            case "hide":
                bc.hide_lines(number)

    def _ask_fm(self) -> None:
        """As send does before it asks: from then on FM may have them."""
        for order in Order.objects.filter(stage="new", sales_orders__isnull=True):
            number, fm = f"X-{order.bc_order_id}", self.shop.store.fm
            SalesOrder.objects.create(
                order=order, order_address_id=1, fm_client=fm, fm_number=number, asked_at=self.clock.now()
            )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(steps=st.lists(_STEPS, min_size=3, max_size=14))
def test_after_any_history_a_pull_knows_what_reading_it_all_anew_would_say(
    shop: Connected, clock: ManualClock, steps: list[tuple[Any, ...]]
) -> None:
    history = History(shop, clock)
    for step in steps:
        history.do(step)
    shop.bc.faults.clear()
    clock.advance(60)
    pull(shop)
    asked = set(SalesOrder.objects.values_list("order__bc_order_id", flat=True))
    with shop.visit("explain") as at:
        for number in history.numbers:
            live = page.read_one(at, bc_orders.read(at.bigcommerce, number))
            row = shop.order(number)
            assert row.digest == live.digest
            if number in asked:
                assert row.stage in ("new", "held")
                continue
            verdict = live.judgement.decides
            assert row.stage == (_STAGE[verdict.outcome] if verdict else "new")
            assert row.reason == (verdict.why if verdict else "")
            if live.order and live.whole:
                kept = Line.objects.filter(order=row).values_list("order_product_id", "sku", "quantity")
                assert set(kept) == {(line.id, line.sku, line.quantity) for line in live.order.lines}
                assert row.status_id == live.order.status_id
    assert Cursor.objects.get().walk_began is None
    before = versions()
    pull(shop)
    assert versions() == before
