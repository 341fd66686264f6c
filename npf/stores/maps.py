"""The tables of a store, and the one value through which gates and stations see its settings. Pure."""

from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from npf.stores.dispatch import Row, find, folded, rows_of
from npf.stores.fm_parameters import FmOptions
from npf.stores.parameters import Parameters

# BigCommerce's own list of `shipping_provider`; any other carrier is a `tracking_carrier` (facts 78, 79).
PROVIDERS = frozenset(
    ["auspost", "canadapost", "endicia", "usps", "fedex", "royalmail", "ups", "upsready", "upsonline", "shipperhq"]
)


class Settings(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a store's rules look at. The tables are as tables.py keeps them.

    `bundles`: bundle SKU -> FM product code -> quantity in one bundle.
    """

    name: str
    parameters: Parameters
    fm: FmOptions
    dispatch: dict[str, Any] = {}
    carriers: dict[str, str] = {}
    sku_map: dict[str, str] = {}
    bundles: dict[str, dict[str, int]] = {}
    buffers: dict[str, int] = {}

    @cached_property
    def dispatch_rows(self) -> tuple[Row, ...]:
        """The rows of the dispatch table, the one that counts first in front."""
        return rows_of(self.dispatch)

    @cached_property
    def _named(self) -> dict[str, tuple[Row, ...]]:
        """The rows that name a method, for the few methods of a store: matching texts is what takes long."""
        return {}

    def dispatch_row(self, shipping_method: str, country: str = "", weight_kg: Decimal | None = None) -> Row | None:
        """The row of the dispatch table that fits; None = unmapped. `country` is ISO2."""
        rows = self._named.get(method := folded(shipping_method))
        if rows is None:
            rows = self._named[method] = tuple(row for row in self.dispatch_rows if row.names(method))
        return find(rows, method, country, weight_kg)

    def dispatch_code(self, shipping_method: str, country: str = "", weight_kg: Decimal | None = None) -> str | None:
        """FM's dispatch code of what is sent by a BigCommerce `shipping_method` to a country; None = unmapped."""
        row = self.dispatch_row(shipping_method, country, weight_kg)
        return row.code if row else None

    def carrier(self, dispatch_code: str) -> tuple[str, str]:
        """(`shipping_provider`, `tracking_carrier`) of a dispatch code; both empty where the table has no row."""
        word = self.carriers.get(dispatch_code, "")
        if word in PROVIDERS or word.startswith("carrier_"):
            return word, ""
        return "", word

    def buffer(self, sku: str) -> int:
        """Units of a SKU that are never published: its own row, else the store's buffer."""
        return self.buffers.get(sku, self.parameters.stock_buffer)

    def fm_code(self, sku: str) -> str:
        """FM's product code of a BigCommerce SKU."""
        return self.sku_map.get(sku, sku)

    def is_bundle(self, sku: str) -> bool:
        """Whether prefix, suffix or the bundle table make this SKU a bundle. Exact, no case rule."""
        values = self.parameters
        return (
            sku in self.bundles
            or (bool(values.bundle_prefix) and sku.startswith(values.bundle_prefix))
            or (bool(values.bundle_suffix) and sku.endswith(values.bundle_suffix))
        )

    def parts(self, sku: str) -> dict[str, int] | None:
        """FM product code -> quantity for one unit of a SKU; None = a bundle that the table does not know."""
        if not self.is_bundle(sku):
            return {self.fm_code(sku): 1}
        values = self.parameters
        if values.bundle_action == "as_is":
            return {self.fm_code(sku): 1}
        if values.bundle_action == "strip":
            bare = sku.removeprefix(values.bundle_prefix)
            return {self.fm_code(bare.removesuffix(values.bundle_suffix) if values.bundle_suffix else bare): 1}
        return self.bundles.get(sku)
