"""The gates: may this order go to FM? Pure.

Every order passes all of them, in this order, and every verdict is kept, so that "why is order 1234 not in FM?" has an
answer. The first that does not let it pass decides: `skip` = it is not for FM, `cancelled` = nor will it ever be,
`hold` = a person must look.

    archived  cancelled  start date  store filter  order status                       of the order itself
    something to ship  address  country  test items  SKUs  bundles  dispatch method  number      of its goods
    FM's limits                                                         asked when all others let it pass

An order that cannot be read has one verdict, `readable`. One whose lines cannot be read has those of the order itself
and `lines`: what is not for FM anyway is not held for its lines.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from npf.bigcommerce.records import Consignment, Order, OrderProduct
from npf.core import countries
from npf.core.errors import GiveUp
from npf.fm.limits import Problem
from npf.orders import document, told
from npf.orders.dispatching import row_of, unmapped
from npf.orders.parcels import FIRST_TIME, Before, Parcel, Repair, left_to_ship, less_what_left, parcels, physical_lines
from npf.orders.repairs import mended
from npf.stores.kinds import STATUSES
from npf.stores.maps import Settings
from npf.stores.numbers import LONGEST
from npf.stores.tables import dispatch_cells

# Shipped, Partially Shipped, Awaiting Shipment, Partially Refunded: what it may have become since FM had it first.
_SENT_AGAIN = frozenset({2, 3, 9, 14})

Outcome = Literal["pass", "skip", "hold", "cancelled"]


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What one gate says: the figures it looked at in `why`, the `setting` that decides it, a proposed `repair`.

    `lacks`: the cells of the row that the table `setting` is without (tables.py), those to be filled empty.
    `field` is what is wrong, in FM's words where FM would refuse it. `why` and `repair` are sentences for a person.
    """

    gate: str
    outcome: Outcome
    why: str
    setting: str = ""
    field: str = ""
    repair: str = ""
    lacks: list[str] = []


class Judgement(msgspec.Struct, frozen=True):
    """All verdicts of an order; `decides` is the first that does not let it pass.

    `stale`: repairs that are used no more, because BigCommerce shows another value in their place.
    """

    verdicts: list[Verdict]
    test: bool = False
    stale: list[Repair] = []

    @property
    def decides(self) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if verdict.outcome != "pass"), None)


class _Case(msgspec.Struct, frozen=True):
    """What a gate looks at. `physical` are the lines of goods that go to an address, `skus` those of all lines."""

    order: Order
    settings: Settings
    skus: set[str]
    physical: list[OrderProduct]
    parcels: list[Parcel]
    resent: int = 0
    repairs: tuple[Repair, ...] = ()

    @property
    def test_skus(self) -> set[str]:
        """The test SKUs among its lines, of whatever kind (DESIGN section 3, test items)."""
        return self.skus.intersection(self.settings.parameters.test_skus)

    @property
    def is_test(self) -> bool:
        """Whether every line is a test item."""
        return bool(self.skus) and self.test_skus == self.skus


Gate = Callable[[_Case], Verdict]


def judge(order: Order, settings: Settings, before: Before = FIRST_TIME) -> Judgement:
    """Put an order through every gate; with what became of it `before`, where a person has it sent again."""
    order = less_what_left(order, before)
    skus = {line.sku for line in order.lines}
    found = parcels(order, settings, before.resent)
    case = _Case(order, settings, skus, physical_lines(order), found, before.resent, before.repairs)
    verdicts = [gate(case) for gate in _OF_THE_ORDER + _OF_ITS_GOODS]
    stale: list[Repair] = []
    if all(verdict.outcome == "pass" for verdict in verdicts):
        verdict, stale = _fm_limits(case)
        verdicts.append(verdict)
    return Judgement(verdicts, case.is_test, stale)


def unreadable(malformed: GiveUp) -> Judgement:
    """The judgement of an order that could not be read: held, its raw text kept."""
    repair = "compare the raw text with the order in BigCommerce; it is read again when it is changed there"
    return Judgement([Verdict("readable", "hold", str(malformed), field=malformed.field, repair=repair)])


def gone() -> Judgement:
    """The judgement of an order that BigCommerce had, and has no more (fact 146)."""
    return Judgement([Verdict("archived", "skip", "BigCommerce has the order no more")])


def without_lines(order: Order, settings: Settings, why: str, *, field: str = "", repair: str = "") -> Judgement:
    """The judgement of an order whose lines could not be read: held, unless the order itself is not for FM."""
    case = _Case(order, settings, set(), [], [])
    verdicts = [gate(case) for gate in _OF_THE_ORDER]
    return Judgement([*verdicts, Verdict("lines", "hold", why, field=field, repair=repair)])


