"""FM's shipments become parts, each once, however FM lists them."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from npf.follow.despatch import Despatched, Units, despatched
from npf.shipments.allocate import Wanted
from npf.warehouse.records import Shipment

ZERO = Decimal(0)
WANTED = [Wanted(1, 4, {"A": 1}), Wanted(2, 2, {"A": 1, "B": 2})]


def shipment(number: str, **products: int) -> Shipment:
    return Shipment(ConsignmentNo=number, ManifestNo=f"M-{number}", products=list(products.items()))


def seen(*answers: list[Shipment], wanted: list[Wanted] = WANTED) -> tuple[list[tuple[str, Units]], Despatched]:
    """What is on record after answers that come one after the other, and what the last of them showed."""
    known: list[tuple[str, Units]] = []
    gone: dict[int, int] = {}
    for answer in answers:
        found = despatched(wanted, gone, known, answer)
        for part in found.parts:
            known.append((part.number, part.codes))
            for line, units in part.lines.items():
                gone[line] = gone.get(line, 0) + units
    return known, found


def test_the_same_answer_twice_shows_nothing_new() -> None:
    answer = [shipment("C1", A=2), shipment("C2", A=1)]
    known, last = seen(answer, answer)
    assert known == [("C1", {"A": 2}), ("C2", {"A": 1})]
    assert last.parts == []


def test_what_fm_adds_to_a_consignment_is_a_further_part_of_it() -> None:
    known, last = seen([shipment("C1", A=2)], [shipment("C1", A=3, B=1)])
    assert known == [("C1", {"A": 2}), ("C1", {"A": 1, "B": 1})]
    assert [(part.number, part.part) for part in last.parts] == [("C1", 2)]


def test_a_consignment_that_is_listed_in_pieces_is_one() -> None:
    known, _ = seen([shipment("C1", A=2), shipment(" C1 ", B=1)])
    assert known == [("C1", {"A": 2, "B": 1})]


def test_a_shipment_without_number_or_units_waits_until_it_has_both() -> None:
    known, last = seen([shipment(" ", A=2)], [shipment("C1")], [shipment("C1", A=0)])
    assert (known, last.waits) == ([], True)
    known, last = seen([shipment("", A=2)], [shipment("C1", A=2)])
    assert (known, last.waits) == ([("C1", {"A": 2})], False)


def test_codes_are_found_whatever_their_capitals() -> None:
    known, last = seen([shipment("C1", a=2)])
    assert known == [("C1", {"A": 2})]
    assert last.parts[0].lines == {1: 2}


def test_what_fm_takes_back_stays() -> None:
    known, last = seen([shipment("C1", A=3)], [shipment("C1", A=1)])
    assert (known, last.parts) == ([("C1", {"A": 3})], [])


def test_what_nobody_asked_for_is_told_with_the_shipment_that_brought_it() -> None:
    _, last = seen([shipment("C1", A=1, X=2)])
    assert last.parts[0].strange == {"X": 2}
    _, last = seen([shipment("C1", A=1, X=2)], [shipment("C1", A=1, X=2), shipment("C2", A=1)])
    assert last.parts[0].strange == {}


def test_an_order_of_which_nothing_is_known_is_never_complete() -> None:
    _, last = seen([shipment("C1", A=1)], wanted=[])
    assert not last.complete


@given(st.integers(), st.integers(1, 6))
def test_however_fm_spreads_the_units_over_shipments_and_looks_it_ends_complete(seed: int, looks: int) -> None:
    chance = random.Random(seed)
    units = ["A"] * 6 + ["B"] * 4
    chance.shuffle(units)
    listed: dict[str, dict[str, int]] = {}
    answers = []
    for number in range(looks):
        take = len(units) if number == looks - 1 else chance.randint(0, len(units))
        for code in units[:take]:
            to = listed.setdefault(f"C{chance.randint(1, 3)}", {})
            to[code] = to.get(code, 0) + 1
        units = units[take:]
        answers.append([shipment(one, **dict(of)) for one, of in listed.items()])
    known, last = seen(*answers)
    assert last.complete
    total: dict[str, int] = {}
    for _, codes in known:
        for code, n in codes.items():
            total[code] = total.get(code, 0) + n
    assert total == {"A": 6, "B": 4}


def charged(number: str, freight: str, handling: str, **products: int) -> Shipment:
    named = {"FrieghtCharges": Decimal(freight), "HandlingCharges": Decimal(handling)}
    return Shipment(ConsignmentNo=number, products=list(products.items()), **named)


def test_what_fm_adds_to_a_consignment_bears_what_it_adds_to_its_charges() -> None:
    known = [("C1", {"A": 2})]
    before = {"C1": (Decimal("10.00"), Decimal("2.20"))}
    (part,) = despatched(WANTED, {1: 2}, known, [charged("C1", "12.50", "2.20", A=3)], charged=before).parts
    assert part.charges == (Decimal("2.50"), Decimal("0.00"))


def test_charges_that_come_after_the_goods_are_added_and_lost_ones_are_not_given_back() -> None:
    known = [("C1", {"A": 2})]
    late = despatched(WANTED, {1: 2}, known, [charged("C1", "12.50", "2.20", A=2)], charged={"C1": (ZERO, ZERO)})
    assert (late.parts, late.dearer) == ([], {"C1": (Decimal("12.50"), Decimal("2.20"))})
    before = {"C1": (Decimal("12.50"), Decimal("2.20"))}
    lost = despatched(WANTED, {1: 2}, known, [charged("C1", "0", "0", A=2)], charged=before)
    assert lost.dearer == {}


def test_an_absurd_charge_is_none() -> None:
    (part,) = despatched(WANTED, {}, [], [charged("C1", "1e30", "2.20", A=2)]).parts
    assert part.charges == (ZERO, Decimal("2.20"))
