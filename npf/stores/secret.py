"""A text column that is encrypted at rest (DESIGN rule 5), with the keys of NPF_SECRET_KEY; the first key encrypts."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from npf.core.errors import FixSettings


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise FixSettings(
            "no key to keep secrets with", parameter="NPF_SECRET_KEY", cure="start through the npf command"
        )
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    return _box(tuple(settings.NPF_SECRET_KEYS))


class SecretField(models.TextField):  # type: ignore[type-arg]
    """Reads and writes plain text; what stands in the table is a Fernet token."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return _keys().decrypt(value.encode()).decode()
        except InvalidToken:
            raise FixSettings(
                "the secrets in this database were written with another key",
                parameter="NPF_SECRET_KEY",
                cure="put back the key that it was used with: NPF_SECRET_KEY, or the file secret.key in NPF_HOME; "
                "of several keys with commas between, the first writes and all read",
            ) from None

    def get_prep_value(self, value: Any) -> Any:
        return _keys().encrypt(str(value).encode()).decode() if value else value


def masked(secret: str) -> str:
    """A secret as screens and the command show it: that it is there, and nothing else."""
    return "••••••••" if secret else ""
