"""The store's webhook: the part of the store's page that shows it, and the button that looks after it."""

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from npf.console.access import DECIDES, for_people, the_store
from npf.console.models import Person
from npf.console.outside import now
from npf.console.words import sentence
from npf.hooks.models import Hook
from npf.hooks.state import Kind, state_of
from npf.stores.models import Store
from npf.wake import wake

# The badge of a store's own state that fits, and its word.
_BADGES: dict[Kind, tuple[str, str]] = {
    "off": ("waiting", "Off"),
    "waiting": ("waiting", "Waiting"),
    "working": ("working", "Working"),
    "trouble": ("failing", "Not working"),
}


class Shown(msgspec.Struct, frozen=True):
    """What the page shows. `checkable`: the button is there."""

    badge: str
    label: str
    bad: bool
    says: str
    next_step: str
    checkable: bool
    hook: Hook | None


def shown(store: Store) -> Shown:
    """How the store's webhook stands."""
    hook = Hook.objects.defer("secret").filter(store=store).first()
    state = state_of(store, hook, now())
    badge, label = _BADGES[state.kind]
    return Shown(
        badge=badge,
        label=label,
        bad=state.kind == "trouble",
        says=sentence(state.says),
        next_step=sentence(state.next_step) if state.next_step else "",
        checkable=bool(settings.NPF_PUBLIC_URL) and store.paused_at is None and not store.legacy_url,
        hook=hook,
    )


@for_people(*DECIDES)
@require_POST
def webhook(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    """POST: register the webhook, or mend it."""
    found = the_store(person, name)
    if found.paused_at is not None:
        messages.error(request, "Nobody looks while the store is paused. Resume it first.")
    elif not settings.NPF_PUBLIC_URL:
        messages.error(request, "Webhooks are off: NPF_PUBLIC_URL is not set where this console runs.")
    else:
        wake("hooks", [found.pk], person.user.username)
        messages.success(request, "A worker looks after the webhook now. This page shows what comes of it.")
    return redirect("store", name=name)
