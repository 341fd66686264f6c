"""Login, logout, the pages of errors, and the answer for whoever watches the process."""

import pytest
from django.db import DatabaseError
from django.test import Client

from npf.console.pages import health
from npf.stores.models import Store
from tests.console import factories as make

pytestmark = pytest.mark.django_db


def test_it_logs_in_and_out(store: Store) -> None:
    make.person("anna", "integrator")
    browser = Client()
    answer = browser.post("/login/", {"username": "anna", "password": make.PASSWORD, "next": "/held/"})
    assert answer["Location"] == "/held/"
    page = browser.get("/").content.decode()
    assert 'anna <span class="faint">integrator</span>' in page
    assert browser.post("/logout/")["Location"] == "/login/"
    assert browser.get("/").status_code == 302


def test_a_wrong_password_is_said_without_telling_which_part_was_wrong(db: None) -> None:
    make.person("anna")
    for name, word in (("anna", "wrong-password"), ("nobody", make.PASSWORD)):
        page = Client().post("/login/", {"username": name, "password": word}).content.decode()
        assert "That name and password do not belong together." in page
        assert word not in page


def test_it_never_leads_to_another_site_after_the_login(db: None) -> None:
    make.person("anna")
    typed = {"username": "anna", "password": make.PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/login/", typed)["Location"] == "/"


def test_a_page_that_polls_after_its_session_ended_goes_to_the_login(store: Store) -> None:
    answer = Client().get("/", headers={"HX-Request": "true"}, follow=True)
    assert answer["HX-Refresh"] == "true"
    assert b"password" not in answer.content


def test_unknown_addresses_are_answered_calmly(anna: Client, store: Store) -> None:
    answer = anna.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "was never pulled" in anna.get(f"/stores/{store.name}/orders/99/").content.decode()
    assert anna.get(f"/stores/{store.name}/orders/{'9' * 40}/").status_code == 404


def test_a_fault_of_our_own_is_answered_calmly(anna: Client, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("npf.console.pages.store.rows_of", broken)
    anna.raise_request_exception = False
    answer = anna.get(f"/stores/{store.name}/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()
    assert "a secret of the inside" not in answer.content.decode()


def test_healthz_answers_anybody(db: None) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_healthz_says_that_the_database_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise DatabaseError("connection refused")

    monkeypatch.setattr(health, "connection", Away())
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert b"refused" not in answer.content
