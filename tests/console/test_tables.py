"""The page of a store's tables: rows, test box, a row by hand, a file, undo, and which held orders go by it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from npf.orders.models import Record
from npf.orders.stages import Stage
from npf.stores.models import Store
from npf.stores.tables import TABLES
from tests.console import factories as make
from tests.console.conftest import Woken
from tests.orders.making import address, as_json, line

pytestmark = pytest.mark.django_db


def at(store: Store, name: str = "table", key: str = "dispatch") -> str:
    return reverse(name, kwargs={"name": store.name, "key": key})


def text_of(answer: HttpResponse) -> str:
    """What a reader sees of a page, its white space even."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def row(browser: Client, store: Store, what: str, key: str = "dispatch", **cells: object) -> HttpResponse:
    store.refresh_from_db()
    sent = {"what": what, "version": store.settings_version} | cells
    return browser.post(at(store, "table_row", key), sent, follow=True)


def upload(browser: Client, store: Store, text: str, key: str = "dispatch") -> HttpResponse:
    return browser.post(at(store, "table_take", key), {"file": SimpleUploadedFile("x.csv", text.encode())}, follow=True)


def held(store: Store, number: int, method: str = "By pigeon") -> None:
    """An order that the gate of the dispatch method holds, with a record that can be judged again."""
    order = make.order(store, number, Stage.HELD, reason="x", reason_code="gate:dispatch method")
    raw = as_json(address(51, line(), shipping_method=method), id=number)
    Record.objects.filter(order=order).update(raw=json.dumps(raw).encode())


@pytest.fixture
def strict(store: Store) -> Store:
    """A store without a default, so that a method can be unmapped."""
    Store.objects.filter(pk=store.pk).update(dispatch={"*express*": "EP EXP"})
    store.refresh_from_db()
    return store


def test_every_table_has_its_page_with_its_rule_in_a_sentence(anna: Client, store: Store) -> None:
    for key, table in TABLES.items():
        page = text_of(anna.get(at(store, key=key)))
        assert table.title in page
        assert "What would this map to?" in page
    assert "The first row that fits counts: an exact method before a pattern with *" in text_of(anna.get(at(store)))
    assert anna.get(at(store, key="nonsense")).status_code == 404


def test_rows_are_shown_in_the_sequence_in_which_they_count_and_can_be_searched(anna: Client, store: Store) -> None:
    page = text_of(anna.get(at(store)))
    assert page.index("*express*") < page.index("default AP")
    assert "default AP" not in text_of(anna.get(at(store) + "?q=EXPR"))
    assert "No row has “zzz”" in text_of(anna.get(at(store) + "?q=zzz"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("text=Express+Post&country=Australia&kg=3", "“Express Post” to Australia at 3 kg goes as EP EXP."),
        ("text=Drone", "“Drone” goes as AP."),
        ("text=Drone&country=Atlantis", "&quot;Atlantis&quot; is no country"),
        ("text=Drone&kg=heavy", "“heavy” must be a weight in kilograms"),
    ],
)
def test_the_test_box_says_what_a_text_maps_to(mia: Client, store: Store, query: str, said: str) -> None:
    page = text_of(mia.get(f"{at(store, 'table_try')}?{query}"))
    assert said in page


def test_a_row_is_looked_at_with_the_held_orders_that_would_go_and_then_saved(
    anna: Client, strict: Store, woken: Woken
) -> None:
    held(strict, 1001)
    held(strict, 1002, "Drone")
    page = text_of(row(anna, strict, "check", method="by  PIGEON", code="ext"))
    assert "1 held order would go to FM by it: 1001 ." in page
    strict.refresh_from_db()
    assert strict.dispatch == {"*express*": "EP EXP"}
    page = text_of(row(anna, strict, "save", method="by pigeon", code="ext"))
    assert "Saved: 1 added. The held order passes the gates again now." in page
    strict.refresh_from_db()
    assert strict.dispatch == {"*express*": "EP EXP", "by pigeon": "EXT"}
    assert woken() == {("pull", strict.pk)}


def test_a_mistake_is_said_beside_the_row_with_the_nearest_code_and_nothing_is_saved(
    anna: Client, store: Store
) -> None:
    answer = row(anna, store, "save", method="Post", code="EP EXPP", up_to_kg="much")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "did you mean &quot;EP EXP&quot;" in page
    assert "Up to kg: must be a weight" in page
    assert row(anna, store, "check", method="Post", code="EP EXPP").status_code == 200
    store.refresh_from_db()
    assert "Post" not in store.dispatch


