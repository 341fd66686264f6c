"""Which SKUs of a catalogue FM can have, and which of them are never written."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.catalog import Product, Variant
from npf.count.sellable import DOUBLED, NOT_TRACKED, ONE_LEVEL, Sellable, sellable
from npf.stores.fm_parameters import FmOptions
from npf.stores.maps import Settings
from npf.stores.parameters import Parameters


def settings(**more: Any) -> Settings:
    return Settings(name="acme", parameters=Parameters(), fm=FmOptions(), **more)


def product(id: int, sku: str = "", tracking: str = "product", **more: Any) -> Product:
    return Product(id=id, sku=sku, inventory_tracking=tracking, inventory_level=7, **({"type": "physical"} | more))


def found(*goods: tuple[Product, list[str]], **more: Any) -> list[Sellable]:
    """The sellable SKUs of some products, each with the SKUs of its variants."""
    variants = [
        Variant(id=one.id * 100 + at, product_id=one.id, sku=sku, inventory_level=at)
        for one, skus in goods
        for at, sku in enumerate(skus)
    ]
    return sellable([one for one, _ in goods], variants, settings(**more)).items


def test_a_product_without_options_is_counted_by_its_product() -> None:
    (one,) = found((product(1, "MUG"), ["MUG"]))
    assert one == Sellable("MUG", product_id=1, variant_id=None, tracking="product", level=7)


def test_variants_are_counted_each_by_itself() -> None:
    small, large = found((product(1, "TEE", "variant"), ["TEE-S", "TEE-L"]))
    assert small == Sellable("TEE-S", product_id=1, variant_id=100, tracking="variant", level=0)
    assert (large.sku, large.variant_id, large.level) == ("TEE-L", 101, 1)


def test_a_variant_without_a_sku_of_its_own_is_sold_under_the_products() -> None:
    (one,) = found((product(1, "TEE", "variant"), [""]))
    assert (one.sku, one.variant_id, one.note) == ("TEE", 100, "")


def test_outer_blanks_of_a_sku_do_not_count() -> None:
    (one,) = found((product(1, " MUG "), ["MUG "]))
    assert (one.sku, one.note) == ("MUG", "")
    small, large = found((product(1, "TEE", "variant"), ["TEE-S ", " TEE-L"]))
    assert (small.sku, large.sku) == ("TEE-S", "TEE-L")
    (one,) = found((product(1, "MUG"), ["MUG"]), (product(2, "MUG "), ["MUG "]))
    assert one.note == DOUBLED
    assert found((product(1, " Test001"), [" Test001"])) == []


def test_a_product_without_tracking_is_listed_with_the_reason() -> None:
    (one,) = found((product(1, "CARD", "none"), ["CARD"]))
    assert (one.tracking, one.level, one.note) == ("none", None, NOT_TRACKED)


def test_a_sku_on_several_items_is_listed_once_with_the_reason() -> None:
    (one,) = found((product(1, "MUG"), ["MUG"]), (product(2, "MUG"), ["MUG"]), (product(3, "X", "variant"), ["MUG"]))
    assert (one.sku, one.note) == ("MUG", DOUBLED)


def test_two_variants_with_one_sku_are_doubled_too() -> None:
    (one,) = found((product(1, "TEE", "variant"), ["TEE", "TEE"]))
    assert one.note == DOUBLED


def test_items_without_a_sku_are_told_apart_and_counted() -> None:
    answer = sellable(
        [product(1), product(2, "A")], [Variant(id=1, product_id=1), Variant(id=2, product_id=2)], settings()
    )
    assert ([one.sku for one in answer.items], answer.without_sku) == (["A"], 1)


def test_one_level_for_several_articles_is_never_guessed() -> None:
    (one,) = found((product(1, "TEE"), ["TEE-S", "TEE-L"]))
    assert (one.sku, one.variant_id, one.note) == ("TEE", None, ONE_LEVEL)


def test_one_level_for_variants_that_are_one_article_at_fm_is_counted() -> None:
    (one,) = found((product(1, "TEE"), ["TEE-S", "TEE-L"]), sku_map={"TEE-S": "TEE", "TEE-L": "TEE"})
    assert (one.sku, one.note) == ("TEE", "")
    (one,) = found((product(1, ""), ["TEE", "TEE"]))
    assert (one.sku, one.note) == ("TEE", "")


def test_digital_goods_and_test_items_are_left_out() -> None:
    assert found((product(1, "PDF", "none", type="digital"), ["PDF"])) == []
    assert found((product(1, "Test001"), ["Test001"]), (product(2, "Test002"), ["Test002"])) == []


def test_a_digital_double_does_not_spoil_the_physical_one() -> None:
    (one,) = found((product(1, "MUG", type="digital"), ["MUG"]), (product(2, "MUG"), ["MUG"]))
    assert (one.product_id, one.note) == (2, "")


def test_a_variant_whose_product_is_not_there_is_passed_over() -> None:
    assert sellable([], [Variant(id=1, product_id=9, sku="GHOST")], settings()).items == []


@given(
    st.lists(st.tuples(st.sampled_from(["none", "product", "variant"]), st.lists(st.sampled_from("AB C"), min_size=1)))
)
def test_no_level_is_ever_written_by_two_skus(goods: list[tuple[str, list[str]]]) -> None:
    some = [(product(at, skus[0], tracking), skus) for at, (tracking, skus) in enumerate(goods, start=1)]
    items = found(*some)
    assert len({one.sku for one in items}) == len(items)
    written = [(one.product_id, one.variant_id) for one in items if not one.note]
    assert len(set(written)) == len(written)
    whole = {product_id for product_id, variant_id in written if variant_id is None}
    assert not whole & {product_id for product_id, variant_id in written if variant_id is not None}
