"""The causes of holds: what lacks a row of a table, in which stores, and what became of the last decisions."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.console.access import orders_of, stores_of
from npf.console.models import Person
from npf.console.outside import now
from npf.desk.mapping import Lack
from npf.orders.models import Order, SalesOrder
from npf.orders.stages import Stage
from npf.stores.parameters import parameters
from npf.stores.tables import TABLES

# So long, and so many, are decisions shown with what became of their orders.
SHOWN_FOR = timedelta(minutes=30)
MOST_SHOWN = 5
RECENT = timedelta(days=30)


@dataclass(frozen=True)
class Missing:
    """A row that is missing, as a form: what is asked for, where the row goes, `n` orders or parcels that lack it."""

    lack: Lack
    stores: list[str]
    n: int

    @property
    def title(self) -> str:
        return TABLES[self.lack.table].title

    @property
    def asks(self) -> str:
        """What a person is asked for."""
        if self.lack.table == "bundles":
            return "parts, such as FM-1 x 2, FM-2"
        return TABLES[self.lack.table].columns[1].title

    @property
    def among(self) -> str:
        """The id of the list that it may be chosen from."""
        return {"dispatch": "codes", "carriers": "providers"}.get(self.lack.table, "")


@dataclass(frozen=True)
class Under:
    """A decision under way: the row that was saved, and where its orders stand by now."""

    row: str
    by: str
    store: str
    total: int
    gone: int
    again: int
    waiting: int
    paused: bool

    @property
    def done(self) -> int:
        return self.total - self.waiting


def decided(person: Person) -> list[Under]:
    """The last decisions over the person's stores, the newest first, with what became of their orders."""
    stores = {store.pk: store for store in stores_of(person)}
    events = Event.objects.filter(tag=Tag.PERSON_MAPPED, store_id__in=stores, at__gte=now() - SHOWN_FOR)
    found = []
    for event in events.order_by("-pk")[:MOST_SHOWN]:
        orders, version = event.data.get("orders", []), event.data.get("version", 0)
        if not orders:
            continue
        counts = Order.objects.filter(pk__in=orders).aggregate(
            waiting=Count("pk", filter=Q(stage=Stage.HELD, gated_with__lt=version)),
            again=Count("pk", filter=Q(stage=Stage.HELD, gated_with__gte=version)),
        )
        gone = len(orders) - counts["waiting"] - counts["again"]
        store = stores[event.store_id or 0]
        paused = store.paused_at is not None
        row = event.data.get("row", "")
        found.append(
            Under(row, event.by, store.name, len(orders), gone, counts["again"], counts["waiting"], paused=paused)
        )
    return found


def without_carrier(person: Person) -> list[Missing]:
    """The dispatch codes of the last weeks for which a store has no carrier: once each, however many orders."""
    stores = {store.pk: store for store in stores_of(person).filter(paused_at__isnull=True)}
    rows = SalesOrder.objects.filter(order__in=orders_of(person), voided_at__isnull=True, sent_at__gte=now() - RECENT)
    found: dict[str, tuple[list[str], int]] = {}
    counted = rows.exclude(dispatch_code="").values_list("order__store", "dispatch_code").annotate(n=Count("pk"))
    for store_id, code, n in counted.order_by("order__store"):
        store = stores.get(store_id)
        if store is None or code in store.carriers or not parameters(store.parameters).update_tracking_number:
            continue
        names, total = found.get(code, ([], 0))
        found[code] = ([*names, store.name], total + n)
    return [Missing(Lack("carriers", (code, "")), names, n) for code, (names, n) in sorted(found.items())]
