"""The plain loop: what one writes in an afternoon, one call for each thing. Knows nothing of npf.

pull    pages of orders by page number; for each order its products, then its shipping addresses
send    one SOAP envelope an order
follow  one status question an order
push    for each order: read it, one POST a consignment, one PUT for the status

It keeps its orders in memory, trusts every answer, and forgets everything when it ends.
"""

import html
import json
import re
import sys
from datetime import datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from xml.sax.saxutils import escape

import httpx2

from bench.sandboxes import CLIENT, PULL
from bench.worker import work

NAME = "plain"
PAGE = 250
DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>'

Row = dict[str, Any]


class Plain:
    """One shop and its orders."""

    def __init__(self, config: dict[str, str], store: str) -> None:
        self.api = f"{config['bigcommerce']}/stores/{store}/v2"
        self.fm = config["fm"]
        self.client_code = store.upper()
        self.http = httpx2.Client(trust_env=False, timeout=60)
        self.headers = {"X-Auth-Token": f"token-{store}", "Accept": "application/json"}
        self.orders: dict[int, Row] = {}
        self.shipments: dict[int, list[Row]] = {}

    def pull(self) -> int:
        page = 1
        while rows := self._get(f"/orders?page={page}&limit={PAGE}&status_id=11"):
            for order in rows:
                order["lines"] = self._get(f"/orders/{order['id']}/products")
                order["addresses"] = self._get(f"/orders/{order['id']}/shipping_addresses")
                self.orders[order["id"]] = order
            page += 1
        return len(self.orders)

    def send(self) -> int:
        for order in self.orders.values():
            answer = self._ask("serverorder.php", "serverorder", _document(self._login(), order))
            if "NPFOrderNo" not in answer:
                raise SystemExit(answer)
        return 0

    def follow(self) -> int:
        for number in self.orders:
            asked = f"<OrderList>{self._login()}<Order><SalesOrderNo>P-{number}</SalesOrderNo></Order></OrderList>"
            self.shipments[number] = _shipments(self._ask("npforderstatus.php", "importorderstatus", asked))
        return 0

    def push(self) -> int:
        for number, order in self.orders.items():
            lines = {line["sku"]: line["id"] for line in order["lines"]}
            if self._get(f"/orders/{number}")["status_id"] != 11:
                continue
            for shipment in self.shipments[number]:
                body = {
                    "order_address_id": order["addresses"][0]["id"],
                    "tracking_number": shipment["number"],
                    "shipping_provider": "",
                    "items": [{"order_product_id": lines[code], "quantity": n} for code, n in shipment["units"]],
                }
                self._write("POST", f"/orders/{number}/shipments", body)
            self._write("PUT", f"/orders/{number}", {"status_id": 10})
        return 0

    def _get(self, path: str) -> Any:
        answer = self.http.get(self.api + path, headers=self.headers).raise_for_status()
        return answer.json() if answer.status_code != 204 else []

    def _write(self, method: str, path: str, body: Row) -> None:
        self.http.request(method, self.api + path, json=body, headers=self.headers).raise_for_status()

    def _login(self) -> str:
        user, word = CLIENT["username"], CLIENT["password"]
        rest = f"<ClientCode>{self.client_code}</ClientCode>"
        return f"<Login><Username>{user}</Username><Password>{word}</Password>{rest}</Login>"

    def _ask(self, page: str, operation: str, document: str) -> str:
        document = (DECLARATION + document).encode("ascii", "xmlcharrefreplace").decode()
        envelope = (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f'<n:{operation} xmlns:n="urn:loginwsdl"><orders>{escape(document)}</orders></n:{operation}>'
            "</soap:Body></soap:Envelope>"
        )
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        answer = self.http.post(f"{self.fm}/{page}", content=envelope.encode(), headers=headers)
        return html.unescape(answer.raise_for_status().text)


def _shipments(answer: str) -> list[Row]:
    return [
        {
            "number": re.search(r"<ConsignmentNo>\s*(.*?)\s*</ConsignmentNo>", part)[1],  # type: ignore[index]
            "units": [
                (code, int(units))
                for code, units in re.findall(r"<Code>\s*(.*?)\s*</Code><Quantity>(\d+)</Quantity>", part)
            ],
        }
        for part in re.findall(r"<Shipment>.*?</Shipment>", answer, re.DOTALL)
    ]


def _document(login: str, order: Row) -> str:
    where, placed = order["addresses"][0], parsedate_to_datetime(order["date_created"])
    products, goods = "", Decimal(0)
    for line in order["lines"]:
        price = Decimal(line["price_inc_tax"])
        goods += price * line["quantity"]
        products += f"<Product>{_product(line, price)}</Product>"
    freight = Decimal(order["shipping_cost_inc_tax"])
    billing = _address(order["billing_address"]) + _leaves(
        Phone=order["billing_address"]["phone"], Email=order["billing_address"]["email"]
    )
    head = _leaves(SalesOrderNo=f"P-{order['id']}", OrderDate=_date(placed), CustomerNo=f"C{order['customer_id']}")
    return (
        f"<OrderList>{login}<Order>{head}<BillingAddress>{billing}</BillingAddress>"
        f"<ShippingAddress>{_address(where)}</ShippingAddress>"
        f"<DespatchDetails>{_leaves(DispatchMethod='AP')}</DespatchDetails><Products>{products}</Products><Totals>"
        + _leaves(SubTotal1=f"{goods:.2f}", P_H_Cost=f"{freight:.2f}", P_H_GST="0", P_H_IncludesGST=f"{freight:.2f}")
        + _leaves(SubTotal2=f"{goods + freight:.2f}", Total=f"{goods + freight:.2f}")
        + "</Totals></Order></OrderList>"
    )


def _product(line: Row, price: Decimal) -> str:
    head = _leaves(Code=line["sku"], Description=line["name"], BarCode="", Quantity=str(line["quantity"]))
    money = _leaves(SalesPrice=f"{price:.2f}", GST="0", SalesPricesIncludesGST=f"{price:.2f}")
    return head + money + _leaves(Amount=f"{price * line['quantity']:.2f}")


def _address(one: Row) -> str:
    return _leaves(
        FirstName=one["first_name"],
        LastName=one["last_name"],
        CompanyName=one["company"],
        Address1=one["street_1"],
        Address2=one["street_2"],
        City=one["city"],
        State=one["state"],
        PostCode=one["zip"],
        Country=one["country"],
    )


def _date(day: datetime) -> str:
    return f"{day:%d-%b-%Y}"


def _leaves(**texts: str) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())


def main(config: dict[str, str]) -> None:
    whole, way = Plain(config, PULL), Plain(config, NAME)
    work({"pull": whole.pull, "prepare": way.pull, "send": way.send, "follow": way.follow, "push": way.push})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
