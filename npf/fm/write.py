"""The inner documents that go to FM (WEBSERVICE sections 1-3): records in, text out.

Elements stand in the documented sequence, all of them, without white space around text. The declaration says
ISO-8859-1 and everything beyond ASCII is a character reference, so that no reading of the bytes on the way (the
envelope is UTF-8, FM's parser is not) can change a letter.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from lxml import etree

from npf.core.errors import GiveUp
from npf.core.money import cents
from npf.fm.login import Login
from npf.warehouse.records import Address, Despatch, Product, SalesOrder, Totals

_DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>'
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def order_document(login: Login, order: SalesOrder) -> str:
    """The argument of `serverorder`: one order (02001 refuses more).

    Raises GiveUp, naming the element, for a text that no XML document can hold; `limits.problems` finds it before.
    """
    root = _root("OrderList", login)
    node = etree.SubElement(root, "Order")
    _add(node, "SalesOrderNo", order.SalesOrderNo)
    _add(node, "OrderDate", fm_date(order.OrderDate))
    _add(node, "CustomerNo", order.CustomerNo)
    billing = _address(node, "BillingAddress", order.BillingAddress)
    _add(billing, "Phone", order.BillingAddress.Phone)
    _add(billing, "Email", order.BillingAddress.Email)
    _address(node, "ShippingAddress", order.ShippingAddress)
    _despatch(node, order.DespatchDetails)
    products = etree.SubElement(node, "Products")
    for product in order.Products:
        _product(products, product)
    _totals(node, order.Totals)
    return _document(root)


def status_document(login: Login, numbers: Iterable[str]) -> str:
    """The argument of `importorderstatus`: the numbers, commas between. A number with a comma must not be in it."""
    root = _root("OrderList", login)
    _add(etree.SubElement(root, "Order"), "SalesOrderNo", ",".join(numbers))
    return _document(root)


def stock_document(login: Login, codes: Iterable[str]) -> str:
    """The argument of `importsoh`: the product codes, commas between. A code with a comma must not be in it."""
    root = _root("ProductList", login)
    _add(etree.SubElement(root, "Product"), "ProductCode", ",".join(codes))
    return _document(root)


def fm_date(day: date) -> str:
    """`01-Jun-2012`: the months are English whatever the locale."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year:04d}"


def _root(name: str, login: Login) -> etree._Element:
    root = etree.Element(name)
    node = etree.SubElement(root, "Login")
    _add(node, "Username", login.Username)
    _add(node, "Password", login.Password)
    _add(node, "ClientCode", login.ClientCode)
    return root


def _document(root: etree._Element) -> str:
    return _DECLARATION + etree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")


def _add(parent: etree._Element, name: str, text: str) -> None:
    node = etree.SubElement(parent, name)
    try:
        node.text = text.strip()
    except ValueError:
        # The value stays out of the message: it may be the password.
        raise GiveUp(f"{name} has control characters", code="characters", field=name) from None


def _money(parent: etree._Element, name: str, value: Decimal) -> None:
    _add(parent, name, f"{cents(value) + 0:.2f}")


def _address(parent: etree._Element, name: str, address: Address) -> etree._Element:
    node = etree.SubElement(parent, name)
    _add(node, "FirstName", address.FirstName)
    _add(node, "LastName", address.LastName)
    _add(node, "CompanyName", address.CompanyName)
    _add(node, "Address1", address.Address1)
    _add(node, "Address2", address.Address2)
    _add(node, "City", address.City)
    _add(node, "State", address.State)
    _add(node, "PostCode", address.PostCode)
    _add(node, "Country", address.Country)
    return node


def _despatch(parent: etree._Element, details: Despatch) -> None:
    node = etree.SubElement(parent, "DespatchDetails")
    _add(node, "DispatchMethod", details.DispatchMethod)
    _add(node, "GiftWrappingRequired", "Yes" if details.GiftWrappingRequired else "No")
    _add(node, "CustomerMessage", details.CustomerMessage)
    _money(node, "ArticleValue", details.ArticleValue)
    _add(node, "ArticleDescription", details.ArticleDescription)
    _add(node, "WebSiteCode", details.WebSiteCode)


def _product(parent: etree._Element, product: Product) -> None:
    node = etree.SubElement(parent, "Product")
    _add(node, "Code", product.Code)
    _add(node, "Description", product.Description)
    _add(node, "BarCode", product.BarCode)
    _add(node, "Quantity", str(product.Quantity))
    _money(node, "SalesPrice", product.SalesPrice)
    _add(node, "GST", str(product.GST))
    _money(node, "SalesPricesIncludesGST", product.SalesPricesIncludesGST)
    _money(node, "Amount", product.Amount)


def _totals(parent: etree._Element, totals: Totals) -> None:
    node = etree.SubElement(parent, "Totals")
    _money(node, "SubTotal1", totals.SubTotal1)
    _money(node, "P_H_Cost", totals.P_H_Cost)
    _add(node, "P_H_GST", str(totals.P_H_GST))
    _money(node, "P_H_IncludesGST", totals.P_H_IncludesGST)
    _money(node, "SubTotal2", totals.SubTotal2)
    _add(node, "DiscountPercentage", str(totals.DiscountPercentage))
    _money(node, "DiscountAmount", totals.DiscountAmount)
    _money(node, "Total", totals.Total)
