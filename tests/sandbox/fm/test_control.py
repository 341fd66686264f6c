"""The endpoints for other processes, and the command."""

import io
import os
import re
import signal
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from npf.cli import app
from npf.sandbox.fm import run, start
from npf.sandbox.fm.run import snippet

Document = Callable[..., str]
TWO = (("Test001", 2, 1100), ("Test002", 1, 500))


def test_orders_and_log_are_told(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    status, told = fm.control("GET", "orders?number=MG1")
    assert (status, [(o["number"], o["status"], o["client"]) for o in told["orders"]]) == (
        200,
        [("MG1", "PICKING", "DEMO")],
    )
    assert fm.control("GET", "orders?status=SHIPPED")[1] == {"orders": []}
    assert fm.control("GET", "log?client=DEMO")[1]["log"][0]["outcome"] == "accepted"
    (client,) = fm.control("GET", "clients")[1]["clients"]
    assert client["stock"]["Test001"] == {"on_hand": 1000, "available": 998}
    assert "password" not in client


@pytest.mark.parametrize(
    ("move", "content", "status"),
    [
        ("ship", {"consignment": "C1"}, "SHIPPED"),
        ("ship", {"lines": {"Test001": 1}}, "PARTIAL BACKORDER"),
        ("ship", {"lines": {"Test001": 1}, "short": True}, "SHIPPED"),
        ("part_ship", {}, "PARTIAL BACKORDER"),
        ("hold", {"reason": "why"}, "HOLD"),
        ("cancel", {"reason": "why", "client": "DEMO"}, "CANCEL"),
        ("backorder", {}, "BACKORDER"),
        ("error", {"code": "02007", "detail": "no"}, "ERROR"),
    ],
)
def test_an_order_is_moved(fm: Any, order_document: Document, move: str, content: dict[str, Any], status: str) -> None:
    fm.send(order_document("MG1", lines=TWO))
    code, told = fm.control("POST", move, {"number": "MG1", **content})
    assert (code, told["status"]) == (200, status)
    assert fm.client.orders["MG1"].status == status


def test_an_order_is_forgotten_and_remembered(fm: Any, order_document: Document) -> None:
    fm.send(order_document("MG1"))
    assert fm.control("POST", "forget", {"number": "MG1"})[1]["hidden"] == "left-out"
    assert fm.status("MG1") == {}
    assert fm.control("POST", "remember", {"number": "MG1"})[1]["hidden"] == ""


def test_faults_stock_settings_and_clients_are_set(fm: Any) -> None:
    assert fm.control("POST", "faults", {"spec": "500@1"}) == (
        200,
        {"faults": [{"kind": "500", "probability": 1.0, "left": 1, "path": None}]},
    )
    assert fm.control("POST", "faults", {"spec": "stall:2=0.5", "path": "/serverorder.php"})[0] == 200
    (rule,) = fm.warehouse.faults.rules()
    assert (rule.kind, rule.seconds, rule.path, rule.probability) == ("stall", 2.0, "/serverorder.php", 0.5)
    assert fm.control("POST", "stock", {"products": {"Test001": 4}})[0] == 200
    assert fm.client.stock["Test001"] == 4
    assert fm.control("POST", "stock", {"words": {"Test002": "soon"}})[0] == 200
    assert fm.stock("Test002") == {"Test002": "soon"}
    assert fm.control("POST", "settings", {"pick_delay": 1})[0] == 200
    assert fm.client.settings.pick_delay == 1.0
    assert fm.control("GET", "settings?client=DEMO")[1]["pick_delay"] == 1.0
    told = fm.control("GET", "faults")[1]
    assert [rule["kind"] for rule in told["faults"]] == ["stall:2"]
    content = {
        "client_code": "NEW",
        "username": "n",
        "password": "p",
        "products": {"A": 1},
        "settings": {"manual": True},
    }
    assert fm.control("POST", "clients", content)[0] == 200
    assert fm.warehouse.clients["NEW"].settings.manual is True


@pytest.mark.parametrize(
    ("path", "content", "status", "says"),
    [
        ("ship", {"number": "NONE"}, 404, "NONE"),
        ("ship", {"number": "MG1", "client": "NONE"}, 404, "NONE"),
        ("ship", {"number": "MG1", "lines": {"Test001": 9}}, 409, "9 x Test001, but 2 remain"),
        ("ship", {"number": "MG1", "lines": {"Test001": "1"}}, 400, "whole numbers"),
        ("ship", {"number": "MG1", "colour": "red"}, 400, "colour"),
        ("faults", {"spec": "nosuch=1"}, 400, "nosuch"),
        ("settings", {"pick_delai": 1}, 400, "did you mean 'pick_delay'"),
        ("settings", {"pick_delay": "long"}, 400, "pick_delay is a number from 0"),
        ("settings", {"stock_is": "much"}, 400, "available or on_hand"),
        ("settings", {"split_share": 2}, 400, "a number from 0 to 1"),
        ("stock", {"products": {"A": -1}}, 400, "whole numbers"),
        ("stock", {"words": {"A": 1}}, 400, "texts by product code"),
        ("clients", {"client_code": "DEMO", "username": "x", "password": "y"}, 400, "taken"),
        ("nosuch", {}, 404, "nosuch"),
        ("ship", [], 400, "JSON object"),
    ],
)
def test_what_cannot_be_done_is_said(
    fm: Any, order_document: Document, path: str, content: Any, status: int, says: str
) -> None:
    fm.send(order_document("MG1"))
    code, told = fm.control("POST", path, content)
    assert code == status
    assert says in told["error"]


def test_run_serves_until_ctrl_c_and_prints_a_store_table() -> None:
    code = "from npf.sandbox.fm import run; run(0, seed=3, pick_delay=0.5)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ})
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7)]
        table = tomllib.loads("".join(lines[2:]))["fm"]
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", table["base_url"])
        assert (table["username"], table["password"], table["client_code"]) == ("demo", "demo", "DEMO")
        with urllib.request.urlopen(f"{table['base_url']}/serverorder.php?wsdl", timeout=5) as answer:
            assert b"serverorderRequest" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.stdout.close() if process.stdout else None


def test_a_bad_setting_is_refused_before_anything_is_served() -> None:
    with pytest.raises(ValueError, match="did you mean 'pick_delay'"):
        start(pick_dealy=1.0)
    with pytest.raises(ValueError, match="unknown fault"):
        run(0, faults="nosuch=1", out=io.StringIO())


def test_many_senders_at_once_lose_and_double_nothing(fm: Any, order_document: Document) -> None:
    def send(worker: int) -> None:
        for i in range(15):
            fm.send(order_document(f"W{(worker + i) % 20}"))

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    orders = fm.client.orders.values()
    assert sum(order.received for order in orders) == 60
    assert len({order.npf_order_no for order in orders}) == len(orders)
    assert fm.client.stock.reserved("Test001") == 2 * len(orders)
    assert snippet("http://x", "a", "b", "c").startswith('[fm]\nbase_url = "http://x"\n')


def test_the_command_refuses_what_is_no_setting() -> None:
    said = CliRunner().invoke(app, ["sandbox", "fm", "--set", "manua=yes"])
    assert "did you mean 'manual'" in str(said.exception)
