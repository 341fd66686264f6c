"""The memory of a warehouse of files, in Postgres; npf/files/ledger.py says what it promises.

What a sending thread asks goes through the process's connection aside, so that it opens none of its own and what it
writes down stands before the next rename. A file that came in is remembered in one transaction with all that it says.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from django.db import connection, transaction

from npf.core.clock import Clock
from npf.files import ledger
from npf.files.told import Figure, Said, Told, merged
from npf.stores import models
from npf.stores.aside import aside
from npf.stores.leases import Busy, lease

T = TypeVar("T")

# A try at an order's file: the first, or one more where no earlier one may have come through.
_BEGIN = """
insert into stores_orderfile as file (fm_client_id, number, digest, state, tries, changed_at)
values (%(client)s, %(number)s, %(digest)s, 'new', 1, %(now)s)
on conflict (fm_client_id, number) do update
set digest = excluded.digest, tries = file.tries + 1, changed_at = excluded.changed_at
where file.state = 'new'
returning number, digest, state, tries
"""
_MARK = """
update stores_orderfile set state = %(state)s, changed_at = %(now)s
where fm_client_id = %(client)s and number = %(number)s
returning number
"""
_FILES = """
select number, digest, state, tries from stores_orderfile
where fm_client_id = %(client)s and number = any(%(numbers)s::text[])
"""
_TOLD = """
select key, said::text from stores_told
where fm_client_id = %(client)s and kind = %(kind)s and key = any(%(keys)s::text[])
"""


class PostgresLedger:
    """The memory of one FmClient."""

    def __init__(self, client: models.FmClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def begin(self, number: str, digest: str) -> ledger.OrderFile:
        began = self._ask(_BEGIN, number=number, digest=digest, now=self._clock.now())
        return ledger.OrderFile(*began[0]) if began else self.files([number])[number]

    def mark(self, number: str, state: ledger.State) -> None:
        self._ask(_MARK, number=number, state=state, now=self._clock.now())

    def files(self, numbers: Collection[str]) -> dict[str, ledger.OrderFile]:
        return {row[0]: ledger.OrderFile(*row) for row in self._ask(_FILES, numbers=list(numbers))}

    @contextmanager
    def alone(self) -> Iterator[Callable[[], None] | None]:
        taking = lease("files", self._client.pk, self._clock)
        try:
            mine = taking.__enter__()
        except Busy:
            yield None
            return
        try:
            yield mine.hold
        finally:
            taking.__exit__(None, None, None)

    def take(self, arrival: ledger.Arrival, said: Sequence[Said], figures: Sequence[Figure]) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            # What two files say of one order is added up by one of them after the other.
            cursor.execute("select pg_advisory_xact_lock(hashtext('stores_told'), %s)", [self._client.pk])
            _, new = models.Arrival.objects.get_or_create(
                fm_client=self._client,
                digest=arrival.digest,
                defaults={
                    "name": arrival.name,
                    "kind": arrival.kind,
                    "rows": arrival.rows,
                    "bad": [[bad.line, bad.says] for bad in arrival.bad],
                    "taken_at": arrival.taken_at,
                },
            )
            if not new:
                return False
            orders = self._known("order", {_order_key(one.number) for one in said}, Told)
            for one in said:
                key = _order_key(one.number)
                orders[key] = merged(orders.get(key), one)
            self._write("order", orders)
            stock = self._known("stock", {_code_key(one.code) for one in figures}, Figure)
            for figure in figures:
                key = _code_key(figure.code)
                if key not in stock or figure.at >= stock[key].at:
                    stock[key] = figure
            self._write("stock", stock)
        return True

    def told(self, numbers: Collection[str]) -> dict[str, Told]:
        return self._latest("order", {number: _order_key(number) for number in numbers}, Told)

    def figures(self, codes: Collection[str]) -> dict[str, Figure]:
        return self._latest("stock", {code: _code_key(code) for code in codes}, Figure)

    def _known(self, kind: str, keys: Collection[str], shape: type[T]) -> dict[str, T]:
        rows = models.Told.objects.filter(fm_client=self._client, kind=kind, key__in=keys)
        return {row.key: msgspec.convert(row.said, shape) for row in rows}

    def _write(self, kind: str, known: Mapping[str, Any]) -> None:
        models.Told.objects.bulk_create(
            [
                models.Told(fm_client=self._client, kind=kind, key=key, said=msgspec.to_builtins(one))
                for key, one in sorted(known.items())
            ],
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["fm_client", "kind", "key"],
            update_fields=["said"],
        )

    def _latest(self, kind: str, keys: Mapping[str, str], shape: type[T]) -> dict[str, T]:
        rows = self._ask(_TOLD, kind=kind, keys=list(set(keys.values())))
        found = {key: msgspec.json.decode(said, type=shape) for key, said in rows}
        return {name: found[key] for name, key in keys.items() if key in found}

    def _ask(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return aside().ask(sql, {"client": self._client.pk, **values})


def _order_key(number: str) -> str:
    """Orders are told apart without regard to capitals, as prefixes are (npf/stores/numbers.py)."""
    return " ".join(number.split()).casefold()


def _code_key(code: str) -> str:
    return " ".join(code.split())
