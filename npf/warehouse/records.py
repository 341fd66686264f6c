"""What goes to a warehouse and what comes back, in FM's own words (WEBSERVICE sections 1-3).

Names are FM's where the thing is FM's (`SalesOrderNo`, `FrieghtCharges`: spelt so there), plain words elsewhere.
Nothing here checks: `npf.fm.limits` says what FM would refuse.
"""

from datetime import date, datetime
from decimal import Decimal

import msgspec

ZERO = Decimal(0)


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """`BillingAddress` and `ShippingAddress`; the latter is sent without `Phone` and `Email`.

    `Country` is the full English name as FM writes it (`npf.core.countries.name`).
    """

    FirstName: str
    LastName: str
    CompanyName: str = ""
    Address1: str
    Address2: str = ""
    City: str
    State: str
    PostCode: str
    Country: str
    Phone: str = ""
    Email: str = ""


class Despatch(msgspec.Struct, frozen=True, kw_only=True):
    """`DespatchDetails`. `DispatchMethod` is one of `codes.DISPATCH_METHODS`; gift wrap bought = `Yes` is sent."""

    DispatchMethod: str
    GiftWrappingRequired: bool = False
    CustomerMessage: str = ""
    ArticleValue: Decimal = ZERO
    ArticleDescription: str = ""
    WebSiteCode: str = ""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `GST` in per cent; `Amount` = `SalesPricesIncludesGST` x `Quantity`, all to the cent."""

    Code: str
    Description: str
    BarCode: str = ""
    Quantity: int
    SalesPrice: Decimal
    GST: int = 0
    SalesPricesIncludesGST: Decimal
    Amount: Decimal


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The money of an order; `P_H` is postage and handling, `P_H_GST` and `DiscountPercentage` are per cent.

    SubTotal1 = sum of the lines' Amount; SubTotal2 = SubTotal1 + P_H_IncludesGST;
    DiscountAmount = DiscountPercentage of SubTotal2; Total = SubTotal2 - DiscountAmount.
    """

    SubTotal1: Decimal
    P_H_Cost: Decimal = ZERO
    P_H_GST: int = 0
    P_H_IncludesGST: Decimal = ZERO
    SubTotal2: Decimal
    DiscountPercentage: int = 0
    DiscountAmount: Decimal = ZERO
    Total: Decimal


_Totals = Totals


class SalesOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One sales order: all of WEBSERVICE section 1. `SalesOrderNo` bears the prefix already."""

    SalesOrderNo: str
    OrderDate: date
    CustomerNo: str
    BillingAddress: Address
    ShippingAddress: Address
    DespatchDetails: Despatch
    Products: list[Product]
    Totals: _Totals


class Accepted(msgspec.Struct, frozen=True):
    """FM took the order. `OrderStatus` is its own text (`Ready for process`), `NPFOrderNo` its own number."""

    SalesOrderNo: str
    NPFOrderNo: str
    BatchCode: str = ""
    OrderStatus: str = ""
    ClientCode: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """One `Error` of FM: `code` as in `codes.CODES` where it is known, else as FM wrote it; "" where FM gave none."""

    code: str
    detail: str


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """One despatch. `products` are (Code, Quantity). An unreadable date is None, an unreadable charge 0."""

    DespatchDate: date | None = None
    ManifestNo: str = ""
    ConsignmentNo: str = ""
    TrackingLink: str = ""
    FrieghtCharges: Decimal = ZERO
    HandlingCharges: Decimal = ZERO
    products: list[tuple[str, int]] = []


class OrderStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What FM says of one order (WEBSERVICE section 2).

    `status` is FM's word in capitals (`SHIPPED`, `PARTIAL BACKORDER`, ... or one that nobody documented), "" for
    none. `known` is False where FM answered "Sorry, No details available!". `status_time` is in UTC. `backorder`
    are (code, quantity still owed), `ordered` (code, quantity asked for), told of a back-order alone. `unread` names
    what stood there and could not be read ("Quantity of A1: 'two'"): such a thing is left out, never guessed.
    """

    SalesOrderNo: str
    NPFOrderNo: str = ""
    ClientCode: str = ""
    status: str = ""
    message: str = ""
    status_time: datetime | None = None
    shipments: list[Shipment] = []
    backorder: list[tuple[str, int]] = []
    ordered: list[tuple[str, int]] = []
    errors: list[Refusal] = []
    unread: list[str] = []
    known: bool = True


class StockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What FM says of the stock (WEBSERVICE section 3).

    `StockonHand` has every code that was asked for; None = unknown, which is never zero. `unaskable` are the
    codes that no question can hold (a comma, or nothing but blanks). `ClientCodes` are those that FM answered
    for, without doubles: more or others than the login's own means that these are not the client's figures.
    """

    StockonHand: dict[str, int | None]
    unaskable: list[str] = []
    ClientCodes: list[str] = []
