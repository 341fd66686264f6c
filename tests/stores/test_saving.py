"""The book of stores: whole or not at all, and nothing about it is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from npf.audit.models import Event
from npf.core.clock import ManualClock
from npf.stores import book, draft, fits
from npf.stores.draft import WrongSettings
from npf.stores.models import Cursor, FmClient, Store
from tests.stores.files import right

pytestmark = pytest.mark.django_db
CLOCK = ManualClock(datetime(2026, 11, 2, 7, 30, tzinfo=UTC))  # 18:30 in Melbourne

Save = Callable[..., tuple[Store, list[str]]]


def save(name: str = "acme", clock: ManualClock = CLOCK, **tables: Any) -> tuple[Store, list[str]]:
    nested = right(name=name, **tables)
    nested["bigcommerce"] = {"store_id": name, "access_token": f"token-of-{name}"} | tables.get("bigcommerce", {})
    return book.save(draft.read(nested), "anna", clock)


def refused(name: str = "acme", **tables: Any) -> str:
    """The parameter that is refused. What was there has not changed."""
    before = list(Store.objects.order_by("pk").values()), list(FmClient.objects.order_by("pk").values())
    with pytest.raises(WrongSettings) as caught:
        save(name, **tables)
    after = list(Store.objects.order_by("pk").values()), list(FmClient.objects.order_by("pk").values())
    assert before == after
    return caught.value.parameter


def test_it_adds_a_store_and_says_so_in_the_journal() -> None:
    store, said = save()
    assert (store.settings_version, store.next_look_at, said) == (1, CLOCK.now(), [])
    event = Event.objects.get(store_id=store.pk)
    assert (event.tag, event.by) == ("person:store:added", "anna")


def test_it_gives_back_as_tables_what_was_saved() -> None:
    tables: dict[str, Any] = {
        "parameters": {"start_date": "01/11/2026", "prefix": "MG", "countries": ["AU"]},
        "sku_map": {"A": "B"},
        "bundles": {"KIT": {"A": 2}},
    }
    store, _ = save(**tables)
    nested = book.nested(store, secrets=True)
    assert {key: nested[key] for key in tables} == tables
    assert draft.read(nested) == draft.read(book.nested(Store.objects.get(), secrets=True))
    assert nested["bigcommerce"]["access_token"] == "token-of-acme"


def test_it_masks_the_secrets_unless_asked_for() -> None:
    store, _ = save()
    shown = book.nested(store)
    assert shown["bigcommerce"]["access_token"] == shown["fm"]["password"] == "••••••••"


def test_saving_the_same_again_changes_nothing() -> None:
    save()
    store, _ = save()
    assert store.settings_version == 1
    assert Event.objects.count() == 1


def test_a_change_raises_the_settings_version_and_is_told_without_its_secrets() -> None:
    save()
    store, _ = save(
        parameters={"prefix": "MG"}, bigcommerce={"access_token": "token-two"}, fm={"password": "secret-two"}
    )
    assert store.settings_version == 2
    event = Event.objects.order_by("pk").last()
    assert event is not None
    assert set(event.data["changes"]) == {
        'parameters.prefix: (none) -> "MG"',
        "bigcommerce.access_token: replaced",
        "fm.password: replaced",
    }
    assert "token-" not in event.text
    assert "secret" not in event.text


def test_without_a_start_date_a_new_store_begins_today_in_its_own_zone() -> None:
    late = ManualClock(datetime(2026, 11, 2, 20, 0, tzinfo=UTC))  # already the 3rd in Auckland
    store, _ = save(clock=late, parameters={"start_date": "01/11/2026", "timezone": "Pacific/Auckland"})
    nested = book.nested(store, secrets=True) | {"name": "kiwi"}
    nested["bigcommerce"]["store_id"] = "kiwi"
    nested["parameters"] = {"timezone": "Pacific/Auckland", "prefix": "KIWI"}
    kiwi, _ = book.save(draft.read(nested), "anna", late)
    assert kiwi.parameters["start_date"] == "2026-11-03"
    assert book.in_words(kiwi) == "orders placed from Tuesday 3 November 2026, 00:00 in Pacific/Auckland"


def test_a_later_file_without_a_start_date_keeps_the_one_that_was_there() -> None:
    store, _ = save(parameters={"start_date": "01/10/2026"})
    nested = book.nested(store, secrets=True)
    nested["parameters"] = {"prefix": "MG"}
    again, _ = book.save(draft.read(nested), "anna", CLOCK)
    assert again.parameters["start_date"] == "2026-10-01"


def test_a_start_date_in_the_future_is_allowed_and_said() -> None:
    _, said = save(parameters={"start_date": "25/12/2026"})
    assert said == [
        "the start date is in the future: orders placed from Friday 25 December 2026, 00:00 in Australia/Melbourne"
    ]


def test_two_stores_cannot_pull_one_bigcommerce_store() -> None:
    save("acme")
    assert refused("other", bigcommerce={"store_id": "acme"}, parameters={"prefix": "X"}) == "bigcommerce.store_id"
    assert refused("other", bigcommerce={"store_id": "ACME"}, parameters={"prefix": "X"}) == "bigcommerce.store_id"


def test_the_database_itself_refuses_a_second_row_for_one_bigcommerce_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two saves in one moment see nothing of each other."""
    save("acme")
    monkeypatch.setattr("npf.stores.fits._same_shop", lambda draft, before: [])
    assert refused("other", bigcommerce={"store_id": "ACME"}, parameters={"prefix": "X"}) == "bigcommerce.store_id"


