"""A store's webhook at BigCommerce is there once, on, and ours; whatever goes wrong stays visible and stops nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from pytest_django import Settings

from npf.audit.models import Event, Exchange
from npf.bigcommerce.client import SECRET_HEADER
from npf.hooks import keep
from npf.hooks.models import Hook
from npf.sandbox.bigcommerce import hooks as theirs
from npf.stores.leases import lease
from npf.stores.visit import look
from tests.connected import Connected

TO = "http://127.0.0.1:8080/hooks/acme/orders"
OLD = "http://127.0.0.1:9999/hooks/acme/orders"


def tend(shop: Connected) -> Hook:
    found = keep.tend(shop.store, shop.outside, "anna")
    assert found is not None
    return found


def there(shop: Connected) -> list[theirs.Hook]:
    return list(shop.bc.hooks.by_id.values())


def register(shop: Connected, to: str = TO, **more: Any) -> theirs.Hook:
    """A webhook that BigCommerce has already."""
    number = max(shop.bc.hooks.by_id, default=30_000_000) + 1
    account = next(iter(shop.bc.accounts.values()))
    at = shop.bc.seconds()
    made = theirs.Hook(number, account.client_id, shop.bc.store_hash, "store/order/*", to, at, at, **more)
    shop.bc.hooks.by_id[number] = made
    return made


def events() -> list[str]:
    return list(Event.objects.filter(tag__startswith="hooks:").order_by("pk").values_list("text", flat=True))


def test_it_registers_one_webhook_for_all_events_of_orders(shop: Connected, public: str) -> None:
    hook = tend(shop)
    (made,) = there(shop)
    assert (made.scope, made.destination, made.is_active) == ("store/order/*", TO, True)
    assert made.headers == {SECRET_HEADER: hook.secret}
    assert len(hook.secret) >= 40
    assert (hook.bc_hook_id, hook.destination, hook.is_active, hook.problem) == (made.id, TO, True, "")
    assert events() == [f"Webhook registered: BigCommerce tells of orders at {TO}"]
    assert Event.objects.get(tag="hooks:webhook:registered").by == "anna"


def test_a_second_look_writes_nothing(shop: Connected, public: str) -> None:
    before = tend(shop)
    shop.bc.log.clear()
    after = tend(shop)
    assert shop.bc.log.writes() == []
    assert len(shop.bc.log) == 2
    assert (after.registered_at, after.secret) == (before.registered_at, before.secret)
    assert after.checked_at is not None
    assert before.checked_at is not None
    assert after.checked_at > before.checked_at
    assert len(events()) == 1


def test_without_a_public_address_nothing_is_asked(shop: Connected) -> None:
    assert keep.tend(shop.store, shop.outside, "anna") is None
    assert len(shop.bc.log) == 0
    assert not Hook.objects.exists()


def test_a_process_without_a_public_address_leaves_what_another_registered(
    shop: Connected, public: str, settings: Settings
) -> None:
    """A command in a shell that lacks the variable must not undo what the server did."""
    tend(shop)
    settings.NPF_PUBLIC_URL = ""
    shop.bc.log.clear()
    assert tend(shop).destination == TO
    assert len(shop.bc.log) == 0


def test_one_that_bigcommerce_turned_off_is_turned_on_and_told(shop: Connected, public: str) -> None:
    """Facts 124 and 135."""
    tend(shop)
    there(shop)[0].is_active = False
    hook = tend(shop)
    assert there(shop)[0].is_active
    assert hook.problem == ""
    assert events()[-1] == "BigCommerce had turned the webhook off; it is on again"


def test_one_with_another_secret_gets_ours(shop: Connected, public: str) -> None:
    """The database was lost: what the old one registered still knocks, with a secret that nobody knows."""
    made = register(shop, headers={SECRET_HEADER: "of a lost database"})
    hook = tend(shop)
    assert there(shop) == [made]
    assert made.headers == {SECRET_HEADER: hook.secret}
    assert "of a lost database" not in "".join(Exchange.objects.values_list("answered", flat=True))


def test_a_new_address_moves_the_webhook_and_leaves_none_behind(
    shop: Connected, public: str, settings: Settings
) -> None:
    tend(shop)
    settings.NPF_PUBLIC_URL = "http://localhost:7000"
    hook = tend(shop)
    (made,) = there(shop)
    assert made.destination == hook.destination == "http://localhost:7000/hooks/acme/orders"
    assert hook.bc_hook_id == made.id
    assert events()[-1] == f"Webhook removed: store/order/* to {TO}"


def test_what_is_not_ours_stays(shop: Connected, public: str) -> None:
    erp = register(shop, "http://127.0.0.1:8000/erp")
    other = register(shop, "http://127.0.0.1:8080/hooks/acme-nz/orders")
    tend(shop)
    assert {one.id for one in there(shop)} > {erp.id, other.id}


def test_every_page_of_the_list_is_looked_at(shop: Connected, public: str) -> None:
    for number in range(260):
        register(shop, f"http://127.0.0.1:8000/erp/{number}")
    made = register(shop, headers={})
    assert tend(shop).bc_hook_id == made.id
    assert len(there(shop)) == 261


def test_a_lost_answer_to_the_create_makes_no_second_one(shop: Connected, public: str) -> None:
    """Fact 122: list first, and list again before anything is made a second time."""
    shop.bc.faults.next("reset-after", method="POST", path="/v3/hooks")
    hook = tend(shop)
    (made,) = there(shop)
    assert (hook.bc_hook_id, hook.problem) == (made.id, "")
    assert shop.bc.log.count("POST", "/v3/hooks") == 1


def test_a_create_that_never_arrived_is_trouble_and_the_next_look_makes_it(shop: Connected, public: str) -> None:
    shop.bc.faults.next("500", method="POST", path="/v3/hooks")
    hook = tend(shop)
    assert "500" in hook.problem
    assert "tried again" in hook.cure
    assert hook.bc_hook_id is None
    assert hook.next_check_at is not None
    assert hook.next_check_at - shop.outside.clock.now() <= timedelta(hours=1)
    assert tend(shop).problem == ""
    assert len(there(shop)) == 1


def test_a_second_one_that_was_made_in_the_same_moment_is_taken(
    shop: Connected, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lagging list shows nothing, BigCommerce refuses the second one, and the next list shows the first."""
    tend(shop)
    Hook.objects.update(bc_hook_id=None, registered_at=None)
    real, asked = keep.hooks.every, []

    def lagging(client: Any) -> Any:
        asked.append(client)
        return [] if len(asked) == 1 else real(client)

    monkeypatch.setattr(keep.hooks, "every", lagging)
    hook = tend(shop)
    assert (hook.bc_hook_id, hook.problem) == (there(shop)[0].id, "")
    assert len(there(shop)) == 1


