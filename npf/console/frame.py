"""What stands around every page: the navigation with the number held, the name, the time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from npf.console.access import orders_of, stores_of
from npf.console.models import Person
from npf.console.outside import now
from npf.orders.stages import Stage

STORES_IN_MENU = 12


def show(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the console. `here` in the context names the entry of the navigation it belongs to."""
    names = list(stores_of(person).order_by("name").values_list("name", flat=True)[: STORES_IN_MENU + 1])
    around = {
        "person": person,
        "now": now(),
        "held_now": orders_of(person).filter(stage=Stage.HELD).count(),
        "menu_stores": names[:STORES_IN_MENU],
        "more_stores": len(names) > STORES_IN_MENU,
    }
    return render(request, template, around | context, status=status)
