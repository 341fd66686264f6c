"""How a store behaves: its switches, and its faults with how often each has struck."""

from collections import Counter

from npf.sandbox.bigcommerce.faults import KINDS
from npf.sandbox.bigcommerce.page.frame import Asked, path_of, store_page
from npf.sandbox.bigcommerce.page.markup import Form, Html, Piece, el, live, table
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switchboard import switch_values
from npf.sandbox.bigcommerce.switches import SCOPES, SWITCHES, Switch
from npf.sandbox.faults import SECONDS, Rule

YES_NO: list[tuple[Piece, Piece]] = [("yes", "yes"), ("no", "no")]
GRANTS: list[tuple[Piece, Piece]] = [("", "none"), ("_read_only", "read-only"), ("modify", "modify")]


def switches_page(store: Store, asked: Asked) -> bytes:
    """Every switch of a store in one form, and its quota."""
    form = asked.form(path_of(store, "set"))
    values = switch_values(store)
    quota = asked.form(path_of(store, "quota"))
    allowed = "none" if store.quota.allowed is None else f"{store.quota.allowed}/{store.quota.window:g}"
    return store_page(
        store,
        ("switches",),
        "Switches",
        asked,
        el("h1", "Switches"),
        el(
            "p",
            "Where stores differ, or BigCommerce is not certain. Each works from the next request on.",
            class_="quiet",
        ),
        form.whole(
            *(_switch(form, switch, values[switch.name]) for switch in SWITCHES.values()),
            _scopes(form, set(values["scopes"])) if store.accounts else None,
            button="Save the switches",
        ),
        el("h2", "Quota"),
        quota.whole(
            quota.text("quota", "Requests per seconds, such as 150/30, or none", allowed), button="Set the quota"
        ),
    )


def _switch(form: Form, switch: Switch, value: Piece) -> Html:
    label = switch.name.replace("_", " ")
    if switch.choices:
        field = form.select(switch.name, label, [(word, word) for word in switch.choices], value)
    elif isinstance(switch.default, bool):
        field = form.select(switch.name, label, YES_NO, "yes" if value else "no")
    else:
        field = form.text(switch.name, label, f"{value:g}" if isinstance(value, float) else value, inputmode="decimal")
    return el("div", field, el("span", switch.meaning, class_="meaning"), class_="switch")


def _scopes(form: Form, granted: set[str]) -> Html:
    fields = []
    for scope in SCOPES:
        level = "modify" if scope in granted else "_read_only" if f"{scope}_read_only" in granted else ""
        fields.append(form.select(f"scope:{scope}", scope, GRANTS, level))
    legend = el(
        "legend", "Scopes of the access token; without store_inventory stock goes through the catalogue (fact 11)"
    )
    return el("fieldset", legend, el("div", *fields, class_="inside"))


def faults_page(store: Store, asked: Asked) -> bytes:
    """The faults in force, what has struck, and a form to add one."""
    form = asked.form(path_of(store, "fault"))
    kinds: list[tuple[Piece, Piece]] = [(kind, f"{kind}: {what}") for kind, what in KINDS.items()]
    how: list[tuple[Piece, Piece]] = [("count", "for the next so many"), ("percent", "with a probability in per cent")]
    methods: list[tuple[Piece, Piece]] = [("", "any"), *((name, name) for name in ("GET", "POST", "PUT", "DELETE"))]
    takers = ", ".join(kind for kind in SECONDS if kind in KINDS)
    clear = asked.form(path_of(store, "clear-faults"))
    return store_page(
        store,
        ("faults",),
        "Faults",
        asked,
        el("h1", "Faults"),
        el("h2", "In force"),
        live("rules", _rules(store)),
        el("h2", "Add a fault"),
        form.whole(
            el("div", form.select("kind", "What happens", kinds), class_="wide"),
            form.select("how", "When", how),
            form.text("number", "How many, or per cent", 1, inputmode="decimal", required=True),
            form.text("seconds", f"Seconds ({takers})", "", inputmode="decimal"),
            form.select("method", "Method", methods),
            form.text("path", "Path holds (a webhook: its scope)", "", placeholder="/shipments"),
            button="Add the fault",
        ),
        el("h2", "Has struck"),
        live("struck", _struck(store)),
        el("h2", "Clear"),
        clear.whole(button="Forget all faults and what has struck", minor=True),
    )


def _rules(store: Store) -> Html:
    rows: list[tuple[Piece, ...]] = []
    for rule in store.faults.rules():
        remove = Form(path_of(store, "faults", rule.number, "remove")).whole(button="Remove")
        rows.append((rule.name, KINDS[rule.kind], _when(rule), _where(rule), remove))
    return table(
        ("Fault", "What happens", "When", "Where", ""), rows, "None: every request is answered as it should be."
    )


def _when(rule: Rule) -> str:
    if rule.left is not None:
        return f"the next {rule.left}" + (f" after {rule.skip}" if rule.skip else "")
    return "always" if rule.probability == 1 else f"{rule.probability:.4%}".rstrip("0%").rstrip(".") + " % of the time"


def _where(rule: Rule) -> str:
    return " ".join(part for part in (rule.method, rule.path) if part) or "wherever it can"


def _struck(store: Store) -> Html:
    struck = list(store.faults.struck)
    last = {kind: f"{method} {path}" for kind, method, path in struck}
    rows: list[tuple[Piece, ...]] = [
        (kind, count, last[kind]) for kind, count in Counter(kind for kind, _, _ in struck).most_common()
    ]
    return table(("Fault", "Times", "Last at"), rows, "Nothing has struck yet.", numbers=("Times",))