def test_a_refusal_stays_in_the_row_in_bigcommerces_words(shop: Connected, public: str) -> None:
    """Fact 122: ten of one scope are the most."""
    for number in range(10):
        register(shop, f"http://127.0.0.1:8000/erp/{number}")
    hook = tend(shop)
    assert "At most 10 webhooks of one scope are allowed" in hook.problem
    assert hook.bc_hook_id is None


def test_a_token_that_is_refused_does_not_pause_the_store(shop: Connected, public: str) -> None:
    """Without its webhook a store is polled; whether it may be polled, the pull finds out."""
    shop.bc.faults.add("500", path="/v3/hooks")
    shop.bc.accounts.clear()
    hook = tend(shop)
    assert hook.problem
    assert shop.store.paused_at is None


def test_an_address_that_bigcommerce_cannot_call_is_told_and_nothing_is_asked(
    shop: Connected, settings: Settings
) -> None:
    settings.NPF_PUBLIC_URL = "http://npf.example.com"
    hook = tend(shop)
    assert hook.problem == "NPF_PUBLIC_URL is http://npf.example.com, but BigCommerce calls https on port 443 only"
    assert "https without a port" in hook.cure
    assert len(shop.bc.log) == 0


def test_a_blocked_domain_is_told_with_the_time_that_is_left(
    shop: Connected, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = keep.hooks.Blocked(destination="http://127.0.0.1", time_left=120)
    monkeypatch.setattr(keep.hooks, "blocked", lambda client: [blocked])
    hook = tend(shop)
    assert hook.problem == "BigCommerce sends nothing to 127.0.0.1 for another 120 s"
    assert hook.is_active
    assert hook.bc_hook_id == there(shop)[0].id


def test_the_same_trouble_is_told_once(shop: Connected, settings: Settings) -> None:
    settings.NPF_PUBLIC_URL = "http://npf.example.com"
    tend(shop)
    tend(shop)
    assert len(events()) == 1


def test_every_write_is_kept_without_the_secret(shop: Connected, public: str) -> None:
    """DESIGN rules 5 and 8."""
    hook = tend(shop)
    there(shop)[0].is_active = False
    tend(shop)
    kept = list(Exchange.objects.order_by("pk"))
    assert [one.what for one in kept] == ["POST /v3/hooks", f"PUT /v3/hooks/{hook.bc_hook_id}"]
    assert all(one.by == "anna" and one.outcome == "done" for one in kept)
    with connection.cursor() as cursor:
        for table in ("audit_exchange", "audit_event", "hooks_hook"):
            cursor.execute(f"select string_agg(t::text, chr(10)) from {table} t")
            assert hook.secret not in str(cursor.fetchone()[0])


def test_the_secret_is_kept_before_bigcommerce_hears_of_it(
    shop: Connected, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first event may come before the answer to the create."""
    known: list[str] = []
    real = keep.hooks.create

    def create(client: Any, **what: Any) -> Any:
        known.append(Hook.objects.get(store=shop.store).secret)
        assert not connection.in_atomic_block
        return real(client, **what)

    monkeypatch.setattr(keep.hooks, "create", create)
    hook = tend(shop)
    assert known == [hook.secret]


def test_two_at_once_are_one_after_the_other(shop: Connected, public: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "PATIENCE", 0.0)
    with lease("hooks", shop.store.pk, shop.outside.clock):
        hook = tend(shop)
    assert (hook.checked_at, hook.problem) == (None, "")
    assert len(shop.bc.log) == 0


def test_an_empty_secret_is_refused_by_the_database(shop: Connected) -> None:
    with pytest.raises(IntegrityError):
        Hook.objects.create(store=shop.store, secret="")


class TestForget:
    def forget(self, shop: Connected) -> str:
        with look(shop.store, shop.outside, "anna") as at:
            return keep.forget(at)

    def test_it_deletes_ours_and_ours_alone(self, shop: Connected, public: str) -> None:
        erp = register(shop, "http://127.0.0.1:8000/erp")
        tend(shop)
        register(shop, OLD)
        assert self.forget(shop) == ""
        assert there(shop) == [erp]
        assert not Hook.objects.exists()
        assert events()[-1] == f"Webhook removed: store/order/* to {OLD}"
        assert Exchange.objects.filter(what__startswith="DELETE").count() == 2

    def test_a_store_that_never_had_one_asks_nothing(self, shop: Connected) -> None:
        assert self.forget(shop) == ""
        assert len(shop.bc.log) == 0

    def test_what_cannot_be_deleted_is_said_and_the_secret_is_gone(self, shop: Connected, public: str) -> None:
        tend(shop)
        shop.bc.faults.next("500", method="DELETE", path="/v3/hooks")
        said = self.forget(shop)
        assert "could not be deleted" in said
        assert "BigCommerce turns it off after two days of refusals" in said
        assert not Hook.objects.exists()
        assert said in events()[-1]
