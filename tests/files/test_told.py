"""The law of what files say: the latest word counts, in whatever order the files come."""

from hypothesis import given
from hypothesis import strategies as st

from npf.files.told import Consignment, Said, Told, Word, merged, status

words = st.builds(
    Word,
    status=st.sampled_from(["", "HOLD", "SHIPPED", "CANCEL"]),
    backorder=st.dictionaries(st.sampled_from("AB"), st.integers(1, 3), max_size=2),
)


@st.composite
def sayings(draw: st.DrawFn) -> list[Said]:
    """Statements about one order at different times."""
    times = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=6, unique=True))
    made = []
    for at in times:
        units = draw(
            st.dictionaries(
                st.sampled_from(["C1", "C2"]),
                st.dictionaries(st.sampled_from("AB"), st.integers(0, 5), min_size=1, max_size=2),
                max_size=2,
            )
        )
        heads = tuple(Consignment(consignment_no=key, link=str(at)) for key in units)
        word = draw(st.none() | words)
        number = draw(st.sampled_from(["", "F1", "F2"]))
        made.append(Said(number="MG1", at=at, word=word, consignments=heads, units=units, npf_order_no=number))
    return made


def remembered(some: list[Said]) -> Told:
    told: Told | None = None
    for said in some:
        told = merged(told, said)
    assert told is not None
    return told


@given(sayings(), st.randoms())
def test_the_order_of_the_files_does_not_matter(some: list[Said], rng: object) -> None:
    shuffled = list(some)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert status(remembered(shuffled), "MG1", "ACME") == status(remembered(some), "MG1", "ACME")


@given(sayings())
def test_a_file_that_is_read_again_changes_nothing(some: list[Said]) -> None:
    assert remembered([*some, *some]) == remembered(some)


@given(sayings())
def test_of_each_thing_the_latest_word_counts(some: list[Said]) -> None:
    told = remembered(some)
    by_time = sorted(some, key=lambda said: said.at)
    for key in ("C1", "C2"):
        for code in "AB":
            latest = [said.units[key][code] for said in by_time if code in said.units.get(key, {})]
            assert told.units.get(key, {}).get(code, (0, None))[1] == (latest[-1] if latest else None)
    spoken = [said.word for said in by_time if said.word is not None]
    assert told.word[1] == (spoken[-1] if spoken else Word())
