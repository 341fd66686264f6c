"""Writing many rows at once: COPY into a temporary table, then one INSERT ... ON CONFLICT."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
from django.db import connection, models
from psycopg import sql

# Rows arrive in the order of their key, so that two writers lock them in the same order and never wait for each other
# in a ring. A row that would not change is not written: it would cost a dead row and a line in the log.
_UPSERT = """
insert into {table} ({columns}) select {columns} from {temporary} order by {key}
on conflict ({key}) do update set {assignments} where ({old}) is distinct from ({new})
"""
_INSERT_ONLY = """
insert into {table} ({columns}) select {columns} from {temporary} order by {key} on conflict ({key}) do nothing
"""


def upsert(
    model: type[models.Model],
    columns: Sequence[str],
    key: Sequence[str],
    update: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Write rows given as tuples of `columns`; where a row with the same `key` stands, change its `update` columns.

    Must run inside a transaction; at most one row per key. JSON columns take text.
    """
    table = model._meta.db_table
    temporary = f"incoming_{table}"
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    parts = {
        "table": sql.Identifier(table),
        "temporary": sql.Identifier(temporary),
        "columns": names,
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "assignments": sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in update
        ),
        "old": sql.SQL(", ").join(
            sql.SQL("{}.{}").format(sql.Identifier(table), sql.Identifier(name)) for name in update
        ),
        "new": sql.SQL(", ").join(sql.SQL("excluded.{}").format(sql.Identifier(name)) for name in update),
    }
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    with raw.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "create temporary table {temporary} on commit drop as select {columns} from {table} with no data"
            ).format(**parts)
        )
        with cursor.copy(sql.SQL("copy {temporary} ({columns}) from stdin").format(**parts)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL(_UPSERT if update else _INSERT_ONLY).format(**parts))
        cursor.execute(sql.SQL("drop table {temporary}").format(**parts))
