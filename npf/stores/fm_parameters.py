"""The [fm] table of a store file: what is unknown of FM and therefore a setting, and how the warehouse is reached.

The rows are as in parameters.py; those of a warehouse of files are in files_parameters.py.
"""

from typing import Any, Literal

import msgspec

from npf.stores import kinds
from npf.stores.files_parameters import FILES_PARAMETERS, KIND
from npf.stores.row import Parameter
from npf.stores.row import row as _row


class FmOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is unknown of FM and therefore a setting of its client (WEBSERVICE); how a warehouse of files is used."""

    kind: Literal["soap", "files"] = "soap"
    order_wsdl: str = ""
    status_wsdl: str = ""
    stock_wsdl: str = ""
    stock_is: Literal["available", "on_hand"] = "available"
    domestic_countries: tuple[str, ...] = ("AU", "NZ")
    item_is: Literal["line", "unit"] = "line"
    status_batch: int = 100
    stock_batch: int = 150
    status_zone: str = "Australia/Melbourne"
    tracking_from: Literal["consignment_no", "manifest_no"] = "consignment_no"
    dispatch_codes: tuple[str, ...] = ()
    timeout: int = 60
    host_key: tuple[str, ...] = ()
    orders_format: Literal["csv", "json"] = "csv"
    out_folder: str = "out"
    in_folder: str = "in"
    done_folder: str = "done"
    bad_folder: str = "bad"
    end_marker: str = ""
    quiet: int = 2
    stock_hours: int = 48


_ALONE = "Given alone; empty = from the base address."

FM_PARAMETERS: tuple[Parameter, ...] = (
    KIND,
    _row("FM", "order_wsdl", "Order WSDL", kinds.optional_address, _ALONE, of="soap"),
    _row("FM", "status_wsdl", "Order status WSDL", kinds.optional_address, _ALONE, of="soap"),
    _row("FM", "stock_wsdl", "Stock on hand WSDL", kinds.optional_address, _ALONE, of="soap"),
    _row(
        "FM",
        "stock_is",
        "FM's stock figure is",
        kinds.one_of("available", "on_hand"),
        "What FM's figure means.",
        "available",
        "on_hand",
    ),
    _row(
        "FM",
        "domestic_countries",
        "Domestic countries",
        kinds.several(kinds.country),
        "An order to any other country is international to FM.",
    ),
    _row(
        "FM",
        "item_is",
        "An item of an international order is",
        kinds.one_of("line", "unit"),
        "An international order can have only one item: a product of whatever quantity, or a single unit.",
        "line",
        "unit",
    ),
    _row(
        "FM", "status_batch", "Orders per status call", kinds.whole(1, 1000), "How many orders are asked for at once."
    ),
    _row(
        "FM",
        "stock_batch",
        "Codes per stock call",
        kinds.whole(1, 1000),
        "How many product codes are asked for at once.",
        of="soap",
    ),
    _row("FM", "status_zone", "Zone of FM's times", kinds.zone, "FM gives times without a zone."),
    _row(
        "FM",
        "tracking_from",
        "Tracking number is",
        kinds.one_of("consignment_no", "manifest_no"),
        "Which of FM's numbers is the tracking number.",
        "consignment_no",
        "manifest_no",
    ),
    _row(
        "FM",
        "dispatch_codes",
        "More dispatch codes",
        kinds.several(kinds.required_text),
        "Codes that NPF has added to the documented list.",
    ),
    _row(
        "FM",
        "timeout",
        "Seconds to wait for FM",
        kinds.whole(5, 600),
        "A call without an answer is given up after this time.",
    ),
    *FILES_PARAMETERS,
)

FM_BY_KEY = {row.key: row for row in FM_PARAMETERS}


def fm_options(kept: dict[str, Any]) -> FmOptions:
    """The typed values of what the readers above left in the row of an FM client; a missing key has its default."""
    return msgspec.convert(kept, FmOptions)
