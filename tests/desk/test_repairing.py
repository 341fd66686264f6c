"""A person mends what FM would refuse: one click, another value, taken back, or a rule of the store."""

from typing import Any

import pytest

from npf.audit.models import Event
from npf.core.clock import SystemClock
from npf.core.errors import GiveUp
from npf.desk import decisions, repairing
from npf.desk.repairing import Given
from npf.orders.models import Order, Repair
from npf.stores.draft import WrongSettings
from tests.connected import Connected

CLOCK = SystemClock()
LAST = "ShippingAddress.LastName"


def held(shop: Connected, number: int = 0, **wrong: str) -> int:
    """An order whose shipping address is so, pulled, and held for it."""
    number = number or shop.place(address=wrong | {"company": "Marina Mirage"})
    shop.station("pull")
    assert shop.order(number).reason_code == "gate:FM's limits"
    return number


def repair(shop: Connected, number: int, *given: Given) -> str:
    return repairing.repair(shop.order(number), "anna", CLOCK, given or repairing.proposed(shop.order(number)))


def in_fm(shop: Connected, number: int) -> Any:
    """The shipping address as FM has it."""
    return shop.fm.orders[f"AC-{number}"].fields["ShippingAddress"]


def timeline(shop: Connected, number: int) -> str:
    return "\n".join(Event.objects.filter(bc_order_id=number).order_by("pk").values_list("text", flat=True))


def test_one_click_gives_fm_what_is_proposed_and_bigcommerce_keeps_its_own(shop: Connected) -> None:
    number = held(shop, last_name="")
    assert shop.order(number).repair.startswith("use the company “Marina Mirage”")
    assert repair(shop, number) == "It passes the gates again at the next pull"
    shop.run()
    assert shop.order(number).stage == "complete"
    assert in_fm(shop, number)["LastName"] == "Marina Mirage"
    assert shop.bc.orders[number].addresses[0].last_name == ""
    assert f"anna: {LAST} is “Marina Mirage” for FM, in place of “”" in timeline(shop, number)


def test_several_problems_are_mended_at_once(shop: Connected) -> None:
    number = held(shop, last_name="", zip="2000", state="Victoria")
    assert len(repairing.troubles(shop.order(number))) > 1
    repair(shop, number)
    shop.run()
    assert (in_fm(shop, number)["LastName"], in_fm(shop, number)["State"]) == ("Marina Mirage", "New South Wales")


def test_a_person_gives_another_value_than_the_proposed_one(shop: Connected) -> None:
    number = held(shop, last_name="")
    repair(shop, number, Given(LAST, "  The  Harbour Master "))
    shop.run()
    assert in_fm(shop, number)["LastName"] == "The Harbour Master"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Given(LAST, "M" * 31), "longer than 30"),
        (Given(LAST, "李"), "cannot hold"),
        (Given("ShippingAddress.PostCode", "30"), "post code of Australia"),
        (Given("ShippingAddress.Country", "Narnia"), "no country"),
        (Given("ShippingAddress.Lastname", "Doe"), "did you mean"),
        (Given("SalesOrderNo", "MG1"), "cannot be repaired"),
    ],
)
def test_a_value_that_fm_would_refuse_is_not_taken(shop: Connected, given: Given, why: str) -> None:
    number = held(shop, last_name="")
    with pytest.raises(GiveUp, match=why):
        repair(shop, number, Given(LAST, "Doe"), given)
    assert not Repair.objects.exists()


def test_nothing_is_taken_where_nothing_is_proposed(shop: Connected) -> None:
    number = held(shop, street_1="", street_2="")
    with pytest.raises(GiveUp, match="no repair is proposed"):
        repair(shop, number)


def test_it_stands_when_the_order_is_pulled_again(shop: Connected) -> None:
    number = held(shop, last_name="")
    repair(shop, number)
    shop.bc.change_address(number, city="Collingwood")
    shop.run()
    assert (in_fm(shop, number)["LastName"], in_fm(shop, number)["City"]) == ("Marina Mirage", "Collingwood")