@pytest.mark.parametrize(("one", "other"), [("", ""), ("MG", "mg"), ("MG", "MG1"), ("", "12"), ("A1-", "A")])
def test_two_stores_of_one_fm_client_cannot_yield_the_same_number(one: str, other: str) -> None:
    save("acme", parameters={"prefix": one})
    assert refused("other", parameters={"prefix": other}) == "parameters.prefix"
    assert refused("other", parameters={"prefix": other}, fm={"client_code": "acme"}) == "parameters.prefix"
    save("other", parameters={"prefix": other}, fm={"client_code": "OTHER"})


def test_changing_a_prefix_to_one_that_collides_is_refused_too() -> None:
    save("acme", parameters={"prefix": "MG"})
    save("other", parameters={"prefix": "NZ"})
    assert refused("other", parameters={"prefix": "MG"}) == "parameters.prefix"


def test_a_store_whose_orders_were_pulled_cannot_be_pointed_at_another_shop() -> None:
    store, _ = save()
    save(bigcommerce={"store_id": "mended"})
    Cursor.objects.create(store=store)
    assert refused(bigcommerce={"store_id": "elsewhere"}) == "bigcommerce.store_id"


def test_a_removed_store_keeps_its_row_and_forgets_its_credentials() -> None:
    store, _ = save(bigcommerce={"client_secret": "client-s3cret"})
    book.remove(store, "anna", CLOCK)
    row = Store.objects.get()
    assert row.client_secret == ""
    assert (row.access_token, row.fm.password, row.next_look_at, row.next_stock_at) == ("", "", None, None)
    with pytest.raises(book.FixSettings, match="there is no store"):
        book.find("acme")


def test_removing_one_store_leaves_the_login_to_the_others_of_its_fm_client() -> None:
    store, _ = save("acme", parameters={"prefix": "A"})
    save("other", parameters={"prefix": "B"})
    book.remove(store, "anna", CLOCK)
    assert book.find("other").fm.password == "secret-of-fm"


def test_a_removed_store_comes_back_as_the_same_row_and_at_work() -> None:
    store, _ = save()
    book.pause(store, "anna", CLOCK, "closing down")
    book.remove(store, "anna", CLOCK)
    again, _ = save()
    assert (again.pk, again.removed_at, again.paused_at) == (store.pk, None, None)
    assert again.next_look_at == CLOCK.now()
    assert again.next_stock_at is not None
    assert list(Event.objects.order_by("pk").values_list("tag", flat=True)) == [
        *("person:store:added", "person:store:paused", "person:store:removed", "person:store:added")
    ]


def test_the_shop_of_a_removed_store_comes_back_under_its_old_name_only() -> None:
    store, _ = save()
    Cursor.objects.create(store=store)
    book.remove(store, "anna", CLOCK)
    assert refused("acme-two", bigcommerce={"store_id": "acme"}) == "bigcommerce.store_id"
    save("acme")


def test_new_settings_resume_a_store_that_a_setting_had_paused() -> None:
    store, _ = save()
    book.pause(store, "pull", CLOCK, "the token was refused", "bigcommerce.access_token")
    changed, _ = save(bigcommerce={"access_token": "token-two"})
    assert (changed.paused_at, changed.paused_parameter) == (None, "")


def test_new_settings_leave_a_store_paused_that_a_person_has_paused() -> None:
    store, _ = save()
    book.pause(store, "anna", CLOCK, "stocktaking")
    changed, _ = save(parameters={"prefix": "MG"})
    assert changed.paused_reason == "stocktaking"


def test_a_new_fm_login_resumes_every_store_of_that_client() -> None:
    save("one", parameters={"prefix": "A"})
    save("two", parameters={"prefix": "B"})
    save("three", parameters={"prefix": "C"}, fm={"client_code": "THREE"})
    wrong = book.FixSettings("FM: invalid login", parameter="fm.username", cure="check it")
    book.pause_for(book.find("one"), "send", CLOCK, wrong)
    book.pause_for(book.find("three"), "send", CLOCK, wrong)
    assert [one.paused_parameter for one in Store.objects.order_by("name")] == ["fm.username"] * 3
    _, said = save("two", parameters={"prefix": "B"}, fm={"password": "secret-two"})
    assert book.find("one").paused_at is None
    assert book.find("two").paused_at is None
    assert book.find("three").paused_at is not None
    assert said == ["the settings of FM client ACME are also those of one"]
    one = book.find("one")
    assert one.settings_version == 2
    assert Event.objects.filter(store_id=one.pk, tag="person:store:resumed").count() == 1
    assert Event.objects.filter(store_id=one.pk, tag="person:store:changed").count() == 1