def _archived(case: _Case) -> Verdict:
    if case.order.is_deleted:
        return Verdict("archived", "skip", "the order is archived in BigCommerce")
    return Verdict("archived", "pass", "not archived")


def _cancelled(case: _Case) -> Verdict:
    if case.order.status_id == 5:
        return Verdict("cancelled", "cancelled", "the order is cancelled in BigCommerce")
    return Verdict("cancelled", "pass", "not cancelled")


def _start_date(case: _Case) -> Verdict:
    values = case.settings.parameters
    begins = values.starts_at()
    placed = f"{case.order.date_created.astimezone(values.zone):%d/%m/%Y %H:%M}"
    if begins and case.order.date_created < begins:
        why = f"placed {placed}, before the start date {values.start_date:%d/%m/%Y}"
        return Verdict("start date", "skip", why, "start_date")
    return Verdict("start date", "pass", f"placed {placed}", "start_date")


def _store_filter(case: _Case) -> Verdict:
    values, channel_id = case.settings.parameters, case.order.channel_id
    if not values.store_filter_enabled:
        return Verdict("store filter", "pass", "the store filter is off", "store_filter_enabled")
    if channel_id not in values.channels:
        listed = ", ".join(map(str, values.channels)) or "the listed ones: there are none"
        return Verdict("store filter", "skip", f"channel {channel_id} is not one of {listed}", "channels")
    return Verdict("store filter", "pass", f"channel {channel_id} is listed", "channels")


def _order_status(case: _Case) -> Verdict:
    values, status_id = case.settings.parameters, case.order.status_id
    wanted = values.order_status
    name = f"{status_id} {STATUSES.get(status_id, '')}".strip()
    if case.resent and status_id in {*_SENT_AGAIN, values.status_pending, values.status_processing}:
        why = f"the status is {name}, as it may be of an order that is sent again"
        return Verdict("order status", "pass", why, "order_status")
    if status_id not in wanted:
        listed = ", ".join(f"{one} {STATUSES[one]}" for one in wanted)
        return Verdict("order status", "skip", f"the status is {name}; orders go to FM from {listed}", "order_status")
    return Verdict("order status", "pass", f"the status is {name}", "order_status")


def _something_to_ship(case: _Case) -> Verdict:
    units = sum(item.quantity for parcel in case.parcels for item in parcel.items)
    if units:
        return Verdict("something to ship", "pass", f"{_many(units, 'unit')} on {_many(len(case.physical), 'line')}")
    if unknown := [sku for parcel in case.parcels for sku in parcel.unknown_bundles]:
        return Verdict("something to ship", "pass", f"{_many(len(unknown), 'bundle')}")
    if astray := _without_address(case.order):
        return Verdict("something to ship", "pass", f"{_many(len(astray), 'line')} without an address")
    if case.physical:
        return Verdict("something to ship", "skip", "every unit is shipped or refunded")
    if case.order.pickups:
        return Verdict("something to ship", "skip", "the shopper collects it")
    if not case.order.lines:
        repair = "look at its products in BigCommerce; it is read again when it is changed there"
        return Verdict("something to ship", "hold", "BigCommerce lists no line of it", field="products", repair=repair)
    return Verdict("something to ship", "skip", "no physical line: digital goods or gift certificates")


def _address(case: _Case) -> Verdict:
    if astray := _without_address(case.order):
        why = f"“{astray[0].name}” is to be shipped and has no shipping address"
        return Verdict("address", "hold", why, field="shipping address", repair="give it an address in BigCommerce")
    count = len(case.parcels)
    if len({parcel.consignment.id for parcel in case.parcels}) < count:
        why = "two of its shipping addresses have one id, so a shipment could not say which it is for"
        return Verdict("address", "hold", why, field="order_address_id", repair="place the order anew in BigCommerce")
    return Verdict("address", "pass", "one address" if count == 1 else f"{count} addresses, one FM order each")


def _without_address(order: Order) -> list[OrderProduct]:
    """Goods that BigCommerce lists among downloads or gift certificates."""
    return [line for line in order.downloads + order.gift_certificates if left_to_ship(line)]


def _country(case: _Case) -> Verdict:
    wanted = set(case.settings.parameters.countries)
    going = [parcel.consignment for parcel in case.parcels]
    found = {_country_of(one): countries.iso2(one.country_iso2) or countries.iso2(one.country) for one in going}
    if unknown := [name for name, code in found.items() if code is None]:
        why = f"“{unknown[0]}” is no country" if unknown[0] else "the shipping address has no country"
        close = countries.nearest(unknown[0]) if unknown[0] else None
        repair = f"make it {close} in BigCommerce" if close else "give the address its country in BigCommerce"
        return Verdict("country", "hold", why, "countries", "ShippingAddress.Country", repair)
    to = f"goes to {', '.join(found)}" if found else "goes nowhere"
    if found and wanted and not set(found.values()) & wanted:
        why = f"{to}; the country filter lets {', '.join(countries.name(code) for code in sorted(wanted))} pass"
        return Verdict("country", "skip", why, "countries")
    if wanted and not set(found.values()) <= wanted:
        lacking = ", ".join(name for name, code in found.items() if code not in wanted)
        why = f"{to}; the country filter does not let {lacking} pass, and an order goes to FM whole or not at all"
        repair = f"add {lacking} to the country filter, or split the order in BigCommerce"
        return Verdict("country", "hold", why, "countries", "ShippingAddress.Country", repair)
    return Verdict("country", "pass", to, "countries")


