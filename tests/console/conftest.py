from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from npf.console.models import Person
from npf.stores.models import Store
from tests.console import factories

# What waits for a worker, as (station, store id).
Woken = Callable[[], set[tuple[str, int]]]


@pytest.fixture(autouse=True)
def _quick_logins(settings: Settings) -> None:
    """Passwords that are made quickly: what takes long on purpose is not what these tests look at."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def store(db: None) -> Store:
    return factories.store()


@pytest.fixture
def enter() -> Callable[[Person], Client]:
    """A browser in which that person is logged in."""

    def log_in(person: Person) -> Client:
        browser = Client()
        browser.force_login(person.user)
        return browser

    return log_in


@pytest.fixture
def anna(db: None, enter: Callable[[Person], Client]) -> Client:
    """The integrator's browser."""
    return enter(factories.person("anna", "integrator"))


@pytest.fixture
def otto(db: None, enter: Callable[[Person], Client]) -> Client:
    """The operator's browser."""
    return enter(factories.person("otto", "operator"))


@pytest.fixture
def mia(store: Store, enter: Callable[[Person], Client]) -> Client:
    """The browser of the merchant of `store`."""
    return enter(factories.person("mia", "merchant", (store.name,)))


@pytest.fixture
def woken(db: None) -> Woken:
    """What waits for a worker, as (station, store id)."""

    def waiting() -> set[tuple[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute("select task_name, args->>'store_id' from procrastinate_jobs where status = 'todo'")
            return {(name.rpartition(".")[2], int(pk)) for name, pk in cursor.fetchall()}

    return waiting
