"""What cannot be written, one SKU over time, and what drifts."""

import re

import pytest
from django.test import Client

from npf.stores.models import Store
from tests.console import factories as make
from tests.console.test_stock_run import file

pytestmark = pytest.mark.django_db


def page(browser: Client, store: Store, part: str) -> str:
    return browser.get(f"/stores/{store.name}/stock/{part}").content.decode()


class TestNotWritten:
    def test_each_reason_stands_once_with_its_skus_and_what_to_do(self, otto: Client, store: Store) -> None:
        make.level(store, "FINE")
        for sku, note in (
            ("PRINT", "inventory tracking is off in BigCommerce"),
            ("TOTE", "this SKU stands on several items in BigCommerce"),
            ("NEW-1", "FM has no details of NEW-1"),
            ("NEW-2", "FM has no details of NEW-2"),
            ("SET", "a bundle without a row in the bundle table"),
            ("A,B", "FM cannot be asked for a code with a comma: A,B"),
            ("ODD", "something that nobody thought of"),
        ):
            make.level(store, sku, note=note)
        run = {"sku": "TEE", "fm": 9, "publish": 9, "was": 4, "refused": "BigCommerce: location is disabled"}
        make.run(store, run, way="inventory")
        make.beat(store, "count", counts={"without_sku": 3})
        seen = page(otto, store, "not-written/")
        assert re.findall(r'class="panel sort" aria-label="([^"]+)"', seen) == [
            "Without a SKU",
            "Inventory tracking is off in BigCommerce",
            "One SKU on several items",
            "FM has no details",
            "A bundle without a row in the bundle table",
            "FM cannot be asked for a code with a comma",
            "For another reason",
            "Refused by BigCommerce at the last push",
        ]
        assert seen.count("Next step:") == 8
        assert "FINE" not in seen
        assert f"/stores/{store.name}/parameters/#p-sku_map" in seen
        rows = file(otto, f"/stores/{store.name}/stock/not-written/?csv=1")
        assert [row[0] for row in rows] == ["sku", "PRINT", "TOTE", "NEW-1", "NEW-2", "SET", "A,B", "ODD", "TEE"]
        assert all(row[3] for row in rows)

    def test_of_many_the_page_shows_some_and_the_file_all(self, mia: Client, store: Store) -> None:
        for number in range(130):
            make.level(store, f"S{number:03}", fm=None, note=f"FM has no details of S{number:03}")
        seen = page(mia, store, "not-written/")
        assert seen.count("/stock/sku/?sku=") == 100
        assert "<strong>130</strong>" in seen
        assert len(file(mia, f"/stores/{store.name}/stock/not-written/?csv=1")) == 131

    def test_where_nothing_is_wrong_or_nothing_counted_it_says_so(self, otto: Client, store: Store) -> None:
        assert "Nothing was counted yet" in page(otto, store, "not-written/")
        make.level(store, "FINE")
        assert "Every SKU can be written" in page(otto, store, "not-written/")


class TestOneSku:
    def test_its_figures_are_drawn_and_listed(self, mia: Client, store: Store) -> None:
        make.run(store, {"sku": "MUG/1", "fm": 40, "publish": 35, "was": 9, "written": True}, began_at=make.ago(days=2))
        make.run(store, {"sku": "MUG/1", "fm": None, "publish": None, "was": 31}, began_at=make.ago(days=1))
        make.level(store, "MUG/1")
        seen = page(mia, store, "sku/?sku=MUG%2F1")
        assert seen.count("<path") == 3
        assert "<svg" in seen
        assert re.findall(r'data-label="Stood at" class="n">(\d+)<', seen) == ["31", "9"]

    def test_one_that_cannot_be_written_leads_to_what_to_do(self, mia: Client, store: Store) -> None:
        make.level(store, "PRINT", note="inventory tracking is off in BigCommerce")
        seen = page(mia, store, "sku/?sku=PRINT")
        assert "Inventory tracking is off" in seen
        assert f"/stores/{store.name}/stock/not-written/" in seen
        assert "A chart needs two pushes" in seen

    def test_one_that_nobody_sells_is_not_found(self, mia: Client, store: Store) -> None:
        make.run(make.store("zen-nz"), {"sku": "FOREIGN"})
        assert mia.get(f"/stores/{store.name}/stock/sku/?sku=FOREIGN").status_code == 404
        assert mia.get(f"/stores/{store.name}/stock/sku/").status_code == 200

    def test_a_sku_is_never_markup(self, anna: Client, store: Store) -> None:
        make.level(store, "<script>alert(1)</script>", note="<script>alert(2)</script>")
        for part in ("sku/?sku=%3Cscript%3Ealert(1)%3C/script%3E", "not-written/", "preview/"):
            assert "<script>alert" not in page(anna, store, part)


class TestDrift:
    def test_it_lists_what_nobody_can_explain(self, mia: Client, store: Store) -> None:
        old = {"publish": 40, "was": 9, "written": True}
        make.run(store, *({"sku": sku, **old} for sku in ("MORE", "LESS", "SAME")), began_at=make.ago(days=1))
        now = {"MORE": 47, "LESS": 38, "SAME": 40}
        run = make.run(store, *({"sku": sku, "publish": 40, "was": was} for sku, was in now.items()), kind="daily")
        seen = page(mia, store, "drift/")
        assert "7 too many" in seen
        assert "2 too few" in seen
        assert "SAME" not in seen
        rows = file(mia, f"/stores/{store.name}/stock/drift/?run={run.pk}&csv=1")
        assert [(row[0], row[-1]) for row in rows[1:]] == [("LESS", "-2"), ("MORE", "7")]

    def test_where_nothing_drifts_it_says_so(self, otto: Client, store: Store) -> None:
        assert "After the second push" in page(otto, store, "drift/")
        make.run(store, {"sku": "MUG", "publish": 3, "was": 9})
        assert "No SKU drifts" in page(otto, store, "drift/")
