"""The files of a warehouse that works with files: what came lately, which rows could not be used, what waits to go."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from npf.console.access import DECIDES, for_people, the_store
from npf.console.frame import show
from npf.console.models import Person
from npf.console.outside import now
from npf.stores import arrivals
from npf.stores.fm_parameters import fm_options
from npf.stores.models import Arrival, OrderFile

SHOWN = 50
LINES = 20
"""Bad rows of one file that are shown; the report beside the file names them all."""
_WHAT = {"orders": "orders", "stock": "stock", "": "cannot be read"}
# An order file is written in a moment: one that is not through by then waits for the next look of Send.
_SLOW = timedelta(minutes=5)


@for_people(*DECIDES)
def files(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """Query: show (bad). A folder serves all stores of one FM client, so merchants do not see it."""
    store = the_store(person, name)
    options = fm_options(store.fm.options)
    if options.kind != "files":
        raise Http404(f"{name} reaches FM by its web service, not by files.")
    only_bad = request.GET.get("show") == "bad"
    came = arrivals.bad(store.fm) if only_bad else Arrival.objects.filter(fm_client=store.fm)
    stuck = OrderFile.objects.filter(fm_client=store.fm, changed_at__lt=now() - _SLOW).exclude(state="sent")
    context: dict[str, Any] = {
        "tab": "files",
        "store": store,
        "where": store.fm.base_url,
        "folders": options,
        "only_bad": only_bad,
        "rows": [_row(one) for one in came.order_by("-taken_at", "-pk")[:SHOWN]],
        "stuck": stuck.order_by("changed_at")[:SHOWN],
    }
    return show(request, person, "console/files.html", context)


def _row(one: Arrival) -> dict[str, Any]:
    lines = [f"line {line}: {says}" if line else says for line, says in one.bad]
    return {"file": one, "what": _WHAT[one.kind], "lines": lines[:LINES], "more": max(0, len(lines) - LINES)}
