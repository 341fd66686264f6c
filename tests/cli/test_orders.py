"""npf orders, freight, order, explain, hold, release, retry."""

import pytest

from npf.sandbox.bigcommerce.statuses import AWAITING_FULFILLMENT
from npf.stores import book
from tests.cli.conftest import Npf
from tests.connected import Connected

ORDER_KEYS = {"bc_order_id", "fm_number", "npf_order_no", "stage", "reason", "test", "shipments"}
SHIPMENT_KEYS = {"tracking_number", "tracking_link", "carrier", "bc_shipment_id"}


def test_orders_are_told_as_the_design_says(npf: Npf, shop: Connected) -> None:
    number = shop.place(("MUG-INK", 1))
    npf("run", "acme")
    done = npf("orders", "acme", "--json")
    assert (done.code, list(done.json)) == (0, ["orders"])
    (row,) = done.json["orders"]
    assert set(row) >= ORDER_KEYS
    assert set(row["shipments"][0]) >= SHIPMENT_KEYS
    assert (row["bc_order_id"], row["stage"], row["fm_number"]) == (number, "complete", f"AC-{number}")
    assert row["shipments"][0]["carrier"] == "auspost"
    shown = npf("orders", "acme").out
    assert f"AC-{number}" in shown
    assert row["shipments"][0]["tracking_number"] in shown


def test_a_table_that_no_terminal_shows_is_not_folded(npf: Npf, shop: Connected) -> None:
    shop.tables(dispatch={"Express": "EP"})
    number = shop.place(shipping_method="By pigeon " + "x" * 60)
    npf("run", "acme")
    (line,) = [line for line in npf("orders", "acme").out.splitlines() if str(number) in line]
    assert "is not in the dispatch table" in line


def test_only_one_stage_is_listed_and_an_unknown_one_is_refused(npf: Npf, shop: Connected) -> None:
    shop.place()
    npf("pull", "acme")
    assert len(npf("orders", "acme", "--stage", "new", "--json").json["orders"]) == 1
    assert npf("orders", "acme", "--stage", "complete", "--json").json == {"orders": []}
    done = npf("orders", "acme", "--stage", "nonsense", "--json")
    assert (done.code, done.json["parameter"]) == (2, "--stage")
    assert "pending" in done.json["cure"]
    assert 'did you mean "pending"' in npf("orders", "acme", "--stage", "pendig").err


def test_one_order_shows_its_timeline_with_both_systems(npf: Npf, shop: Connected) -> None:
    number = shop.place()
    npf("run", "acme")
    done = npf("order", "acme", str(number), "--json").json
    assert [line["at"] for line in done["timeline"]] == sorted(line["at"] for line in done["timeline"])
    assert {"fm", "bigcommerce"} <= {line["tag"].partition(":")[0] for line in done["timeline"]}
    assert done["orders"][0]["stage"] == "complete"
    assert {gate["outcome"] for gate in done["gates"]} == {"pass"}
    assert "FM took it as" in npf("order", "acme", str(number)).out


@pytest.mark.parametrize("command", ["order", "hold", "release", "retry"])
def test_an_order_that_was_never_pulled_is_told_with_the_way_to_it(npf: Npf, shop: Connected, command: str) -> None:
    done = npf(command, "acme", "4711", "--json")
    assert (done.code, done.json["parameter"]) == (2, "ID")
    assert "npf explain acme 4711" in done.err


def test_explain_answers_for_any_number_pulled_or_not(npf: Npf, shop: Connected) -> None:
    number = shop.place(status_id=AWAITING_FULFILLMENT)
    done = npf("explain", "acme", str(number), "--json").json
    assert (done["known"], done["stage"]) == (False, None)
    assert "passes every gate" in done["says"]
    shop.set(countries=["New Zealand"])
    done = npf("explain", "acme", str(number), "--json").json
    assert [gate["gate"] for gate in done["gates"] if gate["outcome"] != "pass"] == ["country"]
    assert "no order 999999" in npf("explain", "acme", "999999").out
    assert shop.bc.log.writes() == []


def test_explain_answers_for_a_paused_store_too(npf: Npf, shop: Connected) -> None:
    number = shop.place()
    book.pause(shop.store, "test", shop.outside.clock, "stocktaking")
    assert npf("explain", "acme", str(number)).code == 0


def test_a_person_holds_and_releases_an_order(npf: Npf, shop: Connected) -> None:
    number = shop.place()
    npf("pull", "acme")
    done = npf("hold", "acme", str(number), "--reason", "wrong colour", "--json")
    assert (done.code, done.json["stage"]) == (0, "held")
    assert npf("run", "acme", "--json").json["sent"] == 0
    assert "wrong colour" in npf("orders", "acme").out
    assert npf("release", "acme", str(number), "--json").code == 0
    npf("run", "acme")
    assert shop.order(number).stage == "complete"
    assert npf("release", "acme", str(number)).code == 1


def at_fm_and_changed(npf: Npf, shop: Connected) -> int:
    shop.fm.set(manual=True)
    number = shop.place(("MUG-INK", 2))
    npf("run", "acme")
    shop.bc.change_quantity(number, 0, 5)
    npf("pull", "acme")
    return number


