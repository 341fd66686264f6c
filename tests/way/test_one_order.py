"""The way of one order: BigCommerce, FM, and back."""

from npf.audit.models import Event, Exchange
from npf.shipments.listing import listed
from tests.connected import Connected


def test_it_brings_an_order_from_bigcommerce_into_fm_and_back_complete(shop: Connected) -> None:
    number = shop.place(("MUG-INK", 2))
    done = shop.run()
    assert (done["pulled"], done["sent"], done["pushed"], done["errors"]) == (1, 1, 1, [])
    order = shop.order(number)
    assert order.stage == "complete", order.reason
    assert shop.bc.orders[number].status_id == 10
    (row,) = listed(shop.store)
    (shipment,) = shop.bc.shipments(number)
    assert row["fm_number"] == f"AC-{number}"
    assert row["shipments"][0]["bc_shipment_id"] == shipment["id"]
    assert shipment["tracking_number"] == row["shipments"][0]["tracking_number"]
    assert shipment["tracking_link"].startswith("https://")
    assert len(shop.fm.orders) == 1
    assert Event.objects.filter(bc_order_id=number).count() >= 5
    assert Exchange.objects.filter(bc_order_id=number).count() == 3
