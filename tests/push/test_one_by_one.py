"""The shipments of one order are written one after the other, though orders are told side by side (fact 145)."""

import threading
from collections import Counter
from typing import Any

import pytest

from npf.bigcommerce import shipments
from tests.connected import Connected
from tests.push.conftest import at_fm


def test_no_two_shipments_of_an_order_are_under_way_at_once(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [at_fm(shop, ("MUG-INK", 3)) for _ in range(4)]
    for number in numbers:
        for part in ("C1", "C2", "C3"):
            shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, part)
    shop.station("follow")
    under_way, most, guard = Counter[int](), Counter[int](), threading.Lock()
    create = shipments.create

    def watched(client: Any, bc_order_id: int, new: shipments.NewShipment) -> shipments.Shipment:
        with guard:
            under_way[bc_order_id] += 1
            most[bc_order_id] = max(most[bc_order_id], under_way[bc_order_id])
        try:
            return create(client, bc_order_id, new)
        finally:
            with guard:
                under_way[bc_order_id] -= 1

    monkeypatch.setattr(shipments, "create", watched)
    shop.station("push")
    assert most == dict.fromkeys(numbers, 1)
    assert [len(shop.bc.shipments(number)) for number in numbers] == [3] * 4
