"""Who may see and do what, and what no page ever shows."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse

from npf.console.models import Person
from npf.console.urls import urlpatterns
from npf.orders.stages import Stage
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db

OPEN = {"healthz", "login", "logout"}
OF_STAFF = ("record", "explain_one", "stock_undo")


def pages(store: Store) -> dict[str, str]:
    """An address for every named page that can be looked at."""
    one = {"name": store.name}
    run = store.stock_runs.first() or make.run(
        store, {"sku": "MUG", "publish": 3, "was": 9, "written": True}, written=1
    )
    return {
        "overview": reverse("overview"),
        "orders": reverse("orders"),
        "held": reverse("held"),
        "freight": reverse("freight"),
        "store": reverse("store", kwargs=one),
        "store_orders": reverse("store_orders", kwargs=one),
        "order": reverse("order", kwargs={**one, "number": 1000012}),
        "record": reverse("record", kwargs={**one, "number": 1000012}),
        "explain_one": reverse("explain_one", kwargs=one),
        "parameters": reverse("parameters", kwargs=one),
        "stock": reverse("stock", kwargs=one),
        "stock_run": reverse("stock_run", kwargs={**one, "run": run.pk}),
        "stock_preview": reverse("stock_preview", kwargs=one),
        "stock_unwritable": reverse("stock_unwritable", kwargs=one),
        "stock_drift": reverse("stock_drift", kwargs=one),
        "stock_sku": reverse("stock_sku", kwargs=one),
        "stock_undo": reverse("stock_undo", kwargs={**one, "run": run.pk}),
        "tables": reverse("tables", kwargs=one),
        "table": reverse("table", kwargs={**one, "key": "bundles"}),
        "table_try": reverse("table_try", kwargs={**one, "key": "dispatch"}),
    }


def changes(store: Store) -> dict[str, str]:
    """An address for everything that changes something."""
    one = {"name": store.name}
    return {
        "decide_cause": reverse("decide_cause"),
        "stock_do": reverse("stock_do", kwargs=one),
        "map_cause": reverse("map_cause"),
        "wake": reverse("wake", kwargs=one),
        "webhook": reverse("webhook", kwargs=one),
        "pause": reverse("pause", kwargs=one),
        "resume": reverse("resume", kwargs=one),
        "decide": reverse("decide", kwargs={**one, "number": 1000012}),
        "repair": reverse("repair", kwargs={**one, "number": 1000012}),
        "pull_now": reverse("pull_now", kwargs=one),
        **{what: reverse(what, args=(store.name, "dispatch")) for what in ("table_row", "table_take", "table_undo")},
    }


def test_every_page_is_known_to_these_tests_and_asks_who_is_there(store: Store) -> None:
    known = OPEN | set(pages(store)) | set(changes(store)) | {"explain", "table_csv", "files"}
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name is None:
            continue
        assert pattern.name in known
        if pattern.name not in OPEN:
            assert hasattr(pattern.callback, "for_roles"), pattern.name


def test_nobody_sees_anything_without_a_login(store: Store) -> None:
    make.order(store)
    browser = Client()
    for address in pages(store).values():
        answer = browser.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")


def test_a_login_without_a_role_is_told_so(store: Store) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("nobody", password=make.PASSWORD))
    answer = browser.get("/")
    assert answer.status_code == 403
    assert "This login has no role yet" in answer.content.decode()


def test_a_merchant_sees_its_own_stores_only(mia: Client, store: Store) -> None:
    other = make.store("zen-nz")
    make.order(store, 1000012)
    make.order(other, 1000012, Stage.HELD, shopper="Somebody Else")
    for name, address in pages(store).items():
        allowed = name not in OF_STAFF
        answer = mia.get(address)
        assert answer.status_code == (200 if allowed else 403), name
        assert "zen-nz" not in answer.content.decode()
        assert "Somebody Else" not in answer.content.decode()
    for name, address in pages(other).items():
        if "zen-nz" in address and name not in OF_STAFF:
            assert mia.get(address).status_code == 404, name


def test_a_merchant_changes_nothing(mia: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.HELD, reason="why", reason_code="by_hand")
    for name, address in changes(store).items():
        assert mia.post(address, {"what": "release", "number": 1000012}).status_code == 403, name
    mia.post(reverse("parameters", kwargs={"name": store.name}), {"version": 1, "merchant": "Changed"})
    order.refresh_from_db()
    store.refresh_from_db()
    assert order.stage == Stage.HELD
    assert store.merchant == "Acme Pty Ltd"
    page = mia.get(f"/stores/{store.name}/orders/1000012/").content.decode()
    assert 'name="what"' not in page


def test_an_operator_decides_but_does_not_change_settings(otto: Client, store: Store) -> None:
    for name in ("pause", "resume"):
        assert otto.post(reverse(name, kwargs={"name": store.name}), {"why": "x"}).status_code == 403
    otto.post(reverse("parameters", kwargs={"name": store.name}), {"version": 1, "merchant": "Changed"})
    store.refresh_from_db()
    assert store.merchant == "Acme Pty Ltd"
    assert '<form method="post" class="sheet"' not in otto.get(f"/stores/{store.name}/parameters/").content.decode()
    assert otto.post(reverse("wake", kwargs={"name": store.name}), {"what": "look"}).status_code == 302


def test_changes_are_made_by_post_only(anna: Client, store: Store) -> None:
    make.order(store, 1000012, Stage.HELD)
    for name, address in changes(store).items():
        assert anna.get(address).status_code == 405, name


def test_a_change_without_its_token_is_refused(store: Store) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make.person().user)
    answer = browser.post(reverse("pause", kwargs={"name": store.name}), {"why": "x"})
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()
    store.refresh_from_db()
    assert store.paused_at is None


def test_no_page_shows_a_secret(anna: Client, otto: Client, mia: Client, store: Store) -> None:
    order = make.order(store, 1000012, Stage.COMPLETE)
    make.event(store, "Passed every gate", order.bc_order_id)
    make.exchange(store, order.bc_order_id)
    for browser in (anna, otto, mia):
        for address in pages(store).values():
            page = browser.get(address).content.decode()
            assert make.TOKEN not in page
            assert make.FM_PASSWORD not in page


def test_a_refused_form_does_not_give_the_typed_secret_back(anna: Client, store: Store) -> None:
    typed = {"version": store.settings_version, "bigcommerce.access_token": "typed-t0ken", "parameters.prefix": "?"}
    answer = anna.post(reverse("parameters", kwargs={"name": store.name}), typed)
    assert answer.status_code == 422
    assert "typed-t0ken" not in answer.content.decode()


def test_a_merchant_sees_no_credentials_and_no_history_of_them(mia: Client, store: Store) -> None:
    for page in ("parameters", "store"):
        seen = mia.get(reverse(page, kwargs={"name": store.name})).content.decode()
        assert "client-1" not in seen
        assert store.store_hash not in seen
        assert "apikey" not in seen


def test_what_a_shopper_typed_is_never_markup(anna: Client, store: Store) -> None:
    evil = "<script>alert(1)</script>"
    order = make.order(store, 1000012, Stage.HELD, shopper=evil, email=evil, reason=evil, repair=evil, field=evil)
    make.line(order, 2, evil, name=evil)
    make.event(store, evil, 1000012, by=evil)
    make.exchange(store, 1000012, asked=evil, answered=evil, what=evil)
    order.addresses.update(street_1=evil, company=evil)
    for address in (*pages(store).values(), f"/orders/?q={evil}", f"/stores/{store.name}/stock/preview/?q={evil}"):
        page = anna.get(address).content.decode()
        assert "<script>alert" not in page, address


def test_a_record_is_shown_as_text(anna: Client, store: Store) -> None:
    order = make.order(store, 1000012)
    order.record.raw = b'{"id": 1000012, "staff_notes": "</pre><script>alert(1)</script>"}'
    order.record.save()
    page = anna.get(f"/stores/{store.name}/orders/1000012/record/").content.decode()
    assert page.startswith("<pre>{\n  &quot;id&quot;")
    assert "<script>" not in page


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "ftp://evil.example"])
def test_only_web_addresses_become_tracking_links(anna: Client, store: Store, link: str) -> None:
    order = make.order(store, 1000012, Stage.PROCESSING)
    order.sales_orders.get().shipments.update(tracking_link=link)
    for address in (f"/stores/{store.name}/orders/", f"/stores/{store.name}/orders/1000012/"):
        page = anna.get(address).content.decode()
        assert "331000012" in page
        assert link not in page


def test_a_tracking_link_opens_apart(anna: Client, store: Store) -> None:
    make.order(store, 1000012, Stage.PROCESSING)
    page = anna.get(f"/stores/{store.name}/orders/1000012/").content.decode()
    assert 'href="https://auspost.com.au/mypost/track/#/details/331000012" rel="noopener noreferrer"' in page


def test_every_page_forbids_foreign_and_inline_code(anna: Client, store: Store) -> None:
    make.order(store, 1000012)
    for address in pages(store).values():
        answer = anna.get(address)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store, private"
        page = answer.content.decode()
        assert "<script>" not in page
        assert " style=" not in page
        assert "onclick" not in page


def test_a_removed_store_is_gone_from_the_console(anna: Client, store: Store) -> None:
    make.order(store, 1000012)
    Store.objects.filter(pk=store.pk).update(removed_at=make.now())
    for name, address in pages(store).items():
        if store.name in address:
            assert anna.get(address).status_code == 404, name
    assert store.name not in anna.get("/orders/").content.decode()


def test_roles_are_constraints_of_the_database(enter: Callable[[Person], Client]) -> None:
    from django.db import IntegrityError

    person = make.person()
    person.role = "king"
    with pytest.raises(IntegrityError):
        person.save()
