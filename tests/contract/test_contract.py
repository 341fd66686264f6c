"""Our client and our sandbox against BigCommerce's official OpenAPI, over real HTTP, by openapi-core."""

import inspect
import json
import pkgutil
from dataclasses import replace
from importlib import import_module

import pytest

import npf.bigcommerce
from tests.contract.client_calls import CALLS
from tests.contract.hearing import CASES, Heard, unexcused
from tests.contract.known import KNOWN
from tests.contract.specs import Exchange, held_against, operations

IDS = [f"{at}-{operation}-{status}" for at, (operation, status, _) in enumerate(CASES)]


@pytest.mark.parametrize("name", CALLS)
def test_what_our_client_sends_and_gets_is_as_the_spec_says(heard: Heard, name: str) -> None:
    reads = heard.calls[name]
    assert reads, "the call asked nothing"
    wrong = [f"{read.exchange}\n  {breach}" for read in reads for breach in unexcused(read)]
    assert not wrong, "\n".join(wrong)


def test_no_public_call_of_the_client_is_left_out() -> None:
    asking = set()
    for module in pkgutil.iter_modules(npf.bigcommerce.__path__):
        functions = inspect.getmembers(import_module(f"npf.bigcommerce.{module.name}"), inspect.isfunction)
        for name, function in functions:
            own = function.__module__ == f"npf.bigcommerce.{module.name}" and not name.startswith("_")
            if own and module.name != "pages" and next(iter(inspect.signature(function).parameters), "") == "client":
                asking.add(f"{module.name}.{name}")
    assert asking == set(CALLS) - {"credentials.scopes"}


@pytest.mark.parametrize("at", range(len(CASES)), ids=IDS)
def test_what_the_sandbox_answers_is_as_the_spec_says(heard: Heard, at: int) -> None:
    operation, status, _ = CASES[at]
    read = heard.cases[at]
    assert (read.operation, read.exchange.status) == (operation, status), read.exchange.answer[:500]
    wrong = unexcused(read)
    assert not wrong, "\n".join([str(read.exchange), *map(str, wrong)])


def test_at_least_sixty_outcomes_of_operations_were_held_against_the_specs(heard: Heard) -> None:
    pairs = {(read.operation, read.exchange.status) for read in heard.all}
    assert len(pairs) >= 60


def test_every_operation_of_the_specs_was_asked_and_succeeded(heard: Heard) -> None:
    succeeded = {read.operation for read in heard.all if read.exchange.status < 300}
    assert operations() == succeeded


def test_every_known_fault_of_the_specs_still_excuses_something(heard: Heard) -> None:
    breaches = [breach for read in heard.all for breach in read.breaches]
    idle = []
    for fault in KNOWN:
        struck = [breach for breach in breaches if fault.excuses(breach)]
        idle += [(fault.says, *use) for use in fault.uses() - {(one.operation, one.at) for one in struck}]
        idle += [
            (fault.says, fault.operations, code)
            for code in set(fault.status.split()) - {str(one.status) for one in struck}
        ]
    assert not idle, f"these lines of known.py excuse nothing any more: {idle}"


def _named(heard: Heard, operation: str, status: int) -> Exchange:
    return next(one.exchange for one in heard.cases if (one.operation, one.exchange.status) == (operation, status))


def test_a_wrong_answer_is_caught(heard: Heard) -> None:
    right = _named(heard, "createOrderShipments", 201)
    shipment = json.loads(right.answer)
    for wrong, at in (
        ({**shipment, "id": "one"}, "response/id"),
        ({**shipment, "items": [{"order_product_id": "one"}]}, "response/items/*/order_product_id"),
        ({**shipment, "surprise": 1}, "response/surprise"),
    ):
        found = unexcused(held_against(replace(right, answer=json.dumps(wrong).encode())))
        assert [breach.at for breach in found] == [at]
    assert unexcused(held_against(replace(right, status=200)))
    assert unexcused(held_against(replace(right, answered={**right.answered, "content-type": "text/html"})))
    assert unexcused(held_against(replace(right, answer=b"")))


def test_a_wrong_request_is_caught(heard: Heard) -> None:
    right = _named(heard, "createOrderShipments", 201)
    sent = json.loads(right.body)
    for wrong, at in (
        ({**sent, "order_address_id": "one"}, "request/order_address_id"),
        ({**sent, "items": [{"order_product_id": 1, "quantity": "two"}]}, "request/items/*/quantity"),
        ({**sent, "colour": "red"}, "request/colour"),
    ):
        found = unexcused(held_against(replace(right, body=json.dumps(wrong).encode())))
        assert [breach.at for breach in found] == [at]
    read = _named(heard, "getOrders", 200)
    assert [one.at for one in unexcused(held_against(replace(read, query="colour=red")))] == ["request/query/colour"]
    with pytest.raises(AssertionError, match="no operation"):
        held_against(replace(read, path="/stores/s0/v2/carts"))
