"""The stock rule as laws: it never promises more than FM can send."""

from hypothesis import given
from hypothesis import strategies as st

from npf.stock.rule import MOST, Sold, added, publish, taken_by, wave_of_zeros
from npf.stores.maps import Settings
from npf.stores.parameters import FmOptions, Parameters

CODES = ("A", "B", "C")
BUNDLES = {"KIT": {"A": 2, "B": 1}, "BIG": {"A": 1, "B": 1, "C": 3}, "PAIR": {"C": 2}}
SKUS = (*CODES, *BUNDLES, "MAPPED")
SETTINGS = Settings(name="acme", parameters=Parameters(), fm=FmOptions(), sku_map={"MAPPED": "B"}, bundles=BUNDLES)

figures = st.fixed_dictionaries({code: st.integers(-5, 60) for code in CODES})
maybe_figures = st.fixed_dictionaries({code: st.none() | st.integers(0, 60) for code in CODES})
buffers = st.integers(0, 8)
lines = st.builds(
    Sold,
    order=st.integers(1, 4),
    line=st.integers(1, 10_000),
    parent=st.none() | st.integers(1, 10_000),
    sku=st.sampled_from((*SKUS, "UNKNOWN")),
    units=st.integers(-2, 9),
)
orders = st.lists(lines, max_size=8, unique_by=lambda one: (one.order, one.line))


def published(sku: str, fm: dict[str, int], sold: list[Sold], buffer: int = 0) -> int:
    parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
    found = publish(parts, taken_by(sold, SETTINGS), buffer).publish
    assert found is not None
    return found


@given(fm=figures, sold=orders, buffer=buffers)
def test_what_is_published_fm_can_send_beside_all_that_is_sold(
    fm: dict[str, int], sold: list[Sold], buffer: int
) -> None:
    taken = taken_by(sold, SETTINGS)
    for sku in SKUS:
        units = published(sku, fm, sold, buffer)
        assert units >= 0
        for code, per_unit in (SETTINGS.parts(sku) or {}).items():
            free = fm[code] - taken.get(code, 0)
            assert units == 0 or per_unit * (units + buffer) <= free


@given(fm=figures, sold=orders, one=lines.filter(lambda one: one.parent is None), buffer=buffers)
def test_an_order_more_never_raises_any_sku(fm: dict[str, int], sold: list[Sold], one: Sold, buffer: int) -> None:
    another = Sold(order=99, line=one.line, parent=None, sku=one.sku, units=one.units)
    for sku in SKUS:
        assert published(sku, fm, [*sold, another], buffer) <= published(sku, fm, sold, buffer)


@given(fm=figures, sold=orders, buffer=buffers, rest=st.randoms())
def test_the_order_of_the_orders_does_not_matter(
    fm: dict[str, int], sold: list[Sold], buffer: int, rest: object
) -> None:
    shuffled = sorted(sold, key=lambda one: (one.sku, -one.line))
    assert taken_by(sold, SETTINGS) == taken_by(shuffled, SETTINGS) == taken_by(sold[::-1], SETTINGS)


