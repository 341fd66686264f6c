"""Each gate: what passes, what does not, and what a person is told of it."""

from datetime import date
from typing import Any

import pytest

from npf.core.errors import GiveUp
from npf.orders import gates
from npf.orders.gates import Verdict, judge
from npf.orders.parcels import Before
from tests.orders.making import JANE, address, as_json, extra, line, order, settings

OF_THE_ORDER = ["archived", "cancelled", "start date", "store filter", "order status"]
OF_ITS_GOODS = ["something to ship", "address", "country", "test items", "SKUs", "bundles", "dispatch method", "number"]


def verdict(found: gates.Judgement, gate: str) -> Verdict:
    return next(one for one in found.verdicts if one.gate == gate)


def one(gate: str, *parts: Any, of: dict[str, Any] | None = None, **setting: Any) -> Verdict:
    """The verdict of one gate over an order of these parts, `of` being fields of the order itself."""
    return verdict(judge(order(*parts, **(of or {})), settings(**setting)), gate)


# all of them


def test_an_order_that_passes_has_the_verdict_of_every_gate_in_the_fixed_order() -> None:
    found = judge(order(), settings())
    assert found.decides is None
    assert [one.gate for one in found.verdicts] == [*OF_THE_ORDER, *OF_ITS_GOODS, "FM's limits"]
    assert {one.outcome for one in found.verdicts} == {"pass"}
    assert all(one.why for one in found.verdicts)


def test_the_first_gate_that_does_not_let_it_pass_decides_and_the_later_ones_are_asked_all_the_same() -> None:
    found = judge(order(line(sku=""), status_id=7), settings(start_date=None))
    assert found.decides is not None
    assert found.decides.gate == "order status"
    assert verdict(found, "SKUs").outcome == "hold"
    assert [one.gate for one in found.verdicts] == [*OF_THE_ORDER, *OF_ITS_GOODS]


def test_fm_is_not_judged_for_an_order_that_another_gate_stops() -> None:
    found = judge(order(status_id=0), settings())
    assert "FM's limits" not in [one.gate for one in found.verdicts]


def test_an_order_that_cannot_be_read_is_held_with_its_field_and_a_next_step() -> None:
    found = gates.unreadable(GiveUp("cannot be read: date_created", code="malformed_order", field="date_created"))
    assert found.decides is not None
    assert (found.decides.gate, found.decides.outcome, found.decides.field) == ("readable", "hold", "date_created")
    assert found.decides.repair


def test_an_order_without_readable_lines_is_held_only_if_it_is_for_fm_at_all() -> None:
    wanted = gates.without_lines(order(), settings(), "the lines are gone", field="line_items", repair="look")
    assert wanted.decides == Verdict("lines", "hold", "the lines are gone", field="line_items", repair="look")
    unpaid = gates.without_lines(order(status_id=0), settings(), "the lines are gone")
    assert unpaid.decides is not None
    assert unpaid.decides.gate == "order status"


# the order itself


def test_an_archived_order_is_skipped() -> None:
    assert one("archived", of={"is_deleted": True}).outcome == "skip"


def test_a_cancelled_order_is_cancelled_before_anything_else_is_asked_of_it() -> None:
    found = judge(order(line(sku=""), status_id=5), settings())
    assert found.decides is not None
    assert (found.decides.gate, found.decides.outcome) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    ("day", "placed", "outcome"),
    [
        ((2026, 11, 1), "Sat, 31 Oct 2026 13:00:00 +0000", "pass"),  # midnight in Melbourne, eleven hours ahead
        ((2026, 11, 1), "Sat, 31 Oct 2026 12:59:59 +0000", "skip"),
        ((2026, 6, 1), "Sun, 31 May 2026 14:00:00 +0000", "pass"),  # ten hours ahead in winter
        ((2026, 6, 1), "Sun, 31 May 2026 13:59:59 +0000", "skip"),
        ((2026, 10, 4), "Sat, 03 Oct 2026 14:00:00 +0000", "pass"),  # the clocks go forward two hours later
        ((2026, 10, 4), "Sat, 03 Oct 2026 13:59:59 +0000", "skip"),
        ((2026, 4, 6), "Sun, 05 Apr 2026 14:00:00 +0000", "pass"),  # the day after they went back
        ((2026, 4, 6), "Sun, 05 Apr 2026 13:59:59 +0000", "skip"),
        ((2026, 4, 5), "Sat, 04 Apr 2026 13:00:00 +0000", "pass"),  # the day on which they do
        ((2026, 4, 5), "Sat, 04 Apr 2026 12:59:59 +0000", "skip"),
    ],
)
def test_the_start_date_begins_at_midnight_of_the_stores_zone(
    day: tuple[int, int, int], placed: str, outcome: str
) -> None:
    found = one("start date", of={"date_created": placed}, start_date=date(*day))
    assert (found.outcome, found.setting) == (outcome, "start_date")


