"""Thousands of orders sent and followed: at the cost that is promised, and exactly once whatever FM does to a call."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from npf.core.errors import FixSettings, TryLater
from npf.desk import decisions
from npf.fm.codes import CODES
from npf.orders.models import Order
from npf.sandbox import bigcommerce as bc
from npf.sandbox.fm.faults import KINDS
from npf.stores import book
from tests.connected import Connected
from tests.way.outcome import all_went_once
from tests.way.test_faults import ROUNDS, FastSandboxes

SHARE = 0.05
# A refusal is no accident of the network: a person mends its cause. A few of each are enough to be in the way.
REFUSALS = {code for code, entry in CODES.items() if entry.action == "hold"}
LOGINS = [code for code, entry in CODES.items() if entry.action == "stop"]
# What FM can do to a call, but for its codes, what concerns the stock alone, and the WSDL that is read once a process.
ACCIDENTS = [kind for kind in KINDS if kind not in CODES and kind not in ("zeros", "no-contents", "wsdl")]
# Every reason for which FM's doings may hold an order (npf/desk/decisions.py).
REASONS = REFUSALS | {
    *("fm_has_it", "fm_differs", "fm_unclear", "fm_lost", "fm_error", "fm_hold", "fm_short", "fm_cancel"),
}
SHIPPED = 2


@pytest.mark.parametrize("orders", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_without_faults_it_costs_one_call_an_order_sent_and_one_for_a_hundred_followed(
    connect: Callable[..., Connected], orders: int
) -> None:
    shop = connect(status_complete=SHIPPED)
    shop.fm.set(manual=True)
    bc.seed_store(shop.bc, orders, seed=3, variety="plain")
    shop.station("pull")
    shop.fm.calls.clear()
    assert shop.station("send").calls["fm"] == orders
    assert Counter(entry.operation for entry in shop.fm.log) == {"serverorder": orders}
    for _ in range(3):
        shop.fm.calls.clear()
        assert shop.station("follow").calls["fm"] == -(-orders // 100)
        assert {entry.operation for entry in shop.fm.log} == {"importorderstatus"}


@pytest.fixture
def both(transactional_db: None) -> Iterator[FastSandboxes]:
    with FastSandboxes(7) as sandboxes:
        yield sandboxes


@pytest.mark.parametrize("orders", [25, pytest.param(5000, marks=pytest.mark.slow)])
def test_with_every_fault_of_fm_each_order_is_in_fm_once_and_each_shipment_in_bigcommerce_once(
    both: FastSandboxes, orders: int
) -> None:
    shop = both.connect("s0", merchant={"quota": None}, prefix="S-", status_complete=SHIPPED)
    both.connect("other", client_code="OTHER")
    placed = bc.seed_store(shop.bc, orders, seed=7, variety="plain")
    shop.fm.faults.load(",".join(f"{kind}={SHARE}" for kind in ACCIDENTS))
    shop.fm.faults.load(",".join(f"{code}@{max(1, orders // 500)}" for code in sorted(REFUSALS)))
    for number, code in enumerate(LOGINS):
        shop.fm.faults.next(code, skip=10 * number)
    held = _run_until_quiet(shop)
    assert set(held) <= REASONS, set(held) - REASONS
    assert orders < 1000 or {kind for kind, _, _ in shop.fm.faults.struck} == {*ACCIDENTS, *REFUSALS, *LOGINS}
    shop.fm.faults.clear()
    all_went_once(shop.bc, shop.fm, placed, "S-", SHIPPED)


def _run_until_quiet(shop: Connected) -> Counter[str]:
    """Run until every order is complete. A person gives FM a login and retries what is held, as the console offers it.

    Gives the reasons for which orders were held, each with its next step.
    """
    held: Counter[str] = Counter()
    shop.station("pull")
    for _ in range(ROUNDS):
        if shop.store.paused_at:
            assert re.match(r"FM: invalid (login|client code)", shop.store.paused_reason)
            book.resume(shop.store, "test", shop.outside.clock)
        for station in ("send", "follow", "push"):
            with suppress(TryLater, FixSettings):
                shop.station(station)
        unfinished = Order.objects.exclude(stage="complete")
        for order in unfinished.filter(stage="held"):
            held[order.reason_code] += 1
            assert order.reason
            assert order.repair
            decisions.retry(order, "test", shop.outside.clock)
        if not unfinished.exists():
            return held
    stuck = Counter(unfinished.values_list("stage", "reason"))
    raise AssertionError(f"not finished: {stuck.most_common(5)}")
