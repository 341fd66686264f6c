"""The journal keeps what was done and what was asked, whatever stands in it."""

import threading
from datetime import UTC, datetime

import pytest

from npf.audit import models
from npf.audit.journal import Notebook, write
from npf.audit.notes import Note, Tag
from npf.core.exchange import Exchange

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def exchange(what: str = "POST /v2/orders/7/shipments", *, write: bool = True) -> Exchange:
    return Exchange(
        system="bigcommerce",
        what=what,
        write=write,
        asked='{"a": "\0"}',
        answered="é" * 10,
        status=201,
        outcome="done",
        started=NOW,
        took=0.0126,
    )


def test_a_note_is_kept_as_it_was_told() -> None:
    write(7, "anna", NOW, [Note(Tag.PERSON_HELD, "held\0 by anna", 12, {"why": "wrong colour"})])
    event = models.Event.objects.get()
    assert (event.store_id, event.bc_order_id, event.at) == (7, 12, NOW)
    assert (event.tag, event.by, event.text, event.data) == (
        *("person:order:held", "anna", "held by anna"),
        {"why": "wrong colour"},
    )


def test_many_notes_are_written_with_few_statements(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        write(7, "pull", NOW, [Note(Tag.ORDER_PULLED, "pulled", number) for number in range(2500)])
    assert models.Event.objects.count() == 2500


def test_every_tag_is_source_subject_action() -> None:
    assert all(len(tag.value.split(":")) == 3 and len(tag.value) <= 60 for tag in Tag)


def test_a_notebook_keeps_writes_and_forgets_reads() -> None:
    notebook = Notebook(7, "push")
    notebook(exchange("GET /v2/orders", write=False))
    notebook(exchange())
    notebook.file()
    row = models.Exchange.objects.get()
    assert (row.what, row.asked, row.took_ms, row.bc_order_id) == (
        *("POST /v2/orders/7/shipments", '{"a": ""}', 13),
        None,
    )


def test_what_was_filed_is_not_filed_again() -> None:
    notebook = Notebook(7, "push")
    notebook(exchange())
    notebook.file(lambda one: 12)
    notebook.file()
    assert [row.bc_order_id for row in models.Exchange.objects.all()] == [12]


def test_a_long_name_is_cut_and_not_refused() -> None:
    notebook = Notebook(7, "push")
    notebook(exchange("POST " + "x" * 500))
    notebook.file()
    assert len(models.Exchange.objects.get().what) == 300


def test_threads_may_write_into_one_notebook() -> None:
    notebook = Notebook(7, "send")
    threads = [
        threading.Thread(target=lambda: [notebook(exchange(f"serverorder {n}")) for n in range(50)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notebook.file()
    assert models.Exchange.objects.count() == 400