def test_a_day_that_begins_at_one_o_clock_begins_there() -> None:
    # Chile's clocks went from 23:59:59 to 01:00.
    zone = {"timezone": "America/Santiago", "start_date": date(2026, 9, 6)}
    assert one("start date", of={"date_created": "Sun, 06 Sep 2026 03:59:59 +0000"}, **zone).outcome == "skip"
    assert one("start date", of={"date_created": "Sun, 06 Sep 2026 04:00:00 +0000"}, **zone).outcome == "pass"


def test_it_says_when_the_order_was_placed_in_the_stores_own_time() -> None:
    found = one("start date", of={"date_created": "Sat, 31 Oct 2026 12:59:59 +0000"})
    assert found.why == "placed 31/10/2026 23:59, before the start date 01/11/2026"


def test_without_a_start_date_every_order_is_late_enough() -> None:
    assert one("start date", of={"date_created": "Mon, 10 Jan 2011 00:00:00 +0000"}, start_date=None).outcome == "pass"


def test_the_store_filter_passes_the_listed_channels_alone() -> None:
    assert one("store filter", of={"channel_id": 1001}).outcome == "pass"
    on = {"store_filter_enabled": True, "channels": (1, 7)}
    assert one("store filter", of={"channel_id": 7}, **on).outcome == "pass"
    stopped = one("store filter", of={"channel_id": 1001}, **on)
    assert (stopped.outcome, stopped.setting, stopped.why) == ("skip", "channels", "channel 1001 is not one of 1, 7")


def test_a_list_of_channels_counts_only_where_the_filter_is_on() -> None:
    assert one("store filter", of={"channel_id": 1001}, channels=(1,)).outcome == "pass"


@pytest.mark.parametrize("status_id", range(15))
def test_only_the_statuses_of_the_list_pass(status_id: int) -> None:
    found = one("order status", of={"status_id": status_id}, order_status=(9, 11))
    assert found.outcome == ("pass" if status_id in (9, 11) else "skip")
    assert found.setting == "order_status"
    assert str(status_id) in found.why


def test_a_status_is_told_by_its_number_and_name() -> None:
    why = one("order status", of={"status_id": 7}, order_status=(9, 11)).why
    assert why == "the status is 7 Awaiting Payment; orders go to FM from 9 Awaiting Shipment, 11 Awaiting Fulfillment"


# its goods


def test_it_counts_what_is_left_to_ship() -> None:
    found = one("something to ship", line(1, quantity=3, quantity_refunded=1), line(2, "TEE"))
    assert (found.outcome, found.why) == ("pass", "3 units on 2 lines")


def test_what_is_all_shipped_or_refunded_is_skipped() -> None:
    found = one("something to ship", line(1, quantity=2, quantity_shipped=2), line(2, quantity=1, quantity_refunded=1))
    assert (found.outcome, found.why) == ("skip", "every unit is shipped or refunded")


def test_digital_goods_and_gift_certificates_are_skipped() -> None:
    digital = extra(as_json(), downloads=[{"line_items": [line(type="digital", order_address_id=0)]}])
    gift = extra(
        as_json(), email={"gift_certificates": [{"line_items": [line(type="giftcertificate", order_address_id=0)]}]}
    )
    for found in (digital, gift):
        decides = judge(found, settings()).decides
        assert decides is not None
        assert (decides.gate, decides.outcome) == ("something to ship", "skip")
        assert "no physical line" in decides.why


