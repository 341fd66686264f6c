from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from npf.core.clock import SystemClock
from npf.core.exchange import Exchange
from npf.fm import wsdl
from npf.fm.client import FM
from npf.fm.login import Login
from npf.fm.wsdl import Wsdl
from npf.warehouse.records import Address, Despatch, Product, SalesOrder, Totals
from tests.fm.responder import Responder

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "fm"


@pytest.fixture
def shared() -> Path:
    """The folder of FM's contract; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent: FM's contract and its recordings are not part of the repository")
    return SHARED


LOGIN = Login("acme", "s3cret&<\u00e9>", "ACME")
MARINA = Address(
    FirstName="Marina",
    LastName="Mirage",
    CompanyName="Mirage & Sons",
    Address1="35 Warrawee Street",
    City="Sapphire Beach",
    State="NSW",
    PostCode="2450",
    Country="Australia",
    Phone="0412345678",
    Email="marina@example.com",
)


@pytest.fixture
def login() -> Login:
    return LOGIN


@pytest.fixture
def order() -> SalesOrder:
    """An order that FM has no reason to refuse: 2 x 11.00 + 5.50 postage, 10 per cent off."""
    line = Product(
        Code="001215",
        Description="Nude By Night Foundation",
        Quantity=2,
        SalesPrice=Decimal("10.00"),
        GST=10,
        SalesPricesIncludesGST=Decimal("11.00"),
        Amount=Decimal("22.00"),
    )
    totals = Totals(
        SubTotal1=Decimal("22.00"),
        P_H_Cost=Decimal("5.00"),
        P_H_GST=10,
        P_H_IncludesGST=Decimal("5.50"),
        SubTotal2=Decimal("27.50"),
        DiscountPercentage=10,
        DiscountAmount=Decimal("2.75"),
        Total=Decimal("24.75"),
    )
    return SalesOrder(
        SalesOrderNo="MG1000012",
        OrderDate=date(2012, 6, 1),
        CustomerNo="C001",
        BillingAddress=MARINA,
        ShippingAddress=MARINA,
        DespatchDetails=Despatch(DispatchMethod="AP", GiftWrappingRequired=True, CustomerMessage="Happy birthday"),
        Products=[line],
        Totals=totals,
    )


def changed(order: Any, path: str, value: Any) -> Any:
    """The order with one field of it changed: `BillingAddress.City`, `Products.Code` (its first line)."""
    name, _dot, rest = path.partition(".")
    if rest:
        inner = getattr(order, name)
        value = [changed(inner[0], rest, value), *inner[1:]] if name == "Products" else changed(inner, rest, value)
    return msgspec.structs.replace(order, **{name: value})


@pytest.fixture(autouse=True)
def _no_wsdl_of_an_earlier_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port may be given out again, with another WSDL behind it."""
    monkeypatch.setattr(wsdl, "_contracts", {})


@pytest.fixture
def responder() -> Iterator[Responder]:
    server = Responder()
    yield server
    server.stop()


@pytest.fixture
def seen() -> list[Exchange]:
    return []


@pytest.fixture
def fm_at(seen: list[Exchange]) -> Iterator[Callable[..., FM]]:
    """Makes clients of an FM at an address, with the exchanges going to `seen`; closes them in the end."""
    made: list[FM] = []

    def make(base_url: str, **settings: Any) -> FM:
        given = {"clock": SystemClock(), "watch": seen.append, "timeout": 5.0, **settings}
        fm = FM(LOGIN, Wsdl.from_base(base_url), **given)
        made.append(fm)
        return fm

    yield make
    for fm in made:
        fm.close()


@pytest.fixture
def fm(responder: Responder, fm_at: Callable[..., FM]) -> FM:
    return fm_at(responder.base_url)
