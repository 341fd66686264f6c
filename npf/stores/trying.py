"""What would this text map to? One question to each table. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from npf.core import countries
from npf.core.errors import FixSettings
from npf.stores.kinds import country as read_country
from npf.stores.maps import Settings
from npf.stores.tables import TABLES, bound


class Mapped(msgspec.Struct, frozen=True):
    """`to` is what it maps to, None = nothing: an order with it would be held. `says` is the sentence for a person.

    `row`: the cells of the row that decides, empty where none does.
    """

    to: str | None
    says: str
    row: tuple[str, ...] = ()


def read_place(country: str, kg: str) -> tuple[str, Decimal | None]:
    """A country and a weight as somebody types them. Raises FixSettings."""
    try:
        code = read_country(country) if country.strip() else ""
    except ValueError as wrong:
        raise FixSettings(str(wrong), parameter="--country", cure="give its full name, such as Australia") from None
    try:
        return code, bound(kg)
    except ValueError as wrong:
        raise FixSettings(f"“{kg}” {wrong}", parameter="--kg", cure="give kilograms, such as 0.5") from None


def mapped(key: str, settings: Settings, text: str, country: str = "", weight_kg: Decimal | None = None) -> Mapped:
    """What a text maps to by the table of that key; `country` (ISO2) and weight matter to the dispatch table only."""
    text = " ".join(text.split())
    return _ASK[key](settings, text, country, weight_kg) if key in _ASK else _plain(key, settings, text)


def _dispatch(settings: Settings, method: str, country: str, weight_kg: Decimal | None) -> Mapped:
    row = settings.dispatch_row(method, country, weight_kg)
    where = f" to {countries.name(country)}" if country else ""
    where += f" at {weight_kg:f} kg" if weight_kg is not None else ""
    if row is None:
        return Mapped(None, f"No row fits “{method}”{where}: the order would be held.")
    values = (row.method, row.code, row.countries, row.over_kg, row.up_to_kg)
    return Mapped(row.code, f"“{method}”{where} goes as {row.code}.", TABLES["dispatch"].cells(values))


def _carriers(settings: Settings, code: str, *_: Any) -> Mapped:
    known = {one.casefold(): one for one in settings.carriers}
    code = known.get(code.casefold(), code)
    provider, carrier = settings.carrier(code)
    if told := provider or carrier:
        return Mapped(told, f"Of what goes as {code}, BigCommerce is told the carrier {told}.", (code, told))
    return Mapped(None, f"Of what goes as {code}, BigCommerce is told a tracking number and no carrier.")


def _sku_map(settings: Settings, sku: str, *_: Any) -> Mapped:
    code = settings.fm_code(sku)
    if sku in settings.sku_map:
        return Mapped(code, f"{sku} is {code} at FM.", (sku, code))
    return Mapped(code, f"{sku} has no row, so it is {code} at FM too.")


def _bundles(settings: Settings, sku: str, *_: Any) -> Mapped:
    if not settings.is_bundle(sku):
        return Mapped(settings.fm_code(sku), f"{sku} is no bundle: FM is asked for {settings.fm_code(sku)}.")
    parts = settings.parts(sku)
    if parts is None:
        return Mapped(None, f"{sku} is a bundle without a row: the order would be held.")
    listed = ", ".join(f"{count} x {code}" for code, count in parts.items())
    return Mapped(listed, f"One {sku} is {listed}.", (sku,))


def _plain(key: str, settings: Settings, text: str) -> Mapped:
    found = getattr(settings, key).get(text)
    return Mapped(None, f"{text} has no row.") if found is None else Mapped(str(found), f"{text} is {found}.")


_Ask = Callable[[Settings, str, str, Decimal | None], Mapped]
_ASK: dict[str, _Ask] = {
    "dispatch": _dispatch,
    "carriers": _carriers,
    "sku_map": _sku_map,
    "bundles": _bundles,
}
