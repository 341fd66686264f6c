"""Who sees what: every view is wrapped by `for_people`, and every store is fetched through `the_store`."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from npf.console.models import Person, Role
from npf.orders.models import Order
from npf.stores.models import Store

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

DECIDES = (Role.OPERATOR, Role.INTEGRATOR)
CHANGES = (Role.INTEGRATOR,)

# Everything comes from this server; no script or style stands in a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def for_people(
    *roles: Role,
) -> Callable[[Callable[Concatenate[HttpRequest, Person, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view for these roles (none named = for all): it is called with the person after the request.

    A login without a role, or with another one, gets 403.
    """

    def wrap(view: Callable[Concatenate[HttpRequest, Person, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = Person.objects.select_related("user").filter(user_id=request.user.pk or 0).first()
            if person is None:
                raise PermissionDenied("This login has no role yet. Ask NPF's integration staff for one.")
            if roles and person.role not in roles:
                raise PermissionDenied(f"This is for the role {' or '.join(roles)}; yours is {person.role}.")
            return guarded(view(request, person, *args, **kwargs))

        wrapped.for_roles = roles  # type: ignore[attr-defined]
        return wrapped

    return wrap


def guarded(response: R) -> R:
    """The same answer with the headers every page bears: nothing is kept in caches, nothing foreign is loaded."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Content-Security-Policy"] = POLICY
    return response


def stores_of(person: Person) -> QuerySet[Store]:
    """The stores a person sees."""
    stores = Store.objects.filter(removed_at__isnull=True)
    return stores if person.sees_all else stores.filter(people=person)


def orders_of(person: Person) -> QuerySet[Order]:
    """The orders a person sees."""
    return Order.objects.filter(store__in=stores_of(person))


def the_store(person: Person, name: str) -> Store:
    """The store of that name. Raises Http404 where there is none or the person may not see it."""
    store = stores_of(person).select_related("fm").filter(name=name).first()
    if store is None:
        raise Http404(f"There is no store “{name}” that you may see.")
    return store


def the_order(person: Person, name: str, number: int) -> Order:
    """The order of that BigCommerce number, its store fetched too. Raises Http404 as `the_store` does."""
    store = the_store(person, name)
    order = Order.objects.filter(store=store, bc_order_id=number).first()
    if order is None:
        raise Http404(
            f"Order {number} of {name} was never pulled. “Why is it not in FM?” on the store's page reads it."
        )
    order.store = store
    return order