def test_a_changed_order_shows_both_sides_and_the_text_for_the_floor(npf: Npf, shop: Connected) -> None:
    number = at_fm_and_changed(npf, shop)
    done = npf("order", "acme", str(number), "--json").json
    assert done["orders"][0]["stage"] == "held"
    (line, *_) = done["difference"][0]["rows"]
    assert (line["name"], line["had"], line["now"], line["changed"]) == ("MUG-INK", "2", "5", True)
    assert f"FM number: AC-{number}" in done["floor"]
    shown = npf("order", "acme", str(number)).out
    assert "BigCommerce shows now" in shown
    assert "Please stop this order, or change it as below" in shown


def test_an_outcome_is_given_with_the_release(npf: Npf, shop: Connected) -> None:
    number = at_fm_and_changed(npf, shop)
    done = npf("release", "acme", str(number), "--outcome", "resend", "--remark", "Kim said so", "--json")
    assert (done.code, done.json["stage"]) == (0, "held")
    npf("run", "acme")
    (row,) = npf("orders", "acme", "--json").json["orders"]
    assert (row["fm_number"], row["void"], row["stage"]) == (f"AC-{number}-R2", [f"AC-{number}"], "pending")
    assert "Kim said so" in npf("order", "acme", str(number)).out


def test_an_unknown_outcome_is_refused_with_the_known_ones(npf: Npf, shop: Connected) -> None:
    number = at_fm_and_changed(npf, shop)
    done = npf("release", "acme", str(number), "--outcome", "shipp", "--json")
    assert (done.code, done.json["parameter"]) == (2, "--outcome")
    assert "stopped, ship, resend" in done.json["cure"]
    assert shop.order(number).stage == "held"


def test_a_plain_release_lets_a_changed_order_ship(npf: Npf, shop: Connected) -> None:
    number = at_fm_and_changed(npf, shop)
    assert npf("release", "acme", str(number), "--json").json["stage"] == "pending"


LAST = "ShippingAddress.LastName"


def nameless(shop: Connected) -> str:
    number = shop.place(address={"last_name": "", "company": "Marina Mirage"})
    shop.station("pull")
    return str(number)


def test_what_fm_would_refuse_is_shown_with_its_field_its_rule_and_a_proposal(npf: Npf, shop: Connected) -> None:
    number = nameless(shop)
    (problem,) = npf("order", "acme", number, "--json").json["problems"]
    assert (problem["field"], problem["rule"], problem["repair"]) == (LAST, "required", "Marina Mirage")
    assert problem["proposals"][0]["always"] == "last_name_from_company"
    shown = npf("order", "acme", number).out
    assert "use the company “Marina Mirage”" in " ".join(shown.split())
    assert "--repair" in shown


def test_a_proposed_repair_is_taken_by_the_release(npf: Npf, shop: Connected) -> None:
    number = nameless(shop)
    done = npf("release", "acme", number, "--repair", "--json")
    assert (done.code, done.json["says"]) == (0, "It passes the gates again at the next pull")
    shop.run()
    assert shop.fm.orders[f"AC-{number}"].fields["ShippingAddress"]["LastName"] == "Marina Mirage"
    (given,) = npf("order", "acme", number, "--json").json["repairs"]
    assert (given["field"], given["value"], given["replaces"], given["by"]) == (LAST, "Marina Mirage", "", "command")


def test_another_value_is_set_and_taken_back(npf: Npf, shop: Connected) -> None:
    number = nameless(shop)
    assert npf("release", "acme", number, "--set", f"{LAST}=Doe").code == 0
    shop.station("pull")
    assert shop.order(int(number)).stage == "new"
    assert npf("release", "acme", number, "--unset", LAST).code == 0
    shop.station("pull")
    assert shop.order(int(number)).stage == "held"


@pytest.mark.parametrize(
    ("option", "why"),
    [(f"{LAST}=李", "FM would refuse it"), ("ShippingAddress.Lastname=Doe", "did you mean"), (LAST, "gives no value")],
)
def test_a_value_that_cannot_be_given_is_refused_in_words(npf: Npf, shop: Connected, option: str, why: str) -> None:
    done = npf("release", "acme", nameless(shop), "--set", option)
    assert done.code in (1, 2)
    assert why in " ".join((done.out + done.err).split())


def test_freight_is_added_up_as_json_and_as_a_table(npf: Npf, shop: Connected) -> None:
    assert npf("freight", "acme", "--json").json == {"freight": []}
    assert "Nothing was charged yet." in npf("freight", "acme").out
    numbers = [shop.place(), shop.place()]
    npf("run", "acme")
    told = [one for number in numbers for one in shop.fm.orders[f"AC-{number}"].shipments]
    (row,) = npf("freight", "acme", "--json").json["freight"]
    assert (row["store"], row["dispatch_code"], row["carrier"], row["parcels"]) == ("acme", "AP", "auspost", 2)
    assert float(row["freight"]) == pytest.approx(sum(float(one.freight) for one in told))
    assert float(row["handling"]) == pytest.approx(sum(float(one.handling) for one in told))
    assert row["freight"] in npf("freight", "acme").out
