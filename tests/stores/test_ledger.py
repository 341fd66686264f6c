"""The memory of a warehouse of files, in Postgres: as tests/files/memory.py, and for several at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from npf.core.clock import SystemClock
from npf.files.ledger import Arrival, Bad, Ledger
from npf.files.told import Consignment, Figure, Said, Word
from npf.stores import models
from npf.stores.ledger import PostgresLedger
from tests.files.memory import Memory

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def client(code: str = "ACME") -> models.FmClient:
    return models.FmClient.objects.create(base_url="file:///srv/npf", client_code=code, options={"kind": "files"})


@pytest.fixture(params=["memory", "postgres"])
def ledger(request: pytest.FixtureRequest, transactional_db: None) -> Ledger:
    return Memory() if request.param == "memory" else PostgresLedger(client(), SystemClock())


def arrival(digest: str, *bad: Bad) -> Arrival:
    return Arrival(digest=digest, name=f"{digest}.csv", kind="orders", rows=1, bad=bad, taken_at=NOW)


def word(at: float, status: str, number: str = "MG1") -> Said:
    return Said(number=number, at=at, word=Word(status=status, backorder={"A": 1}))


def test_a_try_that_may_have_come_through_is_not_begun_again(ledger: Ledger) -> None:
    assert (ledger.begin("MG1", "a").tries, ledger.begin("MG1", "b").tries) == (1, 2)
    ledger.mark("MG1", "ready")
    assert (ledger.begin("MG1", "c").digest, ledger.begin("MG1", "c").state) == ("b", "ready")
    ledger.mark("MG1", "new")
    assert ledger.begin("MG1", "c").tries == 3
    ledger.mark("MG1", "sent")
    assert ledger.begin("MG1", "d").state == "sent"
    assert set(ledger.files(["MG1", "MG2"])) == {"MG1"}


def test_content_is_remembered_once(ledger: Ledger) -> None:
    assert ledger.take(arrival("a", Bad(3, "is bad")), [word(1, "HOLD")], [])
    assert ledger.take(arrival("b"), [word(2, "PICKING")], [])
    assert not ledger.take(arrival("a"), [word(9, "CANCEL")], [])
    assert ledger.told(["MG1"])["MG1"].word == (2, Word(status="PICKING", backorder={"A": 1}))


def test_the_latest_word_of_each_is_found_by_number_and_code(ledger: Ledger) -> None:
    shipped = Said(
        number="mg1",
        at=5,
        npf_order_no="F1",
        consignments=(Consignment(consignment_no="C1"),),
        units={"C1": {"A": 2}},
    )
    ledger.take(
        arrival("a"), [shipped, word(4, "HOLD"), word(3, "HOLD", "MG2")], [Figure("A", 5, 7), Figure("B", 5, None)]
    )
    ledger.take(arrival("b"), [word(2, "PICKING")], [Figure("A", 4, 9)])
    told = ledger.told(["MG1", "MG3"])
    assert set(told) == {"MG1"}
    assert (told["MG1"].word[1].status, told["MG1"].units, told["MG1"].npf_order_no) == (
        "HOLD",
        {"C1": {"A": (5, 2)}},
        (5, "F1"),
    )
    assert ledger.figures(["A", "B", "C"]) == {"A": Figure("A", 5, 7), "B": Figure("B", 5, None)}


@pytest.mark.django_db(transaction=True)
def test_one_client_knows_nothing_of_another() -> None:
    one, two = PostgresLedger(client("ONE"), SystemClock()), PostgresLedger(client("TWO"), SystemClock())
    one.take(arrival("a"), [word(1, "HOLD")], [Figure("A", 1, 1)])
    one.begin("MG1", "a")
    assert (two.told(["MG1"]), two.figures(["A"]), two.files(["MG1"])) == ({}, {}, {})
    assert two.take(arrival("a"), [], [])


@pytest.mark.django_db(transaction=True)
def test_one_at_a_time_takes_files_in() -> None:
    row = client()

    def another() -> bool:
        try:
            with PostgresLedger(row, SystemClock()).alone() as keep:
                return keep is not None
        finally:
            connection.close()

    with PostgresLedger(row, SystemClock()).alone() as keep, ThreadPoolExecutor(1) as pool:
        assert keep is not None
        keep()
        assert pool.submit(another).result() is False
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(another).result() is True


@pytest.mark.django_db(transaction=True)
def test_what_several_files_say_of_one_order_at_once_is_all_kept() -> None:
    row = client()

    def take(number: int) -> None:
        said = Said(
            number="MG1",
            at=number,
            consignments=(Consignment(consignment_no=f"C{number}"),),
            units={f"C{number}": {"A": 1}},
        )
        try:
            PostgresLedger(row, SystemClock()).take(arrival(f"d{number}"), [said], [])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, range(12)))
    assert len(PostgresLedger(row, SystemClock()).told(["MG1"])["MG1"].units) == 12


@pytest.mark.django_db(transaction=True)
def test_a_file_is_remembered_whole_or_not_at_all() -> None:
    ledger = PostgresLedger(client(), SystemClock())
    broken: Callable[[], Said] = lambda: Said(number="x" * 500, at=1, word=Word(status="HOLD"))  # noqa: E731
    with pytest.raises(Exception, match="too long"):
        ledger.take(arrival("a"), [word(1, "HOLD"), broken()], [])
    assert ledger.told(["MG1"]) == {}
    assert not models.Arrival.objects.exists()
