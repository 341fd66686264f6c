"""Keeping a store's webhook: list, compare, then make, turn on, or remove. Safe to run again at any moment.

    list what BigCommerce has (fact 123)
      mine is missing    -> create; after a lost answer or a refusal, list again (fact 122)
      mine is off        -> turn it on (facts 124, 135)
      other ones of ours -> delete: they knock at an address that we have left
    ask whether our domain is blocked (fact 136)

The secret is in our table before BigCommerce hears of it, so that the first event finds it. Nothing here stops a
store: without a webhook it is polled. What goes wrong stays in the row, with its cure, and is tried again.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from npf.audit.notes import Note, Tag
from npf.bigcommerce import hooks
from npf.bigcommerce.refusals import Refused
from npf.core.errors import FixSettings, NpfError, TryLater
from npf.hooks.compare import Plan, blocked_words, compare, destination, is_ours
from npf.hooks.models import Hook
from npf.stores.leases import Busy, lease
from npf.stores.models import Store
from npf.stores.outside import Outside
from npf.stores.visit import Visit, look

EVERY = timedelta(days=1)
# After trouble sooner: a proxy that was mended must not wait a day.
AFTER_TROUBLE = timedelta(hours=1)
PATIENCE = 30.0


def next_check(now: datetime, rng: random.Random) -> datetime:
    """When a webhook is looked after next: within a day, spread by chance, or those of one hour would stay together."""
    return now + EVERY * rng.uniform(0.9, 1.0)


def tend(store: Store, outside: Outside, by: str) -> Hook | None:
    """Keep the webhook of a store, as the schedule and the console do."""
    with look(store, outside, by) as at:
        return keep(at)


def keep(at: Visit) -> Hook | None:
    """See to it that the store's webhook is there, is on, and is the only one of ours. Gives the row, whatever came.

    Without NPF_PUBLIC_URL nothing is asked or changed: this process does not know where events should go; nor for a
    legacy account, which can have none (fact 5). Gives None then where the store never had one.
    """
    if not settings.NPF_PUBLIC_URL or at.store.legacy_url:
        return Hook.objects.filter(store=at.store).first()
    hook, _ = Hook.objects.get_or_create(store=at.store)
    try:
        wanted = destination(settings.NPF_PUBLIC_URL, at.store.name, at.store.api_url)
        with lease("hooks", at.store.pk, at.clock, wait=PATIENCE):
            _keep(at, hook, wanted)
    except Busy:
        # Whoever is at it writes down what comes of it.
        pass
    except NpfError as error:
        _settle(at, hook, _trouble(at.clock.now(), str(error), _cure(error)))
    finally:
        at.notebook.file()
    hook.refresh_from_db()
    return hook


def _keep(at: Visit, hook: Hook, wanted: str) -> None:
    plan = compare(hooks.every(at.bigcommerce), at.store.name, wanted, hook.secret)
    if plan.mine is None:
        mine = _create(at, hook, wanted)
        _registered(at, hook, mine, f"Webhook registered: BigCommerce tells of orders at {wanted}")
    elif plan.off or plan.other_secret:
        mine = hooks.mend(at.bigcommerce, plan.mine.id, secret=hook.secret)
        _registered(at, hook, mine, _mended(plan))
    elif plan.mine.id != hook.bc_hook_id:
        _registered(at, hook, plan.mine, f"Webhook found at BigCommerce: it tells of orders at {wanted}")
    for stale in plan.stale:
        hooks.delete(at.bigcommerce, stale.id)
        _settle(at, hook, {}, Note(Tag.HOOK_REMOVED, f"Webhook removed: {stale.scope} to {stale.destination}"))
    found = {"destination": wanted, "is_active": True}
    if blocked := blocked_words(hooks.blocked(at.bigcommerce), wanted):
        cure = "the block ends by itself; see why that address did not answer 200: the proxy, its certificate, npf web"
        _settle(at, hook, found | _trouble(at.clock.now(), blocked, cure))
    else:
        now = at.clock.now()
        due = next_check(now, at.outside.rng)
        _settle(at, hook, found | {"checked_at": now, "next_check_at": due, "problem": "", "cure": ""})


def _create(at: Visit, hook: Hook, wanted: str) -> hooks.Hook:
    """Make the webhook. What BigCommerce lost the answer of, or refused as a second one, may be there: look."""
    try:
        return hooks.create(at.bigcommerce, scope=hooks.ORDERS, destination=wanted, secret=hook.secret)
    except TryLater as lost:
        if not lost.unclear:
            raise
        failed: NpfError = lost
    except Refused as refused:
        failed = refused
    plan = compare(hooks.every(at.bigcommerce), at.store.name, wanted, hook.secret)
    if plan.mine is None or plan.off or plan.other_secret:
        raise failed
    return plan.mine


def _mended(plan: Plan) -> str:
    if plan.off:
        return "BigCommerce had turned the webhook off; it is on again"
    return "The webhook bore another secret; it has ours again"


def _registered(at: Visit, hook: Hook, mine: hooks.Hook, text: str) -> None:
    """Write down at once what BigCommerce has now: what is asked next may fail."""
    changed: dict[str, Any] = {"bc_hook_id": mine.id, "destination": mine.destination, "is_active": True}
    if mine.id != hook.bc_hook_id:
        changed["registered_at"] = at.clock.now()
    _settle(at, hook, changed, Note(Tag.HOOK_REGISTERED, text))


def _trouble(now: datetime, problem: str, cure: str) -> dict[str, Any]:
    return {"checked_at": now, "next_check_at": now + AFTER_TROUBLE, "problem": problem, "cure": cure}


def _cure(error: NpfError) -> str:
    if isinstance(error, FixSettings):
        return error.cure
    return "it is tried again within the hour; orders are looked for regularly all the same"


def _settle(at: Visit, hook: Hook, changed: dict[str, Any], note: Note | None = None) -> None:
    """Write down what came of it, with what was asked and answered; a new trouble is told once."""
    problem = changed.get("problem", "")
    if problem and problem != hook.problem:
        note = Note(Tag.HOOK_TROUBLE, f"Webhook: {problem}")
    with transaction.atomic():
        at.notebook.file()
        if changed:
            Hook.objects.filter(pk=hook.pk).update(**changed)
        at.tell([note])
    for name, value in changed.items():
        setattr(hook, name, value)


def forget(at: Visit) -> str:
    """Delete our webhooks of a store that is about to be removed, while its token is still known.

    Gives a sentence where that could not be done, else "". BigCommerce then gives up by itself: a removed store's
    events are refused, and after 48 hours of refusals it turns the webhook off (fact 135).
    """
    hook = Hook.objects.filter(store=at.store).first()
    if hook is None:
        return ""
    said = ""
    try:
        for one in hooks.every(at.bigcommerce):
            if is_ours(one, at.store.name):
                hooks.delete(at.bigcommerce, one.id)
                _settle(at, hook, {}, Note(Tag.HOOK_REMOVED, f"Webhook removed: {one.scope} to {one.destination}"))
    except NpfError as error:
        said = f"its webhook could not be deleted ({error}); BigCommerce turns it off after two days of refusals"
        _settle(at, hook, {}, Note(Tag.HOOK_TROUBLE, f"Removed, but {said}"))
    hook.delete()
    return said
