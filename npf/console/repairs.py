"""What FM would refuse of an order, as a form: each problem with what is proposed, and what was given already."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from npf.console import words
from npf.console.models import Person
from npf.desk import repairing
from npf.desk.repairing import Given, Sheet
from npf.fm.proposals import RULES, Proposal
from npf.orders.models import Order, Repair
from npf.orders.repairs import FIELDS, text_of

# How a form names the input of a field: for which address it is, then FM's path.
_INPUT = "fix:"
_PHONE = "BillingAddress.Phone"


@dataclass(frozen=True)
class Fix:
    """One problem. `value` fills the input; `others` are further proposals. `rules`: (rule, what it does always)."""

    name: str
    field: str
    wrong: str
    value: str
    source: str
    others: list[Proposal]
    rules: list[tuple[str, str]]
    mendable: bool


@dataclass(frozen=True)
class Form:
    """`fixes`: what FM would refuse. `given`: what FM is given by people; `ruled`: by the store's rules, as clauses.

    `fields`: (path, what stands there) of everything else that could be given. `open`: FM was not asked yet.
    """

    fixes: list[Fix] = field(default_factory=list)
    given: list[Repair] = field(default_factory=list)
    ruled: list[tuple[str, str]] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    open: bool = False

    @property
    def proposes(self) -> int:
        """How many problems one click mends."""
        return sum(bool(one.value and one.mendable) for one in self.fixes)


def form(person: Person, order: Order) -> Form:
    """The form of an order; nothing to press in it for those who do not decide."""
    given = list(order.repairs.order_by("pk"))
    if not person.decides or not repairing.may_repair(order):
        return Form(given=given)
    sheets = repairing.sheets(order)
    fixes = [_fix(one) for one in repairing.troubles(order)]
    ruled = [(clause, clause.rpartition(" ")[2]) for clause in repairing.by_rule(sheets)]
    return Form(fixes, given, ruled, _fields(sheets), open=True)


def _fix(one: repairing.Trouble) -> Fix:
    problem = one.problem
    first, *others = problem.proposals or (Proposal(""),)
    rules = [(each.always, RULES[each.always]) for each in problem.proposals if each.always]
    if problem.field == _PHONE and problem.rule == "required":
        rules.append(("phone", "Where there is no phone number, this one stands there."))
    return Fix(
        name=f"{_INPUT}{one.address}:{problem.field}",
        field=problem.field,
        wrong=words.sentence(problem.text),
        value=first.value,
        source=first.source.strip(","),
        others=others,
        rules=list(dict.fromkeys(rules)),
        mendable=problem.field in FIELDS,
    )


def _fields(sheets: list[Sheet]) -> list[tuple[str, str]]:
    return [(name, text_of(sheets[0].after.document, name)) for name in FIELDS] if sheets else []


def typed(form: Mapping[str, str]) -> list[Given]:
    """What a person gives FM: the inputs of the problems that are filled, one proposal alone, or another field."""
    if only := form.get("only", ""):
        name, _, value = only.partition("=")
        return _given(name, value)
    found = [one for name, value in form.items() if value.strip() for one in _given(name, value)]
    if form.get("other_field", ""):
        found.append(Given(form["other_field"], form.get("other_value", "")))
    return found


def with_number(rule: str, form: Mapping[str, str]) -> str:
    """A rule as the parameter holds it: that of the phone number has the number that was typed."""
    number = form.get(f"{_INPUT}0:{_PHONE}", "").strip()
    return f"phone={number}" if rule == "phone" and number else rule


def _given(name: str, value: str) -> list[Given]:
    if not name.startswith(_INPUT):
        return []
    address, _, path = name.removeprefix(_INPUT).partition(":")
    return [Given(path, value, int(address) if address.isascii() and address.isdigit() else 0)]
