"""A shipment mails the shopper and there is no switch for it (facts 83, 86): one mail for each parcel, never a second.

Nor is a shipment ever changed or deleted by us (facts 90, 91): what a person does with it afterwards stays.
"""

from collections.abc import Callable

import pytest

from npf.core.errors import TryLater
from npf.orders.models import Order
from tests.connected import Connected
from tests.push.conftest import at_fm, despatched

Connect = Callable[..., Connected]


@pytest.mark.parametrize("fault", ["reset-after", "504-after", "truncate", "reset-before", "500"])
def test_each_parcel_is_mailed_once_whatever_becomes_of_the_answer(timed: Connect, fault: str) -> None:
    shop = timed()
    number = at_fm(shop, ("MUG-INK", 2))
    for part in ("C1", "C2"):
        shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, part)
        shop.bc.faults.next(fault, method="POST")
        shop.station("follow")
        with pytest.raises(TryLater):
            shop.station("push")
        shop.outside.clock.sleep(600)
        shop.station("push")
    assert [order for order, _ in shop.bc.mails] == [number, number]
    assert [one["tracking_number"] for one in shop.bc.shipments(number)] == ["C1", "C2"]


def test_a_shipment_that_the_merchant_deletes_stays_deleted(shop: Connected) -> None:
    number = despatched(shop)
    shop.station("push")
    (shipment,) = shop.bc.shipments(number)
    shop.outside.bigcommerce(shop.store).delete(f"/v2/orders/{number}/shipments/{shipment['id']}")
    shop.run()
    Order.objects.update(next_push_at=shop.outside.clock.now())
    shop.run()
    assert shop.bc.shipments(number) == []
    assert shop.bc.orders[number].status_id == 10
    assert len(shop.bc.mails) == 1


def test_a_shipment_that_the_merchant_corrects_is_left_as_he_wrote_it(shop: Connected) -> None:
    number = at_fm(shop, ("MUG-INK", 2))
    shop.fm.ship(f"AC-{number}", {"MUG-INK": 1}, "C1")
    shop.run()
    (shipment,) = shop.bc.shipments(number)
    path = f"/v2/orders/{number}/shipments/{shipment['id']}"
    shop.outside.bigcommerce(shop.store).put(path, body={"tracking_number": "CORRECTED"})
    shop.fm.ship(f"AC-{number}", None, "C2")
    shop.run()
    assert [one["tracking_number"] for one in shop.bc.shipments(number)] == ["CORRECTED", "C2"]
    assert shop.order(number).stage == "complete"