def _country_of(one: Consignment) -> str:
    return (one.country or one.country_iso2).strip()


def _test_items(case: _Case) -> Verdict:
    if case.test_skus and not case.is_test:
        mixed = ", ".join(sorted(case.test_skus))
        why = f"test items ({mixed}) stand beside real ones; test items are never dispatched"
        return Verdict("test items", "hold", why, "test_skus", "sku", "cancel the order and place the real items alone")
    return Verdict("test items", "pass", "a test order" if case.is_test else "no test items", "test_skus")


def _skus(case: _Case) -> Verdict:
    items = [item for parcel in case.parcels for item in parcel.items]
    blank = [item.line.name for item in items if item.parts and not item.line.sku.strip()]
    if blank:
        why = f"“{blank[0]}” has no SKU, so FM cannot know the article"
        repair = "give the product a SKU in BigCommerce and edit the order"
        return Verdict("SKUs", "hold", why, field="Products.Code", repair=repair)
    return Verdict("SKUs", "pass", "every line has a SKU")


def _bundles(case: _Case) -> Verdict:
    unknown = sorted({sku for parcel in case.parcels for sku in parcel.unknown_bundles})
    if unknown:
        # One a verdict, so that all orders that lack it are one cause; the next shows once this one is there.
        why, repair = f"bundle {unknown[0]} is not in the bundle table", f'add [bundles."{unknown[0]}"] with its parts'
        return Verdict("bundles", "hold", why, "bundles", "Products.Code", repair, [unknown[0], "", ""])
    return Verdict("bundles", "pass", "no bundle is unknown", "bundles")


def _dispatch_method(case: _Case) -> Verdict:
    codes: dict[str, str] = {}
    for parcel in case.parcels:
        row = row_of(parcel, case.settings)
        if row is None:
            why, lacks = unmapped(parcel, case.settings)
            repair = f'add "{lacks.method}" = "<code>" to the dispatch table, or a default'
            field = "DespatchDetails.DispatchMethod"
            return Verdict("dispatch method", "hold", why, "dispatch", field, repair, dispatch_cells(lacks))
        codes[parcel.consignment.shipping_method] = row.code
    shown = ", ".join(f"“{method}” -> {code}" for method, code in codes.items())
    return Verdict("dispatch method", "pass", shown or "nothing to dispatch", "dispatch")


def _number(case: _Case) -> Verdict:
    numbers = [parcel.number for parcel in case.parcels]
    long = [number for number in numbers if len(number) > LONGEST]
    if long:
        why = f"{long[0]} has {len(long[0])} characters; FM takes {LONGEST}"
        return Verdict("number", "hold", why, "prefix", "SalesOrderNo", "use a shorter prefix")
    return Verdict("number", "pass", ", ".join(numbers) or "needs none", "prefix")


def _fm_limits(case: _Case) -> tuple[Verdict, list[Repair]]:
    """The verdict over the documents after their repairs, and the repairs that are stale."""
    found: list[Problem] = []
    says: list[str] = []
    stale: set[Repair] = set()
    used: set[Repair] = set()
    for parcel in case.parcels:
        built = document.build(case.order, parcel, case.settings)
        one = mended(built, parcel.consignment.id, case.settings, case.repairs)
        found += one.problems
        says += [*one.says, *told.otherwise(case.order, parcel, built)]
        stale.update(one.stale)
        used.update(one.used)
    unused = [one for one in case.repairs if one in stale - used]
    if not found:
        # An order is not stopped for a message, but somebody must be able to see that it did not go whole.
        kept = "; ".join(["FM's documented limits are kept", *dict.fromkeys(says)])
        return Verdict("FM's limits", "pass", kept), unused
    why = "; ".join(dict.fromkeys(problem.text for problem in found))
    return Verdict("FM's limits", "hold", why, field=found[0].field, repair=document.cure(found[0])), unused


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


_OF_THE_ORDER: tuple[Gate, ...] = (_archived, _cancelled, _start_date, _store_filter, _order_status)
_OF_ITS_GOODS: tuple[Gate, ...] = (
    _something_to_ship,
    _address,
    _country,
    _test_items,
    _skus,
    _bundles,
    _dispatch_method,
    _number,
)
