import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from time_machine import travel

from npf.console.models import Person
from npf.orders.stages import Stage
from npf.shipments.models import Shipment
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db


def charged(store: Store, number: int, day: date | None, freight: str, handling: str, **columns: object) -> None:
    make.order(store, number, Stage.COMPLETE, **columns)
    Shipment.objects.filter(sales_order__order__bc_order_id=number).update(
        despatched_on=day, freight=Decimal(freight), handling=Decimal(handling)
    )


def table(browser: Client) -> list[list[str]]:
    answer = browser.get("/freight/?format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode())))


@travel("2026-11-25T00:00:00Z", tick=False)
def test_it_adds_charges_up_by_month_store_and_carrier(anna: Client, store: Store) -> None:
    charged(store, 1, date(2026, 11, 2), "10.50", "2.20")
    charged(store, 2, date(2026, 11, 20), "9.50", "2.75")
    charged(store, 3, date(2026, 10, 31), "7.00", "1.00")
    charged(store, 4, None, "1.00", "0.00")
    charged(store, 5, date(2026, 11, 2), "99.00", "9.00", test=True)
    charged(store, 6, date(2024, 1, 2), "50.00", "5.00")
    header, *rows = table(anna)
    assert header[:4] == ["month", "store", "dispatch code", "carrier"]
    assert rows == [
        ["2026-11", "acme-au", "AP", "auspost", "3", "21.00", "4.95", "25.95"],
        ["2026-10", "acme-au", "AP", "auspost", "1", "7.00", "1.00", "8.00"],
    ]
    page = anna.get("/freight/").content.decode()
    for shown in ("Nov 2026", "25.95", "33.95", "/freight/?format=csv"):
        assert shown in page


def test_a_merchant_sees_the_charges_of_his_own_stores(enter: Callable[[Person], Client]) -> None:
    today = make.now().date()
    for number, name in enumerate(("mine-au", "other-au"), start=1):
        charged(make.store(name), number, today, "10.00", "2.00")
    _, *rows = table(enter(make.person("mia", "merchant", ("mine-au",))))
    assert [row[1] for row in rows] == ["mine-au"]


def test_nothing_charged_yet_is_said_calmly(anna: Client, store: Store) -> None:
    assert "Nothing was charged yet" in anna.get("/freight/").content.decode()
