"""Counting a store: FM's figure of every SKU that it sells, unknown where FM gives none."""

from collections.abc import Callable

import pytest

from npf.core.errors import TryLater
from npf.stock.models import Level
from tests.connected import Connected

Connect = Callable[..., Connected]


def level(sku: str) -> Level:
    return Level.objects.get(sku=sku)


def test_it_counts_every_physical_sku_and_no_test_item(shop: Connected) -> None:
    shop.fm.stock["MUG-INK"] = 17
    assert shop.station("count").counts == {"counted": 61, "unknown": 0, "without_sku": 0}
    one = level("MUG-INK")
    product = shop.bc.catalogue.product_of(shop.bc.variant("MUG-INK"))
    assert (one.fm, one.product_id, one.variant_id, one.tracking) == (17, product.id, None, "product")
    assert one.was == shop.bc.stock("MUG-INK")
    assert one.figures == {"MUG-INK": [1, 17]}
    assert level("TEE-AUS-M").variant_id == shop.bc.variant("TEE-AUS-M").id
    assert not Level.objects.filter(sku__in=["Test001", "Test002", "PDF-CARE"]).exists()


def test_a_later_count_replaces_the_earlier_one(shop: Connected) -> None:
    shop.station("count")
    shop.fm.stock["MUG-INK"] = 3
    shop.bc.catalogue.rename(shop.bc.variant("APRON-LIN"), "APRON-NEW")
    shop.station("count")
    assert level("MUG-INK").fm == 3
    assert not Level.objects.filter(sku="APRON-LIN").exists()
    assert level("APRON-NEW").fm == 100


def test_bundles_are_counted_by_their_scarcest_part_and_skus_by_fms_own_code(connect: Connect) -> None:
    shop = connect(
        tables={
            "bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}},
            "sku_map": {"APRON-LIN": "FM-APRON"},
        }
    )
    shop.fm.stock.update({"MUG-STONE": 9, "TEA-TWL-GUM": 7, "FM-APRON": 5})
    shop.station("count")
    assert (level("KIT-TEA").fm, level("APRON-LIN").fm) == (4, 5)
    assert level("KIT-TEA").figures == {"MUG-STONE": [2, 9], "TEA-TWL-GUM": [1, 7]}


def test_a_bundle_without_a_row_is_unknown(connect: Connect) -> None:
    shop = connect(bundle_prefix="KIT-")
    assert shop.station("count").counts["unknown"] == 3
    assert (level("KIT-TEA").fm, level("KIT-TEA").note) == (None, "a bundle without a row in the bundle table")


def test_what_fm_does_not_know_is_unknown_and_never_zero(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-INK": 0, "APRON-LIN": 4})
    counts = shop.station("count").counts
    assert counts["unknown"] == counts["counted"] - 2
    assert (level("MUG-INK").fm, level("APRON-LIN").fm) == (0, 4)
    assert (level("BOWL-SER-28").fm, level("BOWL-SER-28").note) == (None, "FM has no details of BOWL-SER-28")


def test_a_part_that_fm_does_not_know_makes_the_bundle_unknown(connect: Connect) -> None:
    shop = connect(fm_products={"MUG-STONE": 9}, tables={"bundles": {"KIT-TEA": {"MUG-STONE": 2, "TEA-TWL-GUM": 1}}})
    shop.station("count")
    assert (level("KIT-TEA").fm, level("KIT-TEA").note) == (None, "FM has no details of TEA-TWL-GUM")


def test_a_code_with_a_comma_is_unknown_and_says_why(shop: Connected) -> None:
    shop.bc.add_product("MUG, large")
    shop.station("count")
    one = level("MUG, large")
    assert (one.fm, one.note) == (None, "FM cannot be asked for a code with a comma: MUG, large")
    assert level("MUG-INK").fm == 100


def test_fm_is_asked_for_150_codes_a_call(shop: Connected) -> None:
    for number in range(400):
        shop.bc.add_product(f"EXTRA-{number}")
    shop.fm.set(stock_batch=150)
    at = shop.station("count")
    assert at.counts["counted"] == 461
    assert at.calls == {"bigcommerce": 4, "fm": 4}
    assert [len(call.numbers) for call in shop.fm.log] == [150, 150, 150, 11]


def test_blank_and_doubled_skus_are_not_guessed(shop: Connected) -> None:
    shop.bc.add_product("")
    shop.bc.add_product("MUG-INK")
    assert shop.station("count").counts["without_sku"] == 1
    assert "several items" in level("MUG-INK").note


@pytest.mark.parametrize("fault", ["reset-before", "truncate"])
def test_where_fm_does_not_answer_the_last_count_stays(shop: Connected, fault: str) -> None:
    shop.station("count")
    before = list(Level.objects.order_by("pk").values_list("pk", "fm"))
    shop.fm.faults.add(fault)
    with pytest.raises(TryLater):
        shop.station("count")
    assert list(Level.objects.order_by("pk").values_list("pk", "fm")) == before


def test_an_answer_for_another_client_is_not_taken(shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.station("count")
    monkeypatch.setattr(shop.fm, "code", "SOMEBODY-ELSE")
    shop.fm.stock["MUG-INK"] = 1
    with pytest.raises(TryLater, match="FM answered for client SOMEBODY-ELSE, not for ACME"):
        shop.station("count")
    assert level("MUG-INK").fm == 100


def test_a_count_keeps_when_fm_knew_a_sku_last_and_what_bigcommerce_was_told(shop: Connected) -> None:
    shop.stock()
    known = level("MUG-INK")
    shop.fm.faults.add("no-details")
    shop.station("count")
    assert (level("MUG-INK").fm, level("MUG-INK").known_at, level("MUG-INK").published) == (None, known.counted_at, 100)
