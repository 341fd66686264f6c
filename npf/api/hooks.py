"""The inbox of BigCommerce's events: proved, noted, answered. They only wake the pull (facts 125, 126, 132, 133).

    right secret, store works    note it, wake the pull, 200      both are committed before the answer
    right secret, store paused   note it, 200                     resuming looks at everything anyway
    signature of another secret  403
    wrong or no secret           403                              an unknown or removed store answers the same
    our database is away         503                              BigCommerce tries again (fact 135)

What an event says is kept for people to see; whatever it says, the pull reads what is true.
"""

import hmac
import logging
from datetime import timedelta

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from npf.api.signature import Signed
from npf.bigcommerce.client import SECRET_HEADER
from npf.core.clock import SystemClock
from npf.core.errors import FixSettings
from npf.hooks.models import Hook, new_secret
from npf.wake import wake

log = logging.getLogger("npf.api")

CLOCK = SystemClock()
# One checkout sends several events within a second (fact 130), and lists may lag behind them (fact 139): what comes
# until then is one pull.
SETTLES = timedelta(seconds=2)
# A burst need not write its time again and again: each write waits for the disk.
NOTED_EVERY = timedelta(seconds=5)
MOST_BYTES = 64 * 1024
# What an unknown store's events are compared with, so that they take the same way.
_NOBODYS = new_secret()


@csrf_exempt
@login_not_required
@require_POST
def orders(request: HttpRequest, name: str) -> HttpResponse:
    """POST of an event of store `name`; the answer has no body."""
    try:
        status = _receive(request, name)
    except (DatabaseError, FixSettings) as error:
        log.error("an event of %s could not be kept: %s", name, error)
        status = 503
    return HttpResponse(status=status)


def _receive(request: HttpRequest, name: str) -> int:
    found = Hook.objects.select_related("store").filter(store__name=name, store__removed_at__isnull=True)
    hook = found.only("secret", "store__client_secret", "store__paused_at").first()
    offered = request.headers.get(SECRET_HEADER, "")
    right = hmac.compare_digest(offered.encode(), (hook.secret if hook else _NOBODYS).encode())
    if hook is None or not right:
        return 403
    if _length(request) > MOST_BYTES:
        return 413
    now = CLOCK.now()
    signed = Signed.read(request.headers)
    if hook.store.client_secret and signed and not signed.fits(request.body, hook.store.client_secret):
        _note(hook, "signature_refused_at", now - NOTED_EVERY, signature_refused_at=now)
        return 403
    with transaction.atomic():
        if hook.store.paused_at is None:
            wake("pull", [hook.pk], "webhook", at=now + SETTLES)
        _note(hook, "received_at", now - NOTED_EVERY, received_at=now, received=_in_words(request.body))
    return 200


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _note(hook: Hook, column: str, since: object, **columns: object) -> None:
    """Write the columns, unless `column` was written after `since`."""
    Hook.objects.filter(Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": since}), pk=hook.pk).update(**columns)


class _Data(msgspec.Struct):
    id: int | str | None = None


class _Event(msgspec.Struct):
    scope: str = ""
    data: _Data | None = None


def _in_words(body: bytes) -> str:
    """What an event is about, for people: "store/order/updated 250"; "" where it cannot be read."""
    try:
        event = msgspec.json.decode(body, type=_Event)
    except (ValueError, RecursionError):
        return ""
    number = event.data.id if event.data else None
    return f"{event.scope} {number or ''}".replace("\0", "").strip()[:120]
