"""The stock rule as laws: it never promises more than FM can send."""

from hypothesis import given
from hypothesis import strategies as st

from npf.stock.rule import MOST, Cause, Sold, Taken, causes, publish, taken_by, the_more, units_by_code
from npf.stores.fm_parameters import FmOptions
from npf.stores.maps import Settings
from npf.stores.parameters import Parameters

CODES = ("A", "B", "C")
BUNDLES = {"KIT": {"A": 2, "B": 1}, "BIG": {"A": 1, "B": 1, "C": 3}, "PAIR": {"C": 2}}
SKUS = (*CODES, *BUNDLES, "MAPPED")
SETTINGS = Settings(name="acme", parameters=Parameters(), fm=FmOptions(), sku_map={"MAPPED": "B"}, bundles=BUNDLES)

figures = st.fixed_dictionaries({code: st.integers(-5, 60) for code in CODES})
maybe_figures = st.fixed_dictionaries({code: st.none() | st.integers(0, 60) for code in CODES})
buffers = st.integers(0, 8)
lines = st.builds(
    Sold,
    order=st.sampled_from("1234"),
    line=st.integers(1, 10_000),
    parent=st.none() | st.integers(1, 10_000),
    sku=st.sampled_from((*SKUS, "UNKNOWN")),
    units=st.integers(-2, 9),
)
orders = st.lists(lines, max_size=8, unique_by=lambda one: (one.order, one.line))


def units_taken(sold: list[Sold], settings: Settings = SETTINGS) -> dict[str, int]:
    return units_by_code(taken_by(sold, settings))


def published(sku: str, fm: dict[str, int], sold: list[Sold], buffer: int = 0) -> int:
    parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
    found = publish(parts, units_taken(sold), buffer).publish
    assert found is not None
    return found


@given(fm=figures, sold=orders, buffer=buffers)
def test_what_is_published_fm_can_send_beside_all_that_is_sold(
    fm: dict[str, int], sold: list[Sold], buffer: int
) -> None:
    taken = units_taken(sold)
    for sku in SKUS:
        units = published(sku, fm, sold, buffer)
        assert units >= 0
        for code, per_unit in (SETTINGS.parts(sku) or {}).items():
            free = fm[code] - taken.get(code, 0)
            assert units == 0 or per_unit * (units + buffer) <= free


@given(fm=figures, sold=orders, one=lines.filter(lambda one: one.parent is None), buffer=buffers)
def test_an_order_more_never_raises_any_sku(fm: dict[str, int], sold: list[Sold], one: Sold, buffer: int) -> None:
    another = Sold(order="99", line=one.line, parent=None, sku=one.sku, units=one.units)
    for sku in SKUS:
        assert published(sku, fm, [*sold, another], buffer) <= published(sku, fm, sold, buffer)


@given(fm=figures, sold=orders, buffer=buffers, rest=st.randoms())
def test_the_order_of_the_orders_does_not_matter(
    fm: dict[str, int], sold: list[Sold], buffer: int, rest: object
) -> None:
    shuffled = sorted(sold, key=lambda one: (one.sku, -one.line))
    assert units_taken(sold) == units_taken(shuffled) == units_taken(sold[::-1])


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
        found = publish(parts, units_taken(sold), buffer)
        unknown = any(figure is None for _, figure in parts.values())
        assert (found.publish is None) == (found.fm is None) == unknown


@given(fm=figures, sold=orders, buffer=buffers)
def test_the_figures_shown_explain_each_other(fm: dict[str, int], sold: list[Sold], buffer: int) -> None:
    for sku in SKUS:
        parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
        found = publish(parts, units_taken(sold), buffer)
        assert found.fm is not None
        assert found.publish == max(0, found.fm - found.unsent - buffer)
        assert 0 <= found.unsent <= found.fm


def test_a_bundle_without_parts_is_unknown() -> None:
    assert publish({}, {}, 0).publish is None


