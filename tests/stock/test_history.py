"""A SKU's figures over time, and the SKUs that stand otherwise than what was published explains."""

from collections.abc import Callable
from typing import Any

import pytest

from npf.stock import history
from npf.stock.models import Run
from npf.stores.models import Store
from tests.connected import Connected
from tests.console import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return make.store()


def told(store: Store, published: int, **more: Any) -> Run:
    """A push of yesterday, which told BigCommerce this figure."""
    item = {"sku": "MUG", "product_id": 11, "publish": published, "was": 99, "written": True} | more
    return make.run(store, item, began_at=make.ago(days=1))


def drifts(store: Store, stood: int) -> list[int]:
    """By how much MUG drifts, in today's push."""
    run = make.run(store, {"sku": "MUG", "product_id": 11, "fm": 50, "publish": 50, "was": stood})
    return [one.by for one in history.drifting(run)]


def order(store: Store, units: int, number: int = 1000012, **columns: Any) -> None:
    placed = {"date_created": make.ago(hours=5), "date_modified": make.ago(hours=4)}
    of = make.order(store, number, **(placed | columns))
    of.lines.update(quantity=units)


def test_a_sku_that_stands_as_published_does_not_drift(store: Store) -> None:
    told(store, 40)
    assert drifts(store, 40) == []


def test_what_nobody_can_explain_does(store: Store) -> None:
    told(store, 40)
    assert drifts(store, 47) == [7]
    told(store, 40)
    assert drifts(store, 38) == [-2]


def test_orders_since_explain_fewer_and_not_more(store: Store) -> None:
    told(store, 40)
    order(store, 5)
    assert drifts(store, 35) == []
    assert drifts(store, 34) == [-1]
    assert drifts(store, 41) == [1]


def test_orders_from_before_and_incomplete_ones_explain_nothing(store: Store) -> None:
    told(store, 40)
    order(store, 5, date_created=make.ago(days=3))
    order(store, 5, 1000013, status_id=0)
    assert drifts(store, 35) == [-5]


def test_a_cancelled_order_explains_more(store: Store) -> None:
    told(store, 40)
    order(store, 5, date_created=make.ago(days=3), status_id=5)
    assert drifts(store, 45) == []
    assert drifts(store, 46) == [1]


def test_an_article_with_variants_is_found_by_its_variant(store: Store) -> None:
    told(store, 40, variant_id=12)
    order(store, 5)
    run = make.run(store, {"sku": "MUG", "product_id": 11, "variant_id": 12, "publish": 40, "was": 35})
    assert history.drifting(run) == []


def test_what_was_never_told_and_what_was_not_written_do_not_drift(store: Store) -> None:
    told(store, 40, written=False)
    assert drifts(store, 12) == []


def test_a_figure_that_stood_already_counts_as_told(store: Store) -> None:
    told(store, 40, written=False, was=40)
    assert drifts(store, 12) == [-28]


def test_another_stores_figures_explain_nothing(store: Store) -> None:
    told(make.store("zen-nz"), 40)
    assert drifts(store, 12) == []


def test_however_many_skus_it_takes_two_queries(
    store: Store, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    skus = [f"S{number}" for number in range(300)]
    make.run(store, *({"sku": sku, "publish": 9, "was": 4, "written": True} for sku in skus), began_at=make.ago(days=1))
    run = make.run(store, *({"sku": sku, "publish": 9, "was": 5} for sku in skus))
    with django_assert_max_num_queries(2):
        assert len(history.drifting(run)) == 300


def test_the_history_of_a_sku_is_its_pushes_the_oldest_first(store: Store) -> None:
    first = told(store, 40)
    second = make.run(store, {"sku": "MUG", "fm": 30, "publish": 30, "was": 40, "refused": "no such item"})
    make.run(store, {"sku": "OTHER"})
    points = history.of_sku(store, "MUG", 10)
    assert [(one.run, one.published, one.stood) for one in points] == [(first.pk, 40, 99), (second.pk, None, 40)]
    assert [one.run for one in history.of_sku(store, "MUG", 1)] == [second.pk]


def test_through_real_pushes_only_what_another_hand_changed_drifts(shop: Connected) -> None:
    shop.stock()
    shop.place(("MUG-INK", 3))
    shop.place(("TEE-AUS-M", 2))
    shop.bc.set_stock("APRON-LIN", 55)
    shop.stock()
    (one,) = history.drifting(Run.objects.latest("pk"))
    assert (one.sku, one.told, one.stood, one.by) == ("APRON-LIN", 100, 55, -45)
    assert one.fewer == 45
