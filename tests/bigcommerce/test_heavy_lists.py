"""A list that BigCommerce cannot carry: fewer rows are asked for, more again later, and no row is lost (fact 144)."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.bigcommerce import orders
from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.pages import CUTS, PageSize
from npf.core.clock import ManualClock
from npf.core.errors import TryLater
from tests.bigcommerce.answering import Answering, Reply, Seen, limits
from tests.bigcommerce.test_orders import SINCE, listed


def sizes(server: Answering) -> list[int]:
    return [int(seen.query["limit"]) for seen in server.seen]


def walked(client: BigCommerce) -> list[int]:
    """The walk as pull goes it."""
    found: list[int] = []
    size, min_id, full = PageSize(orders.LIMIT), 1, True
    while full:
        page = orders.walk(client, min_id=min_id, modified_since=SINCE, size=size)
        found += [json.loads(row)["id"] for row in page.rows]
        full, min_id = page.full, found[-1] + 1 if found else 1
    return found


@pytest.mark.parametrize(
    "trouble",
    [Reply(500), Reply(503), Reply(504), Reply(408), Reply(200, [{"id": 1}] * 50, how="cut"), Reply(how="reset")],
    ids=["500", "503", "504", "408", "cut", "reset"],
)
def test_after_trouble_it_asks_for_fewer_and_for_more_again_after_four_pages(
    client: BigCommerce, server: Answering, trouble: Reply
) -> None:
    ids = list(range(1, 2001))
    server.tell(trouble, trouble)
    server.otherwise = listed(ids)
    assert walked(client) == ids
    assert sizes(server)[:12] == [250, 125, 60, 60, 60, 60, 125, 125, 125, 125, 250, 250]
    assert {seen.query["page"] for seen in server.seen} == {"1"}


def test_it_never_asks_for_less_than_thirty_and_then_says_later(client: BigCommerce, server: Answering) -> None:
    server.otherwise = Reply(500)
    size = PageSize(orders.LIMIT)
    for _ in range(2):
        with pytest.raises(TryLater):
            orders.walk(client, min_id=1, modified_since=SINCE, size=size)
    assert sizes(server) == [250, 125, 60, 30, 30, 30, 30, 30]


@pytest.mark.parametrize("told", [Reply(429, headers=limits(0, reset=2)), Reply(429)], ids=["429", "429-bare"])
def test_a_429_is_no_reason_to_ask_for_fewer(client: BigCommerce, server: Answering, told: Reply) -> None:
    server.tell(told)
    server.otherwise = listed([1, 2])
    assert walked(client) == [1, 2]
    assert sizes(server) == [250, 250]


def test_a_read_that_no_one_can_lighten_is_asked_again_as_it_is(client: BigCommerce, server: Answering) -> None:
    server.tell(Reply(500), Reply(200, []))
    client.get("/v2/orders", params={"limit": 250})
    assert sizes(server) == [250, 250]


def test_no_size_is_one_that_looks_like_a_cut() -> None:
    size, seen = PageSize(orders.LIMIT), set()
    for _ in range(9):
        seen.add(size.rows)
        size.lower()
    assert seen == {250, 125, 60, 30}
    assert not seen & CUTS


@given(
    carries=st.lists(st.sampled_from([30, 45, 60, 100, 125, 249, 250]), min_size=1, max_size=8),
    gaps=st.lists(st.integers(1, 3), min_size=0, max_size=700),
    cut=st.sampled_from([50, 100, 200, 250]),
)
def test_whatever_a_server_can_carry_at_the_time_no_order_is_lost_or_seen_twice(
    carries: list[int], gaps: list[int], cut: int
) -> None:
    """`carries`: what it can carry at one page after another; `cut`: what it gives at most, whatever was asked."""
    ids = [sum(gaps[: n + 1]) for n in range(len(gaps))]

    class Client:
        """Answers as BigCommerce and lightens as the client does."""

        pages = 0

        def get(self, path: str, *, params: dict[str, int], lighter: Callable[[], dict[str, int]]) -> object:
            able = carries[self.pages % len(carries)]
            self.pages += 1
            while params["limit"] > able:
                params = lighter()
            query = {key: str(value) for key, value in params.items()}
            reply = listed(ids, cut)(Seen("GET", path, query, "", {}, b""))
            return orders.Answer(what=path, write=False, status=reply.status, headers={}, body=reply.content)

    assert walked(Client()) == ids  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "least", "most"), [("get", 2, 4), ("post", 4, 8)])
def test_a_write_is_tried_again_more_slowly_than_a_read(
    client: BigCommerce, server: Answering, clock: ManualClock, method: str, least: float, most: float
) -> None:
    server.tell(Reply(429), Reply(200, {}))
    getattr(client, method)("/v2/orders/12")
    assert least < clock.monotonic() <= most + 1