def test_goods_that_the_shopper_collects_are_skipped() -> None:
    decides = judge(extra(as_json(), pickups=[{"id": 3, "line_items": [line(order_address_id=0)]}]), settings()).decides
    assert decides is not None
    assert (decides.gate, decides.outcome, decides.why) == ("something to ship", "skip", "the shopper collects it")


def test_an_order_that_is_half_collected_is_shipped_by_half() -> None:
    found = judge(extra(as_json(line(1)), pickups=[{"id": 3, "line_items": [line(2, order_address_id=0)]}]), settings())
    assert found.decides is None
    assert verdict(found, "something to ship").why == "1 unit on 1 line"


def test_goods_without_an_address_are_held_and_never_passed_over() -> None:
    astray = extra(as_json(), downloads=[{"line_items": [line(order_address_id=0)]}])
    decides = judge(astray, settings()).decides
    assert decides is not None
    assert (decides.gate, decides.outcome, decides.field) == ("address", "hold", "shipping address")


def test_two_addresses_with_one_id_are_held() -> None:
    found = one("address", address(51, line(1)), address(51, line(2)))
    assert (found.outcome, found.field) == ("hold", "order_address_id")


def test_it_says_how_many_fm_orders_it_becomes() -> None:
    assert one("address").why == "one address"
    assert one("address", address(51, line(1)), address(52, line(2))).why == "2 addresses, one FM order each"


@pytest.mark.parametrize(
    "written",
    [
        {"country": "Australia", "country_iso2": "AU"},
        {"country": "Australia", "country_iso2": ""},
        {"country": "AUS", "country_iso2": ""},
        {"country": "au", "country_iso2": ""},
        {"country": "", "country_iso2": "AU"},
        {"country": "Commonwealth", "country_iso2": "au"},
    ],
)
def test_a_country_is_known_by_name_iso2_and_iso3(written: dict[str, str]) -> None:
    assert one("country", address(51, line(), **written), countries=("AU",)).outcome == "pass"


def test_the_country_filter_skips_other_countries_and_says_which_pass() -> None:
    fiji = address(51, line(), country="Fiji", country_iso2="FJ")
    found = one("country", fiji, countries=("NZ", "AU"))
    assert (found.outcome, found.setting) == ("skip", "countries")
    assert found.why == "goes to Fiji; the country filter lets Australia, New Zealand pass"
    assert one("country", fiji).outcome == "pass"


def test_it_is_the_shipping_country_that_counts() -> None:
    abroad = {"billing_address": JANE | {"country": "Fiji", "country_iso2": "FJ"}}
    assert one("country", line(), of=abroad, countries=("AU",)).outcome == "pass"


def test_an_unknown_country_is_held_with_the_nearest_one() -> None:
    found = one("country", address(51, line(), country="Austalia", country_iso2=""))
    assert (found.outcome, found.field) == ("hold", "ShippingAddress.Country")
    assert "“Austalia”" in found.why
    assert "Australia" in found.repair


def test_a_missing_country_is_held() -> None:
    found = one("country", address(51, line(), country="", country_iso2=""), countries=("AU",))
    assert (found.outcome, found.why) == ("hold", "the shipping address has no country")


def test_an_order_of_which_only_one_address_is_wanted_is_held() -> None:
    both = (address(51, line(1)), address(52, line(2), country="Fiji", country_iso2="FJ"))
    found = one("country", *both, countries=("AU",))
    assert (found.outcome, found.setting) == ("hold", "countries")
    assert "Fiji" in found.repair


def test_the_country_of_an_address_that_nothing_goes_to_does_not_count() -> None:
    both = (address(51, line(1)), address(52, line(2, quantity_refunded=1), country="Fiji", country_iso2="FJ"))
    assert one("country", *both, countries=("AU",)).outcome == "pass"


def test_an_order_of_test_items_alone_is_marked_and_passes() -> None:
    found = judge(order(line(1, "Test001"), line(2, "Test002")), settings())
    assert found.test
    assert found.decides is None


