"""The doctor: everything that can be known of a store before an order fails on it.

It registers the store's webhook and mends it (npf/hooks/keep.py); besides that it writes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Literal

import msgspec

from npf.bigcommerce import catalog, inventory, stores
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.address import AN_API_ACCOUNT
from npf.bigcommerce.records import read_order
from npf.check.credentials import NEEDED, NEW_TOKEN, ORDERS, USEFUL, WHERE, scopes, whole_token
from npf.core import countries
from npf.core.errors import FixSettings, GiveUp, NpfError
from npf.hooks.keep import keep
from npf.hooks.state import Kind, state_of
from npf.stores import arrivals, kinds, usage
from npf.stores.kinds import STATUSES
from npf.stores.models import Cursor
from npf.stores.visit import Visit

Result = Literal["ok", "note", "wrong"]

RECENT = timedelta(days=30)
LATELY = timedelta(days=7)
# The nightly sweep may come late once, not twice.
COMPARED_WITHIN = timedelta(hours=50)
# BigCommerce and we may differ by so much, in seconds, before a look misses what was just modified.
APART = 120.0
_WEBHOOK: dict[Kind, Result] = {"off": "note", "waiting": "ok", "working": "ok", "trouble": "wrong"}


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. `wrong` keeps orders or stock from going; a `note` is worth knowing. `cure`: what to do."""

    subject: str
    result: Result
    says: str
    cure: str = ""


def examine(at: Visit) -> Iterator[Finding]:
    """Look at everything, one finding after the other; what cannot be asked now is a finding too."""
    store = _Store(at)
    silent: set[str] = set()
    for subject, systems, look in _looks(store):
        if silent & systems:
            continue
        try:
            yield from look()
        except FixSettings as wrong:
            yield Finding(subject, "wrong", str(wrong), wrong.cure)
            # A system that refuses the credentials, or does not answer, is not asked again.
            silent |= systems if subject in ("BigCommerce", "FM") else set()
        except NpfError as error:
            yield Finding(subject, "wrong", str(error), "try again in a minute")
            silent |= systems
        at.progress("looked at", 0, 0)


Looks = tuple[tuple[str, set[str], Callable[[], Iterator[Finding]]], ...]


def _looks(store: "_Store") -> Looks:
    """(subject, the systems that are asked, the look)."""
    bigcommerce, fm = {"BigCommerce"}, {"FM"}
    return (
        ("BigCommerce", bigcommerce, store.token),
        ("quota", set(), store.quota),
        ("order statuses", bigcommerce, store.statuses),
        ("store filter", bigcommerce, store.channels),
        ("stock", bigcommerce, store.stock),
        ("stock moves", bigcommerce, store.stock_moves),
        ("clock", bigcommerce, store.clock),
        ("nothing missed", set(), store.compared),
        ("shipping methods", bigcommerce, store.methods),
        ("weight unit", bigcommerce, store.weights),
        ("SKUs", bigcommerce, store.catalogue),
        ("FM", fm, store.fm),
        ("SKUs at FM", bigcommerce | fm, store.skus_at_fm),
        ("files", set(), store.files),
        ("webhook", bigcommerce, store.webhook),
        ("settings", set(), store.settings),
    )


