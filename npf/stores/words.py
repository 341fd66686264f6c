"""The value of a parameter as a person writes it: what the readers in kinds.py take back. Pure."""

from datetime import date
from typing import Any

from npf.core import countries
from npf.stores import kinds
from npf.stores.parameters import Parameter

_STATUSES = ("order_status", "status_pending", "status_processing", "status_complete")
_COUNTRIES = ("countries", "domestic_countries")


def written(row: Parameter, value: Any) -> str:
    """One of the typed values of `Parameters` or `FmOptions` as text."""
    if isinstance(value, tuple):
        return ", ".join(_one(row, item) for item in value)
    return _one(row, value)


def _one(row: Parameter, value: Any) -> str:
    if value is None:
        return "none" if row.read is kinds.written_status else ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if row.key in _STATUSES:
        return f"{value} ({kinds.STATUSES[value]})"
    if row.key in _COUNTRIES:
        return countries.name(value)
    if row.read is kinds.share:
        return f"{value * 100:g}%"
    return str(value)