def test_a_figure_beyond_what_bigcommerce_keeps_is_cut() -> None:
    assert publish({"A": (1, 10**12)}, {}, 0).publish == MOST


def test_a_sold_bundle_takes_off_its_parts_once() -> None:
    sold = [Sold("1", 10, None, "KIT", 3), Sold("1", 11, 10, "A", 6), Sold("1", 12, 10, "B", 3)]
    assert units_taken(sold, SETTINGS) == {"A": 6, "B": 3}


def test_the_parts_of_a_bundle_that_nobody_knows_take_off_themselves() -> None:
    prefixed = Settings(name="acme", parameters=Parameters(bundle_prefix="SET-"), fm=FmOptions())
    sold = [Sold("1", 10, None, "SET-X", 2), Sold("1", 11, 10, "A", 4)]
    assert units_taken(sold, prefixed) == {"A": 4}


def test_an_article_with_extras_takes_off_both() -> None:
    assert units_taken([Sold("1", 10, None, "A", 1), Sold("1", 11, 10, "B", 1)], SETTINGS) == {"A": 1, "B": 1}


def test_the_parts_of_a_bundle_that_was_refunded_take_off_themselves() -> None:
    assert units_taken([Sold("1", 10, None, "KIT", 0), Sold("1", 11, 10, "A", 2)], SETTINGS) == {"A": 2}


taken = st.builds(
    Taken,
    code=st.sampled_from(CODES),
    order=st.sampled_from("1234"),
    cause=st.sampled_from(Cause),
    units=st.integers(1, 9),
)
readings = st.lists(taken, max_size=12)


@given(first=readings, second=readings)
def test_of_two_readings_each_order_takes_off_what_it_did_at_most(first: list[Taken], second: list[Taken]) -> None:
    def units(reading: list[Taken], code: str, order: str) -> int:
        return sum(one.units for one in reading if (one.code, one.order) == (code, order))

    both = the_more(first, second)
    for code in CODES:
        for order in "1234":
            assert units(both, code, order) == max(units(first, code, order), units(second, code, order))


@given(some=readings)
def test_the_causes_say_all_units_and_name_every_order_or_count_it(some: list[Taken]) -> None:
    kept = causes(some)
    assert sum(one["units"] for one in kept.values()) == sum(one.units for one in some)
    for cause, one in kept.items():
        orders = {taken.order for taken in some if taken.cause == cause}
        assert set(one["orders"]) <= orders
        assert len(one["orders"]) + one["more"] == len(orders)


def test_of_many_orders_the_latest_twenty_are_named() -> None:
    kept = causes([Taken("A", str(number), Cause.NEW, 1) for number in range(90, 130)])
    assert kept["new"] == {"units": 40, "orders": [str(number) for number in range(129, 109, -1)], "more": 20}


@given(fm=figures, first=orders, second=orders, sku=st.sampled_from(SKUS))
def test_the_figure_of_two_readings_is_never_above_that_of_either(
    fm: dict[str, int], first: list[Sold], second: list[Sold], sku: str
) -> None:
    parts = {code: (units, fm[code]) for code, units in (SETTINGS.parts(sku) or {}).items()}
    both = publish(parts, units_by_code(the_more(taken_by(first, SETTINGS), taken_by(second, SETTINGS))), 0).publish
    assert both is not None
    assert both <= min(published(sku, fm, first), published(sku, fm, second))


def test_outer_blanks_of_a_sku_do_not_count() -> None:
    assert units_taken([Sold("1", 10, None, " KIT ", 1), Sold("1", 11, None, "MAPPED ", 2)]) == {"A": 2, "B": 3}


def test_the_part_that_decides_is_named() -> None:
    found = publish({"A": (2, 9), "B": (1, 7)}, {"A": 4}, 0)
    assert (found.fm, found.unsent, found.publish, found.part, found.per_unit) == (4, 2, 2, "A", 2)
