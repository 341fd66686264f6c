"""Many rows at once: a push of stock writes one for each SKU, twice."""

import json
from collections.abc import Sequence

from django.db import connection, models


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model by COPY, ten times as fast as `bulk_create`. They do not learn their keys."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    columns = [(field.attname, isinstance(field, models.JSONField)) for field in fields]
    with connection.cursor() as cursor, cursor.copy(f'copy "{meta.db_table}" ({names}) from stdin') as copy:
        for row in rows:
            values = ((getattr(row, name), is_json) for name, is_json in columns)
            copy.write_row([json.dumps(value) if is_json else value for value, is_json in values])
