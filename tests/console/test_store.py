from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from npf.stores import book
from npf.stores.models import Cursor, Quota, QuotaMinute, Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def test_it_shows_what_each_station_did_last(anna: Client, store: Store) -> None:
    make.beat(store, "push", failures=2, message="BigCommerce answered 503", counts={"pushed": 4})
    page = anna.get(f"/stores/{store.name}/").content.decode()
    for shown in ("orders from BigCommerce", "3 pulled", "BigCommerce answered 503", "2 times", "4 pushed"):
        assert shown in page
    assert "It takes orders placed from Sunday 1 November 2026" in page


def test_it_shows_how_much_of_the_quota_went_in_the_last_hour_and_to_whom(anna: Client, store: Store) -> None:
    # Calls of earlier tests are on record: the pace takes no part in a test's transaction.
    QuotaMinute.objects.all().delete()
    Quota.objects.all().delete()
    page = anna.get(f"/stores/{store.name}/").content.decode()
    assert "0 calls" in page
    assert "not told yet" in page
    place = store.quota_place
    Quota.objects.create(place=place, quota=150, lasts=30, held_until=(make.now() + timedelta(seconds=90)).timestamp())
    for ago, ours, others in ((5, 12, 30), (50, 1200, 50), (61, 999, 999)):
        QuotaMinute.objects.create(place=place, minute=make.ago(minutes=ago), ours=ours, others=others)
    page = anna.get(f"/stores/{store.name}/").content.decode()
    for shown in ("1,212 calls", "about 80", "150 in 30 s, 20% kept free", "Asked to wait"):
        assert shown in page


def test_it_shows_when_all_orders_were_last_compared(anna: Client, store: Store) -> None:
    assert "compared with BigCommerce" not in anna.get(f"/stores/{store.name}/").content.decode()
    Cursor.objects.create(store=store, swept_at=datetime(2026, 11, 24, 15, 3, tzinfo=UTC))
    page = anna.get(f"/stores/{store.name}/").content.decode()
    assert "All of them were compared with BigCommerce" in page
    assert "25 Nov 02:03" in page


def test_a_legacy_account_is_told_so(anna: Client, store: Store) -> None:
    Store.objects.update(legacy_url="https://www.acme.example/api/v2")
    page = anna.get(f"/stores/{store.name}/").content.decode()
    assert "stock is written only with an API account that has a token" in page
    assert "not told to a legacy account" in page


def test_looking_now_wakes_the_four_stations(otto: Client, store: Store, woken: Woken) -> None:
    page = otto.post(f"/stores/{store.name}/wake/", {"what": "look"}, follow=True).content.decode()
    assert "A worker looks at the store&#x27;s orders now." in page
    assert woken() == {(station, store.pk) for station in ("pull", "send", "follow", "push")}


def test_stock_is_pushed_now(otto: Client, store: Store, woken: Woken) -> None:
    otto.post(f"/stores/{store.name}/wake/", {"what": "stock"})
    assert woken() == {("stock", store.pk)}


def test_it_pauses_with_a_reason_and_resumes(anna: Client, store: Store, woken: Woken) -> None:
    at = f"/stores/{store.name}"
    assert "say why" in anna.post(f"{at}/pause/", follow=True).content.decode()
    page = anna.post(f"{at}/pause/", {"why": "stocktake"}, follow=True).content.decode()
    store.refresh_from_db()
    assert (store.paused_reason, store.paused_at is not None) == ("stocktake", True)
    assert "Stocktake" in page
    assert "Look now" not in page
    page = anna.post(f"{at}/wake/", {"what": "look"}, follow=True).content.decode()
    assert "Resume it first." in page
    assert woken() == set()
    assert "Resumed." in anna.post(f"{at}/resume/", follow=True).content.decode()
    store.refresh_from_db()
    assert store.paused_at is None
    assert ("pull", store.pk) in woken()


def test_its_events_are_told_in_npfs_words(anna: Client, store: Store) -> None:
    book.pause(store, "anna", make.CLOCK, "stocktake")
    page = anna.get(f"/stores/{store.name}/").content.decode()
    assert "The store was added" in page
    assert "Country Filters: (none) →" in page
    assert "parameters.countries" not in page


def test_what_befell_many_orders_alike_is_told_once(anna: Client, store: Store) -> None:
    for number in range(30):
        make.event(store, "Held by the gate", 1000 + number, at=make.ago(seconds=60 - number))
    make.event(store, "Passed every gate", 2000, at=make.ago(seconds=90))
    page = anna.get(f"/stores/{store.name}/").content.decode()
    assert page.count("Held by the gate") == 1
    assert "and 29 more" in page
    assert "Passed every gate" in page
