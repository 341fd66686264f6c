from typing import Any

import pytest
from django.test import Client

from npf.audit.models import Event
from npf.audit.notes import Tag
from npf.console import sheet
from npf.core import countries
from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def address(store: Store) -> str:
    return f"/stores/{store.name}/parameters/"


def save(browser: Client, store: Store, **typed: str) -> Any:
    """Post the whole form as a browser would, with some fields typed over."""
    fields = sheet.shown(store) | {"version": str(store.settings_version)}
    fields |= {name.replace("__", "."): text for name, text in typed.items()}
    answer = browser.post(
        address(store), {name: text.replace("\n", "\r\n") for name, text in fields.items()}, follow=True
    )
    store.refresh_from_db()
    return answer


def test_it_speaks_npfs_own_words(anna: Client, store: Store) -> None:
    page = anna.get(address(store)).content.decode()
    for word in (
        "apistorename",
        "apikey",
        "Update SOH to Shopping cart",
        "Update Tracking Number to Shopping cart",
        "Bundle prefix",
        "Store Filter Enabled",
        "Country Filters",
        "Start Date",
    ):
        assert word in page, word
    assert "orders placed from Sunday 1 November 2026, 00:00 in Australia/Melbourne" in page
    assert f'href="/stores/{store.name}/tables/"' in page
    assert "Awaiting Fulfillment" in page
    assert "Australia, New Zealand" in page


def test_saving_what_was_shown_changes_nothing(anna: Client, store: Store) -> None:
    before = book.nested(store, secrets=True)
    page = save(anna, store).content.decode()
    assert "Saved. Nothing was different." in page
    assert book.nested(store, secrets=True) == before
    assert not Event.objects.filter(tag=Tag.STORE_CHANGED).exists()


def test_it_saves_and_says_what_changed(anna: Client, store: Store, woken: Woken) -> None:
    page = save(
        anna,
        store,
        parameters__stock_buffer="5",
        parameters__order_status="Awaiting Fulfillment, 9",
        parameters__status_complete="2 (Shipped)",
        parameters__stock_zero_share="25%",
        parameters__countries="Australia, NZL, Fiji",
    ).content.decode()
    assert store.parameters["stock_buffer"] == 5
    assert store.parameters["order_status"] == [11, 9]
    assert store.parameters["status_complete"] == 2
    assert store.parameters["stock_zero_share"] == 0.25
    assert store.parameters["countries"] == ["AU", "NZ", "FJ"]
    assert "Stock buffer: (none) → 5" in page
    assert ("pull", store.pk) in woken()
    # What was not touched is not frozen at today's default.
    assert "look_every" not in store.parameters


def test_empty_secrets_are_kept_and_typed_ones_replaced(anna: Client, store: Store) -> None:
    save(anna, store, merchant="Acme Ltd")
    assert (store.access_token, store.fm.password) == (make.TOKEN, make.FM_PASSWORD)
    page = save(anna, store, bigcommerce__access_token="n3w-token-0123456789").content.decode()
    assert store.access_token == "n3w-token-0123456789"
    assert "apikey: replaced" in page
    assert "n3w-token" not in page
    page = save(anna, store, bigcommerce__client_secret="client-s3cret-0123456789").content.decode()
    assert (store.client_secret, store.access_token) == ("client-s3cret-0123456789", "n3w-token-0123456789")
    assert "Client secret: set" in page
    assert "client-s3cret" not in page


