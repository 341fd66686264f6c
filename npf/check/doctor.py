"""The doctor: everything that can be known of a store before an order fails on it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Literal

import msgspec

from npf.bigcommerce import catalog, stores
from npf.bigcommerce import orders as bc_orders
from npf.bigcommerce.records import read_order
from npf.check.credentials import NEEDED, USEFUL, WHERE, fm_knows_us, scopes
from npf.core.errors import FixSettings, GiveUp, NpfError
from npf.stores.kinds import STATUSES
from npf.stores.visit import Visit

Result = Literal["ok", "note", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. `wrong` keeps orders or stock from going; a `note` is worth knowing. `cure`: what to do."""

    subject: str
    result: Result
    says: str
    cure: str = ""


def examine(at: Visit) -> Iterator[Finding]:
    """Look at everything, one finding after the other; what cannot be asked now is a finding too."""
    for look in (_token, _statuses, _channels, _clock, _methods, _fm, _skus, _settings):
        try:
            yield from look(at)
        except NpfError as error:
            subject = (look.__doc__ or "").rstrip(".")
            cure = error.cure if isinstance(error, FixSettings) else "try again in a minute"
            yield Finding(subject, "wrong", str(error), cure)
        at.progress("looked at", 0, 0)


def _token(at: Visit) -> Iterator[Finding]:
    """BigCommerce token."""
    for scope in scopes(at.bigcommerce, NEEDED):
        cure = f"make a new token with all four scopes ({WHERE}); scopes of a token cannot be changed"
        yield (
            Finding("scope", "ok", scope.name)
            if scope.there
            else Finding("scope", "wrong", f"{scope.name} is missing: {scope.says}", cure)
        )
    there = {scope.name: scope.there for scope in scopes(at.bigcommerce, USEFUL)}
    if there["Store Inventory: modify"] and there["Store Locations: read-only"]:
        yield Finding("stock", "ok", "is written by the inventory service, 2,000 SKUs a call")
    else:
        yield Finding(
            "stock",
            "note",
            "is written through the catalogue: 50 variants or 10 products a call, default location only",
            "a token that also has Store Inventory: modify and Store Locations: read-only writes 2,000 a call",
        )


def _statuses(at: Visit) -> Iterator[Finding]:
    """order statuses."""
    labels = {one.id: one.custom_label or one.name for one in bc_orders.statuses(at.bigcommerce)}
    values = at.settings.parameters
    for number in values.order_status:
        yield Finding("order status", "ok", f"orders in {number} ({labels.get(number, STATUSES[number])}) go to FM")
    for key in ("status_pending", "status_processing", "status_complete"):
        number = getattr(values, key)
        if number is not None:
            yield Finding(key, "ok", f"BigCommerce gets {number} ({labels.get(number, STATUSES[number])})")


def _channels(at: Visit) -> Iterator[Finding]:
    """channels."""
    values = at.settings.parameters
    if not values.store_filter_enabled:
        return
    try:
        known = {channel.id: channel for channel in stores.channels(at.bigcommerce)}
    except FixSettings:
        says = f"channels {', '.join(map(str, values.channels))} cannot be looked up with this token"
        yield Finding("store filter", "note", says, "the ids stand in the address bar of Channel Manager")
        return
    for number in values.channels:
        if number not in known:
            cure = f"use one of {', '.join(f'{one.id} ({one.name})' for one in known.values())}"
            yield Finding("store filter", "wrong", f"BigCommerce has no channel {number}", cure)
        else:
            yield Finding("store filter", "ok", f"channel {number} is {known[number].name} ({known[number].status})")


def _clock(at: Visit) -> Iterator[Finding]:
    """clock."""
    page = bc_orders.walk(at.bigcommerce, min_id=1, modified_since=at.clock.now() - timedelta(hours=1), limit=1)
    if page.server_time is None:
        yield Finding("clock", "note", "BigCommerce did not say its time")
        return
    apart = abs((page.server_time - at.clock.now()).total_seconds())
    if apart > 120:
        yield Finding("clock", "wrong", f"this machine's clock is {apart:.0f} s off", "set it by NTP")
    else:
        yield Finding("clock", "ok", "within two minutes of BigCommerce's")


