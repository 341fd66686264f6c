"""The list of pushes, and what can be done from it."""

import re

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from npf.stock.models import Run
from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make
from tests.console.conftest import Woken

pytestmark = pytest.mark.django_db


def page(browser: Client, store: Store, query: str = "") -> str:
    return browser.get(f"/stores/{store.name}/stock/{query}").content.decode()


def runs(browser: Client, store: Store, query: str = "") -> list[int]:
    return [int(pk) for pk in re.findall(r'id="r-(\d+)"', page(browser, store, query))]


def do(browser: Client, store: Store, what: str, **more: int) -> str:
    return browser.post(f"/stores/{store.name}/stock/do/", {"what": what, **more}, follow=True).content.decode()


def test_it_lists_the_pushes_the_last_first_with_what_became_of_each(anna: Client, store: Store) -> None:
    first = make.run(store, kind="daily", counted=1214, changed=3, written=3)
    second = make.run(store, kind="now", stopped="FM did not answer", by="otto")
    third = make.run(store, kind="undo", undoes=first, written=3, changed=3)
    assert runs(anna, store) == [third.pk, second.pk, first.pk]
    seen = page(anna, store)
    for words in ("1,214", "FM did not answer", "otto", "wrote back what stood before", "Daily", "By hand", "Undo"):
        assert words in seen


def test_it_pages(anna: Client, store: Store) -> None:
    made = [make.run(store).pk for _ in range(30)]
    assert runs(anna, store) == made[:4:-1]
    assert runs(anna, store, f"?before={made[5]}") == made[4::-1]
    assert runs(anna, store, "?before=nonsense") == made[:4:-1]


def test_pushes_on_change_that_found_nothing_are_out_of_the_way(anna: Client, store: Store) -> None:
    daily = make.run(store, kind="daily").pk
    quiet = make.run(store, kind="change").pk
    found = make.run(store, kind="change", changed=1, written=1).pk
    failed = make.run(store, kind="change", stopped="FM is away").pk
    assert runs(anna, store) == [failed, found, daily]
    assert "?every=1" in page(anna, store)
    assert runs(anna, store, "?every=1") == [failed, found, quiet, daily]


def test_another_stores_runs_are_not_among_them(anna: Client, store: Store) -> None:
    make.run(make.store("zen-nz"))
    assert runs(anna, store) == []


def test_before_the_first_run_it_says_when_that_will_be(anna: Client, store: Store) -> None:
    assert "The first push comes at 18:00 (Australia/Melbourne)" in page(anna, store)
    book.pause(store, "anna", make.CLOCK, "stocktake")
    assert "when it is resumed" in page(anna, store)
    quiet = make.store("zen-nz", update_soh="No")
    assert "stock is counted and shown, never written" in page(anna, quiet)


class TestDoing:
    def test_an_operator_pushes_now(self, otto: Client, store: Store, woken: Woken) -> None:
        assert "A worker counts and pushes" in do(otto, store, "push")
        assert woken() == {("stock", store.pk)}
        assert ProcrastinateJob.objects.get().args["by"] == "otto"

    def test_an_operator_counts_and_comes_to_the_preview(self, otto: Client, store: Store, woken: Woken) -> None:
        assert "<h1>Preview</h1>" in do(otto, store, "count")
        assert woken() == {("count", store.pk)}

    def test_a_run_that_its_belt_stopped_goes_on_under_the_operators_name(
        self, otto: Client, store: Store, woken: Woken
    ) -> None:
        run = make.run(store, stopped="82 would fall to zero", belt="82 would fall to zero")
        assert "under your name" in do(otto, store, "anyway", run=run.pk)
        assert woken() == {("anyway", store.pk)}
        assert ProcrastinateJob.objects.get().args["by"] == "otto"

    def test_nobody_goes_on_from_figures_that_are_not_the_last(self, otto: Client, store: Store, woken: Woken) -> None:
        run = make.run(store, stopped="82 would fall to zero", belt="82 would fall to zero")
        make.run(store, changed=1)
        assert "another push has begun since" in do(otto, store, "anyway", run=run.pk)
        assert woken() == set()

    @pytest.mark.parametrize("columns", [{}, {"stopped": "FM is away"}, {"belt": "82 would", "anyway_by": "anna"}])
    def test_nobody_goes_on_where_no_belt_stopped_it(
        self, otto: Client, store: Store, woken: Woken, columns: dict[str, str]
    ) -> None:
        do(otto, store, "anyway", run=make.run(store, **columns).pk)
        assert woken() == set()

    def test_a_run_is_undone(self, otto: Client, store: Store, woken: Woken) -> None:
        run = make.run(store, written=4)
        assert "writes the previous figures back" in do(otto, store, "undo", run=run.pk)
        assert woken() == {("undo", store.pk)}
        assert ProcrastinateJob.objects.get().args["run"] == run.pk

    def test_what_wrote_nothing_and_what_is_another_stores_is_not_undone(
        self, otto: Client, store: Store, woken: Woken
    ) -> None:
        foreign = make.run(make.store("zen-nz"), written=4)
        for pk in (make.run(store).pk, foreign.pk, 10**17):
            assert "Nothing was done" in do(otto, store, "undo", run=pk)
        assert "Nothing was done" in do(otto, store, "nonsense")
        assert woken() == set()

    def test_a_paused_store_is_left_alone(self, otto: Client, store: Store, woken: Woken) -> None:
        book.pause(store, "anna", make.CLOCK, "stocktake")
        assert "Resume it first" in do(otto, store, "push")
        assert woken() == set()

    def test_a_merchant_has_nothing_to_press(self, mia: Client, store: Store, woken: Woken) -> None:
        run = make.run(store, stopped="82 would", belt="82 would", written=0)
        for address in ("", "preview/", f"runs/{run.pk}/"):
            assert 'name="what"' not in mia.get(f"/stores/{store.name}/stock/{address}").content.decode()
        assert mia.post(f"/stores/{store.name}/stock/do/", {"what": "push"}).status_code == 403
        assert woken() == set()
        assert Run.objects.count() == 1
