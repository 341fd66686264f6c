"""One parcel of a BigCommerce order as an FM sales order (WEBSERVICE section 1). Pure.

Money is told once and adds up to the cent, as FM's sample does: every amount is a unit price with GST times a
quantity, and the ex-GST price is worked back from it. Discounts are in the unit prices, because FM knows only whole
per cents of the whole order; three for 10.00 are told as three at 3.33. Texts that people read are cut and
transliterated by FM's rules; codes and numbers never are.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from npf.bigcommerce.records import Address, Consignment, Order, OrderProduct
from npf.core import countries
from npf.core.money import cents
from npf.fm import limits
from npf.fm.codes import DISPATCH_METHODS
from npf.fm.text import clean, fit, latin1, phone, spill
from npf.orders.dispatching import row_of
from npf.orders.parcels import Item, Parcel, left_to_ship
from npf.stores.maps import Settings
from npf.warehouse import records

# CustomerMessage (WEBSERVICE section 1), and how a message ends of which the packer must know that there is more.
_MESSAGE = 100
_MORE = " ..."


def build(order: Order, parcel: Parcel, settings: Settings) -> records.SalesOrder:
    """The sales order of one parcel. Never fails: what FM would refuse, `problems` says."""
    where = parcel.consignment
    products = _products(parcel)
    handling = cents(where.cost_inc_tax + where.handling_cost_inc_tax + _wrapping(order, parcel))
    gst = _percent(where.cost_ex_tax, where.cost_inc_tax)
    goods = sum((product.Amount for product in products), Decimal(0))
    return records.SalesOrder(
        SalesOrderNo=parcel.number,
        OrderDate=order.date_created.astimezone(settings.parameters.zone).date(),
        # Guests all have customer 0; they are different people (fact 59).
        CustomerNo=str(order.customer_id) if order.customer_id else f"G{order.id}",
        BillingAddress=_address(order.billing_address, where, settings, contact=True),
        ShippingAddress=_address(where, where, settings, contact=False),
        DespatchDetails=records.Despatch(
            DispatchMethod=row.code if (row := row_of(parcel, settings)) else "",
            GiftWrappingRequired=any(item.line.wrapping_name for item in parcel.items),
            CustomerMessage=_cut(_message(order, parcel))[0],
            ArticleValue=goods,
            ArticleDescription=_prose(products[0].Description if products else "", 100),
            WebSiteCode=settings.name,
        ),
        Products=products,
        Totals=records.Totals(
            SubTotal1=goods,
            P_H_Cost=_without(handling, gst),
            P_H_GST=gst,
            P_H_IncludesGST=handling,
            SubTotal2=goods + handling,
            Total=goods + handling,
        ),
    )


def problems(order: records.SalesOrder, settings: Settings) -> list[limits.Problem]:
    """What FM would refuse of it, by FM's documented limits and the settings of its client."""
    return limits.problems(
        order,
        domestic_countries=settings.fm.domestic_countries,
        dispatch_methods=(*DISPATCH_METHODS, *settings.fm.dispatch_codes),
        item_is=settings.fm.item_is,
    )


def left_out(order: Order, parcel: Parcel) -> str:
    """What of the message to the packers FM cannot hold, in words; "" = it has all of it (fact 52)."""
    message = _message(order, parcel)
    if not message.isascii() and any(char.isalpha() and not latin1(char) for char in message):
        return f"FM has not all the letters of the message to the packers, “{message}”"
    rest = _cut(message)[1]
    return f"the message to the packers is cut, “{rest}” is left out" if rest else ""


def cure(problem: limits.Problem) -> str:
    """What a person does about a problem, as a sentence."""
    match problem.field.rpartition(".")[2]:
        case "SalesOrderNo":
            return "choose another prefix"
        case "DispatchMethod":
            return f"mend the dispatch table: “{problem.repair}”" if problem.repair else "mend the dispatch table"
        case "Code":
            return "give FM's product code for this SKU in the SKU map"
        case "Products":
            return "split the order in BigCommerce, or ask NPF how to send it"
    first = f"{problem.proposals[0].words}, or " if problem.proposals else ""
    return f"{first}correct it in BigCommerce; it goes on by itself then"