def _methods(at: Visit) -> Iterator[Finding]:
    """shipping methods."""
    since = at.clock.now() - timedelta(days=30)
    methods: dict[str, int] = {}
    unread = 0
    for raw in bc_orders.walk(at.bigcommerce, min_id=1, modified_since=since).rows:
        try:
            order = read_order(raw)
        except GiveUp:
            unread += 1
            continue
        for one in order.shipping:
            methods[one.shipping_method] = methods.get(one.shipping_method, 0) + 1
    for method, count in sorted(methods.items()):
        code = at.settings.dispatch_code(method)
        if code is None:
            cure = f'npf store set {at.store.name} "dispatch.{method}=<FM code>", or a default: "dispatch.default=AP"'
            yield Finding(
                "shipping method", "wrong", f'"{method}" has no dispatch code ({count} orders of 30 days)', cure
            )
        else:
            yield Finding("shipping method", "ok", f'"{method}" -> {code}')
    if unread:
        yield Finding("orders", "note", f"{unread} orders of the last 30 days cannot be read; they will be held")
    if not methods:
        yield Finding("shipping method", "note", "no order in the last 30 days to look at")


def _fm(at: Visit) -> Iterator[Finding]:
    """FM login."""
    fm_knows_us(at.fm)
    yield Finding("FM", "ok", f"takes the login and the client code {at.store.fm.client_code}")


def _skus(at: Visit) -> Iterator[Finding]:
    """SKUs."""
    products = {product.id: product for product in catalog.products(at.bigcommerce)}
    skus: dict[str, int] = {}
    blank = 0
    for variant in catalog.variants(at.bigcommerce):
        product = products.get(variant.product_id)
        if product is None or product.type == "digital":
            continue
        if variant.sku.strip():
            skus[variant.sku] = skus.get(variant.sku, 0) + 1
        else:
            blank += 1
    if blank:
        yield Finding(
            "SKUs", "wrong", f"{blank} items have no SKU; orders for them are held", "give them one in BigCommerce"
        )
    doubled = sorted(sku for sku, count in skus.items() if count > 1)
    if doubled:
        cure = "make each SKU unique in BigCommerce; their stock is not written"
        yield Finding("SKUs", "wrong", f"{len(doubled)} stand on several items: {_some(doubled)}", cure)
    off = [product.name for product in products.values() if product.inventory_tracking == "none"]
    if off:
        yield Finding("SKUs", "note", f"{len(off)} products sell without stock (tracking is off): {_some(off)}")
    yield from _against_fm(at, sorted(skus))


def _against_fm(at: Visit, skus: list[str]) -> Iterator[Finding]:
    parts = {sku: at.settings.parts(sku) for sku in [*skus, *at.settings.parameters.test_skus]}
    unknown_bundles = sorted(sku for sku, found in parts.items() if found is None)
    if unknown_bundles:
        cure = f'add [bundles."{unknown_bundles[0]}"] with its parts'
        yield Finding("bundles", "wrong", f"{len(unknown_bundles)} have no row: {_some(unknown_bundles)}", cure)
    codes = sorted({code for found in parts.values() for code in found or {}})
    figures = at.fm.stock(codes)
    missing = [code for code in codes if figures.get(code) is None]
    if missing:
        cure = 'ask NPF to set them up, or map them: npf store set NAME "sku_map.SHOP-SKU=FM-CODE"'
        yield Finding("SKUs", "wrong", f"FM does not know {len(missing)} of {len(codes)}: {_some(missing)}", cure)
    else:
        yield Finding("SKUs", "ok", f"FM knows all {len(codes)}")


def _settings(at: Visit) -> Iterator[Finding]:
    """settings."""
    values = at.settings.parameters
    begins = values.starts_at()
    if begins and begins > at.clock.now():
        yield Finding(
            "start date", "note", f"lies ahead: orders placed before {values.start_date:%d/%m/%Y} are left out"
        )
    unmapped = sorted(set(at.settings.dispatch.values()) - set(at.settings.carriers))
    if unmapped and values.update_tracking_number:
        cure = f'npf store set {at.store.name} "carriers.{unmapped[0]}=auspost"'
        says = f"no carrier for {_some(unmapped)}: the shopper sees a number without a carrier"
        yield Finding("carriers", "note", says, cure)


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:10]) + (f" and {len(listed) - 10} more" if len(listed) > 10 else "")
