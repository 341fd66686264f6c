"""One table changed: whole or not at all, its former state kept, a change undone."""

import pytest

from npf.audit.models import Event
from npf.core.clock import SystemClock
from npf.core.errors import FixSettings
from npf.stores import book, draft, former, shelf
from npf.stores.draft import WrongSettings
from npf.stores.models import FormerTable, Store
from tests.stores.files import right

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()


@pytest.fixture
def store() -> Store:
    return book.save(draft.read(right()), "anna", CLOCK)[0]


def test_a_change_is_journalled_and_its_former_state_is_kept_with_who_and_when(store: Store) -> None:
    version = store.settings_version
    now = shelf.change(store, "dispatch", {"default": "EP"}, "bob", CLOCK, version=version)
    assert (now.dispatch, now.settings_version) == ({"default": "EP"}, version + 1)
    was = former.last(store, "dispatch")
    assert was is not None
    assert (was.rows, was.replaced_by) == ({"default": "AP"}, "bob")
    assert Event.objects.latest("pk").text == 'Changed: dispatch.default: "AP" -> "EP"'


def test_undone_it_stands_as_before_and_undone_again_it_comes_back(store: Store) -> None:
    shelf.change(store, "dispatch", {"default": "EP", "*": "EXT"}, "bob", CLOCK)
    shelf.undo(store, "dispatch", "anna", CLOCK)
    assert Store.objects.get().dispatch == {"default": "AP"}
    shelf.undo(store, "dispatch", "anna", CLOCK)
    assert Store.objects.get().dispatch == {"default": "EP", "*": "EXT"}


def test_a_table_that_was_never_changed_cannot_be_undone(store: Store) -> None:
    with pytest.raises(FixSettings, match="nothing of bundles was changed yet"):
        shelf.undo(store, "bundles", "anna", CLOCK)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    version = store.settings_version
    shelf.change(store, "dispatch", {"default": "EP"}, "bob", CLOCK, version=version)
    with pytest.raises(shelf.Meanwhile):
        shelf.change(store, "dispatch", {"default": "EXT"}, "anna", CLOCK, version=version)
    assert Store.objects.get().dispatch == {"default": "EP"}


def test_a_table_that_cannot_stand_changes_nothing(store: Store) -> None:
    with pytest.raises(WrongSettings):
        shelf.change(store, "dispatch", {"default": "SNAIL"}, "bob", CLOCK)
    assert Store.objects.get().dispatch == {"default": "AP"}
    assert not FormerTable.objects.exists()


def test_a_store_file_keeps_the_former_tables_too(store: Store) -> None:
    book.save(draft.read(right(sku_map={"A": "B"})), "command", CLOCK)
    assert [one.table for one in FormerTable.objects.all()] == ["sku_map"]


def test_only_the_newest_former_states_are_kept(store: Store) -> None:
    for number in range(former.KEPT + 5):
        shelf.change(store, "sku_map", {"A": f"B{number}"}, "bob", CLOCK)
    kept = FormerTable.objects.filter(store=store, table="sku_map").order_by("pk")
    assert [one.rows["A"] for one in kept] == [f"B{number}" for number in range(4, former.KEPT + 4)]


def test_a_great_many_changed_rows_are_counted_in_the_journal(store: Store) -> None:
    shelf.change(store, "sku_map", {f"SKU-{number}": "FM-1" for number in range(500)}, "bob", CLOCK)
    assert Event.objects.latest("pk").text == "Changed: sku_map: 500 added"


def test_an_unknown_table_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(FixSettings, match='did you mean "bundles"'):
        shelf.named("bundels")
