"""The page of parameters: from a store's row to labelled fields, and from what was typed to a draft.

A field that was not touched keeps what the row holds, whatever the page showed for it: a default stays a default, and a
secret, which the page never shows, stays as it is when its field is empty.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from npf.console.words import arrows
from npf.core import countries
from npf.stores import book, draft, kinds
from npf.stores.draft import Draft, Problem, WrongSettings
from npf.stores.fm_parameters import FM_PARAMETERS, fm_options
from npf.stores.models import Store
from npf.stores.parameters import PARAMETERS, Parameter, parameters
from npf.stores.tables import TABLES
from npf.stores.words import written

SECRETS = ("bigcommerce.access_token", "bigcommerce.client_secret", "fm.password", "fm.private_key")
COUNTRIES = ("countries", "domestic_countries")
_SHORT = frozenset(
    [
        "start_date",
        "prefix",
        "bundle_prefix",
        "bundle_suffix",
        "stock_time",
        "stock_buffer",
        "stock_location",
        "stock_zero_share",
        "look_every",
        "promise_hours",
        "promise_open",
        "quota_kept_free",
        "status_batch",
        "stock_batch",
        "timeout",
        "quiet",
        "stock_hours",
        "out_folder",
        "in_folder",
        "done_folder",
        "bad_folder",
        "end_marker",
    ]
)
# Where a secret is sent to: with another address, it must be typed again, or a wrong one could carry it off.
_SENT_TO = {
    "bigcommerce.access_token": ("bigcommerce.api_url", "bigcommerce.store_id"),
    "fm.password": ("fm.base_url", "fm.client_code", "fm.order_wsdl", "fm.status_wsdl", "fm.stock_wsdl", "fm.host_key"),
    "fm.private_key": ("fm.base_url", "fm.client_code", "fm.host_key"),
}
_LOGIN = ("password", "private_key")
# The statuses that a connector may write (kinds.written_status).
_WRITTEN = (8, 9, 11, 3, 2, 10)


class Field(msgspec.Struct):
    """One input. `kind`: text, choice, secret; `short` values need little room. `problems` are said in red."""

    name: str
    label: str
    help: str
    kind: str = "text"
    text: str = ""
    choices: list[tuple[str, str]] = []
    note: str = ""
    short: bool = False
    problems: list[str] = []


class Group(msgspec.Struct):
    title: str
    about: str
    fields: list[Field]


# What stands outside the two tables of parameters.py: name, NPF's own word, help.
_BIGCOMMERCE = (
    ("bigcommerce.store_id", "apistorename", "The store hash or the API path; of a legacy account https://…/api/v2/."),
    ("bigcommerce.client_id", "username", "The client id, may be empty; of a legacy account the username."),
    (
        "bigcommerce.access_token",
        "apikey",
        "The token or API key. It is kept encrypted and never shown; empty = keep it.",
    ),
    (
        "bigcommerce.client_secret",
        "Client secret",
        "Of the same API account; may be empty. It proves BigCommerce's signature on webhooks. Empty = keep it.",
    ),
    ("bigcommerce.api_url", "API address", "https://api.bigcommerce.com, or a sandbox's own."),
)
_FM = (
    ("fm.base_url", "Base address", "The three WSDL addresses derive from it."),
    ("fm.username", "Username", "As NPF gave it."),
    ("fm.password", "Password", "It is kept encrypted and never shown; empty = keep it."),
    ("fm.client_code", "Client code", "The client of FM that the orders belong to."),
)
_FILES = (
    ("fm.base_url", "Folder or address", "sftp://HOST:PORT/FOLDER, or the path of a folder of this machine."),
    ("fm.username", "Username", "At the SFTP server; empty for a folder."),
    ("fm.password", "Password", "It is kept encrypted and never shown; empty = keep it."),
    (
        "fm.private_key",
        "Private key",
        "In place of the password: from BEGIN to END, without a passphrase. It is kept encrypted and never shown; "
        "empty = keep it.",
    ),
    ("fm.client_code", "Client code", "The client of the warehouse that the orders belong to."),
)
LABELS = {
    "merchant": "Merchant",
    **{name: label for name, label, _ in _BIGCOMMERCE},
    **{key: table.title for key, table in TABLES.items()},
    **{name: f"FM: {label}" for name, label, _ in (*_FILES, *_FM)},
    **{f"parameters.{row.key}": row.label for row in PARAMETERS},
    **{f"fm.{row.key}": f"FM: {row.label}" for row in FM_PARAMETERS},
}


def shown(store: Store) -> dict[str, str]:
    """The text of every field as the row stands; secrets are never in it."""
    values, options = parameters(store.parameters), fm_options(store.fm.options)
    texts = {"merchant": store.merchant}
    texts |= {
        "bigcommerce.store_id": store.legacy_url or store.store_hash,
        "bigcommerce.client_id": store.client_id,
        "bigcommerce.api_url": store.api_url,
        "fm.base_url": store.fm.base_url,
        "fm.username": store.fm.username,
        "fm.client_code": store.fm.client_code,
    }
    texts |= dict.fromkeys(SECRETS, "")
    texts |= {f"parameters.{row.key}": _text(row, getattr(values, row.key)) for row in PARAMETERS}
    return texts | {f"fm.{row.key}": _text(row, getattr(options, row.key)) for row in FM_PARAMETERS}


def _text(row: Parameter, value: Any) -> str:
    return ", ".join(map(countries.listed, value)) if row.key in COUNTRIES else written(row, value)


def groups(store: Store, typed: Mapping[str, str], problems: list[Problem]) -> list[Group]:
    """The fields in their groups, with what was typed where something was, and the problems beside their fields."""
    texts = shown(store) | {name: text for name, text in typed.items() if name not in SECRETS}
    beside: dict[str, list[str]] = {}
    for problem in problems:
        beside.setdefault(problem.parameter, []).append(problem.message)

    def field(name: str, label: str, help: str, kind: str = "text", choices: tuple[str, ...] = ()) -> Field:
        return Field(
            name, label, help, kind, texts[name], [(one, one) for one in choices], problems=beside.get(name, [])
        )

    def parameter(where: str, row: Parameter) -> Field:
        name = f"{where}.{row.key}"
        if row.read is kinds.written_status:
            found = field(name, row.label, row.help, "choice")
            found.choices = [("none", "leave it"), *((written(row, one), kinds.STATUSES[one]) for one in _WRITTEN)]
            return found
        found = field(name, row.label, row.help, "choice" if row.choices else "text", row.choices)
        found.note = f"Now: {book.in_words(store)}." if row.key == "start_date" else ""
        found.short = row.key in _SHORT
        return found

    made = [Group("Store", "", [field("merchant", "Merchant", "The name that people see.")])]
    for row in PARAMETERS:
        if made[-1].title != row.group:
            made.append(Group(row.group, "", []))
        made[-1].fields.append(parameter("parameters", row))
    secret = dict.fromkeys(SECRETS, "secret")
    made.append(Group("BigCommerce", "", [field(*row, secret.get(row[0], "text")) for row in _BIGCOMMERCE]))
    kind = texts["fm.kind"]
    login = [field(*row, secret.get(row[0], "text")) for row in (_FILES if kind == "files" else _FM)]
    first, *rest = (parameter("fm", row) for row in FM_PARAMETERS if row.of in ("", kind))
    made.append(Group("FM", _shared(store), [first, *login, *rest]))
    return made


def _shared(store: Store) -> str:
    others = Store.objects.filter(fm=store.fm_id, removed_at__isnull=True).exclude(pk=store.pk).order_by("name")
    names = list(others.values_list("name", flat=True)[:10])
    return f"This client of FM also serves {', '.join(names)}: a change here is a change there." if names else ""


def judge(store: Store, typed: Mapping[str, str]) -> Draft:
    """What was typed as a draft. Raises WrongSettings with every problem."""
    now = shown(store)
    changed = {name: text for name, text in typed.items() if name in now and text.strip() != now[name]}
    nested = book.nested(store, secrets=True)
    problems: list[Problem] = []
    for name, text in changed.items():
        if "." in name:
            table, _, key = name.partition(".")
            nested[table][key] = text
        else:
            nested[name] = text
    if nested["fm"]["base_url"].startswith(("/", "file:")):
        # A folder of this machine asks nobody for a password.
        nested["fm"] = {key: text for key, text in nested["fm"].items() if f"fm.{key}" in changed or key not in _LOGIN}
    for name, places in _SENT_TO.items():
        table, _, key = name.partition(".")
        if nested[table].get(key) and name not in changed and any(place in changed for place in places):
            problems.append(Problem(name, "type it again: what it is sent to has changed"))
    try:
        read = draft.read(nested)
    except WrongSettings as wrong:
        problems += wrong.problems
    if problems:
        raise WrongSettings(problems)
    return read


def in_words(change: str) -> str:
    """A change of the journal ('parameters.prefix: "A" -> "B"') in NPF's own words."""
    path, _, rest = change.partition(": ")
    table, _, key = path.partition(".")
    if path in LABELS:
        label = LABELS[path]
    else:
        label = f"{LABELS[table]}, {key}" if table in LABELS else path
    return f"{label}: {arrows(rest)}"
