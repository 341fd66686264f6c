"""Which held orders other settings would let go, judged from the text that we hold. It only reads."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from npf.bigcommerce.records import Order as BcOrder
from npf.bigcommerce.records import read_order
from npf.core.errors import GiveUp
from npf.orders.dispatching import row_of
from npf.orders.gates import judge
from npf.orders.models import Line, Order, SalesOrder
from npf.orders.parcels import FIRST_TIME, Before, less_what_left, parcels
from npf.orders.stages import BY_HAND, SENT_TWICE, Stage
from npf.stores.maps import Settings
from npf.stores.models import Store

# So many held orders are looked at: a page must not take longer than somebody waits for it.
MOST = 1000


def held(store: Store) -> QuerySet[Order]:
    """The store's held orders that its settings can move: FM was not asked for them, and no person holds them."""
    asked = SalesOrder.objects.filter(order=OuterRef("pk"), asked_at__isnull=False, voided_at__isnull=True)
    orders = Order.objects.filter(~Exists(asked), store=store, stage=Stage.HELD)
    return orders.exclude(reason_code__in=(BY_HAND, SENT_TWICE))


def let_go(store: Store, today: Settings, then: Settings) -> list[Order]:
    """The held orders, the oldest first, that would go to FM with `then` and are held, or refused by FM, `today`.

    What FM itself refused passes the gates already: it is let go where FM would be asked for something else.
    """
    left = Prefetch("lines", Line.objects.filter(left_before__gt=0))
    orders = held(store).select_related("record").prefetch_related(left).order_by("stage_at", "pk")[:MOST]
    return [order for order in orders if _goes(order, today, then)]


def _goes(order: Order, today: Settings, then: Settings) -> bool:
    before = FIRST_TIME
    if order.resent:
        before = Before(order.resent, {line.order_product_id: line.left_before for line in order.lines.all()})
    try:
        read = read_order(bytes(order.record.raw))
        if not read.is_whole or judge(read, then, before).decides is not None:
            return False
        if judge(read, today, before).decides is not None:
            return True
        return _asked(read, today, before) != _asked(read, then, before)
    except GiveUp:
        return False


def _asked(order: BcOrder, settings: Settings, before: Before) -> list[tuple[dict[str, int], str]]:
    """What FM would be asked for: the units of each code, and how they are to be sent, by parcel."""
    found = parcels(less_what_left(order, before), settings, before.resent)
    return [(one.codes(), row.code if (row := row_of(one, settings)) else "") for one in found]