def test_test_items_beside_real_ones_are_held_and_not_marked() -> None:
    found = judge(order(line(1, "Test001"), line(2, "CUP")), settings())
    assert not found.test
    assert found.decides is not None
    assert (found.decides.gate, found.decides.outcome, found.decides.setting) == ("test items", "hold", "test_skus")
    assert "Test001" in found.decides.why
    assert found.decides.repair


def test_a_download_beside_test_items_is_a_real_sale_too() -> None:
    mixed = extra(
        as_json(line(1, "Test001")), downloads=[{"line_items": [line(2, "PDF", type="digital", order_address_id=0)]}]
    )
    assert not judge(mixed, settings()).test
    assert verdict(judge(mixed, settings()), "test items").outcome == "hold"


def test_which_items_are_test_items_is_a_setting() -> None:
    assert judge(order(line(sku="CUP")), settings(test_skus=("CUP",))).test
    assert not judge(order(line(sku="Test001")), settings(test_skus=())).test


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_line_without_a_sku_is_held_by_its_name(blank: str) -> None:
    found = one("SKUs", line(1), line(2, blank, name="Hand-cut sample"))
    assert (found.outcome, found.field) == ("hold", "Products.Code")
    assert "Hand-cut sample" in found.why
    assert found.repair


def test_a_line_without_a_sku_that_is_not_shipped_is_no_trouble() -> None:
    assert one("SKUs", line(1), line(2, "", quantity_refunded=1)).outcome == "pass"
    rides = (line(1, "KIT-A"), line(2, "", parent_order_product_id=1))
    assert one("SKUs", *rides, bundles={"KIT-A": {"CUP": 2}}).outcome == "pass"


def test_an_unknown_bundle_is_held_with_the_row_that_is_missing() -> None:
    found = one("bundles", line(1, "KIT-A"), bundle_prefix="KIT-")
    assert (found.outcome, found.setting) == ("hold", "bundles")
    assert "KIT-A" in found.why
    assert found.repair == 'add [bundles."KIT-A"] with its parts'
    assert found.lacks == ["KIT-A", "", ""]


def test_of_several_unknown_bundles_the_first_is_named_so_that_its_orders_are_one_cause() -> None:
    both = one("bundles", line(1, "KIT-B"), line(2, "KIT-A"), bundle_prefix="KIT-")
    alone = one("bundles", line(1, "KIT-A"), bundle_prefix="KIT-")
    assert both == alone


def test_an_order_of_nothing_but_an_unknown_bundle_is_held_and_not_skipped() -> None:
    decides = judge(order(line(1, "KIT-A")), settings(bundle_prefix="KIT-")).decides
    assert decides is not None
    assert decides.gate == "bundles"


def test_an_unmapped_shipping_method_is_held_with_the_row_that_is_missing() -> None:
    courier = address(51, line(), shipping_method="Courier (by phone)")
    found = one("dispatch method", courier, dispatch={"*express*": "EP EXP"})
    assert (found.outcome, found.setting, found.field) == ("hold", "dispatch", "DespatchDetails.DispatchMethod")
    assert "Courier (by phone)" in found.why
    assert '"Courier (by phone)" = "<code>"' in found.repair
    assert found.lacks == ["Courier (by phone)", "", "", "", ""]


def test_every_address_needs_its_dispatch_code() -> None:
    both = (address(51, line(1), shipping_method="Express"), address(52, line(2), shipping_method="Drone"))
    assert one("dispatch method", *both, dispatch={"*express*": "EP EXP"}).outcome == "hold"
    found = one("dispatch method", *both, dispatch={"*express*": "EP EXP", "default": "AP"})
    assert (found.outcome, found.why) == ("pass", "“Express” -> EP EXP, “Drone” -> AP")


@pytest.mark.parametrize(("prefix", "outcome"), [("P" * 26, "pass"), ("P" * 27, "hold")])
def test_a_number_has_at_most_thirty_characters_with_its_prefix(prefix: str, outcome: str) -> None:
    found = one("number", prefix=prefix)
    assert (found.outcome, found.setting) == (outcome, "prefix")
    assert f"{prefix}1001" in found.why
    if outcome == "hold":
        assert (found.field, found.repair) == ("SalesOrderNo", "use a shorter prefix")


