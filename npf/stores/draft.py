"""A store as written by a person, read and judged whole: nothing of a draft with one wrong value is kept.

Files, sheets, `npf store set` and the console's form all become the same nested tables (DESIGN section 6, "A store
file") and pass through `read`. No Django here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from npf.bigcommerce.address import api_base, legacy_name, legacy_url, store_path
from npf.core.errors import FixSettings
from npf.core.suggest import did_you_mean
from npf.stores import kinds, tables
from npf.stores.fm_parameters import FM_BY_KEY, fm_options
from npf.stores.parameters import BY_KEY, Parameter, parameters
from npf.stores.tables import TABLES

Table = dict[str, Any]

_BIGCOMMERCE = ("store_id", "client_id", "client_secret", "access_token", "api_url")
_FM = ("base_url", "username", "password", "private_key", "client_code")
_WAREHOUSE = kinds.short(300, kinds.warehouse_address)
_TOP = ("name", "merchant", "bigcommerce", "fm", "parameters", *TABLES)


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with a draft: the parameter's key and a sentence that says what would be right."""

    parameter: str
    message: str

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"


class WrongSettings(FixSettings):
    """A draft that was refused; `problems` holds every fault that was found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "\n".join(str(problem) for problem in problems),
            parameter=problems[0].parameter,
            cure=problems[0].message,
        )
        self.problems = problems


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A store whose every value was read. Secrets are plain text here and leave only into encrypted columns.

    `legacy_url` is where a legacy account's API is, "" for an account with a token; see stores.models.Store.
    """

    name: str
    merchant: str
    store_hash: str
    legacy_url: str
    client_id: str
    access_token: str
    client_secret: str
    api_url: str
    fm_base_url: str
    fm_username: str
    fm_password: str
    fm_private_key: str
    fm_client_code: str
    fm_options: Table
    parameters: Table
    dispatch: Table
    carriers: dict[str, str]
    sku_map: dict[str, str]
    bundles: dict[str, dict[str, int]]
    buffers: dict[str, int]

    def __repr__(self) -> str:
        return f"Draft({self.name!r})"


