"""Make an order out of a few words: what a shopper bought, and where it goes."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce import goods, people, statuses
from npf.sandbox.bigcommerce.catalogue import Variant
from npf.sandbox.bigcommerce.record import DIGITAL, MISSING, PHYSICAL, Address, Line, Order

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

Goods = tuple[str, int] | Mapping[str, Any]
"""(sku, quantity), or a mapping. Of the mapping are read: sku, quantity, name, price (in dollars), type, address (which
one, from 0), parent (the line it belongs to, from 0), options (name to value), refunded, wrapping_name,
wrapping_message, recipient. What else it holds is laid over the line's body as it goes out."""

_LINE_WORDS = {
    "sku",
    "quantity",
    "name",
    "price",
    "type",
    "address",
    "parent",
    "options",
    "refunded",
    "wrapping_name",
    "wrapping_message",
    "recipient",
}
_ORDER_FIELDS = {field.name for field in fields(Order)} - {"id", "lines", "addresses", "cache", "extra", "billing"}
_ADDRESS_FIELDS = {field.name for field in fields(Address)} - {"id", "extra"}
PAYMENT = {
    statuses.INCOMPLETE: "",
    statuses.PENDING: "pending",
    statuses.AWAITING_PAYMENT: "pending",
    statuses.DECLINED: "declined",
    statuses.CANCELLED: "void",
    statuses.REFUNDED: "refunded",
    statuses.PARTIALLY_REFUNDED: "partially refunded",
}


def invent_address(chance: random.Random, country: str) -> Address:
    """Somebody somewhere in `country` (AU, NZ, US, GB, SG), with the right postcode. ValueError for another country."""
    if country not in people.COUNTRIES:
        raise ValueError(f"no addresses in {country!r}; there are some in {', '.join(people.COUNTRIES)}")
    name, places, phone, _, _ = people.COUNTRIES[country]
    city, state, postcode = chance.choice(places)
    first, last = chance.choice(people.FIRST_NAMES), chance.choice(people.LAST_NAMES)
    digits = "".join(chance.choices("0123456789", k=10 - len(phone)))
    return Address(
        first_name=first,
        last_name=last,
        street_1=f"{chance.randrange(1, 240)} {chance.choice(people.STREETS)}",
        city=city,
        state=state,
        zip=postcode,
        country=name,
        country_iso2=country,
        phone=phone + digits,
        email=f"{first}.{last}{chance.randrange(10, 99)}@example.com".lower(),
    )


def amend_address(address: Address, words: Mapping[str, Any]) -> Address:
    """Set fields of an address; names that it does not have are laid over its body as it goes out."""
    for name, value in words.items():
        if name in _ADDRESS_FIELDS and value is not MISSING:
            setattr(address, name, value)
        else:
            address.extra = {**(address.extra or {}), name: value}
    return address


def amend_order(order: Order, words: Mapping[str, Any]) -> None:
    """Set fields of an order (total, dates and status apart); other names are laid over its body as it goes out."""
    for name, value in words.items():
        if name in _ORDER_FIELDS and value is not MISSING:
            setattr(order, name, value)
        else:
            order.extra = {**(order.extra or {}), name: value}


def build(
    store: "Store",
    order_id: int,
    lines: Sequence[Goods],
    country: str,
    status_id: int,
    shipping_method: str,
    addresses: int | Sequence[Mapping[str, Any]],
    created: int,
    pickup: bool,
) -> Order:
    """The order, not yet in the store. See Store.place_order for the meaning of the arguments."""
    chance = random.Random((store.seed << 32) + order_id)
    rate = people.COUNTRIES[country][4] if country in people.COUNTRIES else 0
    billing = invent_address(chance, country)
    ship_to = [] if pickup else _ship_to(store, chance, billing, country, shipping_method, addresses)
    made = [_line(store, spec) for spec in lines]
    for at, (line, spec) in enumerate(zip(made, lines, strict=True)):
        words = spec if isinstance(spec, Mapping) else {}
        if "parent" in words:
            line.parent_id = made[words["parent"]].id
        if line.kind == PHYSICAL and pickup:
            line.pickup_method_id = 1
        elif line.kind == PHYSICAL and ship_to:
            line.address_id = ship_to[words.get("address", at % len(ship_to))].id
    if all(line.kind != PHYSICAL for line in made):
        ship_to = []
    return Order(
        order_id,
        status_id,
        created,
        created,
        made,
        ship_to,
        billing,
        tax_rate=rate,
        payment_status=PAYMENT.get(status_id, "captured"),
        cart_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    )


def _ship_to(
    store: "Store",
    chance: random.Random,
    billing: Address,
    country: str,
    shipping_method: str,
    addresses: int | Sequence[Mapping[str, Any]],
) -> list[Address]:
    wanted: Sequence[Mapping[str, Any]] = [{}] * addresses if isinstance(addresses, int) else addresses
    made: list[Address] = []
    for at, words in enumerate(wanted):
        address = invent_address(chance, country)
        if at == 0:
            for name in _ADDRESS_FIELDS - {"shipping_method", "cost", "form_fields"}:
                setattr(address, name, getattr(billing, name))
        address.id = store.next_address_id()
        address.shipping_method = shipping_method
        address.cost = goods.METHOD_COSTS.get(shipping_method, 995)
        made.append(amend_address(address, words))
    return made


def line_of(store: "Store", variant: Variant, quantity: int) -> Line:
    """A line as the shopper gets it who buys this variant now."""
    product = store.catalogue.product_of(variant)
    price = product.price if variant.price is None else variant.price
    return Line(
        store.next_line_id(),
        variant.sku,
        product.name,
        quantity,
        price,
        product.id,
        variant.id,
        product.kind,
        weight=product.weight,
        upc=variant.upc,
        brand=product.brand,
        bin=variant.bin,
        options=variant.options,
    )


def _line(store: "Store", spec: Goods) -> Line:
    words: Mapping[str, Any] = spec if isinstance(spec, Mapping) else {"sku": spec[0], "quantity": spec[1]}
    sku = words.get("sku", "")
    variant = store.catalogue.find(sku) if sku else None
    if sku and variant is None and words.get("type", PHYSICAL) == PHYSICAL:
        variant = store.add_product(sku, name=words.get("name", "")).variants[0]
    if variant is None:
        line = Line(store.next_line_id(), sku, words.get("name", sku), words.get("quantity", 1), 0)
    else:
        line = line_of(store, variant, words.get("quantity", 1))
        line.name = words.get("name", line.name)
    line.kind = words.get("type", line.kind)
    if "price" in words:
        line.price = round(float(words["price"]) * 100)
    elif "parent" in words:
        line.price = 0
    if "options" in words:
        line.options = tuple((str(name), str(value)) for name, value in dict(words["options"]).items())
    line.refunded = words.get("refunded", 0)
    line.wrapping_name = words.get("wrapping_name", "")
    line.wrapping_message = words.get("wrapping_message", "")
    line.recipient = words.get("recipient", "")
    if line.kind == DIGITAL:
        line.weight = 0
    line.extra = {name: value for name, value in words.items() if name not in _LINE_WORDS} or None
    return line
