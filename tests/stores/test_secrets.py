"""Secrets are encrypted at rest, and only the right key opens them."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from npf.core.errors import FixSettings
from npf.stores import book, draft
from npf.stores.models import Store
from tests.stores.files import right
from tests.stores.test_saving import CLOCK

pytestmark = pytest.mark.django_db

ONE, TWO = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.NPF_SECRET_KEYS = [ONE]


def save() -> None:
    book.save(draft.read(right(bigcommerce={"client_secret": "client-s3cret"})), "anna", CLOCK)


def kept(table: str, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table}")
        return str(cursor.fetchone()[0])


def dumped() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        texts = []
        for table in tables:
            cursor.execute(f'select string_agg(t::text, chr(10)) from "{table}" t')
            texts.append(str(cursor.fetchone()[0]))
    return "\n".join(texts)


def test_no_table_holds_a_secret_in_the_clear() -> None:
    save()
    found = dumped()
    assert "client-of-acme" in found
    assert "token-of-acme" not in found
    assert "secret-of-fm" not in found
    assert "client-s3cret" not in found


def test_what_is_kept_is_opened_by_the_key_alone() -> None:
    save()
    assert Fernet(ONE).decrypt(kept("stores_store", "access_token").encode()) == b"token-of-acme"
    assert Fernet(ONE).decrypt(kept("stores_store", "client_secret").encode()) == b"client-s3cret"
    assert Fernet(ONE).decrypt(kept("stores_fmclient", "password").encode()) == b"secret-of-fm"


def test_another_key_is_told_in_a_sentence_with_its_cure(settings: Any) -> None:
    save()
    settings.NPF_SECRET_KEYS = [TWO]
    with pytest.raises(FixSettings, match="written with another key") as caught:
        Store.objects.get()
    assert caught.value.parameter == "NPF_SECRET_KEY"
    assert "secret.key" in caught.value.cure


def test_with_two_keys_the_old_one_reads_and_the_new_one_writes(settings: Any) -> None:
    save()
    settings.NPF_SECRET_KEYS = [TWO, ONE]
    store = Store.objects.get()
    assert store.access_token == "token-of-acme"
    store.save()
    settings.NPF_SECRET_KEYS = [TWO]
    assert Store.objects.get().access_token == "token-of-acme"
    assert Fernet(TWO).decrypt(kept("stores_store", "access_token").encode()) == b"token-of-acme"


def test_without_a_key_nothing_is_written_in_the_clear(settings: Any) -> None:
    settings.NPF_SECRET_KEYS = []
    with pytest.raises(FixSettings, match="no key"):
        save()


def test_an_empty_secret_stays_empty() -> None:
    save()
    Store.objects.update(access_token="")
    assert kept("stores_store", "access_token") == ""
    assert Store.objects.get().access_token == ""
