"""A person's decision on orders: taken by the desk, then the station that acts on it is woken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from npf.console import words
from npf.console.models import Person
from npf.console.outside import outside
from npf.core.clock import Clock
from npf.core.errors import GiveUp
from npf.desk import decisions, repairing
from npf.desk.outcomes import why_not_resend
from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores.models import Store
from npf.wake import wake

What = Literal["hold", "retry", "release", "repair"]

# Who looks next at an order of this stage; one that stays held was given back to the gates.
_NEXT = {
    Stage.HELD: ("pull",),
    Stage.NEW: ("send",),
    Stage.PENDING: ("follow", "push"),
    Stage.PROCESSING: ("push", "follow"),
}


@dataclass(frozen=True)
class Choice:
    """One answer of NPF's floor as a button: what it does, what is asked before; `barred` says why it cannot be had."""

    outcome: str
    label: str
    does: str
    asks: str
    barred: str = ""


def choices(order: Order) -> list[Choice]:
    """The answers to a held order that BigCommerce stopped or changed after FM had it; none for any other."""
    if order.stage != Stage.HELD:
        return []
    found = []
    for outcome, label in words.OUTCOMES.items():
        if does := words.outcome_does(order.reason_code, outcome):
            barred = words.sentence(f"Not now: {why}") if outcome == "resend" and (why := why_not_resend(order)) else ""
            found.append(Choice(outcome, label, does, words.outcome_asks(outcome), barred))
    return found


def decide(
    person: Person, what: What, order: Order, why: str = "", *, outcome: str = "", seen: str | None = None
) -> str:
    """Decide one order. Returns the desk's sentence; raises GiveUp where it cannot be decided so.

    `why`: the reason of a hold, or a remark. `outcome` and `seen` as in desk.decisions.release.
    """
    by, clock = person.user.username, outside().clock
    match what:
        case "hold":
            return decisions.hold(order, by, clock, why)
        case "retry":
            says = decisions.retry(order, by, clock)
        case "release":
            says = decisions.release(order, by, clock, outcome, remark=why, seen=seen)
    wake_for([order], by)
    return says


def mend(person: Person, order: Order, given: Sequence[repairing.Given]) -> str:
    """Give FM these values in the place of what it would refuse; raises GiveUp where FM would refuse them too."""
    by = person.user.username
    says = repairing.repair(order, by, outside().clock, given)
    wake_for([order], by)
    wake("pull", [order.store_id], by)
    return says


def undo(person: Person, order: Order, field: str, address: str) -> str:
    """Take such a value back; raises GiveUp where FM was asked for the order."""
    by = person.user.username
    place = int(address) if address.isascii() and address.isdigit() else 0
    says = repairing.undo(order, by, outside().clock, field, place)
    wake("pull", [order.store_id], by)
    return says


def make_rule(person: Person, store: Store, rule: str, *, on: bool) -> str:
    """Make a repair a rule of the store, or take the rule off; raises WrongSettings for what is no rule."""
    by = person.user.username
    says = repairing.always(store, by, outside().clock, rule, on=on)
    wake("pull", [store.pk], by)
    return says


def deciding_setting(order: Order) -> str:
    """The setting that the gate named which holds the order; "" where none did."""
    if not order.reason_code.startswith("gate:"):
        return ""
    settings = (str(gate.get("setting", "")) for gate in order.gates if gate.get("outcome") != "pass")
    return next(settings, "")


def decide_all(person: Person, what: What, orders: Iterable[Order]) -> tuple[int, str, list[str]]:
    """Decide several orders of one cause. Returns how many, the last sentence, and what went wrong with others."""
    by, clock = person.user.username, outside().clock
    do = {"retry": decisions.retry, "repair": _as_proposed}.get(what, decisions.release)
    done: list[Order] = []
    says, troubles = "", []
    for order in orders:
        try:
            says = do(order, by, clock)
            done.append(order)
        except GiveUp as trouble:
            troubles.append(str(trouble))
    wake_for(done, by)
    return len(done), says, troubles


def _as_proposed(order: Order, by: str, clock: Clock) -> str:
    return repairing.repair(order, by, clock, repairing.proposed(order))


def wake_for(orders: Iterable[Order], by: str) -> None:
    """Wake the stations that go on with these orders."""
    stores: dict[str, set[int]] = {}
    for order in orders:
        for station in _NEXT.get(Stage(order.stage), ()):
            stores.setdefault(station, set()).add(order.store_id)
    for station, ids in stores.items():
        wake(station, sorted(ids), by)