def test_a_wrong_fm_login_pauses_every_store_of_that_client_and_tells_once() -> None:
    one, _ = save("one", parameters={"prefix": "A"})
    two, _ = save("two", parameters={"prefix": "B"})
    wrong = book.FixSettings("FM: invalid login", parameter="fm.username", cure="check it")
    for _ in range(3):
        book.pause_for(one, "send", CLOCK, wrong)
    assert Event.objects.filter(tag="station:store:paused").count() == 2
    assert book.find("two").paused_reason == "FM: invalid login — check it"
    assert two.pk


def test_a_store_that_joins_an_fm_client_leaves_what_the_others_have_set() -> None:
    save("one", parameters={"prefix": "A"}, fm={"stock_is": "on_hand", "timeout": 90})
    store, _ = save("two", parameters={"prefix": "B"}, fm={"timeout": 30})
    assert store.fm.options == {"stock_is": "on_hand", "timeout": 30}


def test_what_another_store_of_the_fm_client_needs_cannot_be_taken_from_it() -> None:
    save("one", parameters={"prefix": "A", "stock_basis": "on_hand"}, fm={"stock_is": "on_hand"})
    save("two", parameters={"prefix": "B"}, fm={"stock_is": "on_hand"})
    assert refused("two", parameters={"prefix": "B"}, fm={"stock_is": "available"}) == "fm.stock_is"


def test_the_next_stock_is_at_the_stores_time_and_a_change_of_something_else_leaves_it() -> None:
    store, _ = save()
    assert store.next_stock_at == datetime(2026, 11, 3, 7, 0, tzinfo=UTC)  # 18:00 of the next day
    Store.objects.update(next_stock_at=CLOCK.now() - timedelta(minutes=1))  # due, and the worker is away
    store, _ = save(parameters={"prefix": "MG"})
    assert store.next_stock_at == CLOCK.now() - timedelta(minutes=1)
    store, _ = save(parameters={"prefix": "MG", "stock_time": "19:00"})
    assert store.next_stock_at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def test_an_unknown_store_is_named_with_the_nearest_known_one() -> None:
    save("acme-au")
    with pytest.raises(book.FixSettings, match='did you mean "acme-au"'):
        book.find("acme-ua")


def test_pausing_and_resuming_twice_says_that_nothing_changed() -> None:
    store, _ = save()
    assert book.pause(store, "anna", CLOCK, "stocktaking")
    assert not book.pause(store, "anna", CLOCK, "again")
    assert book.find("acme").paused_reason == "stocktaking"
    assert book.resume(store, "anna", CLOCK)
    assert not book.resume(store, "anna", CLOCK)


OWN = {"store_id": "https://www.acme.example/api/v2", "client_id": "npf"}
BY_HASH = {"store_id": "https://store-abc123.mybigcommerce.com/api/v2", "client_id": "npf"}


def test_a_legacy_account_is_given_back_as_it_was_saved() -> None:
    store, _ = save(bigcommerce=OWN)
    assert (store.legacy_url, store.store_hash) == ("https://www.acme.example/api/v2", "www.acme.example")
    nested = book.nested(store, secrets=True)
    assert nested["bigcommerce"]["store_id"] == "https://www.acme.example/api/v2"
    assert draft.read(nested) == draft.read(book.nested(Store.objects.get(), secrets=True))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BY_HASH, {"store_id": "abc123"}),
        ({"store_id": "abc123"}, BY_HASH),
        (OWN, OWN),
        (OWN, OWN | {"api_url": "https://api.example.com"}),
        (BY_HASH, BY_HASH | {"store_id": "https://store-abc123-1.mybigcommerce.com/api/v2/"}),
    ],
)
def test_one_bigcommerce_store_is_one_store_by_whichever_account(first: dict[str, str], second: dict[str, str]) -> None:
    save("one", bigcommerce=first, parameters={"prefix": "A"})
    assert refused("two", bigcommerce=second, parameters={"prefix": "B"}) == "bigcommerce.store_id"


def test_two_legacy_accounts_saved_in_the_same_moment_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    save("one", bigcommerce=OWN, parameters={"prefix": "A"})
    monkeypatch.setattr(fits, "beside_the_others", lambda *_: None)
    again = OWN | {"api_url": "https://api.example.com"}
    assert refused("two", bigcommerce=again, parameters={"prefix": "B"}) == "bigcommerce.store_id"


@pytest.mark.parametrize("account", [OWN, BY_HASH])
def test_a_legacy_account_gives_way_to_one_with_a_token(account: dict[str, str]) -> None:
    store, _ = save(bigcommerce=account)
    Cursor.objects.create(store=store)
    store, _ = save(bigcommerce={"store_id": "abc123"})
    assert (store.store_hash, store.legacy_url) == ("abc123", "")


def test_a_pulled_store_cannot_be_pointed_at_another_by_a_legacy_account() -> None:
    for name, before in (("acme", BY_HASH), ("other", {"store_id": "other"})):
        store, _ = save(name, bigcommerce=before, parameters={"prefix": name[0].upper()})
        Cursor.objects.create(store=store)
        assert refused(name, bigcommerce=OWN, parameters={"prefix": name[0].upper()}) == "bigcommerce.store_id"
