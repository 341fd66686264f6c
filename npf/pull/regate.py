"""Gating again: after a setting has changed, every order that FM was not asked for is judged anew, from its record."""

from npf.orders.models import Order, Record
from npf.orders.stages import BEFORE_FM
from npf.pull import page
from npf.stores.models import Cursor
from npf.stores.visit import Visit

AT_ONCE = 500


def run(at: Visit) -> None:
    """Judge again what was judged with earlier settings. Does nothing where no setting has changed."""
    version = at.store.settings_version
    cursor, _ = Cursor.objects.get_or_create(store=at.store, defaults={"gated_with": version})
    if cursor.gated_with == version:
        return
    last = 0
    while True:
        orders = Order.objects.filter(store=at.store, stage__in=BEFORE_FM, gated_with__lt=version, pk__gt=last)
        batch = list(
            Record.objects.filter(order__in=orders).order_by("order_id").values_list("order_id", "raw")[:AT_ONCE]
        )
        if not batch:
            break
        pulled = page.read(at, [bytes(raw) for _, raw in batch])
        with at.claim():
            page.save(at, pulled)
        last = batch[-1][0]
    Cursor.objects.filter(store=at.store).update(gated_with=version)
