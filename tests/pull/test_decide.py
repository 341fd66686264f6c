"""What a pulled order becomes: every case, and the laws that hold in all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.orders import gates
from npf.orders.changes import ADDRESS_FIELDS, Change
from npf.orders.gates import Judgement, Verdict, judge
from npf.orders.stages import BY_HAND, CHANGED, SENT_TWICE, STOPPED, STOPPED_STATUSES, Stage, may_move
from npf.pull.decide import Decision, Known, Pulled, Write, decide
from npf.pull.edits import Had, HadLine
from tests.orders.making import JANE, address, line, order, settings

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PASSES = Judgement([Verdict("order status", "pass", "fine")])
SKIPS = Judgement([Verdict("order status", "skip", "not paid", "order_status")])
HOLDS = Judgement([Verdict("SKUs", "hold", "no SKU", "", "Products.Code", "give it one")])
CANCELLED = Judgement([Verdict("cancelled", "cancelled", "the order is cancelled in BigCommerce")])


def pulled(judgement: Judgement = PASSES, *, digest: str = "new", status_id: int = 11, **more: Any) -> Pulled:
    values: dict[str, Any] = {"bc_order_id": 1001, "raw": b"", "order": order(status_id=status_id)} | more
    return Pulled(digest=digest, judgement=judgement, **values)


def known(stage: str, **more: Any) -> Known:
    values: dict[str, Any] = {"pk": 7, "digest": "old", "gated_with": 3, "status_id": 11} | more
    return Known(stage=stage, **values)


# orders that are not known yet


@pytest.mark.parametrize(
    ("judgement", "stage", "code"),
    [
        (PASSES, "new", ""),
        (SKIPS, "skipped", "gate:order status"),
        (HOLDS, "held", "gate:SKUs"),
        (CANCELLED, "cancelled", "gate:cancelled"),
    ],
)
def test_the_gates_decide_over_an_order_that_is_not_known(judgement: Judgement, stage: str, code: str) -> None:
    found = decide(pulled(judgement), None, 3)
    assert (found.write, found.stage, found.reason_code, found.moved) == (Write.WHOLE, stage, code, True)
    (note,) = found.notes
    assert (note.tag.value, note.bc_order_id) == ("pull:order:pulled", 1001)


def test_a_hold_bears_its_reason_field_and_repair() -> None:
    found = decide(pulled(HOLDS), None, 3)
    assert (found.reason, found.field, found.repair) == ("no SKU", "Products.Code", "give it one")


# readings that lag behind


@pytest.mark.parametrize("stage", ["new", "skipped", "held", "cancelled", "pending", "complete"])
@pytest.mark.parametrize(
    ("seconds", "digest", "taken"),
    [(1, "new", False), (3600, "new", False), (3601, "new", True), (0, "new", True), (-1, "new", True)],
)
def test_an_order_read_as_it_was_before_is_left_as_it_is(stage: str, seconds: int, digest: str, taken: bool) -> None:
    one = pulled(digest=digest)
    assert one.order is not None
    found = decide(one, known(stage, date_modified=one.order.date_modified + timedelta(seconds=seconds)), 4)
    assert (found.write is not Write.NOTHING) is taken


def test_the_text_that_we_hold_is_judged_again_whatever_its_date() -> None:
    one = pulled(digest="old")
    assert one.order is not None
    later = one.order.date_modified + timedelta(seconds=5)
    assert decide(one, known("skipped", date_modified=later), 4).write is Write.VERDICTS


# orders that FM was not asked for


@pytest.mark.parametrize("stage", ["new", "skipped", "held", "cancelled"])
def test_what_has_not_changed_is_not_written(stage: str) -> None:
    assert decide(pulled(digest="old"), known(stage), 3).write is Write.NOTHING


@pytest.mark.parametrize("before", ["new", "skipped", "held", "cancelled"])
def test_a_changed_order_is_judged_anew_and_written_whole(before: str) -> None:
    found = decide(pulled(SKIPS), known(before), 3)
    assert (found.write, found.stage, found.reason) == (Write.WHOLE, "skipped", "not paid")
    assert [note.tag.value for note in found.notes] == ["pull:order:gated"]


def test_the_same_verdict_again_is_no_news() -> None:
    found = decide(pulled(SKIPS), known("skipped", reason="not paid"), 3)
    assert (found.write, found.moved, found.notes) == (Write.WHOLE, False, [])


def test_changed_settings_are_a_matter_of_the_verdicts_alone() -> None:
    found = decide(pulled(PASSES, digest="old"), known("skipped", reason="not paid"), 4)
    assert (found.write, found.stage, found.reason, found.moved) == (Write.VERDICTS, "new", "", True)


def test_an_order_that_is_to_be_judged_again_is_looked_at_from_the_beginning() -> None:
    assert decide(pulled(PASSES, digest="old"), known("held", gated_with=0), 3).write is Write.WHOLE


@pytest.mark.parametrize("judgement", [PASSES, SKIPS, HOLDS])
@pytest.mark.parametrize(("digest", "write"), [("new", Write.WHOLE), ("old", Write.VERDICTS)])
def test_what_a_person_holds_stays_held(judgement: Judgement, digest: str, write: Write) -> None:
    by_hand = known("held", reason="held by ada", reason_code=BY_HAND, repair="release it", gated_with=2)
    found = decide(pulled(judgement, digest=digest), by_hand, 3)
    assert (found.write, found.stage, found.moved) == (write, "held", False)
    assert (found.reason, found.reason_code, found.repair) == ("held by ada", BY_HAND, "release it")
    assert found.notes == []


def test_what_a_person_holds_is_cancelled_with_the_order() -> None:
    by_hand = known("held", reason="held by ada", reason_code=BY_HAND)
    assert decide(pulled(CANCELLED, status_id=5), by_hand, 3).stage == "cancelled"


# orders that FM was asked for


@pytest.mark.parametrize("stage", ["new", "pending", "processing", "complete", "held", "cancelled"])
def test_the_gates_have_nothing_to_say_of_an_order_that_fm_was_asked_for(stage: str) -> None:
    at_fm = known(stage, reason="because", reason_code="fm_hold", asked=True, gated_with=1)
    found = decide(pulled(SKIPS), at_fm, 3)
    assert (found.write, found.stage, found.reason, found.moved) == (Write.FACTS, stage, "because", False)
    assert decide(pulled(SKIPS, digest="old"), at_fm, 3).write is Write.NOTHING


@pytest.mark.parametrize("stage", ["new", "pending", "processing", "held"])
@pytest.mark.parametrize("status_id", sorted(STOPPED_STATUSES))
def test_an_order_that_is_stopped_in_bigcommerce_is_held_for_a_person(stage: str, status_id: int) -> None:
    found = decide(pulled(status_id=status_id), known(stage, asked=True), 3)
    assert (found.write, found.stage, found.reason_code) == (Write.FACTS, "held", STOPPED)
    assert (found.field, found.moved) == ("status_id", True)
    assert f"BigCommerce shows {status_id} " in found.reason
    assert "NPF's floor" in found.repair
    assert [note.tag.value for note in found.notes] == ["pull:order:changed", "station:order:held"]


@pytest.mark.parametrize("stage", ["complete", "cancelled"])
def test_what_is_finished_is_not_held_any_more_and_the_status_is_told(stage: str) -> None:
    found = decide(pulled(status_id=4), known(stage, asked=True), 3)
    assert (found.stage, found.moved) == (stage, False)
    assert [note.text for note in found.notes] == ["BigCommerce shows status 4 Refunded"]


def test_it_is_held_once_for_one_status() -> None:
    first = decide(pulled(status_id=5), known("pending", asked=True), 3)
    stopped = known("held", asked=True, status_id=5, reason=first.reason, reason_code=STOPPED)
    found = decide(pulled(status_id=5), stopped, 3)
    assert (found.moved, found.reason, found.notes) == (False, first.reason, [])
    assert decide(pulled(status_id=4), stopped, 3).moved


@pytest.mark.parametrize("stands", ["new", "pending", "processing"])
def test_an_order_that_goes_on_in_bigcommerce_goes_on_where_it_stands(stands: str) -> None:
    stopped = known("held", asked=True, status_id=5, reason="x", reason_code=STOPPED, stands=stands)
    found = decide(pulled(status_id=11), stopped, 3)
    assert (found.stage, found.reason_code, found.reason, found.moved, found.awake) == (stands, "", "", True, True)
    assert found.notes[-1].text == "Held no more: BigCommerce shows 11 Awaiting Fulfillment, and the order as FM has it"


def test_a_status_that_push_saw_and_that_is_gone_again_ends_the_hold_though_the_text_is_the_same() -> None:
    stopped = known("held", asked=True, status_id=5, reason="x", reason_code=STOPPED)
    assert decide(pulled(digest="old", status_id=11), stopped, 3).stage == "pending"
    assert decide(pulled(digest="old", status_id=5), stopped, 3).write is Write.NOTHING


def test_a_stopped_order_that_a_person_let_ship_is_not_held_for_it_again() -> None:
    let_ship = known("pending", asked=True, status_id=5, status_accepted=5)
    found = decide(pulled(status_id=5), let_ship, 3)
    assert (found.stage, found.moved) == ("pending", False)
    assert decide(pulled(status_id=4), let_ship, 3).reason_code == STOPPED


def test_a_stopped_order_that_ships_and_goes_on_in_bigcommerce_wakes_push() -> None:
    let_ship = known("processing", asked=True, status_id=5, status_accepted=5)
    found = decide(pulled(status_id=11), let_ship, 3)
    assert (found.stage, found.awake) == ("processing", True)


@pytest.mark.parametrize("status_id", [2, 3, 10, 14])
def test_a_status_that_stops_nothing_is_told_and_the_order_goes_on(status_id: int) -> None:
    found = decide(pulled(status_id=status_id), known("pending", asked=True), 3)
    assert (found.write, found.stage, found.moved) == (Write.FACTS, "pending", False)
    assert len(found.notes) == 1


def test_an_order_at_fm_that_cannot_be_read_any_more_is_told_and_goes_on() -> None:
    found = decide(pulled(HOLDS, order=None, whole=False), known("pending", asked=True), 3)
    assert (found.write, found.stage) == (Write.FACTS, "pending")
    assert "no SKU" in found.notes[0].text


# orders that were changed after FM was asked for them

HAD = Had(
    lines={1: HadLine(name="CUP", sku="CUP", wanted=1, remains=1, address=51, remarks="")},
    addresses={51: {name: JANE.get(name, "Standard Shipping") for name in ADDRESS_FIELDS}},
    message="",
)
ZIP = Change("address", 51, "", "zip", "3065", "3066")


def shown(units: int = 1, **where: str) -> Pulled:
    return pulled(order=order(address(51, line(1, "CUP", units), **where)))


def after(found: Decision, before: Known) -> Known:
    """What we hold after a decision was written."""
    names = ("stage", "reason", "reason_code", "changes", "holds")
    return msgspec.structs.replace(before, **{name: getattr(found, name) for name in names})


@pytest.mark.parametrize(("stage", "code"), [("new", ""), ("pending", ""), ("processing", ""), ("held", "fm_hold")])
def test_a_change_of_what_has_not_left_holds_the_order(stage: str, code: str) -> None:
    found = decide(shown(zip="3066"), known(stage, reason_code=code, asked=True, had=HAD), 3)
    assert (found.write, found.stage, found.reason_code, found.moved) == (Write.FACTS, "held", CHANGED, True)
    assert found.reason == "BigCommerce was changed after FM had it: postcode “3065” -> “3066”"
    assert found.changes == [ZIP]
    assert [note.tag.value for note in found.notes] == ["pull:order:changed", "station:order:held"]
    assert found.notes[0].text.endswith("FM was not told.")


@pytest.mark.parametrize("stage", ["complete", "cancelled"])
def test_a_change_of_what_is_over_is_told_and_nothing_else(stage: str) -> None:
    found = decide(shown(zip="3066"), known(stage, asked=True, had=HAD), 3)
    assert (found.stage, found.moved, len(found.notes)) == (stage, False, 1)


@pytest.mark.parametrize("code", [BY_HAND, SENT_TWICE, "fm_has_it", "fm_differs", "fm_cancel"])
def test_a_hold_that_a_person_must_end_is_not_hidden_and_the_change_waits_behind_it(code: str) -> None:
    found = decide(shown(zip="3066"), known("held", reason="x", reason_code=code, asked=True, had=HAD), 3)
    assert (found.reason_code, found.moved) == (code, False)
    assert "postcode" in found.holds


def test_a_stop_stands_over_a_change_and_leaves_it_behind() -> None:
    changed = known("held", reason="x", reason_code=CHANGED, asked=True, had=HAD, changes=[ZIP])
    one = shown(zip="3066")
    stopped = msgspec.structs.replace(one, order=msgspec.structs.replace(one.order, status_id=5))
    found = decide(stopped, changed, 3)
    assert (found.reason_code, found.changes) == (STOPPED, [ZIP])
    again = decide(one, msgspec.structs.replace(after(found, changed), status_id=5), 3)
    assert again.reason_code == CHANGED


def test_an_edit_that_is_taken_back_ends_its_hold_by_itself() -> None:
    changed = known("held", reason="x", reason_code=CHANGED, asked=True, had=HAD, changes=[ZIP], holds="x")
    found = decide(shown(), changed, 3)
    assert (found.stage, found.reason, found.changes, found.holds, found.awake) == ("pending", "", [], "", True)
    assert [note.text for note in found.notes] == [
        "BigCommerce shows it again as FM was asked for it",
        "Held no more: BigCommerce shows 11 Awaiting Fulfillment, and the order as FM has it",
    ]


def test_a_change_that_was_let_ship_is_told_no_more_and_holds_no_more() -> None:
    let_ship = known("pending", asked=True, had=HAD, changes=[ZIP], accepted=[ZIP])
    found = decide(shown(zip="3066"), let_ship, 3)
    assert (found.stage, found.moved, found.notes) == ("pending", False, [])
    assert decide(shown(zip="3067"), let_ship, 3).reason_code == CHANGED


def test_lines_that_cannot_be_read_now_are_no_edit() -> None:
    changed = known("pending", asked=True, had=HAD, changes=[ZIP], accepted=[ZIP])
    found = decide(pulled(order=order(), whole=False), changed, 3)
    assert (found.changes, found.notes, found.moved) == ([ZIP], [], False)


# orders that a person has sent again


def test_an_order_judged_before_it_was_to_be_sent_again_waits_for_the_next_pull() -> None:
    assert decide(pulled(), known("held", resent=1, gated_with=0, digest=""), 3).write is Write.NOTHING
    assert decide(pulled(resent=1), known("held", resent=1, gated_with=0, digest=""), 3).stage == "new"


def test_what_keeps_an_order_from_being_sent_again_is_seen() -> None:
    again = known("held", resent=1, gated_with=0, digest="")
    found = decide(pulled(SKIPS, resent=1), again, 3)
    assert (found.stage, found.reason_code) == ("held", "gate:order status")
    assert found.repair
    assert decide(pulled(SKIPS, resent=1, status_id=4), again, 3).stage == "skipped"


def test_an_order_whose_void_number_has_left_is_not_sent_by_the_gates() -> None:
    twice = known("held", resent=1, gated_with=0, reason="x", reason_code=SENT_TWICE)
    assert decide(pulled(resent=1), twice, 3).stage == "held"


# laws

_STAGES = st.sampled_from([stage.value for stage in Stage])
_CODES = st.sampled_from(["", BY_HAND, STOPPED, CHANGED, SENT_TWICE, "fm_hold", "gate:SKUs", "02007"])
_JUDGEMENTS = st.sampled_from([PASSES, SKIPS, HOLDS, CANCELLED])


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    stage = draw(_STAGES)
    asked = stage in ("pending", "processing", "complete") or draw(st.booleans())
    return known(
        stage,
        asked=asked and stage != "skipped",
        reason=draw(st.sampled_from(["", "not paid", "held by ada"])),
        reason_code=draw(_CODES) if stage == "held" else "",
        digest=draw(st.sampled_from(["old", "new"])),
        gated_with=draw(st.integers(0, 4)),
        status_id=draw(st.none() | st.integers(0, 14)),
        stage_at=LONG_AGO,
    )


@given(knowns(), _JUDGEMENTS, st.integers(0, 14), st.booleans(), st.integers(1, 4))
def test_it_moves_only_as_the_table_of_stages_allows_and_never_by_the_gates_once_fm_was_asked(
    before: Known, judgement: Judgement, status_id: int, readable: bool, version: int
) -> None:
    order_or_none = order(status_id=status_id) if readable else None
    found = decide(pulled(judgement, order=order_or_none, whole=readable), before, version)
    if found.write is Write.NOTHING:
        return
    assert may_move(before.stage, found.stage)
    assert found.moved == ((before.stage, before.reason) != (found.stage, found.reason))
    if found.moved:
        assert found.notes
    if before.asked:
        assert found.write is Write.FACTS
        goes_on = before.stage == Stage.HELD and before.reason_code in (STOPPED, CHANGED)
        assert found.stage in (before.stage, Stage.HELD) or (goes_on and found.stage == before.stands)
    if found.stage == Stage.HELD and found.moved:
        assert found.reason
        assert found.repair


@given(knowns(), _JUDGEMENTS, st.integers(0, 14), st.integers(1, 4))
def test_deciding_again_what_was_just_written_changes_nothing(
    before: Known, judgement: Judgement, status_id: int, version: int
) -> None:
    one = pulled(judgement, status_id=status_id)
    first = decide(one, before, version)
    if first.write is Write.NOTHING:
        return
    after = Known(
        pk=7,
        stage=first.stage,
        reason=first.reason,
        reason_code=first.reason_code,
        field=first.field,
        repair=first.repair,
        digest=one.digest,
        status_id=status_id,
        gated_with=version,
        asked=before.asked,
    )
    assert decide(one, after, version).write is Write.NOTHING
    again = decide(pulled(judgement, digest="newer", status_id=status_id), after, version)
    assert (again.stage, again.reason, again.moved, again.notes) == (first.stage, first.reason, False, [])


_LOOKS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 1),
        st.sampled_from(["3065", "3066", "3067"]),
        st.sampled_from([11, 11, 5, 13]),
    ),
    min_size=1,
    max_size=6,
)


@given(_LOOKS, st.sampled_from(["pending", "processing"]), st.booleans())
def test_the_hold_hangs_on_what_fm_was_asked_and_on_the_latest_reading_not_on_the_way_there(
    looks: list[tuple[int, int, str, int]], stands: str, accepted: bool
) -> None:
    start = known(stands, asked=True, had=HAD, stands=stands, accepted=[ZIP] if accepted else [])

    def seen(before: Known, number: int) -> Known:
        units, refunded, postcode, status_id = looks[number]
        read = order(
            address(51, line(1, "CUP", units, quantity_refunded=min(units, refunded)), zip=postcode),
            status_id=status_id,
        )
        found = decide(pulled(order=read, digest=str(number)), before, 3)
        return msgspec.structs.replace(after(found, before), digest=str(number), status_id=status_id)

    by_all = start
    for number in range(len(looks)):
        by_all = seen(by_all, number)
    by_the_last = seen(start, len(looks) - 1)
    for name in ("stage", "reason", "reason_code", "changes", "holds"):
        assert getattr(by_all, name) == getattr(by_the_last, name), name


def test_a_real_judgement_decides_like_its_parts() -> None:
    setting = settings()
    found = decide(pulled(judge(order(status_id=7), setting), status_id=7), None, 1)
    assert (found.stage, found.reason_code) == ("skipped", "gate:order status")
    assert decide(pulled(gates.judge(order(), setting)), None, 1).stage == "new"
