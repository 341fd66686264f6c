"""How a store stands, in one word, with the reason and the next step beside every bad one. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from npf.console.words import STATIONS, sentence
from npf.stores.models import Beat, Store
from npf.stores.parameters import BY_KEY, parameters

# The schedule moves a store's next look on every few seconds; one that stays this far behind is nobody's.
NOBODY_LOOKS_AFTER = timedelta(minutes=3)

Kind = Literal["working", "waiting", "paused", "stopped", "failing", "quiet"]
AT_FM = ("send", "follow", "count")
BAD = frozenset({"stopped", "failing", "quiet"})


class State(msgspec.Struct, frozen=True):
    """`kind` paused = by a person, stopped = by a wrong setting. `setting` is the parameter to open, "" = none."""

    kind: Kind
    label: str
    says: str = ""
    next_step: str = ""
    since: datetime | None = None
    setting: str = ""

    @property
    def bad(self) -> bool:
        return self.kind in BAD


def state_of(store: Store, beats: Iterable[Beat], now: datetime) -> State:
    """The state of a store from its row and the beats of its stations."""
    if store.paused_at is not None:
        return _paused(store)
    if store.next_look_at is not None and now - store.next_look_at > NOBODY_LOOKS_AFTER:
        return State(
            "quiet",
            "Not looked at",
            "No worker has looked at it since its last turn.",
            "Start NPF Connect with its worker (npf up, or npf worker), or see why it stopped.",
            store.next_look_at,
        )
    order = list(STATIONS)
    seen = sorted((beat for beat in beats if beat.station in STATIONS), key=lambda beat: order.index(beat.station))
    for beat in seen:
        if beat.failures:
            return _failing(beat)
    if not seen:
        return State("waiting", "New", "Waiting for its first look.")
    return State("working", "Working")


def _paused(store: Store) -> State:
    if not store.paused_parameter:
        next_step = "Resume it when it may go on."
        return State("paused", "Paused", sentence(store.paused_reason), next_step, store.paused_at)
    reason, _, cure = store.paused_reason.rpartition(" — ")
    return State(
        "stopped",
        "Stopped",
        sentence(reason or cure),
        sentence(cure) if reason else "Mend the setting; the store then goes on by itself.",
        store.paused_at,
        store.paused_parameter,
    )


def _failing(beat: Beat) -> State:
    name, what = STATIONS[beat.station]
    times = "once" if beat.failures == 1 else f"{beat.failures} times"
    says = sentence(f"{name} ({what}) failed {times}: {beat.message or 'no reason was noted'}")
    if "a fault in npf itself" in beat.message:
        next_step = "Send this sentence to the people who look after NPF Connect."
    else:
        whose = "ask NPF whether FM is up" if beat.station in AT_FM else "see whether the store's control panel opens"
        next_step = f"It is tried again by itself. If it lasts, {whose}."
    return State("failing", "Failing", says, next_step, beat.ok_at)


def last_look(beats: Iterable[Beat]) -> datetime | None:
    """When a station last looked at the store's orders."""
    return max((beat.began_at for beat in beats if beat.station in ("pull", "send", "follow", "push")), default=None)


def next_stock(store: Store, now: datetime) -> str:
    """When the stock is pushed next, in the store's own time; or why it is not."""
    values = parameters(store.parameters)
    if not values.update_soh:
        return "off"
    if store.paused_at is not None:
        return "when resumed"
    if store.next_stock_at is None:
        return values.stock_time
    if store.next_stock_at <= now:
        return "after the orders"
    at = store.next_stock_at.astimezone(values.zone)
    days = (at.date() - now.astimezone(values.zone).date()).days
    day = {0: "", 1: "tomorrow "}.get(days, f"{at:%a %d %b} ")
    return f"{day}{at:%H:%M}"


def anchor(setting: str) -> str:
    """The id of a setting's field on the page of parameters; gates name a parameter without its table."""
    return f"p-parameters.{setting}" if setting in BY_KEY else f"p-{setting}"
