"""What a pulled order becomes: every case, and the laws that hold in all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.orders import gates
from npf.orders.gates import Judgement, Verdict, judge
from npf.orders.stages import STOPPED_STATUSES, Stage, may_move
from npf.pull.decide import BY_HAND, STOPPED_IN_BIGCOMMERCE, Known, Pulled, Write, decide
from tests.orders.making import order, settings

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
    assert (found.write, found.stage, found.reason_code) == (Write.FACTS, "held", STOPPED_IN_BIGCOMMERCE)
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
    stopped = known("held", asked=True, status_id=5, reason="BigCommerce shows 5", reason_code=STOPPED_IN_BIGCOMMERCE)
    found = decide(pulled(status_id=5), stopped, 3)
    assert (found.moved, found.reason, found.notes) == (False, "BigCommerce shows 5", [])
    assert decide(pulled(status_id=4), stopped, 3).moved


def test_an_order_that_goes_on_in_bigcommerce_says_so_and_waits_for_a_person() -> None:
    stopped = known("held", asked=True, status_id=5, reason_code=STOPPED_IN_BIGCOMMERCE)
    found = decide(pulled(status_id=11), stopped, 3)
    assert (found.stage, found.reason_code) == ("held", STOPPED_IN_BIGCOMMERCE)
    assert found.reason == "BigCommerce had stopped it, and shows 11 Awaiting Fulfillment now"
    assert "retry" in found.repair


@pytest.mark.parametrize("status_id", [2, 3, 10, 14])
def test_a_status_that_stops_nothing_is_told_and_the_order_goes_on(status_id: int) -> None:
    found = decide(pulled(status_id=status_id), known("pending", asked=True), 3)
    assert (found.write, found.stage, found.moved) == (Write.FACTS, "pending", False)
    assert len(found.notes) == 1


def test_an_order_at_fm_that_cannot_be_read_any_more_is_told_and_goes_on() -> None:
    found = decide(pulled(HOLDS, order=None, whole=False), known("pending", asked=True), 3)
    assert (found.write, found.stage) == (Write.FACTS, "pending")
    assert "no SKU" in found.notes[0].text


# laws

_STAGES = st.sampled_from([stage.value for stage in Stage])
_CODES = st.sampled_from(["", BY_HAND, STOPPED_IN_BIGCOMMERCE, "fm_hold", "gate:SKUs", "02007"])
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
        assert found.stage in (before.stage, Stage.HELD)
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


def test_a_real_judgement_decides_like_its_parts() -> None:
    setting = settings()
    found = decide(pulled(judge(order(status_id=7), setting), status_id=7), None, 1)
    assert (found.stage, found.reason_code) == ("skipped", "gate:order status")
    assert decide(pulled(gates.judge(order(), setting)), None, 1).stage == "new"
