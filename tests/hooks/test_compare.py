"""Where a webhook must point, and what is to be done about those that are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce.client import SECRET_HEADER
from npf.bigcommerce.hooks import ORDERS, Blocked, Hook, Reason
from npf.core.errors import FixSettings
from npf.hooks.compare import blocked_words, compare, destination

REAL = "https://api.bigcommerce.com"
SANDBOX = "http://127.0.0.1:8081"
TO = "https://npf.example.com/hooks/acme/orders"


def hook(number: int = 1, *, to: str = TO, scope: str = ORDERS, active: bool = True, secret: str = "ours") -> Hook:
    return Hook(id=number, scope=scope, destination=to, is_active=active, headers={SECRET_HEADER: secret})


@pytest.mark.parametrize(
    ("public", "api"),
    [
        ("https://npf.example.com", REAL),
        ("https://npf.example.com/", REAL),
        ("https://npf.example.com:443", REAL),
        ("https://npf.example.com/behind/a/path", REAL),
        ("http://127.0.0.1:8080", SANDBOX),
        ("http://localhost:8080", SANDBOX),
    ],
)
def test_an_address_that_bigcommerce_can_call_is_taken(public: str, api: str) -> None:
    assert destination(public, "acme", api) == f"{public.rstrip('/')}/hooks/acme/orders"


@pytest.mark.parametrize(
    ("public", "api", "said"),
    [
        ("http://npf.example.com", REAL, "https on port 443 only"),
        ("https://npf.example.com:8443", REAL, "https on port 443 only"),
        ("http://127.0.0.1:8080", REAL, "https on port 443 only"),
        ("https://localhost", REAL, "this machine's own name"),
        ("http://npf.example.com", SANDBOX, "https on port 443 only"),
        ("npf.example.com", REAL, "no plain web address"),
        ("https://", REAL, "no plain web address"),
        ("https://npf.example.com:port", REAL, "no plain web address"),
        ("https://[npf", REAL, "no plain web address"),
        ("https://npf.example.com/?a=b", REAL, "no plain web address"),
        ("https://anna:s3cret@npf.example.com", REAL, "no plain web address"),
    ],
)
def test_an_address_that_bigcommerce_cannot_call_is_refused_with_its_cure(public: str, api: str, said: str) -> None:
    with pytest.raises(FixSettings, match=said) as refused:
        destination(public, "acme", api)
    assert refused.value.parameter == "NPF_PUBLIC_URL"
    assert "https://npf.example.com" in refused.value.cure
    assert "s3cret" not in str(refused.value)


def test_nothing_there_means_that_one_must_be_made() -> None:
    plan = compare([], "acme", TO, "ours")
    assert (plan.mine, plan.stale) == (None, [])


def test_the_right_one_is_left_alone() -> None:
    plan = compare([hook()], "acme", TO, "ours")
    assert (plan.mine, plan.off, plan.other_secret, plan.stale) == (hook(), False, False, [])


def test_one_that_is_off_and_one_with_another_secret_are_to_be_mended() -> None:
    assert compare([hook(active=False)], "acme", TO, "ours").off
    assert compare([hook(secret="of another database")], "acme", TO, "ours").other_secret
    assert compare([Hook(id=1, scope=ORDERS, destination=TO, is_active=True)], "acme", TO, "ours").other_secret


def test_ours_at_an_old_address_and_of_another_scope_go() -> None:
    old = hook(2, to="https://old.example.com/hooks/acme/orders")
    narrow = hook(3, scope="store/order/created")
    assert compare([hook(4), old, narrow], "acme", TO, "ours").stale == [old, narrow]


@pytest.mark.parametrize(
    "to",
    [
        "https://erp.example.com/webhooks",
        "https://npf.example.com/hooks/acme-nz/orders",
        "https://npf.example.com/hooks/",
        "https://erp.example.com/?next=/hooks/acme/orders",
        "https://[broken/hooks/acme/orders",
        "",
    ],
)
def test_what_is_not_ours_is_never_touched(to: str) -> None:
    """One API account may serve other programs, or other stores' names (fact 123)."""
    plan = compare([hook(to=to)], "acme", TO, "ours")
    assert (plan.mine, plan.stale) == (None, [])


@given(
    there=st.lists(
        st.builds(
            hook,
            st.integers(1, 50),
            to=st.sampled_from([TO, TO.replace("npf", "old"), "https://erp.example.com/hook"]),
            scope=st.sampled_from([ORDERS, "store/order/created"]),
            active=st.booleans(),
            secret=st.sampled_from(["ours", "theirs"]),
        ),
        unique_by=lambda one: one.id,
    )
)
def test_after_the_plan_is_done_nothing_is_left_to_do(there: list[Hook]) -> None:
    plan = compare(there, "acme", TO, "ours")
    left = [one for one in there if one not in plan.stale and one is not plan.mine]
    after = compare([*left, hook(99)], "acme", TO, "ours")
    assert (after.mine, after.off, after.other_secret, after.stale) == (hook(99), False, False, [])
    assert [one for one in there if "erp" in one.destination] == left


def test_a_blocked_domain_is_named_with_its_time_and_reasons() -> None:
    """Fact 136."""
    reasons = [Reason(failure_description="status code 500", count=17)]
    block = Blocked(destination="https://npf.example.com", time_left=120, reasons=reasons)
    said = "BigCommerce sends nothing to npf.example.com for another 120 s: status code 500 (17 times)"
    assert blocked_words([block], TO) == said
    assert blocked_words([Blocked(destination="NPF.example.com", time_left=5)], TO).endswith("for another 5 s")
    assert blocked_words([Blocked(destination="https://other.example.com", time_left=5)], TO) == ""
    assert blocked_words([Blocked(destination="https://[x", time_left=5)], TO) == ""