def test_each_mistake_stands_beside_its_field_and_nothing_is_saved(anna: Client, store: Store) -> None:
    before = book.nested(store, secrets=True)
    answer = save(
        anna,
        store,
        merchant="Changed",
        parameters__start_date="31/02/2026",
        parameters__countries="Austalia",
        parameters__order_status="0",
        parameters__prefix="x" * 25,
        fm__timeout="soon",
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was saved." in page
    for name, said in (
        ("parameters.start_date", "31/02/2026 is no day of the calendar"),
        ("parameters.countries", "did you mean &quot;Australia&quot;?"),
        ("parameters.order_status", "status 0 (Incomplete) is an unpaid checkout"),
        ("parameters.prefix", "over 30 characters"),
        ("fm.timeout", "must be a whole number"),
    ):
        field = page.partition(f'id="p-{name}"')[2].partition('class="help"')[0]
        assert said in field, name
        assert 'aria-invalid="true"' in field
    assert 'value="31/02/2026"' in page
    assert 'value="Changed"' in page
    assert book.nested(store, secrets=True) == before


def test_a_prefix_that_collides_is_refused_beside_the_prefix(anna: Client, store: Store) -> None:
    make.store("zen-nz", prefix="ZEN")
    page = save(anna, store, parameters__prefix="ZEN").content.decode()
    field = page.partition('id="p-parameters.prefix"')[2].partition('class="help"')[0]
    assert "of store zen-nz" in field
    assert store.parameters["prefix"] == "ACMEAU-"


def test_a_secret_is_typed_again_when_it_would_go_elsewhere(anna: Client, store: Store) -> None:
    answer = save(anna, store, bigcommerce__api_url="http://127.0.0.1:9", fm__base_url="http://127.0.0.1:8")
    assert answer.status_code == 422
    assert answer.content.decode().count("type it again: what it is sent to has changed") == 2
    save(
        anna,
        store,
        bigcommerce__api_url="http://127.0.0.1:9",
        bigcommerce__access_token="another-t0ken-1",
        fm__base_url="http://127.0.0.1:8",
        fm__password="another-word",
    )
    assert (store.api_url, store.access_token) == ("http://127.0.0.1:9", "another-t0ken-1")
    assert (store.fm.base_url, store.fm.password) == ("http://127.0.0.1:8", "another-word")


def test_a_token_is_typed_again_when_a_legacy_address_would_get_it(anna: Client, store: Store) -> None:
    answer = save(anna, store, bigcommerce__store_id="https://www.elsewhere.example/api/v2/")
    assert answer.status_code == 422
    assert "type it again: what it is sent to has changed" in answer.content.decode()


def test_two_people_do_not_overwrite_each_other(anna: Client, store: Store) -> None:
    typed = sheet.shown(store) | {"version": str(store.settings_version), "merchant": "Mine"}
    save(anna, store, parameters__stock_buffer="7")
    answer = anna.post(address(store), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else changed these settings meanwhile" in page
    assert 'value="Mine"' in page
    store.refresh_from_db()
    assert (store.merchant, store.parameters["stock_buffer"]) == ("Acme Pty Ltd", 7)


def test_the_last_changes_can_be_set_back_by_hand(anna: Client, store: Store) -> None:
    save(anna, store, parameters__prefix="NEW-")
    page = anna.get(address(store)).content.decode()
    assert "prefix: &quot;ACMEAU-&quot; → &quot;NEW-&quot;" in page
    assert '<span class="by">anna</span>' in page


def test_a_start_date_in_the_future_is_allowed_and_said(anna: Client, store: Store) -> None:
    page = save(anna, store, parameters__start_date="01/11/2099").content.decode()
    assert "The start date is in the future: orders placed from Sunday 1 November 2099" in page


def test_it_says_whose_settings_it_shares(anna: Client, store: Store) -> None:
    make.store("zen-nz")
    assert "This client of FM also serves zen-nz" in anna.get(address(store)).content.decode()


def test_every_value_that_is_shown_reads_back_the_same(anna: Client) -> None:
    values: dict[str, Any] = {
        "countries": ["Australia", "Bolivia", "Congo", "Palestine, State of", "South Korea", "VN"],
        "status_pending": 9,
        "status_complete": "none",
        "channels": [1, 2],
        "store_filter_enabled": "Yes",
        "stock_location": 3,
        "quota_kept_free": 0.15,
        "stock_time": "6:05",
    }
    values["countries"] = [one for one in values["countries"] if countries.iso2(one)]
    made = make.store("many-au", **values)
    made.parameters = {}
    shown = sheet.shown(Store.objects.get(pk=made.pk))
    made.refresh_from_db()
    read = sheet.judge(made, {name: f" {text}" for name, text in shown.items() if name.startswith("parameters.")})
    assert read.parameters.items() >= made.parameters.items()
    page = anna.get(address(made))
    assert page.status_code == 200
