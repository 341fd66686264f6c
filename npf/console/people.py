"""Adding people. `npf user add` and `npf demo` use it."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from npf.console.models import Person, Role
from npf.core.errors import FixSettings
from npf.core.suggest import did_you_mean
from npf.stores.book import find
from npf.stores.models import Store

SHORTEST_PASSWORD = 10


def add_person(name: str, role: str, password: str, stores: Iterable[str] = ()) -> Person:
    """Add a login. `stores` are names of stores and belong to merchants, who see no others.

    Raises FixSettings for NAME (empty, taken), --role, --password (short or well known) and --store (unknown, or given
    to somebody who sees all stores anyway); then nothing was added.
    """
    name, stores = name.strip(), list(stores)
    _check(name, role, password, stores)
    try:
        with transaction.atomic():
            person = Person.objects.create(user=User.objects.create_user(name, password=password), role=role)
            person.stores.set([_store(one) for one in stores])
    except IntegrityError:
        raise FixSettings(f'there is a login "{name}" already', parameter="NAME", cure="choose another name") from None
    return person


def _check(name: str, role: str, password: str, stores: list[str]) -> None:
    if not name or len(name) > 80:
        raise FixSettings("a login needs a name of 1 to 80 characters", parameter="NAME", cure="give one, such as anna")
    if role not in Role.values:
        raise FixSettings(
            f'"{role}" is no role{did_you_mean(role, Role.values)}',
            parameter="--role",
            cure=f"use {', '.join(Role.values)}",
        )
    if stores and role != Role.MERCHANT:
        raise FixSettings(
            f"an {role} sees every store", parameter="--store", cure="leave --store out, or use --role merchant"
        )
    if len(password) < SHORTEST_PASSWORD:
        raise FixSettings(
            f"the password has {len(password)} characters",
            parameter="--password",
            cure=f"use at least {SHORTEST_PASSWORD}",
        )
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        raise FixSettings(
            "the password is on every list of well-known passwords", parameter="--password", cure="choose another"
        ) from None


def _store(name: str) -> Store:
    try:
        return find(name)
    except FixSettings as unknown:
        raise FixSettings(str(unknown), parameter="--store", cure=unknown.cure) from None
