"""How a sandbox behaves, drawn: its switches, its faults with how often each has struck."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from npf.sandbox.faults import SECONDS, Faults, Rule
from npf.sandbox.page.markup import Form, Html, Piece, el, table
from npf.sandbox.switches import Switch, Value

YES_NO: list[tuple[Piece, Piece]] = [("yes", "yes"), ("no", "no")]


def switch_field(form: Form, switch: Switch, value: Value) -> Html:
    """One switch with its meaning."""
    label = switch.name.replace("_", " ")
    shown = switch.show(value)
    if switch.choices:
        field = form.select(switch.name, label, [(word, word) for word in switch.choices], shown)
    elif isinstance(switch.default, bool):
        field = form.select(switch.name, label, YES_NO, shown)
    elif isinstance(switch.default, int | float):
        field = form.text(switch.name, label, shown, inputmode="decimal")
    else:
        field = form.text(switch.name, label, shown)
    return el("div", field, el("span", switch.meaning, class_="meaning"), class_="switch")


def fault_form(form: Form, kinds: Mapping[str, str], *more: Piece) -> Html:
    """The form that adds a rule; `more` are the fields that say where it strikes."""
    named: list[tuple[Piece, Piece]] = [(kind, f"{kind}: {what}") for kind, what in kinds.items()]
    how: list[tuple[Piece, Piece]] = [("count", "for the next so many"), ("percent", "with a probability in per cent")]
    takers = ", ".join(kind for kind in SECONDS if kind in kinds)
    return form.whole(
        el("div", form.select("kind", "What happens", named), class_="wide"),
        form.select("how", "When", how),
        form.text("number", "How many, or per cent", 1, inputmode="decimal", required=True),
        form.text("seconds", f"Seconds ({takers})", "", inputmode="decimal"),
        *more,
        button="Add the fault",
    )


def rules_table(
    faults: Faults, kinds: Mapping[str, str], remove: Callable[[Rule], str], empty: str, where: Callable[[Rule], str]
) -> Html:
    """The rules in force: `remove` is where the button of a rule is sent, `where` says where it strikes."""
    rows: list[tuple[Piece, ...]] = [
        (rule.name, kinds[rule.kind], _when(rule), where(rule), Form(remove(rule)).whole(button="Remove"))
        for rule in faults.rules()
    ]
    return table(("Fault", "What happens", "When", "Where", ""), rows, empty)


def _when(rule: Rule) -> str:
    if rule.left is not None:
        return f"the next {rule.left}" + (f" after {rule.skip}" if rule.skip else "")
    return "always" if rule.probability == 1 else f"{rule.probability:.4%}".rstrip("0%").rstrip(".") + " % of the time"


def struck_table(struck: Sequence[tuple[str, str, str]]) -> Html:
    """What has struck, (kind, method, path) each: how often, and where last."""
    last = {kind: f"{method} {path}" for kind, method, path in struck}
    rows: list[tuple[Piece, ...]] = [
        (kind, count, last[kind]) for kind, count in Counter(kind for kind, _, _ in struck).most_common()
    ]
    return table(("Fault", "Times", "Last at"), rows, "Nothing has struck yet.", numbers=("Times",))