def _products(parcel: Parcel) -> list[records.Product]:
    """One row per FM code: FM answers by code, so two rows of one code could not be told apart afterwards."""
    riders = _money_of_riders(parcel.items)
    units: dict[str, int] = {}
    money: dict[str, Decimal] = {}
    first: dict[str, OrderProduct] = {}
    for item in parcel.items:
        pieces = sum(item.parts.values())
        paid = _paid(item) + riders.get(item.line.id, Decimal(0))
        for code, per_unit in item.parts.items():
            units[code] = units.get(code, 0) + per_unit * item.quantity
            money[code] = money.get(code, Decimal(0)) + paid * per_unit / pieces
            first.setdefault(code, item.line)
    rows = []
    for code, quantity in units.items():
        line = first[code]
        price = cents(money[code] / quantity)
        gst = _percent(line.price_ex_tax, line.price_inc_tax)
        rows.append(
            records.Product(
                Code=code,
                # A name that Latin letters cannot hold is no reason to stop: the packer goes by the code.
                Description=_prose(line.name, 255) or code,
                BarCode=clean(line.upc, 100),
                Quantity=quantity,
                SalesPrice=_without(price, gst),
                GST=gst,
                SalesPricesIncludesGST=price,
                Amount=price * quantity,
            )
        )
    return rows


def _money_of_riders(items: Iterable[Item]) -> dict[int, Decimal]:
    """order_product_id -> what was paid for the lines that ride along with it: a bundle's price is on one of them."""
    total: dict[int, Decimal] = {}
    for item in items:
        if item.rides_with is not None:
            total[item.rides_with] = total.get(item.rides_with, Decimal(0)) + _paid(item)
    return total


def _paid(item: Item) -> Decimal:
    """What the shopper pays for the units that are sent, with tax and after discounts."""
    line = item.line
    whole = line.discounted_total_inc_tax if line.discounted_total_inc_tax is not None else line.total_inc_tax
    return whole * item.quantity / line.quantity if line.quantity else Decimal(0)


def _percent(without: Decimal, included: Decimal) -> int:
    if without <= 0 or included <= without:
        return 0
    return min(100, int(((included / without - 1) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def _without(included: Decimal, gst: int) -> Decimal:
    return cents(included * 100 / (100 + gst))


def _wrapping(order: Order, parcel: Parcel) -> Decimal:
    """Gift wrap is priced on the order: the first address that something goes to bears it."""
    bears = next((one for one in order.shipping if any(map(left_to_ship, one.line_items or []))), None)
    return order.wrapping_cost_inc_tax if bears is parcel.consignment else Decimal(0)


def _address(of: Address, where: Consignment, settings: Settings, *, contact: bool) -> records.Address:
    street_1, street_2 = spill(_legible(of.street_1, 500), _legible(of.street_2, 255), 50)
    code = countries.iso2(of.country_iso2) or countries.iso2(of.country)
    return records.Address(
        FirstName=_legible(of.first_name, 50),
        LastName=_legible(of.last_name, 30),
        CompanyName=_legible(of.company, 255),
        Address1=street_1,
        Address2=street_2,
        City=_legible(of.city, 50),
        State=_legible(of.state, 50),
        PostCode=of.zip.strip(),
        Country=countries.name(code) if code else of.country.strip(),
        Phone=phone(latin1(of.phone or where.phone), 15) if contact else "",
        Email=(of.email or where.email).strip() if contact else "",
    )


@lru_cache(maxsize=4096)
def _legible(text: str, limit: int) -> str:
    """A name or address as FM can hold it; left as it is where letters would be lost, so that it is held and seen."""
    if not text.isascii() and any(char.isalpha() and not latin1(char) for char in text):
        return text.strip()
    return clean(text, limit)


_prose = lru_cache(maxsize=4096)(clean)


def _message(order: Order, parcel: Parcel) -> str:
    """What a packer must know, the shopper's own words last because they are cut first."""
    return "; ".join(_remarks(order, parcel))


def _cut(message: str) -> tuple[str, str]:
    """(The message as FM can hold it, what of it is left out). No word and no number is cut."""
    whole = latin1(message)
    if len(whole) <= _MESSAGE:
        return whole, ""
    kept = fit(whole, _MESSAGE - len(_MORE))
    return f"{kept}{_MORE}".strip(), whole[len(kept) :].strip(" ,;")


def _remarks(order: Order, parcel: Parcel) -> Iterable[str]:
    for item in parcel.items:
        yield from remarks(item.line)
    if order.customer_message:
        yield order.customer_message


def remarks(line: OrderProduct) -> Iterator[str]:
    """What a packer must know of a line: gift wrap, engraving."""
    if line.wrapping_name:
        yield f"Gift wrap {line.sku}: {line.wrapping_name} {line.wrapping_message}".strip()
    for option in line.product_options:
        # What the shopper wrote (engraving, a date) is in no SKU; a choice is in the variant's (facts 52, 54).
        if option.type.casefold().endswith(("field", "checkbox")) and option.display_value:
            yield f"{line.sku} {option.display_name}: {option.display_value}"