def test_a_row_is_changed_and_removed_in_place(anna: Client, store: Store) -> None:
    page = anna.get(at(store) + "?edit=*express*&edit=EP+EXP&edit=&edit=&edit=").content.decode()
    assert "Change the row" in page
    was = ["*express*", "EP EXP", "", "", ""]
    row(anna, store, "save", was=was, method="*express*", code="EP EXP", countries="NZ, Australia", over_kg="2")
    store.refresh_from_db()
    rule = {"code": "EP EXP", "countries": ["AU", "NZ"], "over_kg": 2}
    assert store.dispatch == {"*express*": [rule], "default": "AP"}
    was = ["*express*", "EP EXP", "Australia, New Zealand", "2", ""]
    assert "Saved: 1 removed." in text_of(row(anna, store, "remove", was=was))
    store.refresh_from_db()
    assert store.dispatch == {"default": "AP"}
    assert "not there any more" in text_of(row(anna, store, "remove", was=was))


def test_two_rows_that_could_fit_the_same_order_are_refused(anna: Client, store: Store) -> None:
    page = text_of(row(anna, store, "save", method="Default", code="EP"))
    assert "says the same as" in page


def test_a_bundle_has_a_row_for_each_part(anna: Client, store: Store) -> None:
    row(anna, store, "save", "bundles", sku="KIT-HOME", code="FM-3", quantity="4")
    store.refresh_from_db()
    assert store.bundles == {"KIT-HOME": {"FM-1": 2, "FM-2": 1, "FM-3": 4}}


def test_a_save_from_an_old_page_changes_nothing(anna: Client, store: Store) -> None:
    page = text_of(row(anna, store, "save", method="Post", code="EP", version=store.settings_version - 1))
    assert "were changed meanwhile, so nothing was saved" in page
    store.refresh_from_db()
    assert "Post" not in store.dispatch


def test_a_file_is_shown_with_its_difference_before_it_is_taken(anna: Client, strict: Store) -> None:
    held(strict, 1001)
    answer = upload(anna, strict, "shipping method;dispatch code\r\n*express*;EP\r\nby pigeon;EXT\r\n")
    page = text_of(answer)
    assert "The file would change this: 1 added, 1 changed, of 2 rows in it. Nothing is saved yet." in page
    assert "1 held order would go to FM by it" in page
    strict.refresh_from_db()
    assert strict.dispatch == {"*express*": "EP EXP"}
    sent = {"text": answer.context["text"], "version": strict.settings_version}
    assert "Saved: 1 added, 1 changed." in text_of(anna.post(at(strict, "table_take"), sent, follow=True))
    strict.refresh_from_db()
    assert strict.dispatch == {"*express*": "EP", "by pigeon": "EXT"}


def test_a_file_with_a_bad_row_is_refused_whole_by_line_and_column(anna: Client, store: Store) -> None:
    answer = upload(anna, store, "shipping method,dispatch code\nPost,AP\nDrone,DRONE\n")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Nothing was taken from the file. 1 thing to mend" in page
    assert "Line 3, column “dispatch code”" in page
    store.refresh_from_db()
    assert store.dispatch == {"default": "AP", "*express*": "EP EXP"}


def test_a_file_that_says_the_same_and_no_file_at_all_change_nothing(anna: Client, store: Store) -> None:
    same = anna.get(at(store, "table_csv")).content.decode()
    assert "nothing is different" in text_of(upload(anna, store, same))
    assert "choose a CSV file first" in text_of(anna.post(at(store, "table_take"), follow=True))


def test_the_file_out_is_a_download_for_everybody_who_sees_the_store(mia: Client, store: Store) -> None:
    answer = mia.get(at(store, "table_csv", "bundles"))
    assert answer["Content-Disposition"] == f'attachment; filename="{store.name}-bundles.csv"'
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "KIT-HOME,FM-1,2"
    assert mia.get(at(make.store("zen-nz"), "table_csv")).status_code == 404


def test_the_last_change_can_be_undone_and_shows_before_what_it_would_change(anna: Client, store: Store) -> None:
    row(anna, store, "save", method="Post", code="EP")
    page = text_of(anna.get(at(store)))
    assert "Undo the last change: anna" in page
    assert "Undoing it would change this: 1 removed" in page
    store.refresh_from_db()
    sent = {"version": store.settings_version}
    assert "Saved: 1 removed." in text_of(anna.post(at(store, "table_undo"), sent, follow=True))
    store.refresh_from_db()
    assert store.dispatch == {"default": "AP", "*express*": "EP EXP"}


def test_operators_and_merchants_see_the_tables_and_change_nothing(otto: Client, mia: Client, store: Store) -> None:
    row(otto, store, "check")
    for browser in (otto, mia):
        page = browser.get(at(store)).content.decode()
        assert "*express*" in page
        assert 'method="post"' not in page.partition("<main")[2]
        assert row(browser, store, "save", method="Post", code="EP").status_code == 403
        assert browser.post(at(store, "table_undo")).status_code == 403
