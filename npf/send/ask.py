"""Asking FM: first whether it has what may be there already, then for the rest. Touches no database.

FM shows it                        compared, adopted or held
FM says that it does not know it   sent again: FM refuses a double by its number
FM leaves it out of its answer     nothing is known; sent again when it was left out LEFT_OUT times in a row
FM says of a sending 02005, 03003  it is there: looked at and compared, where it is not certainly ours
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import msgspec

from npf.core.errors import FixSettings, GiveUp, NpfError, TryLater
from npf.send.claim import Claimed
from npf.send.compare import compare
from npf.warehouse.port import AlreadyThere, Warehouse
from npf.warehouse.records import OrderStatus

# FM is one old server for all its clients (WEBSERVICE): a few calls at a time.
THREADS = 4
# A status list may leave out orders that are there (WEBSERVICE section 2): so often in a row, and it is taken for a no.
LEFT_OUT = 3


class Answer(msgspec.Struct, frozen=True):
    """What came of one parcel: NPF's order number (empty where FM gave none), or the error in its place.

    `found`: FM had it already. `seen`: what FM says of an order that it has and that was never sent from here.
    `left_out`: FM was asked for it and said nothing.
    """

    claimed: Claimed
    npf_order_no: str = ""
    found: bool = False
    error: NpfError | None = None
    seen: OrderStatus | None = None
    left_out: bool = False


def ask(fm: Warehouse, claimed: Sequence[Claimed], client_code: str) -> list[Answer]:
    """Look for the parcels that FM was asked for before, send what it does not have, look at what it had already."""
    unclear = [one for one in claimed if one.asked_before]
    to_send = [one for one in claimed if not one.asked_before]
    answers: list[Answer] = []
    try:
        there = fm.statuses([one.number for one in unclear]) if unclear else {}
    except FixSettings as error:
        return [Answer(one, error=error) for one in claimed]
    except NpfError as error:
        # Not knowing whether FM has them, sending them could ship them twice.
        return [Answer(one, error=error) for one in unclear] + _send_all(fm, to_send, client_code)
    for one in unclear:
        found = there.get(one.number)
        if found is not None and found.known:
            answers.append(_adopted(one, found, client_code) or Answer(one, npf_order_no=found.NPFOrderNo, found=True))
        elif found is None and one.row.misses + 1 < LEFT_OUT:
            why = TryLater("FM left it out of its answer, so it may be there: it is asked for again", unclear=True)
            answers.append(Answer(one, error=why, left_out=True))
        else:
            to_send.append(one)
    return answers + _send_all(fm, to_send, client_code)


def _send_all(fm: Warehouse, claimed: Sequence[Claimed], client_code: str) -> list[Answer]:
    stop = Event()
    if len(claimed) < 2:
        answers = [_send(fm, one, stop) for one in claimed]
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(lambda one: _send(fm, one, stop), claimed))
    wrong = next((one.error for one in answers if isinstance(one.error, FixSettings)), None)
    if wrong is not None:
        return [msgspec.structs.replace(one, error=wrong) if one.error is _NOT_ASKED else one for one in answers]
    return _looked_at(fm, answers, client_code)


# In the place of an answer, where FM was not asked because it has refused the login of another call just now.
_NOT_ASKED = TryLater("FM refused the login")


def _send(fm: Warehouse, one: Claimed, stop: Event) -> Answer:
    if stop.is_set():
        return Answer(one, error=_NOT_ASKED)
    try:
        return Answer(one, npf_order_no=fm.send(one.document).NPFOrderNo)
    except NpfError as error:
        if isinstance(error, FixSettings):
            stop.set()
        return Answer(one, error=error)


def _looked_at(fm: Warehouse, answers: list[Answer], client_code: str) -> list[Answer]:
    """What FM had although it was never sent from here, compared: adopted, different, or as little known as before."""
    had = [one for one in answers if isinstance(one.error, AlreadyThere) and not one.claimed.asked_before]
    if not had:
        return answers
    try:
        there = fm.statuses([one.claimed.number for one in had])
    except NpfError as error:
        # FM took nothing: sent again, it says again that it has it.
        later = error if isinstance(error, FixSettings) else TryLater(f"FM has it already, and of that: {error}")
        return [msgspec.structs.replace(one, error=later) if one in had else one for one in answers]
    return [_judged(one, there.get(one.claimed.number), client_code) if one in had else one for one in answers]


def _judged(answer: Answer, found: OrderStatus | None, client_code: str) -> Answer:
    if found is None or not found.known:
        return answer
    return _adopted(answer.claimed, found, client_code) or msgspec.structs.replace(answer, seen=found)


def _adopted(one: Claimed, found: OrderStatus, client_code: str) -> Answer | None:
    """The answer that FM's order is ours, or that it is not; None where FM shows too little of it to tell."""
    compared = compare(one.asked, client_code, one.row.npf_order_no, found)
    if compared.differs:
        why = f"FM has another order {one.number}: {'; '.join(compared.differs)}"
        repair = "ask NPF whose it is; give the store another prefix and retry if it is not this one"
        return Answer(one, error=GiveUp(why, code="fm_differs", field="SalesOrderNo", repair=repair), seen=found)
    if compared.equal:
        return Answer(one, npf_order_no=found.NPFOrderNo, found=True, seen=found)
    return None
