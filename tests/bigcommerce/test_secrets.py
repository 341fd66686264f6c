"""No secret leaves: not in errors, not in exchanges, not in what is printed of a client."""

import traceback
from collections.abc import Callable

import pytest

from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.refusals import Refused
from npf.core.errors import FixSettings, NpfError
from npf.core.exchange import Exchange
from tests.bigcommerce.answering import TOKEN, Answering, Reply

ORDER = "/v2/orders/12"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"id": 1, "echo": TOKEN}),
        Reply(200, f"<html>{TOKEN}".encode()),
        Reply(302, headers={"Location": f"https://elsewhere.example/?token={TOKEN}"}),
        Reply(400, [{"status": 400, "message": f"no such thing: {TOKEN}"}], {"X-Request-Id": TOKEN}),
        Reply(401, {"status": 401, "title": f"{TOKEN} is not a valid combination"}),
        Reply(403, {"error": TOKEN}),
        Reply(429, {"title": TOKEN}),
        Reply(500, TOKEN.encode()),
        Reply(how="reset"),
    ],
    ids=["success", "html", "redirect", "400", "401", "403", "429", "500", "reset"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_server_that_echoes_the_token_reveals_nothing(
    client: BigCommerce, server: Answering, exchanges: list[Exchange], method: str, reply: Reply
) -> None:
    server.otherwise = reply
    printed = repr(client)
    error = None
    try:
        getattr(client, method)(ORDER, **({"body": {"note": f"our own {TOKEN}"}} if method == "post" else {}))
    except NpfError as caught:
        error = caught
        printed += "".join(traceback.format_exception(error)) + repr(vars(error))
    # An error of the HTTP library would bring the request along, and with it its headers.
    assert error is None or error.__context__ is None
    assert exchanges
    printed += "".join(map(repr, exchanges))
    assert TOKEN not in printed


def test_a_token_that_cannot_be_a_header_is_refused_without_being_shown(make: Callable[..., BigCommerce]) -> None:
    client = make()
    for token in ("", "  ", "abc\ndef-secret", "größe-secret", "two words-secret"):
        with pytest.raises(FixSettings) as caught:
            BigCommerce("abc123", token, http=client._http, clock=client._clock, rng=client._rng)
        assert caught.value.parameter == "bigcommerce.access_token"
        assert "secret" not in str(caught.value) + caught.value.cure


def test_an_exchange_tells_a_write_whole_and_a_read_in_short(
    client: BigCommerce, server: Answering, exchanges: list[Exchange]
) -> None:
    server.tell(Reply(201, {"id": 7}), Reply(200, [{"id": 12, "customer": "Jane"}]))
    client.post("/v2/orders/12/shipments", body={"tracking_number": "TN-1"})
    client.get("/v2/orders", params={"min_id": 1})
    write, read = exchanges
    assert (write.system, write.what, write.write) == ("bigcommerce", "POST /v2/orders/12/shipments", True)
    assert (write.asked, write.answered) == ('{"tracking_number":"TN-1"}', '{"id": 7}')
    assert (write.status, write.outcome) == (201, "done")
    assert (read.what, read.write, read.asked) == ("GET /v2/orders", False, "/v2/orders?min_id=1")
    assert "Jane" not in read.answered
    assert read.answered == "32 bytes"


def test_a_long_body_is_cut_for_the_exchange(client: BigCommerce, server: Answering, exchanges: list[Exchange]) -> None:
    server.otherwise = Reply(200, {"text": "x" * 50_000})
    client.put(ORDER, body={"text": "y" * 50_000})
    for text in (exchanges[0].asked, exchanges[0].answered):
        assert len(text) < 20_100
        assert "bytes in all" in text


def test_a_refused_write_is_told_with_what_bigcommerce_said(
    client: BigCommerce, server: Answering, exchanges: list[Exchange]
) -> None:
    server.otherwise = Reply(400, [{"status": 400, "message": "No more pieces left."}])
    with pytest.raises(Refused):
        client.post(ORDER, body={"a": 1})
    assert exchanges[0].outcome == "refused"
    assert "No more pieces left." in exchanges[0].answered