@given(fm=figures, sold=orders)
def test_a_bundle_is_worth_what_its_scarcest_part_allows(fm: dict[str, int], sold: list[Sold]) -> None:
    for sku, parts in BUNDLES.items():
        assert published(sku, fm, sold) == min(published(code, fm, sold) // units for code, units in parts.items())


@given(fm=figures, sold=orders, buffer=buffers)
def test_a_buffer_takes_off_itself_and_nothing_below_zero(fm: dict[str, int], sold: list[Sold], buffer: int) -> None:
    for sku in SKUS:
        assert published(sku, fm, sold, buffer) == max(0, published(sku, fm, sold) - buffer)


@given(fm=maybe_figures, sold=orders, buffer=buffers)
def test_what_fm_does_not_know_never_becomes_a_number(fm: dict[str, int | None], sold: list[Sold], buffer: int) -> None:
    for sku in SKUS:
        parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
        found = publish(parts, taken_by(sold, SETTINGS), buffer)
        unknown = any(figure is None for _, figure in parts.values())
        assert (found.publish is None) == (found.fm is None) == unknown


@given(fm=figures, sold=orders, buffer=buffers)
def test_the_figures_shown_explain_each_other(fm: dict[str, int], sold: list[Sold], buffer: int) -> None:
    for sku in SKUS:
        parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
        found = publish(parts, taken_by(sold, SETTINGS), buffer)
        assert found.fm is not None
        assert found.publish == max(0, found.fm - found.unsent - buffer)
        assert 0 <= found.unsent <= found.fm


def test_a_bundle_without_parts_is_unknown() -> None:
    assert publish({}, {}, 0).publish is None


def test_a_figure_beyond_what_bigcommerce_keeps_is_cut() -> None:
    assert publish({"A": (1, 10**12)}, {}, 0).publish == MOST


def test_a_sold_bundle_takes_off_its_parts_once() -> None:
    sold = [Sold(1, 10, None, "KIT", 3), Sold(1, 11, 10, "A", 6), Sold(1, 12, 10, "B", 3)]
    assert taken_by(sold, SETTINGS) == {"A": 6, "B": 3}


def test_the_parts_of_a_bundle_that_nobody_knows_take_off_themselves() -> None:
    prefixed = Settings(name="acme", parameters=Parameters(bundle_prefix="SET-"), fm=FmOptions())
    sold = [Sold(1, 10, None, "SET-X", 2), Sold(1, 11, 10, "A", 4)]
    assert taken_by(sold, prefixed) == {"A": 4}


def test_an_article_with_extras_takes_off_both() -> None:
    assert taken_by([Sold(1, 10, None, "A", 1), Sold(1, 11, 10, "B", 1)], SETTINGS) == {"A": 1, "B": 1}


def test_the_parts_of_a_bundle_that_was_refunded_take_off_themselves() -> None:
    assert taken_by([Sold(1, 10, None, "KIT", 0), Sold(1, 11, 10, "A", 2)], SETTINGS) == {"A": 2}


@given(some=st.lists(st.dictionaries(st.sampled_from(CODES), st.integers(0, 9)), max_size=4))
def test_what_is_taken_off_adds_up(some: list[dict[str, int]]) -> None:
    total = added(*some)
    assert all(total.get(code, 0) == sum(one.get(code, 0) for one in some) for code in CODES)


def test_a_wave_of_zeros_is_stopped_and_a_few_that_sell_out_are_not() -> None:
    shop = {f"S{n}": (5, 5) for n in range(10)}
    assert wave_of_zeros(shop, 0.3) == ""
    assert wave_of_zeros(shop | {f"S{n}": (5, 0) for n in range(3)}, 0.3) == ""
    said = wave_of_zeros(shop | {f"S{n}": (5, 0) for n in range(4)}, 0.3)
    assert "4 of 10 SKUs in stock would fall to zero" in said
    assert wave_of_zeros({"S1": (5, 0)}, 0.3) == ""
    assert wave_of_zeros({"S1": (5, 0), "S2": (9, 0)}, 0.3) != ""
    assert wave_of_zeros({"S1": (5, 0), "S2": (9, 0), "S3": (1, 1), "S4": (2, 2)}, 0.3) == ""


def test_what_stood_at_zero_or_is_unknown_is_no_part_of_a_wave() -> None:
    empty: dict[str, tuple[int | None, int | None]] = {f"E{n}": (0, 0) for n in range(50)}
    unknown: dict[str, tuple[int | None, int | None]] = {f"U{n}": (9, None) for n in range(50)}
    assert wave_of_zeros(empty | unknown | {"S": (5, 5)}, 0.3) == ""


def test_a_shop_of_which_fm_knows_nothing_is_stopped() -> None:
    assert "FM knows none of the 2 SKUs" in wave_of_zeros({"A": (5, None), "B": (None, None)}, 0.3)
    assert wave_of_zeros({}, 0.3) == ""
