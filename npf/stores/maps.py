"""The tables of a store, and the one value through which gates and stations see its settings. Pure."""

import re
from functools import lru_cache

import msgspec

from npf.stores.parameters import FmOptions, Parameters

# BigCommerce's own list of `shipping_provider`; any other carrier is a `tracking_carrier` (facts 78, 79).
PROVIDERS = frozenset(
    ["auspost", "canadapost", "endicia", "usps", "fedex", "royalmail", "ups", "upsready", "upsonline", "shipperhq"]
)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a store's rules look at. `bundles`: bundle SKU -> FM product code -> quantity in one bundle."""

    name: str
    parameters: Parameters
    fm: FmOptions
    dispatch: dict[str, str] = {}
    carriers: dict[str, str] = {}
    sku_map: dict[str, str] = {}
    bundles: dict[str, dict[str, int]] = {}

    def dispatch_code(self, shipping_method: str) -> str | None:
        """FM's dispatch code for a BigCommerce `shipping_method`; None = unmapped.

        An exact row wins, then the longest pattern that fits, then `default`. Case and runs of white space do not
        count.
        """
        asked = _folded(shipping_method)
        patterns: list[tuple[int, str]] = []
        for key, code in self.dispatch.items():
            if key == "default":
                continue
            if _folded(key) == asked:
                return code
            if "*" in key and _pattern(_folded(key)).fullmatch(asked):
                patterns.append((len(key), code))
        if patterns:
            return max(patterns)[1]
        return self.dispatch.get("default")

    def carrier(self, dispatch_code: str) -> tuple[str, str]:
        """(`shipping_provider`, `tracking_carrier`) of a dispatch code; both empty where the table has no row."""
        word = self.carriers.get(dispatch_code, "")
        if word in PROVIDERS or word.startswith("carrier_"):
            return word, ""
        return "", word

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


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in text.split("*")))