def test_it_is_dropped_with_a_note_when_the_field_is_changed_in_bigcommerce(shop: Connected) -> None:
    number = held(shop, last_name="")
    repair(shop, number)
    shop.bc.change_address(number, last_name="Doe")
    shop.run()
    assert in_fm(shop, number)["LastName"] == "Doe"
    assert not Repair.objects.exists()
    assert f"The repair of {LAST}, “Marina Mirage”, is dropped" in timeline(shop, number)


def test_it_can_be_taken_back_until_fm_was_asked(shop: Connected) -> None:
    number = held(shop, last_name="")
    repair(shop, number)
    shop.station("pull")
    assert shop.order(number).stage == "new"
    repairing.undo(shop.order(number), "bob", CLOCK, LAST)
    shop.run()
    assert shop.order(number).stage == "held"
    assert f"bob: {LAST} is BigCommerce's again, no longer “Marina Mirage”" in timeline(shop, number)

    repair(shop, number)
    shop.run()
    with pytest.raises(GiveUp, match="FM is told nothing more"):
        repairing.undo(shop.order(number), "bob", CLOCK, LAST)
    with pytest.raises(GiveUp, match="FM is told nothing more"):
        repair(shop, number, Given(LAST, "Doe"))


def test_what_is_not_repaired_cannot_be_taken_back(shop: Connected) -> None:
    number = held(shop, last_name="")
    with pytest.raises(GiveUp, match="has no repair"):
        repairing.undo(shop.order(number), "bob", CLOCK, LAST)


def test_an_order_that_fm_refused_is_mended_and_sent_anew(shop: Connected) -> None:
    number = shop.place()
    shop.station("pull")
    Order.objects.filter(bc_order_id=number).update(stage="held", reason_code="04003", reason="FM: invalid post code")
    repair(shop, number, Given("ShippingAddress.Address2", "Level 2"))
    shop.station("send")
    assert in_fm(shop, number)["Address2"] == "Level 2"


def test_an_order_held_by_a_person_stays_held_when_it_is_mended(shop: Connected) -> None:
    number = held(shop, last_name="")
    decisions.hold(shop.order(number), "anna", CLOCK, "ask the shopper")
    assert repair(shop, number, Given(LAST, "Doe")) == "It stays held: release it"
    shop.run()
    assert shop.order(number).stage == "held"
    decisions.release(shop.order(number), "anna", CLOCK)
    shop.run()
    assert in_fm(shop, number)["LastName"] == "Doe"


def test_a_repair_is_made_a_rule_of_the_store_and_mends_all_others(shop: Connected) -> None:
    numbers = [held(shop, last_name="") for _ in range(2)]
    says = repairing.always(shop.store, "anna", CLOCK, "last_name_from_company")
    assert "last_name_from_company is a rule of acme now" in says
    shop.run()
    for number in numbers:
        assert in_fm(shop, number)["LastName"] == "Marina Mirage"
        assert "by the store's rule last_name_from_company" in timeline(shop, number)
    assert not Repair.objects.exists()

    repairing.always(shop.store, "anna", CLOCK, "last_name_from_company", on=False)
    held(shop, last_name="")


def test_a_rule_with_a_number_takes_the_place_of_its_former_one(shop: Connected) -> None:
    for phone in ("phone=03 9000 0000", "phone=03 9111 1111"):
        repairing.always(shop.store, "anna", CLOCK, phone)
    assert shop.store.parameters["repairs"] == ["phone=03 9111 1111"]
    for wrong in ("phone", "phone=none", "last_name_from_heaven"):
        with pytest.raises(WrongSettings):
            repairing.always(shop.store, "anna", CLOCK, wrong)


def test_what_is_cut_or_spelt_for_fm_is_on_the_timeline_with_its_original(shop: Connected) -> None:
    number = shop.place(address={"last_name": "Wałęsa"}, customer_message="Ring twice and wait. " * 8)
    shop.run()
    assert in_fm(shop, number)["LastName"] == "Walesa"
    text = timeline(shop, number)
    assert "For FM, the last name “Wałęsa” is written “Walesa”" in text
    assert "is left out" in text
    assert shop.bc.orders[number].addresses[0].last_name == "Wałęsa"