def test_the_suffix_of_several_addresses_counts_as_well() -> None:
    both = (address(51, line(1)), address(52, line(2)))
    assert one("number", *both, prefix="P" * 24).why == f"{'P' * 24}1001-1, {'P' * 24}1001-2"
    assert one("number", *both, prefix="P" * 25).outcome == "hold"


# FM


@pytest.mark.parametrize(
    ("wrong", "field", "repair"),
    [
        ({"zip": "800"}, "ShippingAddress.PostCode", "0800"),
        ({"zip": "306"}, "ShippingAddress.PostCode", "BigCommerce"),
        ({"zip": "2000"}, "ShippingAddress.State", "New South Wales"),
        ({"zip": "VIC 3065"}, "ShippingAddress.PostCode", "3065"),
        ({"state": ""}, "ShippingAddress.State", "BigCommerce"),
        ({"last_name": "", "first_name": "Jane Doe"}, "ShippingAddress.LastName", "Doe"),
        ({"last_name": "王"}, "ShippingAddress.LastName", "BigCommerce"),
    ],
)
def test_what_fm_would_refuse_is_held_by_fms_name_of_the_field_with_a_repair(
    wrong: dict[str, str], field: str, repair: str
) -> None:
    found = judge(order(address(51, line(), **wrong)), settings()).decides
    assert found is not None
    assert (found.gate, found.outcome, found.field) == ("FM's limits", "hold", field)
    assert field in found.why
    assert repair in found.repair


def test_the_bills_phone_number_is_required_by_fm() -> None:
    found = judge(order(address(51, line(), phone=""), billing_address=JANE | {"phone": ""}), settings()).decides
    assert found is not None
    assert found.field == "BillingAddress.Phone"


def test_a_code_that_is_too_long_points_to_the_sku_map() -> None:
    found = judge(order(line(sku="X" * 31)), settings()).decides
    assert found is not None
    assert (found.field, found.repair) == ("Products[1].Code", "give FM's product code for this SKU in the SKU map")
    assert judge(order(line(sku="X" * 31)), settings(sku_map={"X" * 31: "X"})).decides is None


def test_every_trouble_with_fm_is_told_at_once() -> None:
    found = judge(order(address(51, line(), zip="30", state="")), settings()).decides
    assert found is not None
    assert "ShippingAddress.PostCode" in found.why
    assert "ShippingAddress.State" in found.why


def test_more_than_one_item_does_not_go_abroad_as_one_fm_order() -> None:
    abroad = {"country": "Fiji", "country_iso2": "FJ", "zip": "0000"}
    assert judge(order(address(51, line(1), **abroad)), settings()).decides is None
    found = judge(order(address(51, line(1), line(2, "TEE"), **abroad)), settings()).decides
    assert found is not None
    assert (found.gate, found.field) == ("FM's limits", "Products")
    assert "split the order" in found.repair
    home = settings(fm={"domestic_countries": ("AU", "NZ", "FJ")})
    assert judge(order(address(51, line(1), line(2, "TEE"), **abroad)), home).decides is None


# sent again


@pytest.mark.parametrize("status_id", [2, 3, 9, 14, 11])
def test_a_status_that_an_order_takes_on_its_way_lets_it_be_sent_again(status_id: int) -> None:
    now = order(status_id=status_id)
    assert judge(now, settings(), Before(1)).decides is None
    first = judge(now, settings()).decides
    assert (first is None) == (status_id == 11)


@pytest.mark.parametrize("status_id", [0, 1, 4, 6, 7, 10, 12, 13])
def test_any_other_status_does_not(status_id: int) -> None:
    verdict = judge(order(status_id=status_id), settings(), Before(1)).decides
    assert verdict is not None
    assert verdict.gate == "order status"


def test_the_number_gate_knows_the_new_number() -> None:
    long = settings(prefix="A" * 25)
    assert judge(order(), long).decides is None
    verdict = judge(order(), long, Before(1)).decides
    assert verdict is not None
    assert (verdict.gate, verdict.why) == ("number", f"{'A' * 25}1001-R2 has 32 characters; FM takes 30")
