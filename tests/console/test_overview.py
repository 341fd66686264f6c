from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from npf.console.models import Person
from npf.core.errors import FixSettings
from npf.orders.stages import Stage
from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db


def test_it_shows_how_many_orders_stand_in_each_stage(anna: Client, store: Store) -> None:
    for number in range(3):
        make.order(store, 100 + number, Stage.PENDING)
    make.order(store, 110, Stage.NEW)
    page = anna.get("/").content.decode()
    assert f'href="/stores/{store.name}/orders/?stage=pending&amp;test=no">3</a>' in page
    assert f'href="/stores/{store.name}/orders/?stage=new&amp;test=no">1</a>' in page
    assert "Nothing waits for a person." in page


def test_it_counts_test_orders_apart(anna: Client, store: Store) -> None:
    make.order(store, 1, Stage.COMPLETE)
    make.order(store, 2, Stage.COMPLETE, test=True)
    page = anna.get("/").content.decode()
    assert 'stage=complete&amp;test=no">1</a>' in page
    assert "+1 test" in page


def test_its_title_carries_the_number_held(anna: Client, store: Store) -> None:
    assert "<title>Overview" in anna.get("/").content.decode()
    make.order(store, 1, Stage.HELD, reason="a reason")
    make.order(store, 2, Stage.HELD, reason="a reason")
    page = anna.get("/").content.decode()
    assert "<title>(2) Overview" in page
    assert "2 orders held" in page


def test_it_says_why_a_store_is_paused_and_what_to_do(anna: Client, store: Store) -> None:
    book.pause(store, "anna", make.CLOCK, "the merchant moves house")
    page = anna.get("/").content.decode()
    assert "Paused" in page
    assert "The merchant moves house" in page
    assert "Resume it when it may go on." in page
    assert "1 store paused by a person." in page


def test_it_links_the_setting_that_stopped_a_store(anna: Client, store: Store) -> None:
    reason = "BigCommerce refused the token — create a new token under Settings > API accounts"
    book.pause(store, "schedule", make.CLOCK, reason, "bigcommerce.access_token")
    page = anna.get("/").content.decode()
    assert "<strong>BigCommerce refused the token.</strong>" in page
    assert "Create a new token under Settings &gt; API accounts" in page
    assert f"/stores/{store.name}/parameters/#p-bigcommerce.access_token" in page


def test_it_says_that_a_station_fails_and_since_when(anna: Client, store: Store) -> None:
    make.beat(store, "follow", failures=4, message="FM did not answer within 60 s", ok_at=make.ago(minutes=31))
    page = anna.get("/").content.decode()
    assert "Failing" in page
    assert "FM did not answer within 60 s" in page
    assert "31 min ago" in page
    assert "It is tried again by itself." in page


def test_an_explanation_that_failed_does_not_make_a_store_fail(anna: Client, store: Store) -> None:
    make.beat(store, "explain", failures=1, message="BigCommerce did not answer")
    assert "Failing" not in anna.get("/").content.decode()


def test_it_says_that_no_worker_looks(anna: Client, store: Store) -> None:
    Store.objects.update(next_look_at=make.ago(minutes=20))
    page = anna.get("/").content.decode()
    assert "Not looked at" in page
    assert "npf worker" in page


def test_it_shows_the_last_look_in_the_stores_own_zone(anna: Client) -> None:
    make.store("zen-nz", timezone="Pacific/Auckland")
    page = anna.get("/").content.decode()
    assert "34 s ago" in page or "35 s ago" in page
    assert "NZDT (Pacific/Auckland)" in page


def test_it_polls_only_its_table(anna: Client, store: Store) -> None:
    page = anna.get("/").content.decode()
    assert 'id="live" data-poll="5" hx-get="/"' in page
    assert 'hx-select="#live"' in page


def test_an_empty_console_says_what_to_do(anna: Client) -> None:
    page = anna.get("/").content.decode()
    assert "No store yet" in page
    assert "npf store add" in page


def test_a_merchant_without_stores_is_told_whom_to_ask(enter: Callable[[Person], Client], store: Store) -> None:
    page = enter(make.person("max", "merchant")).get("/").content.decode()
    assert "No store is shown to you yet" in page
    assert store.name not in page


def test_its_queries_do_not_grow_with_the_stores(anna: Client) -> None:
    for number in range(3):
        make.store(f"shop{'abcdefgh'[number]}-au")
    with CaptureQueriesContext(connection) as few:
        anna.get("/")
    for number in range(3, 8):
        made = make.store(f"shop{'abcdefgh'[number]}-au")
        make.order(made, 1, Stage.PENDING)
    with CaptureQueriesContext(connection) as many:
        anna.get("/")
    assert len(many) == len(few) <= 8


def test_the_next_stock_push_is_in_the_stores_own_time(anna: Client) -> None:
    made = make.store("zen-nz", timezone="Pacific/Auckland")
    at = make.now() + timedelta(minutes=5)
    Store.objects.filter(pk=made.pk).update(next_stock_at=at)
    assert f"{at.astimezone(ZoneInfo('Pacific/Auckland')):%H:%M}</span>" in anna.get("/").content.decode()


def test_a_stock_push_that_waits_for_the_orders_says_so(anna: Client) -> None:
    made = make.store()
    Store.objects.filter(pk=made.pk).update(next_stock_at=make.ago(minutes=1))
    assert "after the orders" in anna.get("/").content.decode()


def test_it_says_how_many_orders_are_late_and_where(anna: Client) -> None:
    slow, quick = make.store("slow-au", promise_hours=1), make.store("quick-au")
    for of in (slow, quick):
        long_ago = make.order(of, 100, Stage.PENDING).sales_orders.get()
        long_ago.sent_at = make.ago(days=30)
        long_ago.save()
    page = anna.get("/").content.decode()
    assert '<a id="needs-late" href="/orders/?late=yes">1 order late</a>' in page
    assert 'href="/stores/slow-au/orders/?late=yes">1 of slow-au</a>' in page
    assert "quick-au/orders/?late" not in page
    assert "Nothing waits for a person." not in page


def test_a_merchant_sees_his_own_late_orders_only(enter: Callable[[Person], Client]) -> None:
    for name in ("mine-au", "other-au"):
        row = make.order(make.store(name, promise_hours=1), 100, Stage.PENDING).sales_orders.get()
        row.sent_at = make.ago(days=30)
        row.save()
    page = enter(make.person("mia", "merchant", ("mine-au",))).get("/").content.decode()
    assert "1 order late</a>: NPF promised to despatch it by now." in page
    assert "other-au" not in page


def test_stores_that_one_fm_login_stops_are_one_line(anna: Client, store: Store) -> None:
    make.store("zen-au")
    wrong = FixSettings("FM: invalid login", parameter="fm.username", cure="check it")
    book.pause_for(Store.objects.select_related("fm").get(pk=store.pk), "send", make.CLOCK, wrong)
    page = anna.get("/").content.decode()
    assert "2 stores stopped</a> by one login of FM: acme-au, zen-au. Mended once, all of them go on." in page
    assert "do not work" not in page
