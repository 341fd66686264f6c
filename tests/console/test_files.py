"""The page of a warehouse's files: what came, what of it is bad and why, and the next step."""

import pytest
from django.test import Client

from npf.stores import book, draft
from npf.stores.models import Arrival, OrderFile, Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(db: None) -> Store:
    """A store whose warehouse works with files."""
    tables = make.nested("depot-au") | {"fm": {"kind": "files", "base_url": "/srv/npf/depot", "client_code": "DEPOT"}}
    return book.save(draft.read(tables), "a test", make.CLOCK)[0]


def arrival(of: Store, name: str, *bad: tuple[int, str], kind: str = "orders") -> Arrival:
    return Arrival.objects.create(
        fm_client=of.fm,
        digest=name,
        name=name,
        kind=kind,
        rows=12,
        bad=[list(one) for one in bad],
        taken_at=make.ago(minutes=5),
    )


def page(browser: Client, store: Store, query: str = "") -> str:
    return browser.get(f"/stores/{store.name}/files/{query}").content.decode()


def test_before_any_file_it_says_where_they_come_from(otto: Client, depot: Store) -> None:
    seen = page(otto, depot)
    assert "No file has come yet" in seen
    assert "file:///srv/npf/depot" in seen


def test_each_file_stands_with_its_rows_and_what_of_them_is_bad(otto: Client, depot: Store) -> None:
    arrival(depot, "stock-1.csv", kind="stock")
    arrival(depot, "despatch-1.csv", (3, "Quantity is no number: 'two'"), (7, "has no SalesOrderNo"))
    arrival(depot, "letter.txt", (0, "has neither a column SalesOrderNo"), kind="")
    seen = page(otto, depot)
    assert "line 3: Quantity is no number: &#x27;two&#x27;" in seen
    assert seen.count("all used") == 1
    assert "cannot be read" in seen
    assert "have the warehouse send the bad ones again" in seen
    bad = page(otto, depot, "?show=bad")
    assert "despatch-1.csv" in bad
    assert "stock-1.csv" not in bad


def test_of_many_bad_rows_the_first_are_shown(otto: Client, depot: Store) -> None:
    arrival(depot, "despatch-1.csv", *((line, "has no SalesOrderNo") for line in range(2, 32)))
    assert "and 10 more in the report" in page(otto, depot)


def test_an_order_file_that_waits_is_told_with_the_next_step(otto: Client, depot: Store) -> None:
    for number, state, minutes in (("D-1", "ready", 20), ("D-2", "sent", 20), ("D-3", "new", 1)):
        OrderFile.objects.create(
            fm_client=depot.fm, number=number, digest="a", state=state, changed_at=make.ago(minutes=minutes)
        )
    seen = page(otto, depot)
    assert "1 order file could not be written to its end" in seen
    assert "D-1" in seen
    assert "D-2" not in seen
    assert "D-3" not in seen


def test_only_a_store_with_files_has_the_page(anna: Client, store: Store, depot: Store) -> None:
    assert anna.get(f"/stores/{store.name}/files/").status_code == 404
    assert "/files/" not in anna.get(f"/stores/{store.name}/").content.decode()
    assert "/stores/depot-au/files/" in anna.get("/stores/depot-au/").content.decode()


def test_merchants_do_not_see_it(mia: Client, store: Store) -> None:
    assert mia.get(f"/stores/{store.name}/files/").status_code == 403


def test_the_parameters_are_those_of_the_kind(anna: Client, store: Store, depot: Store) -> None:
    files = anna.get("/stores/depot-au/parameters/").content.decode()
    soap = anna.get(f"/stores/{store.name}/parameters/").content.decode()
    for name in ("host_key", "out_folder", "orders_format", "stock_hours", "private_key"):
        assert f'name="fm.{name}"' in files, name
        assert f'name="fm.{name}"' not in soap, name
    for name in ("order_wsdl", "stock_batch"):
        assert f'name="fm.{name}"' not in files, name
        assert f'name="fm.{name}"' in soap, name
    assert "Folder or address" in files
