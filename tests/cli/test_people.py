"""npf user add."""

import pytest
from django.contrib.auth.models import User

from tests.cli.conftest import Npf
from tests.connected import Connected


def test_a_person_is_added_with_a_password_that_is_shown_once(npf: Npf, transactional_db: None) -> None:
    done = npf("user", "add", "anna", "--role", "operator", "--json")
    assert done.code == 0, done.err
    user = User.objects.get(username="anna")
    assert user.check_password(done.json["password"])
    assert "password" not in npf("user", "add", "bob", "--role", "integrator", "--password", "a long enough one").out


def test_a_merchant_is_bound_to_stores(npf: Npf, shop: Connected) -> None:
    done = npf("user", "add", "mia", "--role", "merchant", "--store", "acme", "--json")
    assert (done.code, done.json["stores"]) == (0, ["acme"])


@pytest.mark.parametrize(
    ("words", "parameter"),
    [
        (("anna", "--role", "king"), "--role"),
        (("anna", "--role", "operator", "--password", "short"), "--password"),
        (("anna", "--role", "merchant", "--store", "amce"), "--store"),
        (("anna", "--role", "operator", "--store", "acme"), "--store"),
        ((" ", "--role", "operator"), "NAME"),
    ],
)
def test_what_is_wrong_is_refused_by_name(npf: Npf, shop: Connected, words: tuple[str, ...], parameter: str) -> None:
    done = npf("user", "add", *words, "--json")
    assert (done.code, done.json["parameter"]) == (2, parameter)
    assert not User.objects.exists()


def test_a_name_is_given_once(npf: Npf, transactional_db: None) -> None:
    assert npf("user", "add", "anna", "--role", "operator").code == 0
    assert npf("user", "add", "anna", "--role", "operator").code == 2
