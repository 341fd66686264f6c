"""Two stores of one FM client never yield the same number."""

from hypothesis import example, given
from hypothesis import strategies as st

from npf.stores.numbers import collide, fm_number

PREFIX = st.text("A1-09", max_size=6) | st.from_regex(r"[A-Za-z0-9._/-]{0,6}", fullmatch=True)
ORDER = st.integers(1, 10**6)
POSITION = st.none() | st.integers(1, 200)
RESENT = st.integers(0, 12)


@given(PREFIX, PREFIX, ORDER, POSITION, RESENT, ORDER, POSITION, RESENT)
@example("A", "A1-", 1, 2, 0, 2, None, 0)
@example("", "12", 123, None, 0, 3, None, 0)
@example("A", "A1-2", 1, 25, 0, 5, None, 0)
@example("A", "a1-r", 1, None, 1, 2, None, 0)
@example("A", "A1-2-R1", 1, 2, 11, 2, None, 0)
def test_prefixes_that_do_not_collide_never_yield_one_number(
    one: str,
    other: str,
    order: int,
    position: int | None,
    resent: int,
    theirs: int,
    their_position: int | None,
    their_resent: int,
) -> None:
    if not collide(one, other):
        ours = fm_number(one, order, position, resent)
        assert ours.casefold() != fm_number(other, theirs, their_position, their_resent).casefold()


@given(PREFIX, ORDER, st.integers(0, 8), POSITION, RESENT)
def test_it_is_true_for_every_prefix_that_is_the_beginning_of_a_number(
    prefix: str, order: int, cut: int, position: int | None, resent: int
) -> None:
    """The other prefix is the beginning of a number of the first: with the right order, both yield that number."""
    number = fm_number(prefix, order, position, resent)
    rest = number[len(prefix) :]
    other, digits = prefix + rest[:cut], rest[cut:]
    if digits.isdecimal() and not digits.startswith("0"):
        assert fm_number(other, int(digits)) == number
        assert collide(prefix, other)
        assert collide(other, prefix)


@given(PREFIX, PREFIX)
def test_the_order_of_the_two_does_not_matter(one: str, other: str) -> None:
    assert collide(one, other) == collide(other, one)


def test_a_prefix_collides_with_itself_in_any_case() -> None:
    assert collide("MG", "mg")
    assert collide("", "")


def test_prefixes_that_differ_by_letters_do_not_collide() -> None:
    assert not collide("MG", "MGA")
    assert not collide("", "MG")
    assert not collide("MG-AU-", "MG-NZ-")
    assert not collide("MG", "MG0")


def test_a_number_says_how_often_the_order_was_sent() -> None:
    assert fm_number("MG", 1000012) == "MG1000012"
    assert fm_number("MG", 1000012, None, 1) == "MG1000012-R2"
    assert fm_number("MG", 1000012, 2, 2) == "MG1000012-2-R3"
