"""Freight and handling as FM charged them: per month, store and carrier; on the page and as CSV."""

import csv
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from npf.console.access import for_people, stores_of
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.shipments.charges import A_YEAR, Charged, charges


@for_people()
def freight(request: HttpRequest, person: Person) -> HttpResponse:
    """Query: format (csv)."""
    stores = stores_of(person).select_related("fm").defer("access_token", "fm__password")
    rows = charges(stores, (now() - A_YEAR).date())
    if request.GET.get("format") == "csv":
        return _csv(rows)
    context = {
        "here": "orders",
        "rows": rows,
        "parcels": sum(row.parcels for row in rows),
        "freight": sum((row.freight for row in rows), Decimal(0)),
        "handling": sum((row.handling for row in rows), Decimal(0)),
        "total": sum((row.total for row in rows), Decimal(0)),
    }
    return show(request, person, "console/freight.html", context)


def _csv(rows: list[Charged]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="freight.csv"'
    writer = csv.writer(answer)
    writer.writerow(["month", "store", "dispatch code", "carrier", "parcels", "freight", "handling", "total"])
    for row in rows:
        month = f"{row.month:%Y-%m}"
        money = (f"{amount:.2f}" for amount in (row.freight, row.handling, row.total))
        writer.writerow([month, row.store, row.dispatch_code, row.carrier, row.parcels, *money])
    return answer
