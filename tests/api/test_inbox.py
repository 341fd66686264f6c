"""An event is proved, noted and answered at once; whoever cannot prove it learns nothing and wakes nobody."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from npf.api import hooks as inbox
from npf.api.signature import sign
from npf.hooks.models import Hook
from npf.hooks.state import state_of
from npf.stores import book, draft
from npf.stores.models import Store
from tests.api.conftest import SECRET_HEADER, Post, event
from tests.connected import Connected

PAYLOADS = Path(__file__).resolve().parents[3] / "shared" / "bigcommerce" / "examples" / "webhook_payloads.json"


def woken() -> list[tuple[str, str]]:
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
    return [(job.task_name.rpartition(".")[2], job.args["by"]) for job in jobs]


def forget_wakes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def test_an_event_wakes_the_pull_and_is_answered_with_200_and_no_body(post: Post, shop: Connected) -> None:
    answer = post()
    assert (answer.status_code, answer.content) == (200, b"")
    assert woken() == [("pull", "webhook")]
    hook = Hook.objects.get()
    assert hook.received == "store/order/updated 250"
    assert hook.received_at is not None


def test_the_answer_is_small_and_sets_no_cookie(post: Post) -> None:
    """Fact 133."""
    answer = post()
    assert "set-cookie" not in answer.headers
    assert sum(len(name) + len(value) for name, value in answer.headers.items()) < 600


def test_every_official_payload_wakes_the_pull(post: Post) -> None:
    if not PAYLOADS.is_file():
        pytest.skip(f"{PAYLOADS} is absent: BigCommerce's examples are not part of the repository")
    for payload in json.loads(PAYLOADS.read_text()):
        forget_wakes()
        assert post(payload).status_code == 200
        assert woken() == [("pull", "webhook")]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"scope": 7}', b'{"data": {"id": {"a": 1}}}', b"[" * 60_000],
    ids=["empty", "cut", "no text", "list", "null", "odd scope", "odd id", "deep"],
)
def test_whatever_an_event_says_it_wakes(post: Post, body: bytes) -> None:
    """What it is about, the pull reads (fact 125)."""
    assert post(body).status_code == 200
    assert woken() == [("pull", "webhook")]


def test_a_nul_in_an_event_breaks_nothing(post: Post) -> None:
    assert post(event(scope="store/\0order")).status_code == 200
    assert Hook.objects.get().received == "store/order 250"


@pytest.mark.parametrize("offered", ["", "wrong", "é", "x" * 4000])
def test_a_wrong_secret_is_refused_and_wakes_nobody(
    http: httpx2.Client, base: str, shop: Connected, offered: str
) -> None:
    answer = http.post(f"{base}/hooks/acme/orders", json=event(), headers={SECRET_HEADER: offered.encode("latin-1")})
    assert (answer.status_code, answer.content) == (403, b"")
    assert woken() == []
    assert Hook.objects.get().received_at is None


def test_an_unknown_a_removed_and_a_foreign_store_answer_the_same(
    http: httpx2.Client, base: str, shop: Connected, secret: str, connect: Callable[..., Connected]
) -> None:
    """Neither the name of a store nor which secret belongs to it can be found out."""
    connect("zen", client_code="ZEN")
    wrong = http.post(f"{base}/hooks/acme/orders", json=event(), headers={SECRET_HEADER: "wrong"})
    seen = {_shape(wrong)}
    for name in ("zen", "nobody", "é", "a" * 200):
        seen.add(_shape(http.post(f"{base}/hooks/{name}/orders", json=event(), headers={SECRET_HEADER: secret})))
    Store.objects.filter(name="acme").update(removed_at=shop.outside.clock.now())
    seen.add(_shape(http.post(f"{base}/hooks/acme/orders", json=event(), headers={SECRET_HEADER: secret})))
    assert seen == {(403, b"", tuple(sorted(wrong.headers)))}
    assert woken() == []


def _shape(answer: httpx2.Response) -> tuple[int, bytes, tuple[str, ...]]:
    return answer.status_code, answer.content, tuple(sorted(answer.headers))


def test_a_paused_store_is_answered_200_and_not_woken(post: Post, shop: Connected) -> None:
    """Refusals would block the domain (fact 136); resuming looks at everything."""
    book.pause(shop.store, "test", shop.outside.clock, "stocktaking")
    assert post().status_code == 200
    assert woken() == []
    assert Hook.objects.get().received_at is not None


def test_only_post_is_taken(http: httpx2.Client, base: str, shop: Connected, secret: str) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = http.request(method, f"{base}/hooks/acme/orders", headers={SECRET_HEADER: secret})
        assert answer.status_code == 405
    assert woken() == []


def test_a_body_beyond_all_events_is_refused_after_the_secret(
    post: Post, http: httpx2.Client, base: str, shop: Connected
) -> None:
    body = b'{"scope": "' + b"x" * inbox.MOST_BYTES + b'"}'
    assert post(body).status_code == 413
    assert http.post(f"{base}/hooks/acme/orders", content=body).status_code == 403
    assert woken() == []


def test_no_login_no_token_and_no_session_are_needed_or_taken(post: Post) -> None:
    answer = post(None, Cookie="sessionid=made-up", Origin="https://evil.example")
    assert answer.status_code == 200


def test_the_wake_is_committed_before_the_answer(post: Post, shop: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection sees it in the moment in which the answer is made."""
    seen: list[tuple[bool, int]] = []
    real = inbox.HttpResponse

    def answer(**given: Any) -> Any:
        seen.append((connection.in_atomic_block, ProcrastinateJob.objects.filter(status="todo").count()))
        return real(**given)

    monkeypatch.setattr(inbox, "HttpResponse", answer)
    assert post().status_code == 200
    assert seen == [(False, 1)]


