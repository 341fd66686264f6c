"""The gates: may this order go to FM? Pure.

Every order passes all of them, in this order, and every verdict is kept, so that "why is order 1234 not in FM?" has an
answer. The first that does not let it pass decides: `skip` = it is not for FM, `hold` = a person must look.

    readable  archived  cancelled  start date  store filter  order status  something to ship  address  country
    test items  SKUs  bundles  dispatch method  number  FM's limits
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from npf.bigcommerce.records import Order
from npf.core import countries
from npf.core.errors import GiveUp
from npf.orders import document
from npf.orders.parcels import left_to_ship, parcels, physical_lines
from npf.stores.kinds import STATUSES
from npf.stores.maps import Settings
from npf.stores.numbers import LONGEST

Outcome = Literal["pass", "skip", "hold", "cancelled"]


class Verdict(msgspec.Struct, frozen=True):
    """What one gate says: the figures it looked at in `why`, the `setting` that decides it, a proposed `repair`."""

    gate: str
    outcome: Outcome
    why: str
    setting: str = ""
    field: str = ""
    repair: str = ""


class Judgement(msgspec.Struct, frozen=True):
    """All verdicts of an order; `decides` is the first that does not let it pass."""

    verdicts: list[Verdict]
    test: bool = False

    @property
    def decides(self) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.outcome != "pass"), None)


Gate = Callable[[Order, Settings], Verdict]


def judge(order: Order, settings: Settings) -> Judgement:
    """Put an order through every gate. A gate that needs what an earlier one found missing is not asked."""
    verdicts = [gate(order, settings) for gate in _ALWAYS]
    if all(verdict.outcome == "pass" for verdict in verdicts):
        verdicts += [gate(order, settings) for gate in _WHEN_FOR_FM]
    return Judgement(verdicts, is_test(order, settings))


def unreadable(malformed: GiveUp) -> Judgement:
    """The judgement of an order that could not be read: held, its raw text kept."""
    return Judgement([Verdict("readable", "hold", str(malformed), field=malformed.field)])


def is_test(order: Order, settings: Settings) -> bool:
    """Whether every physical line is a test SKU (DESIGN section 3, test items)."""
    skus = {line.sku for line in physical_lines(order)}
    return bool(skus) and skus <= set(settings.parameters.test_skus)


def _archived(order: Order, settings: Settings) -> Verdict:
    if order.is_deleted:
        return Verdict("archived", "skip", "the order is archived in BigCommerce")
    return Verdict("archived", "pass", "not archived")


def _cancelled(order: Order, settings: Settings) -> Verdict:
    if order.status_id == 5:
        return Verdict("cancelled", "cancelled", "the order is cancelled in BigCommerce")
    return Verdict("cancelled", "pass", "not cancelled")


def _start_date(order: Order, settings: Settings) -> Verdict:
    values = settings.parameters
    begins = values.starts_at()
    placed = f"{order.date_created.astimezone(values.zone):%d/%m/%Y %H:%M}"
    if begins and order.date_created < begins:
        why = f"placed {placed}, before the start date {values.start_date:%d/%m/%Y}"
        return Verdict("start date", "skip", why, "start_date")
    return Verdict("start date", "pass", f"placed {placed}", "start_date")


def _store_filter(order: Order, settings: Settings) -> Verdict:
    values = settings.parameters
    if not values.store_filter_enabled:
        return Verdict("store filter", "pass", "the store filter is off", "store_filter_enabled")
    listed = ", ".join(map(str, values.channels))
    if order.channel_id not in values.channels:
        return Verdict("store filter", "skip", f"channel {order.channel_id} is not one of {listed}", "channels")
    return Verdict("store filter", "pass", f"channel {order.channel_id} is listed", "channels")


def _order_status(order: Order, settings: Settings) -> Verdict:
    name = f"{order.status_id} {STATUSES.get(order.status_id, '')}".strip()
    if order.status_id not in settings.parameters.order_status:
        listed = ", ".join(f"{one} {STATUSES[one]}" for one in settings.parameters.order_status)
        return Verdict("order status", "skip", f"the status is {name}; orders go to FM from {listed}", "order_status")
    return Verdict("order status", "pass", f"the status is {name}", "order_status")


def _something_to_ship(order: Order, settings: Settings) -> Verdict:
    lines = physical_lines(order)
    units = sum(map(left_to_ship, lines))
    if units:
        return Verdict("something to ship", "pass", f"{units} units on {len(lines)} lines")
    if order.pickups:
        return Verdict("something to ship", "skip", "the shopper collects it")
    why = "every unit is shipped or refunded" if lines else "no physical line: digital goods or gift certificates"
    return Verdict("something to ship", "skip", why)


def _address(order: Order, settings: Settings) -> Verdict:
    for one in order.shipping:
        if any(map(left_to_ship, one.line_items or [])) and not one.id:
            return Verdict("address", "hold", "a physical line has no shipping address", field="shipping address")
    count = len(order.shipping)
    return Verdict("address", "pass", "one address" if count == 1 else f"{count} addresses, one FM order each")


def _country(order: Order, settings: Settings) -> Verdict:
    wanted = settings.parameters.countries
    found: dict[str, str | None] = {}
    for one in order.shipping:
        if any(map(left_to_ship, one.line_items or [])):
            found[one.country or one.country_iso2] = countries.iso2(one.country_iso2) or countries.iso2(one.country)
    named = ", ".join(found) or "no country"
    if any(code is None for code in found.values()):
        return Verdict("country", "hold", f'"{named}" is no country that FM knows', "countries", "Country")
    if wanted and not set(found.values()) & set(wanted):
        listed = ", ".join(map(countries.name, wanted))
        return Verdict("country", "skip", f"goes to {named}; the country filter lets {listed} pass", "countries")
    if wanted and not set(found.values()) <= set(wanted):
        return Verdict("country", "hold", f"goes to {named}, and only some of them are wanted", "countries", "Country")
    return Verdict("country", "pass", f"goes to {named}", "countries")


def _test_items(order: Order, settings: Settings) -> Verdict:
    test = set(settings.parameters.test_skus)
    skus = {line.sku for line in physical_lines(order)}
    if skus & test and not skus <= test:
        mixed = ", ".join(sorted(skus & test))
        why = f"test items ({mixed}) stand beside real ones; test items are never dispatched"
        return Verdict("test items", "hold", why, "test_skus", "sku", "cancel the order and place the real items alone")
    return Verdict("test items", "pass", "a test order" if skus & test else "no test items", "test_skus")


def _skus(order: Order, settings: Settings) -> Verdict:
    blank = [line.name for line in physical_lines(order) if left_to_ship(line) and not line.sku.strip()]
    if blank:
        why = f'"{blank[0]}" has no SKU, so FM cannot know the article'
        return Verdict(
            "SKUs", "hold", why, field="sku", repair="give the product a SKU in BigCommerce and edit the order"
        )
    return Verdict("SKUs", "pass", "every line has a SKU")


def _bundles(order: Order, settings: Settings) -> Verdict:
    unknown = [sku for parcel in parcels(order, settings) for sku in parcel.unknown_bundles]
    if unknown:
        why = f"{', '.join(unknown)} is a bundle and the bundle table has no row for it"
        return Verdict("bundles", "hold", why, "bundles", "sku", f'add [bundles."{unknown[0]}"] with its parts')
    return Verdict("bundles", "pass", "no bundle is unknown", "bundles")


def _dispatch_method(order: Order, settings: Settings) -> Verdict:
    codes = []
    for parcel in parcels(order, settings):
        method = parcel.consignment.shipping_method
        code = settings.dispatch_code(method)
        if code is None:
            why = f'"{method}" has no FM dispatch code'
            repair = f'add "{method}" = "<code>" to the dispatch table, or a default'
            return Verdict("dispatch method", "hold", why, "dispatch", "DispatchMethod", repair)
        codes.append(f'"{method}" -> {code}')
    return Verdict("dispatch method", "pass", ", ".join(codes), "dispatch")


def _number(order: Order, settings: Settings) -> Verdict:
    numbers = [parcel.number for parcel in parcels(order, settings)]
    long = [number for number in numbers if len(number) > LONGEST]
    if long:
        why = f"{long[0]} has {len(long[0])} characters; FM takes {LONGEST}"
        return Verdict("number", "hold", why, "prefix", "SalesOrderNo", "use a shorter prefix")
    return Verdict("number", "pass", ", ".join(numbers), "prefix")


def _fm_limits(order: Order, settings: Settings) -> Verdict:
    for parcel in parcels(order, settings):
        for problem in document.problems(document.build(order, parcel, settings), settings):
            return Verdict("FM's limits", "hold", problem.text, field=problem.field, repair=problem.repair)
    return Verdict("FM's limits", "pass", "FM's documented limits are kept")


_ALWAYS: tuple[Gate, ...] = (
    _archived,
    _cancelled,
    _start_date,
    _store_filter,
    _order_status,
    _something_to_ship,
    _address,
    _country,
    _test_items,
    _skus,
    _bundles,
    _dispatch_method,
    _number,
)
_WHEN_FOR_FM: tuple[Gate, ...] = (_fm_limits,)
