"""A row that held orders lack, saved where they are seen: it lets all of them go, on whatever page they stand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from npf.console import words
from npf.console.access import DECIDES, for_people, orders_of, stores_of
from npf.console.models import Person
from npf.console.outside import outside
from npf.core.errors import FixSettings
from npf.desk.mapping import Lack, add
from npf.orders.stages import Stage
from npf.stores.rows import WrongRow
from npf.stores.tables import TABLES
from npf.wake import wake


@for_people(*DECIDES)
@require_POST
def map_cause(request: HttpRequest, person: Person) -> HttpResponse:
    """POST: table, cell (the row's cells, one by one), fill (what was typed), store (names); reason_code and reason of
    the holds, empty where nothing is held for it.
    """
    key, cells = request.POST.get("table", ""), tuple(request.POST.getlist("cell"))
    names = request.POST.getlist("store")
    if key not in TABLES or len(cells) != len(TABLES[key].columns) or not names:
        messages.error(request, "Nothing was saved: choose a store, and say what it maps to.")
        return redirect("held")
    lack, filled = Lack(key, cells), request.POST.get("fill", "")
    for store in stores_of(person).select_related("fm").filter(name__in=names).order_by("name"):
        held = orders_of(person).filter(
            store=store,
            stage=Stage.HELD,
            reason_code=request.POST.get("reason_code", "") or "none",
            reason=request.POST.get("reason", ""),
        )
        orders = list(held.order_by("pk").values_list("pk", flat=True))
        try:
            add(store, lack, filled, orders, person.user.username, outside().clock)
        except WrongRow as wrong:
            messages.error(request, f"Nothing was saved: {wrong}.")
            break
        except FixSettings as wrong:
            messages.error(request, f"Nothing was saved in {store.name}. {words.sentence(str(wrong))}")
            continue
        wake("pull", [store.pk], person.user.username)
        messages.success(request, _said(store.name, lack, filled, len(orders), paused=store.paused_at is not None))
    return redirect("held")


def _said(name: str, lack: Lack, filled: str, count: int, *, paused: bool) -> str:
    said = f"{lack.names} = {filled.strip()} is in the table “{TABLES[lack.table].title}” of {name}."
    if not count:
        return said
    them = "One order passes" if count == 1 else f"{count:,} orders pass"
    return f"{said} {them} the gates again" + (" once the store is resumed." if paused else " now.")
