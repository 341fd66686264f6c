"""A merchant may call a status what he likes: its id decides (facts 64, 65)."""

from tests.connected import Connected
from tests.pull.seeing import pull


def test_renamed_statuses_change_nothing(shop: Connected) -> None:
    shop.bc.rename_status(11, "Ab ins Lager")
    shop.bc.rename_status(5, "Awaiting Fulfillment")
    awaiting, cancelled = shop.place(), shop.place(status_id=5)
    pull(shop)
    assert (shop.order(awaiting).stage, shop.order(cancelled).stage) == ("new", "cancelled")
    shop.run()
    assert shop.bc.orders[awaiting].status_id == 10


def test_the_name_of_a_status_is_never_written(shop: Connected) -> None:
    """Fact 66."""
    shop.bc.rename_status(10, "All done")
    shop.place()
    shop.run()
    assert [entry.body for entry in shop.bc.log.entries("PUT")] == [{"status_id": 10}]
