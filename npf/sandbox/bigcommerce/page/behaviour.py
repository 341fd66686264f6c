"""How a store behaves: its switches, and its faults with how often each has struck."""

from npf.sandbox.bigcommerce.faults import KINDS
from npf.sandbox.bigcommerce.page.frame import path_of, store_page
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.switchboard import switch_values
from npf.sandbox.bigcommerce.switches import SCOPES, SWITCHES
from npf.sandbox.page.behaviour import fault_form, rules_table, struck_table, switch_field
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Form, Html, Piece, el, live

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
            *(switch_field(form, switch, values[switch.name]) for switch in SWITCHES.values()),
            _scopes(form, set(values["scopes"])) if store.accounts else None,
            button="Save the switches",
        ),
        el("h2", "Quota"),
        quota.whole(
            quota.text("quota", "Requests per seconds, such as 150/30, or none", allowed), button="Set the quota"
        ),
    )


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
    methods: list[tuple[Piece, Piece]] = [("", "any"), *((name, name) for name in ("GET", "POST", "PUT", "DELETE"))]
    method = form.select("method", "Method", methods)
    path = form.text("path", "Path holds (a webhook: its scope)", "", placeholder="/shipments")
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
        fault_form(form, KINDS, method, path),
        el("h2", "Has struck"),
        live("struck", struck_table(list(store.faults.struck))),
        el("h2", "Clear"),
        clear.whole(button="Forget all faults and what has struck", minor=True),
    )


def _rules(store: Store) -> Html:
    return rules_table(
        store.faults,
        KINDS,
        lambda rule: path_of(store, "faults", rule.number, "remove"),
        "None: every request is answered as it should be.",
        lambda rule: " ".join(part for part in (rule.method, rule.path) if part) or "wherever it can",
    )
