"""The elements of a sales order in their sequence, with what is required and how long (WEBSERVICE.md section 1)."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Leaf:
    """One element with text. `kind`: text, integer, quantity (integer from 1), decimal, date or yesno."""

    name: str
    longest: int | None = None
    required: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Group:
    """One element with elements in this sequence. `repeats`: one or more of them in a row."""

    name: str
    parts: tuple["Leaf | Group", ...]
    repeats: bool = False

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each part in the sequence, by name."""
        return {part.name: place for place, part in enumerate(self.parts)}


_R = True
_ADDRESS: tuple[Leaf | Group, ...] = (
    Leaf("FirstName", 50, _R),
    Leaf("LastName", 30, _R),
    Leaf("CompanyName", 255),
    Leaf("Address1", 50, _R),
    Leaf("Address2", 255),
    Leaf("City", 50, _R),
    Leaf("State", 50, _R),
    Leaf("PostCode", 10, _R),
    Leaf("Country", 40, _R),
)

ORDER = Group(
    "Order",
    (
        Leaf("SalesOrderNo", 30, _R),
        Leaf("OrderDate", None, _R, "date"),
        Leaf("CustomerNo", 30, _R),
        Group("BillingAddress", (*_ADDRESS, Leaf("Phone", 15, _R), Leaf("Email", 255))),
        Group("ShippingAddress", _ADDRESS),
        Group(
            "DespatchDetails",
            (
                Leaf("DispatchMethod", 30, _R),
                Leaf("GiftWrappingRequired", 30, False, "yesno"),
                Leaf("CustomerMessage", 100),
                Leaf("ArticleValue", None, False, "decimal"),
                Leaf("ArticleDescription", 100),
                Leaf("WebSiteCode", 255),
            ),
        ),
        Group(
            "Products",
            (
                Group(
                    "Product",
                    (
                        Leaf("Code", 30, _R),
                        Leaf("Description", 255, _R),
                        Leaf("BarCode", 100),
                        Leaf("Quantity", None, _R, "quantity"),
                        Leaf("SalesPrice", None, _R, "decimal"),
                        Leaf("GST", None, False, "integer"),
                        Leaf("SalesPricesIncludesGST", None, False, "decimal"),
                        Leaf("Amount", None, _R, "decimal"),
                    ),
                    repeats=True,
                ),
            ),
        ),
        Group(
            "Totals",
            (
                Leaf("SubTotal1", None, _R, "decimal"),
                Leaf("P_H_Cost", None, False, "decimal"),
                Leaf("P_H_GST", None, False, "integer"),
                Leaf("P_H_IncludesGST", None, False, "decimal"),
                Leaf("SubTotal2", None, _R, "decimal"),
                Leaf("DiscountPercentage", None, False, "integer"),
                Leaf("DiscountAmount", None, False, "decimal"),
                Leaf("Total", None, _R, "decimal"),
            ),
        ),
    ),
)

# fmt: off
DISPATCH_METHODS = frozenset((
    "AAE", "AP CD", "APM", "AP SM", "AP SMNZ", "AP", "CAPL", "CAPS", "DHL SM", "EDI", "EP DA",
    "EP IntAir", "EP", "EP Wine", "EP IntExp", "EP EXP", "EP IntAirMan", "EP MEL", "EP EXPMEL",
    "EP IntMEL", "EXT", "EXTC", "FASTWAYNZ", "FEDEXP", "FEDEX ECON", "LCR", "NZ PS", "NZ PC", "NZ TOLL",
    "QUAN", "ROSS", "STR EXP", "STR DG", "TNT EXPCTN", "TNT EXPECON", "TNT MELCTN", "TOLL EXPLSCTN",
    "TOLL PRICTN", "TOLL EXPCTN", "TOLL EXPMELCTN", "TOLL PRIMELCTN", "TOLL DGCTN",
    "AusPost Registered", "AusPost Express Post Parcel",
))
# fmt: on
