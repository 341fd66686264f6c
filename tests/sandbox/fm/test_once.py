"""One number, one order in a client code, however often and by whomever it is sent."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from npf.sandbox.fm.answers import NO_DETAILS

Document = Callable[..., str]
LINE = "Products/Product[1]"
SHARED_LOGIN = ("demo", "s3cret", "DEMO-NZ")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {f"{LINE}/Code": "Test002"},
        {f"{LINE}/Code": "NOSUCH"},
        {f"{LINE}/Code": "REFUSE-99999"},
        {"ShippingAddress/Country": "AU"},
        {"BillingAddress/LastName": ""},
        {"Totals/Total": "1.00"},
        {"SalesOrderNo": " MG1 "},
    ],
)
def test_a_number_that_is_taken_is_refused_whatever_comes_with_it(
    fm: Any, order_document: Document, change: dict[str, str | None]
) -> None:
    fm.send(order_document("MG1"))
    assert list(fm.refusal(order_document("MG1", change))) == ["02005"]
    (order,) = fm.client.orders.values()
    assert (order.lines[0].code, order.received) == ("Test001", 2)


def test_the_number_of_a_cancelled_order_stays_taken(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    fm.client.cancel("MG1")
    assert list(fm.refusal(order_document("MG1"))) == ["02005"]
    assert fm.word("MG1") == "CANCEL"


def test_a_refused_number_is_free_for_the_corrected_order(fm: Any, order_document: Document) -> None:
    assert list(fm.refusal(order_document("MG1", {"ShippingAddress/Country": "AU"}))) == ["02008"]
    assert fm.send(order_document("MG1")).findtext("Status") == "Valid"


def test_of_many_at_once_one_is_taken(fm: Any, order_document: Document) -> None:
    told: list[str] = []
    begin = threading.Barrier(6)

    def send() -> None:
        begin.wait()
        told.append(fm.call("serverorder", order_document("MG1")))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("Valid" if "Valid" in text else "02005" for text in told) == [*["02005"] * 5, "Valid"]
    assert fm.client.orders["MG1"].received == 6
    assert fm.client.stock.reserved("Test001") == 2


def test_a_call_that_stalled_comes_after_the_one_that_was_sent_again(fm: Any, order_document: Document) -> None:
    seen: list[str | None] = []

    def meanwhile(seconds: float) -> None:
        seen.append(fm.status("MG1")["MG1"].findtext("OrderStatusMessage"))
        seen.append(fm.send(order_document("MG1")).findtext("Status"))

    fm.warehouse.sleep = meanwhile
    fm.warehouse.faults.load("stall@1")
    assert list(fm.refusal(order_document("MG1"))) == ["02005"]
    assert seen == [NO_DETAILS, "Valid"]


def test_client_codes_of_one_login_are_apart(fm: Any, order_document: Document) -> None:
    other = fm.warehouse.add_client(
        client_code="DEMO-NZ", username="demo", password="s3cret", products={"Test001": 5}, duplicate_code="03003"
    )
    fm.send(order_document("MG1"))
    assert fm.status("MG1", login=SHARED_LOGIN)["MG1"].findtext("OrderStatusMessage") == NO_DETAILS
    assert fm.send(order_document("MG1", login=SHARED_LOGIN)).findtext("Response/ClientCode") == " DEMO-NZ"
    assert list(fm.refusal(order_document("MG1", login=SHARED_LOGIN))) == ["03003"]
    assert (other.stock.available("Test001"), fm.client.stock.available("Test001")) == (3, 998)
    other.cancel("MG1")
    assert fm.word("MG1") == "PICKING"
    assert list(fm.refusal(order_document("MG2", login=("demo", "s3cret", "DEMO-UK")))) == ["02002"]