class _Reading:
    """Reads values and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, parameter: str, message: str) -> None:
        self.problems.append(Problem(parameter, message))

    def table(self, of: Mapping[str, Any], key: str) -> Table:
        value = of.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, "must be a table")
            return {}
        return value

    def only(self, where: str, table: Table, known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self.refuse(f"{where}.{key}" if where else key, f"unknown key{did_you_mean(key, known)}")

    def store_table(self, of: Mapping[str, Any], table: tables.Table, options: Table) -> Table:
        codes = tables.known_codes(options.get("dispatch_codes") or [])
        kept, wrong = tables.read(table, self.table(of, table.key), codes)
        self.problems += [Problem(where, message) for where, message in wrong]
        return kept

    def value(self, where: str, raw: Any, read: Callable[[Any], Any], default: Any = "") -> Any:
        try:
            return read(raw)
        except ValueError as wrong:
            self.refuse(where, str(wrong))
            return default

    def rows(self, where: str, table: Table, known: Mapping[str, Parameter]) -> Table:
        self.only(where, table, tuple(known))
        return {key: self.value(f"{where}.{key}", raw, known[key].read) for key, raw in table.items() if key in known}


def read(nested: Mapping[str, Any]) -> Draft:
    """Judge a nested store file. Raises WrongSettings with every problem; an unknown key is one of them."""
    reading = _Reading()
    reading.only("", dict(nested), _TOP)
    bigcommerce = reading.table(nested, "bigcommerce")
    fm = reading.table(nested, "fm")
    reading.only("bigcommerce", bigcommerce, _BIGCOMMERCE)
    reading.only("fm", fm, (*_FM, *FM_BY_KEY))

    def of(table: Table, where: str, key: str, reader: kinds.Reader, default: Any = "") -> str:
        return str(reading.value(f"{where}.{key}" if where else key, table.get(key, default), reader))

    store_id = of(bigcommerce, "bigcommerce", "store_id", kinds.short(300, _store_id))
    url = legacy_url(store_id)
    files = str(fm.get("kind", "")).strip().casefold() == "files"
    options = reading.rows("fm", {key: value for key, value in fm.items() if key in FM_BY_KEY}, FM_BY_KEY)
    draft = Draft(
        name=of(dict(nested), "", "name", _name),
        merchant=of(dict(nested), "", "merchant", kinds.short(200)),
        store_hash=legacy_name(url) if url else store_id,
        legacy_url=url,
        client_id=of(bigcommerce, "bigcommerce", "client_id", kinds.short(200)),
        access_token=of(bigcommerce, "bigcommerce", "access_token", _secret),
        client_secret=of(bigcommerce, "bigcommerce", "client_secret", _maybe_secret),
        api_url=of(bigcommerce, "bigcommerce", "api_url", _api_url, "https://api.bigcommerce.com"),
        fm_base_url=of(fm, "fm", "base_url", _WAREHOUSE, "" if files else "https://npfulfilmentapi.com"),
        fm_username=of(fm, "fm", "username", kinds.short(120, kinds.text if files else kinds.required_text)),
        fm_password=of(fm, "fm", "password", _maybe_secret if files else _secret),
        fm_private_key=of(fm, "fm", "private_key", _maybe_key),
        fm_client_code=of(fm, "fm", "client_code", kinds.short(80, kinds.required_text)),
        fm_options=options,
        parameters=reading.rows("parameters", reading.table(nested, "parameters"), BY_KEY),
        **{key: reading.store_table(nested, table, options) for key, table in TABLES.items()},
    )
    if not reading.problems:
        _together(reading, draft)
    if reading.problems:
        raise WrongSettings(reading.problems)
    return draft


def _together(reading: _Reading, draft: Draft) -> None:
    """Rules that look at more than one value."""
    _warehouse(reading, draft)
    values, options = parameters(draft.parameters), fm_options(draft.fm_options)
    if draft.legacy_url and (not draft.client_id or ":" in draft.client_id):
        says = "must be the username of the legacy account, whose address bigcommerce.store_id is; it holds no colon"
        reading.refuse("bigcommerce.client_id", says)
    if values.store_filter_enabled and not values.channels:
        reading.refuse("parameters.channels", "the store filter is enabled but no channel is listed; list its ids")
    if not values.order_status:
        reading.refuse("parameters.order_status", "no status is listed, so no order would ever go to FM; use 11")
    if values.stock_basis == "on_hand" and options.stock_is == "available":
        reading.refuse(
            "parameters.stock_basis",
            "on_hand cannot be known while fm.stock_is = available; use stock_basis = available",
        )
    for key in ("status_pending", "status_processing"):
        if getattr(values, key) is not None and getattr(values, key) in values.order_status:
            reading.refuse(f"parameters.{key}", "is one of order_status: choose another status, or none")
    if values.quota_kept_free == 1:
        reading.refuse("parameters.quota_kept_free", "must be below 100%, or nothing could ever be asked")
    if values.status_complete in values.order_status:
        reading.refuse("parameters.status_complete", "is one of order_status: finished orders would be sent again")


def _warehouse(reading: _Reading, draft: Draft) -> None:
    """What belongs together of the [fm] table: the kind, the address, the login, the options."""
    options, url = fm_options(draft.fm_options), draft.fm_base_url
    scheme = url.partition("://")[0]
    if options.kind == "soap":
        if scheme in ("file", "sftp"):
            reading.refuse("fm.kind", 'must be files where fm.base_url is a folder or an sftp address: kind = "files"')
        if draft.fm_private_key:
            reading.refuse("fm.private_key", 'is of a warehouse of files: kind = "files"')
    elif scheme not in ("file", "sftp"):
        reading.refuse("fm.base_url", "must be an address as sftp://HOST:PORT/FOLDER, or the path of a folder")
    elif scheme == "sftp":
        if not draft.fm_username:
            reading.refuse("fm.username", "must not be empty: it is the user at the SFTP server")
        if not draft.fm_password and not draft.fm_private_key:
            reading.refuse("fm.password", "must not be empty, unless there is an fm.private_key")
        if not options.host_key:
            says = "must not be empty: the fingerprint of the server's key, which the warehouse's people give"
            reading.refuse("fm.host_key", says)
    for key in draft.fm_options:
        if FM_BY_KEY[key].of not in ("", options.kind):
            reading.refuse(f"fm.{key}", f"is of a warehouse of kind {FM_BY_KEY[key].of}, and this is {options.kind}")
    folders = [options.out_folder, options.in_folder, options.done_folder, options.bad_folder]
    if len({one.casefold() for one in folders}) < len(folders):
        reading.refuse("fm.in_folder", "must differ from the other folders: out, in, done and bad are four")


def _name(value: Any) -> str:
    word = kinds.required_text(value)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", word):
        raise ValueError("may hold small letters, digits, - and _ only, such as acme-au")
    return word


def _secret(value: Any) -> str:
    return _maybe_secret(kinds.required_text(value))


def _maybe_secret(value: Any) -> str:
    word = kinds.text(value)
    if word and set(word) <= {"•", "*"}:
        raise ValueError("is the masked text that screens show; paste the real one, or leave the key out")
    return word


def _maybe_key(value: Any) -> str:
    return kinds.private_key(value if str(value).strip().startswith("-----") else _maybe_secret(value))


def _store_id(value: Any) -> str:
    """A store hash, or the address of a legacy account's API: the one spelling of what was pasted."""
    try:
        word = kinds.required_text(value)
        url = legacy_url(word)
        name = legacy_name(url) if url else store_path(word)
    except FixSettings as wrong:
        raise ValueError(f"{wrong}. {wrong.cure}") from None
    if len(name) > 60:
        raise ValueError(f"has {len(name)} characters; 60 is the most")
    return url or name


def _api_url(value: Any) -> str:
    try:
        return api_base(kinds.required_text(value))
    except FixSettings as wrong:
        raise ValueError(f"{wrong}. {wrong.cure}") from None
