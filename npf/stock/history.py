"""The figures of a store's SKUs over time, and those that drift: that stand otherwise than what was published explains.

    told        what BigCommerce was told last, or showed already
    sold        units of orders placed since; BigCommerce has taken them off, or will
    returned    units of orders that were cancelled or refunded since; BigCommerce has put them back, or will

A level from  told - sold  to  told + returned  is explained. Another one was changed by somebody else: a person in the
control panel, another app, or BigCommerce itself at a shipment (fact 69).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db import connection

from npf.orders.models import Line
from npf.stock.models import Item, Run
from npf.stores.models import Store

# So much may BigCommerce's clock and ours differ.
APART = timedelta(minutes=5)
_INCOMPLETE = 0
_OVER = (4, 5, 6)

# Items of a run that do not stand as the store was told before, with what that was and when.
OTHERWISE = """
select item.sku, item.product_id, item.variant_id, item.was, before.publish, before.at
from stock_item item
join lateral (
    select old.publish, coalesce(old.asked_at, run.began_at) as at
    from stock_item old join stock_run run on run.id = old.run_id
    where old.store_id = item.store_id and old.sku = item.sku and old.run_id < item.run_id
      and old.publish is not null and (old.written or old.was = old.publish)
    order by old.run_id desc limit 1
) before on true
where item.run_id = %(run)s and item.was is not null and item.was <> before.publish
order by item.sku
"""


class Point(msgspec.Struct, frozen=True):
    """One SKU in one run: FM's figure, what BigCommerce was to show (None = nothing was written), what it showed."""

    at: datetime
    run: int
    kind: str
    fm: int | None
    published: int | None
    stood: int | None
    unsent: int
    refused: str


class Drift(msgspec.Struct, frozen=True):
    """A SKU that stood at `stood`, though it was told `told` at `told_at` and `sold` and `returned` units explain less.

    `by` how many units it stands too high (or too low, below 0).
    """

    sku: str
    told: int
    told_at: datetime
    sold: int
    returned: int
    stood: int
    by: int

    @property
    def fewer(self) -> int:
        return -self.by


class _Moved(msgspec.Struct, frozen=True):
    """Units of an article that an order of `placed` took, or gave back at `ended` (None = it stands)."""

    placed: datetime
    ended: datetime | None
    units: int
    refunded: int


def of_sku(store: Store, sku: str, most: int) -> list[Point]:
    """The last `most` runs that looked at a SKU, the oldest first."""
    items = Item.objects.filter(store=store, sku=sku).select_related("run").order_by("-run")[:most]
    return [
        Point(
            at=item.run.began_at,
            run=item.run.pk,
            kind=item.run.kind,
            fm=item.fm,
            published=item.publish if item.written or item.publish == item.was else None,
            stood=item.was,
            unsent=item.unsent,
            refused=item.refused,
        )
        for item in reversed(items)
    ]


def drifting(run: Run) -> list[Drift]:
    """The SKUs that stood otherwise before this run than what the runs before it had published explains."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERWISE, {"run": run.pk})
        rows = cursor.fetchall()
    if not rows:
        return []
    moved = _moved(run.store, min(row[5] for row in rows))
    found = []
    for sku, product_id, variant_id, stood, told, told_at in rows:
        sold, returned = _explained(moved[variant_id or -product_id], told_at - APART, run.began_at + APART)
        high, low = stood - (told + returned), stood - (told - sold)
        if high > 0 or low < 0:
            found.append(Drift(sku, told, told_at, sold, returned, stood, high if high > 0 else low))
    return found


def _explained(moved: Iterable[_Moved], since: datetime, until: datetime) -> tuple[int, int]:
    """Units that were sold and that came back in this time."""
    sold = sum(one.units for one in moved if since <= one.placed <= until)
    over = [one for one in moved if one.ended and since <= one.ended <= until]
    refunded = sum(one.refunded for one in moved if not one.ended)
    return sold, refunded + sum(one.units for one in over)


def _moved(store: Store, since: datetime) -> dict[int, list[_Moved]]:
    """Variant id, or minus the product id where stock stands on the product -> what orders changed since then."""
    lines = Line.objects.filter(order__store=store, order__date_modified__gte=since - APART, type="physical")
    columns = ("product_id", "variant_id", "quantity", "quantity_refunded")
    of_order = ("order__date_created", "order__date_modified", "order__status_id")
    found: dict[int, list[_Moved]] = defaultdict(list)
    rows = lines.exclude(order__status_id=_INCOMPLETE).values_list(*columns, *of_order)
    for product_id, variant_id, quantity, refunded, placed, modified, status_id in rows.iterator():
        one = _Moved(placed or modified, modified if status_id in _OVER else None, quantity, refunded)
        found[variant_id].append(one)
        found[-product_id].append(one)
    return found
