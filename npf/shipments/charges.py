"""What FM charged for freight and handling: per store, month and dispatch code."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import msgspec
from django.db.models import Count, DateField, Sum
from django.db.models.functions import Cast, Coalesce, TruncMonth

from npf.shipments.models import Shipment
from npf.stores.book import settings_of
from npf.stores.models import Store

# The reports look so far back.
A_YEAR = timedelta(days=365)


class Charged(msgspec.Struct, frozen=True):
    """One row of the report. `month` is its first day; `carrier` is what BigCommerce is told for the dispatch code."""

    store: str
    month: date
    dispatch_code: str
    carrier: str
    parcels: int
    freight: Decimal
    handling: Decimal

    @property
    def total(self) -> Decimal:
        return self.freight + self.handling


def charges(stores: Iterable[Store], since: date) -> list[Charged]:
    """The charges of these stores from the month of `since` on: the latest month first, then by store and code.

    By the day of despatch, or where FM gave none by the day on which we saw it. Test orders are left out.
    """
    by_pk = {store.pk: store for store in stores}
    carriers = {pk: settings_of(store) for pk, store in by_pk.items()}
    day = Coalesce("despatched_on", Cast("seen_at", DateField()))
    found = (
        Shipment.objects.filter(sales_order__order__store__in=by_pk, sales_order__order__test=False)
        .annotate(month=TruncMonth(day, output_field=DateField()))
        .filter(month__gte=since.replace(day=1))
        .values_list("sales_order__order__store", "month", "sales_order__dispatch_code")
        .annotate(n=Count("pk"), freight=Sum("freight"), handling=Sum("handling"))
        .order_by("-month", "sales_order__order__store__name", "sales_order__dispatch_code")
    )
    return [
        Charged(by_pk[pk].name, month, code, "".join(carriers[pk].carrier(code)), n, freight, handling)
        for pk, month, code, n, freight, handling in found
    ]