class _Store:
    """The store that is examined."""

    def __init__(self, at: Visit) -> None:
        self.at = at
        self.values = at.settings.parameters

    @cached_property
    def useful(self) -> dict[str, bool]:
        return {scope.name: scope.there for scope in scopes(self.at.bigcommerce, USEFUL)}

    @cached_property
    def products(self) -> dict[int, catalog.Product]:
        return {product.id: product for product in catalog.products(self.at.bigcommerce)}

    @cached_property
    def skus(self) -> dict[str, int]:
        """How often each SKU stands in the catalogue, digital goods aside; "" for items without one."""
        found: dict[str, int] = {}
        for variant in catalog.variants(self.at.bigcommerce):
            product = self.products.get(variant.product_id)
            if product is not None and product.type != "digital":
                sku = variant.sku.strip()
                found[sku] = found.get(sku, 0) + 1
        return found

    @property
    def legacy(self) -> bool:
        return self.at.bigcommerce.legacy

    def token(self) -> Iterator[Finding]:
        found = list(scopes(self.at.bigcommerce, ORDERS if self.legacy else NEEDED))
        if refusal := whole_token(found):
            raise refusal
        if self.legacy:
            says = "reads orders and writes shipments by V2; stock, channels and SKUs are out of its reach"
            yield Finding("legacy account", "note", says, f"to have them too, {AN_API_ACCOUNT}")
            return
        for scope in found:
            if scope.refusal:
                yield Finding("scope", "wrong", f"{scope.name} is missing: {scope.refusal}", NEW_TOKEN)
            else:
                yield Finding("scope", "ok", scope.name)

    def quota(self) -> Iterator[Finding]:
        # So that the calls of this look are among those shown.
        self.at.bigcommerce.rest()
        used = usage.last_hour(self.at.store, self.at.clock.now())
        yield Finding("quota", "ok", f"in the last hour {usage.in_words(used)}")

    def statuses(self) -> Iterator[Finding]:
        labels = {one.id: one.custom_label or one.name for one in bc_orders.statuses(self.at.bigcommerce)}
        for number in self.values.order_status:
            yield Finding("order status", "ok", f"orders in {number} ({labels.get(number, STATUSES[number])}) go to FM")
        for key in ("status_pending", "status_processing", "status_complete"):
            number = getattr(self.values, key)
            if number is not None:
                yield Finding(key, "ok", f"BigCommerce gets {number} ({labels.get(number, STATUSES[number])})")

    def channels(self) -> Iterator[Finding]:
        if not self.values.store_filter_enabled:
            return
        if self.legacy or not self.useful["Channel Settings: read-only"]:
            says = f"channels {', '.join(map(str, self.values.channels))} cannot be looked up with this account"
            yield Finding("store filter", "note", says, "the ids stand in the address bar of Channel Manager")
            return
        known = {channel.id: channel for channel in stores.channels(self.at.bigcommerce)}
        for number in self.values.channels:
            if number in known:
                says = f"channel {number} is {known[number].name} ({known[number].status})"
                yield Finding("store filter", "ok", says)
            else:
                cure = f"use one of {', '.join(f'{one.id} ({one.name})' for one in known.values())}"
                yield Finding("store filter", "wrong", f"BigCommerce has no channel {number}", cure)

    def stock_moves(self) -> Iterator[Finding]:
        """When BigCommerce takes stock off by itself (facts 69, 70)."""
        if self.legacy:
            return
        if not self.useful["Information & Settings: read-only"]:
            yield Finding(
                "stock moves", "note", "whether BigCommerce takes it off at the sale or at shipping cannot be read"
            )
        elif stores.takes_stock_when_shipped(self.at.bigcommerce):
            says = (
                "BigCommerce takes it off when an order is shipped: what NPF's figure has left out already goes twice"
            )
            cure = "in BigCommerce: Settings > Inventory > adjust stock when an order is placed"
            yield Finding("stock moves", "note", says, cure)
        else:
            yield Finding("stock moves", "ok", "BigCommerce takes it off when an order is placed")

    def stock(self) -> Iterator[Finding]:
        if self.legacy:
            if self.values.update_soh:
                yield Finding("stock", "wrong", "is not written with a legacy account", self._without_stock())
            return
        wanted = self.values.stock_location
        if not (self.useful["Store Inventory: modify"] and self.useful["Store Locations: read-only"]):
            says = "is written through the catalogue: 50 variants or 10 products a call, default location only"
            if self.values.stock_write == "exact":
                says += "; as figures, though stock_write is exact"
            cure = (
                f"a token ({WHERE}) that also has Store Inventory: modify and Store Locations: read-only writes 2,000 "
                "a call, at any location, and can keep what is sold meanwhile (stock_write = exact)"
            )
            yield Finding("stock", "wrong" if wanted else "note", says, cure)
            return
        how = "differences, which keep what is sold meanwhile" if self.values.stock_write == "exact" else "figures"
        yield Finding("stock", "ok", f"is written by the inventory service, 2,000 SKUs a call, as {how}")
        places = {place.id: place for place in inventory.locations(self.at.bigcommerce)}
        open_ones = ", ".join(f"{place.id} ({place.label})" for place in places.values() if place.enabled)
        chosen = wanted or min(places, default=0)
        if chosen not in places:
            yield Finding("stock location", "wrong", f"BigCommerce has no location {chosen}", f"use one of {open_ones}")
        elif not places[chosen].enabled:
            says = f"location {chosen} ({places[chosen].label}) is disabled"
            yield Finding("stock location", "wrong", says, f"enable it in BigCommerce, or use one of {open_ones}")
        else:
            yield Finding("stock location", "ok", f"{chosen} is {places[chosen].label}")

    def _without_stock(self) -> str:
        return f"{AN_API_ACCOUNT}; or leave it: npf store set {self.at.store.name} update_soh=No"

    def clock(self) -> Iterator[Finding]:
        now = self.at.clock.now()
        page = bc_orders.walk(self.at.bigcommerce, min_id=1, modified_since=now - timedelta(hours=1), limit=1)
        if page.server_time is None:
            yield Finding("clock", "note", "BigCommerce did not say its time")
            return
        apart = abs((page.server_time - self.at.clock.now()).total_seconds())
        if apart > APART:
            yield Finding("clock", "wrong", f"this machine's clock is {apart:.0f} s off", "set it by NTP")
        else:
            yield Finding("clock", "ok", "within two minutes of BigCommerce's")

    def compared(self) -> Iterator[Finding]:
        """What proves that no order was missed: the nightly sweep (npf/pull/sweep.py)."""
        cursor = Cursor.objects.filter(store=self.at.store).first()
        if cursor is None or cursor.walked_from is None:
            return
        if cursor.swept_at is None:
            yield Finding("nothing missed", "note", "the orders are compared with BigCommerce for the first time")
            return
        when = f"{cursor.swept_at.astimezone(self.values.zone):%d/%m/%Y %H:%M}"
        if self.at.clock.now() - cursor.swept_at > COMPARED_WITHIN:
            cure = f"see what hinders it: npf pull {self.at.store.name}"
            yield Finding("nothing missed", "wrong", f"the orders were last compared with BigCommerce on {when}", cure)
        else:
            yield Finding("nothing missed", "ok", f"all orders were compared with BigCommerce on {when}")

    def methods(self) -> Iterator[Finding]:
        since = self.at.clock.now() - RECENT
        counts: dict[tuple[str, str], int] = {}
        unread = 0
        for raw in bc_orders.walk(self.at.bigcommerce, min_id=1, modified_since=since).rows:
            try:
                order = read_order(raw)
            except GiveUp:
                unread += 1
                continue
            for one in order.shipping:
                key = one.shipping_method, countries.iso2(one.country_iso2) or countries.iso2(one.country) or ""
                counts[key] = counts.get(key, 0) + 1
        yield from self._mapped(counts)
        if unread:
            yield Finding("orders", "note", f"{unread} recent orders cannot be read; they will be held")
        if not counts:
            yield Finding("shipping method", "note", "no order of the last 30 days to look at")

    def _mapped(self, counts: dict[tuple[str, str], int]) -> Iterator[Finding]:
        """Whether the dispatch table has a row for each method; countries are named where only some have one."""
        codes: dict[str, dict[str, list[str]]] = {}
        for method, country in sorted(counts):
            rows = [row for row in self.at.settings.dispatch_rows if row.names(method) and row.goes_to(country)]
            first = next((index for index, row in enumerate(rows, start=1) if not row.weighs), len(rows))
            by_weight = " or ".join(dict.fromkeys(row.code for row in rows[:first]))
            codes.setdefault(method, {}).setdefault(by_weight, []).append(country)
        for method, found in codes.items():
            for code, to in found.items():
                where = f" to {', '.join(sorted(filter(None, to)))}" if len(found) > 1 else ""
                count = sum(counts[method, country] for country in to)
                yield self._method(f'"{method}"{where}', code, method, count)

    def _method(self, subject: str, code: str, method: str, count: int) -> Finding:
        if code:
            return Finding("shipping method", "ok", f"{subject} -> {code}")
        name = self.at.store.name
        cure = f'npf store set {name} "dispatch.{method}=CODE", or for all the rest "dispatch.default=CODE"'
        says = f"{subject} has no dispatch code; {count} recent orders would be held"
        return Finding("shipping method", "wrong", says, cure)

    def weights(self) -> Iterator[Finding]:
        """Whether the unit of weight is BigCommerce's, where the dispatch table looks at the weight (fact 118)."""
        if not any(row.weighs for row in self.at.settings.dispatch_rows):
            return
        unit = self.values.weight_unit
        if not self.legacy and not self.useful["Information & Settings: read-only"]:
            says = f"weights are read as {unit}; whether BigCommerce gives them so cannot be read with this token"
            yield Finding("weight unit", "note", says)
            return
        told = stores.store(self.at.bigcommerce).weight_units
        try:
            theirs = kinds.weight_unit(told)
        except ValueError:
            yield Finding("weight unit", "note", f"weights are read as {unit}; BigCommerce says “{told}”")
            return
        if theirs == unit:
            yield Finding("weight unit", "ok", f"weights are in {unit}")
        else:
            cure = f"npf store set {self.at.store.name} weight_unit={theirs}"
            yield Finding(
                "weight unit", "wrong", f"weights are read as {unit}, BigCommerce gives them in {theirs}", cure
            )

    def catalogue(self) -> Iterator[Finding]:
        if self.legacy:
            return
        if blank := self.skus.get(""):
            says = f"{blank} items have no SKU; orders for them are held"
            yield Finding("SKUs", "wrong", says, "give them one in BigCommerce: Products > the product > SKU")
        doubled = sorted(sku for sku, count in self.skus.items() if sku and count > 1)
        if doubled:
            cure = "make each SKU unique in BigCommerce; the stock of these is not written"
            yield Finding("SKUs", "wrong", f"{len(doubled)} stand on several items: {_some(doubled)}", cure)
        off = [one.name for one in self.products.values() if one.inventory_tracking == "none" and one.type != "digital"]
        if off:
            says = f"{len(off)} products sell without stock (tracking is off): {_some(off)}"
            yield Finding("SKUs", "note", says, "turn it on in BigCommerce, at the product's Inventory, to write stock")

    def fm(self) -> Iterator[Finding]:
        self.at.fm.prove()
        code = self.at.store.fm.client_code
        if self.at.settings.fm.kind == "files":
            yield Finding("FM", "ok", f"lets us read and write all four folders, for client {code}")
        else:
            yield Finding("FM", "ok", f"takes the login and the client code {code}")

    def files(self) -> Iterator[Finding]:
        """What a warehouse of files has written lately."""
        if self.at.settings.fm.kind != "files":
            return
        client, folder = self.at.store.fm, self.at.settings.fm.bad_folder
        for one in arrivals.bad(client).filter(taken_at__gte=self.at.clock.now() - LATELY).order_by("-taken_at")[:10]:
            says = f"{one.name}, {len(one.bad)} rows of {one.rows} could not be used: {arrivals.in_words(one)}"
            cure = f"have the warehouse send these rows again in a new file; the report is in {folder}"
            yield Finding("files", "wrong", says, cure)
        last = arrivals.last(client)
        if last is None:
            yield Finding("files", "note", "none has come from the warehouse yet")
        else:
            yield Finding("files", "ok", f"the last came {last.taken_at:%d/%m/%Y %H:%M} UTC: {last.name}")

    def skus_at_fm(self) -> Iterator[Finding]:
        if self.legacy:
            return
        name = self.at.store.name
        test = set(self.values.test_skus)
        parts = {sku: self.at.settings.parts(sku) for sku in sorted({*self.skus, *test} - {""})}
        if bare := [sku for sku, found in parts.items() if found is None]:
            cure = f'npf store set {name} "bundles.{bare[0]}.CODE=1", a row for each part'
            says = f"{len(bare)} bundles have no row in the bundle table: {_some(bare)}"
            yield Finding("bundles", "wrong", says, cure)
        codes = {code for sku, found in parts.items() if sku not in test for code in found or {}}
        for_tests = {code for sku in test for code in parts[sku] or {}} - codes
        figures = self.at.fm.stock_answer(sorted(codes | for_tests)).StockonHand
        if missing := sorted(code for code in codes if figures.get(code) is None):
            cure = f'ask NPF to set them up, or map them: npf store set {name} "sku_map.{missing[0]}=CODE"'
            says = f"FM does not know {len(missing)} of {len(codes)}: {_some(missing)}"
            yield Finding("SKUs", "wrong", says, cure)
        else:
            yield Finding("SKUs", "ok", f"FM knows all {len(codes)}")
        if untested := sorted(code for code in for_tests if figures.get(code) is None):
            says = f"FM does not know {', '.join(untested)}: a test order would be held"
            yield Finding("test items", "note", says, "ask NPF to set them up before a test")

    def webhook(self) -> Iterator[Finding]:
        state = state_of(self.at.store, keep(self.at), self.at.clock.now())
        yield Finding("webhook", _WEBHOOK[state.kind], state.says, state.next_step)

    def settings(self) -> Iterator[Finding]:
        begins = self.values.starts_at()
        if begins and begins > self.at.clock.now():
            says = f"lies ahead: orders placed before {self.values.start_date:%d/%m/%Y} are left out"
            yield Finding("start date", "note", says)
        codes = {row.code for row in self.at.settings.dispatch_rows}
        unmapped = sorted(codes - set(self.at.settings.carriers))
        if unmapped and self.values.update_tracking_number:
            cure = f'npf store set {self.at.store.name} "carriers.{unmapped[0]}=auspost"'
            says = f"no carrier for {_some(unmapped)}: the shopper sees a number without a carrier"
            yield Finding("carriers", "note", says, cure)
        if self.at.store.paused_at is not None:
            cure = f"npf store resume {self.at.store.name}"
            yield Finding("store", "wrong", f"is paused: {self.at.store.paused_reason}", cure)


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:10]) + (f" and {len(listed) - 10} more" if len(listed) > 10 else "")
