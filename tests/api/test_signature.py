"""BigCommerce's signature on an event (fact 134)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.api.signature import Signed, sign

SECRET = "client-s3cret"
BODY = b'{"scope":"store/order/updated"}'


def made(key: bytes = SECRET.encode(), timestamp: str = "1764035000") -> str:
    return f"v1,{sign(key, 'msg_1', timestamp, BODY)}"


def signed(signatures: str, id: str = "msg_1", timestamp: str = "1764035000") -> Signed:
    return Signed(id, timestamp, signatures)


def test_the_published_vector_of_the_standard_is_met() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert found == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("key", [SECRET.encode(), base64.b64encode(SECRET.encode())], ids=["decoded", "base64"])
def test_both_readings_of_the_base64_of_client_secret_fit(key: bytes) -> None:
    assert signed(made(key)).fits(BODY, SECRET)


def test_one_of_several_signatures_is_enough() -> None:
    """Standard Webhooks sends several while a secret is replaced."""
    assert signed(f"v1,AAAA v2,BBBB {made()}").fits(BODY, SECRET)


@pytest.mark.parametrize("signatures", ["", "v1,", "v1,AAAA", "nonsense", "v1", "v1,\u00e9"])
def test_what_is_no_signature_does_not_fit(signatures: str) -> None:
    assert not signed(signatures).fits(BODY, SECRET)


@given(st.binary(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_a_signature_fits_its_own_body_id_time_and_secret_only(body: bytes, id: str, secret: str) -> None:
    if (body, id, secret) != (BODY, "msg_1", SECRET):
        assert not signed(made(), id=id).fits(body, secret)
    assert signed(made()).fits(BODY, SECRET)


def test_the_age_is_not_judged() -> None:
    """Fact 135: a retry comes up to 48 hours later."""
    assert signed(made(timestamp="1"), timestamp="1").fits(BODY, SECRET)


def test_headers_without_a_signature_are_none() -> None:
    assert Signed.read({"content-type": "application/json"}) is None
    found = Signed.read({"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,x"})
    assert found == Signed("a", "1", "v1,x")
    assert Signed.read({"webhook-signature": "v1,x"}) == Signed("", "", "v1,x")
