"""How FM behaves to a client: its settings, and the faults of this client and of every client."""

from npf.sandbox.faults import Rule
from npf.sandbox.page.behaviour import fault_form, rules_table, struck_table, switch_field
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Form, Html, Piece, el, live

from ..client import Client
from ..faults import KINDS
from ..settings import SETTINGS
from ..warehouse import Warehouse
from ..wsdl import SERVICES
from .frame import client_page, path_of

PAGES: list[tuple[Piece, Piece]] = [("", "any"), *((service.path, service.operation) for service in SERVICES)]
_OPERATIONS = {service.path: service.operation for service in SERVICES}


def whom(form: Form, client: Client) -> Html:
    """The field that says whose settings or faults are meant."""
    return form.select("whom", "For", [("client", f"{client.code} alone"), ("all", "every client")])


def settings_page(warehouse: Warehouse, client: Client, asked: Asked) -> bytes:
    """Every setting of a client in one form."""
    form = asked.form(path_of(client, "set"))
    return client_page(
        client,
        ("settings",),
        "Settings",
        asked,
        el("h1", "Settings"),
        el("p", "Where FM is unknown, or clients differ. Each works from the next call on.", class_="quiet"),
        form.whole(
            *(switch_field(form, one, getattr(client.settings, one.name)) for one in SETTINGS.values()),
            whom(form, client),
            button="Save the settings",
        ),
    )


def faults_page(warehouse: Warehouse, client: Client, asked: Asked) -> bytes:
    """The faults in force, what has struck, and a form to add one."""
    form = asked.form(path_of(client, "fault"))
    clear = asked.form(path_of(client, "clear-faults"))
    return client_page(
        client,
        ("faults",),
        "Faults",
        asked,
        el("h1", "Faults"),
        el("h2", f"In force for {client.code}"),
        live("rules", _rules(client, warehouse, "client")),
        el("h2", "In force for every client; these strike first"),
        live("rules-all", _rules(client, warehouse, "all")),
        el("h2", "Add a fault"),
        fault_form(form, KINDS, form.select("path", "Service", PAGES), whom(form, client)),
        el("h2", "Has struck"),
        live("struck", struck_table([*warehouse.faults.struck, *client.faults.struck])),
        el("h2", "Clear"),
        clear.whole(button="Forget all faults and what has struck", minor=True),
    )


def _rules(client: Client, warehouse: Warehouse, whose: str) -> Html:
    return rules_table(
        client.faults if whose == "client" else warehouse.faults,
        KINDS,
        lambda rule: path_of(client, "faults", whose, rule.number, "remove"),
        "None: every call is answered as it should be.",
        _where,
    )


def _where(rule: Rule) -> str:
    return _OPERATIONS.get(rule.path or "", rule.path) or "wherever it can"
