"""Writing many rows at once: COPY into a temporary table, then one statement for all of them."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from zlib import crc32

import psycopg
from django.db import connection, models
from psycopg import sql

# Rows are inserted in the order of their key, so that two writers lock them in the same order and never wait for each
# other in a ring. A row that would not change is not written: it would cost a dead row and a line in the log.
_UPSERT = """
insert into {table} ({columns}) select {columns} from {incoming} order by {key}
on conflict ({key}) do update set {assignments} where ({old}) is distinct from ({new})
"""
_INSERT = """
insert into {table} ({columns}) select {columns} from {incoming} order by {key} on conflict ({key}) do nothing
"""
_CHANGE = """
update {table} set {assignments} from {incoming} excluded
where {same_key} and ({old}) is distinct from ({new})
"""
# Kept for the connection and emptied, never dropped: making one costs 6 ms, as much as a page of orders, and even
# "if not exists" costs 1.5.
_THERE = "select to_regclass(%s)"
_INCOMING = "create temporary table {incoming} on commit delete rows as select {columns} from {table} with no data"

Rows = Iterable[Sequence[Any]]


def upsert(
    model: type[models.Model], columns: Sequence[str], key: Sequence[str], update: Sequence[str], rows: Rows
) -> None:
    """Write rows given as tuples of `columns`; where a row with the same `key` stands, change its `update` columns.

    Must run inside a transaction; at most one row per key. JSON columns take text.
    """
    _write(_UPSERT if update else _INSERT, model, columns, key, update, rows)


def change(model: type[models.Model], columns: Sequence[str], key: Sequence[str], rows: Rows) -> None:
    """Change rows that are there, given as tuples of `columns`, found by `key`; else as `upsert`.

    The caller holds the lock of these rows, or of the order that they belong to.
    """
    _write(_CHANGE, model, columns, key, [name for name in columns if name not in key], rows)


def _parts(
    table: str, incoming: str, columns: Sequence[str], key: Sequence[str], update: Sequence[str]
) -> dict[str, sql.Composable]:
    def joined(pattern: str, names: Sequence[str]) -> sql.Composable:
        return sql.SQL(", ").join(
            sql.SQL(pattern).format(name=sql.Identifier(name), table=sql.Identifier(table)) for name in names
        )

    return {
        "table": sql.Identifier(table),
        "incoming": sql.Identifier(incoming),
        "columns": joined("{name}", columns),
        "key": joined("{name}", key),
        "same_key": sql.SQL(" and ").join(
            sql.SQL("{table}.{name} = excluded.{name}").format(table=sql.Identifier(table), name=sql.Identifier(name))
            for name in key
        ),
        "assignments": joined("{name} = excluded.{name}", update),
        "old": joined("{table}.{name}", update),
        "new": joined("excluded.{name}", update),
    }


def _write(
    statement: str,
    model: type[models.Model],
    columns: Sequence[str],
    key: Sequence[str],
    update: Sequence[str],
    rows: Rows,
) -> None:
    table = model._meta.db_table
    # Two callers may write different columns of one table in one transaction.
    incoming = f"incoming_{table}_{crc32(','.join(columns).encode()):08x}"
    parts = _parts(table, incoming, columns, key, update)
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    with raw.cursor() as cursor:
        if cursor.execute(_THERE, [f"pg_temp.{incoming}"]).fetchone() == (None,):
            cursor.execute(sql.SQL(_INCOMING).format(**parts))
        with cursor.copy(sql.SQL("copy {incoming} ({columns}) from stdin").format(**parts)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL(statement).format(**parts))
        cursor.execute(sql.SQL("delete from {incoming}").format(**parts))
