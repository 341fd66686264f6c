"""Whatever happens in BigCommerce, between pulls or while one is at work, the next pull ends with the truth."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npf.bigcommerce import orders as bc_orders
from npf.core.clock import ManualClock
from npf.orders.models import Line, Order, SalesOrder
from npf.pull import page
from npf.sandbox.bigcommerce.orderbook import OrderBook
from npf.stores.models import Cursor
from tests.connected import Connected
from tests.pull.seeing import pull, versions

_STAGE = {"skip": "skipped", "hold": "held", "cancelled": "cancelled"}
_WHICH = st.integers(0, 9)
_CHANGES = st.one_of(
    st.tuples(st.just("place"), st.sampled_from([0, 5, 7, 11, 11])),
    st.tuples(st.just("status"), _WHICH, st.sampled_from([0, 4, 7, 10, 11, 11])),
    st.tuples(st.just("pay"), _WHICH),
    st.tuples(st.just("cancel"), _WHICH),
    st.tuples(st.just("refund"), _WHICH, st.integers(1, 2)),
    st.tuples(st.just("quantity"), _WHICH, st.integers(1, 9)),
    st.tuples(st.just("sku"), _WHICH, st.sampled_from(["", "MUG-INK", "Test001", "KIT-X"])),
    st.tuples(st.just("zip"), _WHICH, st.sampled_from(["3000", "30", ""])),
    st.tuples(st.just("malform"), _WHICH),
    st.tuples(st.just("mend"), _WHICH),
    st.tuples(st.just("hide"), _WHICH),
    st.tuples(st.just("archive"), _WHICH),
)
_STEPS = st.one_of(
    _CHANGES,
    _CHANGES,
    # The changes happen behind the first page, the second, and so on.
    st.tuples(st.just("pull"), st.lists(_CHANGES, max_size=4)),
    st.tuples(st.just("wait"), st.sampled_from([1, 60, 7200])),
    st.tuples(st.just("setting"), st.sampled_from([{"countries": ["NZ"]}, {"countries": []}, {"prefix": "B-"}])),
    st.tuples(st.just("fail")),
    st.tuples(st.just("ask")),
)
_HISTORIES = st.lists(_STEPS, min_size=3, max_size=14)
_PAGE = 3


class History:
    """The merchant's side of a history, beginning with three pages of orders; `numbers` are those that were placed."""

    def __init__(self, shop: Connected, clock: ManualClock) -> None:
        self.shop = shop
        self.clock = clock
        shop.bc.book = OrderBook()
        for kind in (SalesOrder, Order, Cursor):
            kind.objects.all().delete()
        self.numbers = [shop.place(("MUG-INK", 2)) for _ in range(2 * _PAGE + 1)]

    def do(self, step: tuple[Any, ...]) -> None:
        what, *words = step
        if what == "setting":
            self.shop.set(**words[0])
        elif what == "wait":
            self.clock.advance(words[0])
        elif what == "pull":
            drift = iter(words[0])
            pull(self.shop, lambda *_: self._next_of(drift))
        elif what == "fail":
            self.shop.bc.faults.next("500", 4, path="/products")
        elif what == "ask":
            self._ask_fm()
        else:
            self._change(what, *words)

    def _next_of(self, drift: Iterable[tuple[Any, ...]]) -> None:
        for step in drift:
            self._change(*step)
            # Two pages take longer than the overlap: the next walk must begin where this one began.
            self.clock.advance(500)
            return

    def _change(self, what: str, which: int, *words: Any) -> None:
        bc = self.shop.bc
        if what == "place":
            self.numbers.append(self.shop.place(("MUG-INK", 2), status_id=which))
            return
        number = self.numbers[which % len(self.numbers)]
        match what:
            case "status":
                bc.set_status(number, *words)
            case "pay":
                bc.pay(number)
            case "cancel":
                bc.cancel(number)
            case "refund":
                bc.refund(number, 0, min(words[0], bc.orders[number].lines[0].to_ship))
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
            case "archive":
                bc.archive(number)

    def _ask_fm(self) -> None:
        """As send does before it asks: from then on FM may have them."""
        for order in Order.objects.filter(stage="new", sales_orders__isnull=True):
            number, fm = f"X-{order.bc_order_id}", self.shop.store.fm
            SalesOrder.objects.create(
                order=order, order_address_id=1, fm_client=fm, fm_number=number, asked_at=self.clock.now()
            )

    def listed(self) -> list[int]:
        """Orders that BigCommerce's lists show (fact 40)."""
        return [number for number in self.numbers if not self.shop.bc.orders[number].is_deleted]


def _is_known_as_it_is(shop: Connected, numbers: Iterable[int]) -> None:
    """Each order is known as reading it anew would have it."""
    asked = set(SalesOrder.objects.values_list("order__bc_order_id", flat=True))
    with shop.visit("explain") as at:
        for number in numbers:
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


def _ends_with_the_truth(shop: Connected, clock: ManualClock, steps: list[tuple[Any, ...]]) -> None:
    history = History(shop, clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bc_orders, "walk", partial(bc_orders.walk, limit=_PAGE))
        for step in steps:
            history.do(step)
        shop.bc.faults.clear()
        clock.advance(60)
        pull(shop)
        _is_known_as_it_is(shop, history.listed())
        assert Cursor.objects.get().walk_began is None
        before = versions()
        pull(shop)
        assert versions() == before
        # What lists hide is found by the sweep, where it still matters.
        clock.advance(86_400)
        pull(shop)
    hidden = Order.objects.filter(bc_order_id__in=set(history.numbers) - set(history.listed()), stage="new")
    assert not hidden.filter(sales_orders__isnull=True).exists()


_given = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@settings(_given, max_examples=15)
@given(steps=_HISTORIES)
def test_after_any_history_a_pull_knows_what_reading_it_all_anew_would_say(
    shop: Connected, clock: ManualClock, steps: list[tuple[Any, ...]]
) -> None:
    _ends_with_the_truth(shop, clock, steps)


@pytest.mark.slow
@settings(_given, max_examples=200, derandomize=True)
@given(steps=_HISTORIES)
def test_two_hundred_histories_with_edits_payments_refunds_and_paging_drift_end_with_the_truth(
    shop: Connected, clock: ManualClock, steps: list[tuple[Any, ...]]
) -> None:
    _ends_with_the_truth(shop, clock, steps)
