"""What FM would refuse is mended on the order's page and on the page of what is held."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from npf.console.models import Person
from npf.orders.models import Repair
from tests.connected import Connected
from tests.console import factories as make

Enter = Callable[[Person], Client]

LAST = "ShippingAddress.LastName"


@pytest.fixture
def anna(shop: Connected, enter: Enter) -> Client:
    return enter(make.person("anna", "integrator"))


@pytest.fixture
def otto(shop: Connected, enter: Enter) -> Client:
    return enter(make.person("otto", "operator"))


def held(shop: Connected, **wrong: str) -> int:
    number = shop.place(address=wrong | {"company": "Marina Mirage"})
    shop.station("pull")
    assert shop.order(number).reason_code == "gate:FM's limits"
    return number


def page(browser: Client, number: int) -> str:
    return unescape(browser.get(f"/stores/acme/orders/{number}/").content.decode())


def press(browser: Client, number: int, **typed: str) -> str:
    answer = browser.post(f"/stores/acme/orders/{number}/repair/", typed, follow=True)
    return unescape(answer.content.decode())


def name_of(shop: Connected, number: int, field: str = LAST) -> str:
    """The input of a field of the shipping address."""
    return f"fix:{shop.order(number).addresses.get().order_address_id}:{field}"


def in_fm(shop: Connected, number: int, field: str = "LastName") -> str:
    return str(shop.fm.orders[f"AC-{number}"].fields["ShippingAddress"][field])


def test_a_held_order_shows_what_fm_would_refuse_with_a_proposal_to_press(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    shown = page(otto, number)
    assert f"{LAST} is empty, FM requires it." in shown
    assert f'name="{name_of(shop, number)}" value="Marina Mirage"' in shown
    assert "proposed: the company" in shown
    assert "Always in this store" not in shown


def test_one_click_repairs_it(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    said = press(otto, number, what="repair", **{name_of(shop, number): "Marina Mirage"})
    assert "It passes the gates again at the next pull." in said
    shop.run()
    assert in_fm(shop, number) == "Marina Mirage"
    assert "otto" in page(otto, number)
    assert 'name="undo"' not in page(otto, number)


def test_another_proposal_is_taken_alone(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    press(otto, number, only=f"{name_of(shop, number)}=Doe")
    assert Repair.objects.get().value == "Doe"


def test_several_are_repaired_at_once(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="", zip="2000", state="Victoria")
    assert "Repair all 2" in page(otto, number)
    given = {name_of(shop, number): "Mirage", name_of(shop, number, "ShippingAddress.State"): "NSW"}
    press(otto, number, what="repair", **given)
    shop.run()
    assert (in_fm(shop, number), in_fm(shop, number, "State")) == ("Mirage", "NSW")


def test_a_value_that_fm_would_refuse_is_said_so(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    said = press(otto, number, what="repair", **{name_of(shop, number): "李"})
    assert "FM would refuse it" in said
    assert not Repair.objects.exists()
    assert "Nothing" in press(otto, number, what="repair") or not Repair.objects.exists()


def test_a_repair_is_undone_until_fm_was_asked(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    press(otto, number, what="repair", **{name_of(shop, number): "Mirage"})
    shop.station("pull")
    assert "Undo the repair" in page(otto, number)
    address = shop.order(number).addresses.get().order_address_id
    press(otto, number, undo=f"{address}:{LAST}")
    shop.station("pull")
    assert shop.order(number).stage == "held"


def test_any_other_field_can_be_given_another_value(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    press(otto, number, other_field="ShippingAddress.Address2", other_value="Level 2")
    press(otto, number, what="repair", **{name_of(shop, number): "Mirage"})
    shop.run()
    assert in_fm(shop, number, "Address2") == "Level 2"


def test_an_integrator_makes_a_rule_of_it_and_takes_it_off_again(anna: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    assert "Always in this store" in page(anna, number)
    said = press(anna, number, rule_on="last_name_from_company")
    assert "Last_name_from_company is a rule of acme now" in said
    shop.station("pull")
    assert "Off in this store" in page(anna, number)
    assert "last_name_from_company" in unescape(anna.get("/stores/acme/parameters/").content.decode())
    press(anna, number, rule_off="last_name_from_company")
    shop.station("pull")
    assert shop.order(number).stage == "held"


def test_a_number_that_was_typed_becomes_the_stores(anna: Client, shop: Connected) -> None:
    number = shop.place(address={"phone": ""}, billing={"phone": ""})
    shop.station("pull")
    said = press(anna, number, rule_on="phone", **{"fix:0:BillingAddress.Phone": "03 9000 0000"})
    assert "is a rule of acme now" in said
    assert shop.store.parameters["repairs"] == ["phone=03 9000 0000"]
    assert "needs a number" in press(anna, number, rule_on="phone")


def test_an_operator_makes_no_rule(otto: Client, shop: Connected) -> None:
    number = held(shop, last_name="")
    assert "integration staff" in press(otto, number, rule_on="last_name_from_company")
    assert not shop.store.parameters.get("repairs")


def test_a_merchant_sees_it_and_has_nothing_to_press(shop: Connected, enter: Enter) -> None:
    number = held(shop, last_name="")
    mia = enter(make.person("mia", "merchant", ("acme",)))
    shown = page(mia, number)
    assert f"{LAST} is empty" in shown
    assert "repair/" not in shown
    assert mia.post(f"/stores/acme/orders/{number}/repair/", {"what": "repair"}).status_code == 403


def test_the_held_page_shows_each_proposal_and_repairs_all_of_one_cause(otto: Client, shop: Connected) -> None:
    one, two = held(shop, last_name=""), held(shop, last_name="", first_name="Jane Doe")
    shown = unescape(otto.get("/held/").content.decode())
    assert "use the company “Marina Mirage”" in shown
    assert "use the last word of the first name, “Doe”" in shown
    assert "Repair all 2" in shown
    cause = {"reason_code": "gate:FM's limits", "reason": shop.order(one).reason, "as_of": make.now().isoformat()}
    said = otto.post("/held/decide/", cause | {"what": "repair"}, follow=True).content.decode()
    assert "2 orders, each: It passes the gates again at the next pull." in said
    shop.run()
    assert (in_fm(shop, one), in_fm(shop, two)) == ("Marina Mirage", "Doe")