def test_a_database_that_is_away_makes_bigcommerce_try_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fact 135. Nothing is noted as received that woke nobody."""

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(inbox, "wake", away)
    answer = post()
    assert (answer.status_code, answer.content) == (503, b"")
    assert Hook.objects.get().received_at is None


def test_a_wrong_key_of_the_database_is_no_oracle_and_is_tried_again(post: Post, settings: Settings) -> None:
    right = settings.NPF_SECRET_KEYS
    settings.NPF_SECRET_KEYS = [Fernet.generate_key().decode()]
    assert post().status_code == 503
    settings.NPF_SECRET_KEYS = right
    assert post().status_code == 200


def test_the_secret_is_never_logged(
    post: Post, http: httpx2.Client, base: str, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        post()
        http.post(f"{base}/hooks/zen/orders", json=event(), headers={SECRET_HEADER: secret})
        http.post(f"{base}/hooks/acme/orders", json=event(), headers={SECRET_HEADER: "a-wrong-s3cret"})
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx2")]
    assert not [one for one in ours if secret in one or "a-wrong-s3cret" in one]


class TestSignature:
    """Where the client secret is known and BigCommerce signs, both must fit (fact 134)."""

    BODY = json.dumps(event()).encode()

    @pytest.fixture(autouse=True)
    def _known(self, shop: Connected) -> None:
        nested = book.nested(shop.store, secrets=True)
        nested["bigcommerce"]["client_secret"] = "client-s3cret"
        book.save(draft.read(nested), "test", shop.outside.clock)

    def signed(self, post: Post, key: str, timestamp: str = "1764035000", body: bytes | None = None) -> httpx2.Response:
        signature = f"v1,{sign(key.encode(), 'msg_1', timestamp, self.BODY)}"
        headers = {"webhook_id": "msg_1", "webhook_timestamp": timestamp, "webhook_signature": signature}
        return post(body or self.BODY, **headers)

    def test_a_right_signature_is_taken_however_old(self, post: Post) -> None:
        assert self.signed(post, "client-s3cret").status_code == 200
        assert self.signed(post, "client-s3cret", timestamp="1500000000").status_code == 200

    def test_a_wrong_one_is_refused_and_said_on_the_stores_page(self, post: Post, shop: Connected) -> None:
        assert self.signed(post, "another").status_code == 403
        assert self.signed(post, "client-s3cret", body=b'{"scope": "changed"}').status_code == 403
        assert woken() == []
        state = state_of(shop.store, Hook.objects.get(), shop.outside.clock.now())
        assert "does not fit bigcommerce.client_secret" in state.says

    def test_an_unsigned_event_is_proved_by_its_header(self, post: Post) -> None:
        assert post().status_code == 200

    def test_a_signature_does_not_replace_the_header(self, http: httpx2.Client, base: str) -> None:
        signature = f"v1,{sign(b'client-s3cret', '1', '2', b'')}"
        headers = {"webhook-id": "1", "webhook-timestamp": "2", "webhook-signature": signature}
        assert http.post(f"{base}/hooks/acme/orders", headers=headers).status_code == 403

    def test_without_a_client_secret_the_signature_is_not_looked_at(self, post: Post) -> None:
        Store.objects.update(client_secret="")
        assert self.signed(post, "another").status_code == 200
