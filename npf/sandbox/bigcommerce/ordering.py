"""Orders by other apps: what POST and PUT /v2/orders take, and what becomes of it (facts 53, 56, 58, 66, 67).

body -> checked: unknown and read-only fields refuse the whole request (fact 22)
     -> POST: Order -> Store.take       PUT: fields, lines, billing address -> Store.touch
"""

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from npf.sandbox.bigcommerce import bodies, people, placing, statuses
from npf.sandbox.bigcommerce.answers import Refusal, v2_error
from npf.sandbox.bigcommerce.catalogue import Variant
from npf.sandbox.bigcommerce.record import PHYSICAL, Address, Line, Order, money

if TYPE_CHECKING:
    from npf.sandbox.bigcommerce.store import Store

ADDRESS_FIELDS = {
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "state",
    "zip",
    "country",
    "country_iso2",
    "phone",
    "email",
}
_TEXTS = {
    "customer_message",
    "staff_notes",
    "payment_method",
    "external_source",
    "external_order_id",
    "order_source",
}
_NUMBERS = {"customer_id", "channel_id"}
# What BigCommerce would work out itself; whoever gives it, sees it again.
_AMOUNTS = {
    f"{name}_{tax}"
    for name in ("subtotal", "total", "handling_cost", "wrapping_cost", "shipping_cost")
    for tax in ("ex_tax", "inc_tax")
} | {"base_handling_cost", "base_shipping_cost", "base_wrapping_cost", "refunded_amount"}
_OVERLAID = {
    "customer_locale",
    "external_merchant_id",
    "geoip_country",
    "geoip_country_iso2",
    "ip_address",
    "ip_address_v6",
    "tax_provider_id",
    "ebay_order_id",
    "payment_provider_id",
}
_BOTH = _TEXTS | _NUMBERS | _AMOUNTS | _OVERLAID
_BOTH |= {"status_id", "discount_amount", "billing_address", "shipping_addresses", "products", "fees", "date_created"}
_POST = _BOTH | {"consignments", "default_currency_code"}
_PUT = _BOTH | {"is_deleted"}
_LINE = {
    "product_id",
    "variant_id",
    "quantity",
    "name",
    "name_customer",
    "name_merchant",
    "price_inc_tax",
    "price_ex_tax",
    "product_options",
    "upc",
    "sku",
    "wrapping_name",
    "wrapping_message",
}


def create(store: "Store", body: Any) -> Order:
    """Make an order of a POST body; it is announced like any other. Raises Refusal 400 with V2's array."""
    _check_fields(body, _POST)
    pickup = "consignments" in body
    if pickup and {"shipping_addresses", "products"} & set(body):
        raise v2_error(400, "The field 'consignments' cannot be given together with products or shipping_addresses.")
    billing = _address(body.get("billing_address"), "billing_address")
    rate = people.COUNTRIES[billing.country_iso2][4] if billing.country_iso2 in people.COUNTRIES else 0
    lines = [_new_line(store, row, rate) for row in _rows_of(body, pickup)]
    moment = _moment(body, store.seconds())
    status_id = _status(body.get("status_id", statuses.PENDING))
    order = Order(store.next_order_id(), status_id, moment, moment, lines, [], billing, tax_rate=rate)
    order.payment_status = placing.PAYMENT.get(status_id, "captured")
    order.currency_code = body.get("default_currency_code", store.currency)
    order.order_source = "external"
    order.fees = [_fee(row) for row in _list(body, "fees")]
    _apply(store, order, body)
    if not pickup:
        order.addresses = _ship_to(store, body, order)
    for line in (line for line in lines if line.kind == PHYSICAL):
        if pickup:
            line.pickup_method_id = body["consignments"]["pickups"][0].get("pickup_method_id", 1)
        elif order.addresses:
            line.address_id = order.addresses[0].id
    store.skip_order_ids(1)
    store.take(order)
    return order


def update(store: "Store", order: Order, body: Any) -> None:
    """Apply a PUT body. Raises Refusal 400.

    Lines go by id: quantity 0 removes one, a row without id adds one (fact 56). Fees are replaced as a whole (fact 67).
    """
    _check_fields(body, _PUT)
    changes = [_changed(store, order, row) for row in _list(body, "products")]
    billing = _address(body["billing_address"], "billing_address") if "billing_address" in body else order.billing
    moved = [_moved(order, row) for row in _list(body, "shipping_addresses")]
    status_id = _status(body.get("status_id", order.status_id))
    fees = [_fee(row) for row in body["fees"]] if "fees" in body else order.fees
    created = _moment(body, order.created)
    _apply(store, order, body)
    order.billing, order.fees, order.created = billing, fees, created
    for address, words in moved:
        placing.amend_address(address, words)
    for line, quantity, price in changes:
        line.price = price
        if line not in order.lines:
            order.lines.append(line)
            if order.stock_taken and store.settings.in_force("edit_order_stock_adjustment", order.channel_id):
                store.move_line(line, -quantity)
        else:
            store.change_quantity(order.id, order.lines.index(line), quantity)
    if "is_deleted" in body:
        order.is_deleted = body["is_deleted"]
    if status_id != order.status_id:
        store.move_status(order, status_id)
    store.customers.meet(order.customer_id, order.billing, store.seconds())
    store.touch(order)


def not_writable(name: str) -> Refusal:
    """400 for a read-only field (facts 22, 76)."""
    return v2_error(
        400, f"The field '{name}' cannot be written to. Please remove it from your request before trying again."
    )


def invalid(name: str) -> Refusal:
    """400 for a value that cannot be."""
    return v2_error(400, f"The field '{name}' is invalid.")


def _check_fields(body: Any, writable: set[str]) -> None:
    if not isinstance(body, dict) or not body:
        raise v2_error(400, "The request body must be a JSON object.")
    read_only = set(bodies.order_fields(_NOTHING, "")) | {"products", "shipping_addresses", "coupons", "consignments"}
    for name, value in body.items():
        if name not in writable:
            if name in read_only:
                raise not_writable(name)
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
        if name in _NUMBERS | {"status_id"} and type(value) is not int:
            raise invalid(name)
        if name in _TEXTS and not (isinstance(value, str) or (name == "external_source" and value is None)):
            raise invalid(name)
        if name == "is_deleted" and type(value) is not bool:
            raise invalid(name)


def _apply(store: "Store", order: Order, body: dict[str, Any]) -> None:
    """Fields that are the order's own, and amounts and others that are laid over its body."""
    if (customer_id := body.get("customer_id", 0)) and customer_id not in store.customers.by_id:
        raise invalid("customer_id")
    if body.get("channel_id", order.channel_id) not in store.channels:
        raise invalid("channel_id")
    overlaid = {name: body[name] for name in _OVERLAID if name in body}
    overlaid |= {name: money(_cents(body[name], name)) for name in _AMOUNTS if name in body}
    discount = _cents(body.get("discount_amount", order.discount / 100), "discount_amount")
    placing.amend_order(order, {name: body[name] for name in _TEXTS | _NUMBERS if name in body})
    placing.amend_order(order, overlaid)
    order.discount = discount


def _status(value: int) -> int:
    if value not in statuses.STATUSES:
        raise invalid("status_id")
    return value


def _moment(body: dict[str, Any], otherwise: int) -> int:
    if "date_created" not in body:
        return otherwise
    try:
        return int(parsedate_to_datetime(body["date_created"]).timestamp())
    except (TypeError, ValueError):
        raise invalid("date_created") from None


def _address(words: Any, where: str) -> Address:
    if not isinstance(words, dict):
        raise v2_error(400, f"The required field '{where}' was not supplied.")
    for name, value in words.items():
        if name not in ADDRESS_FIELDS | {"form_fields", "shipping_method", "id"}:
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
        if name in ADDRESS_FIELDS and not isinstance(value, str):
            raise invalid(name)
    address = Address(**{name: words[name] for name in ADDRESS_FIELDS | {"shipping_method"} if name in words})
    address.form_fields = tuple((one["name"], one["value"]) for one in words.get("form_fields", []))
    iso2 = {name: code for code, (name, *_) in people.COUNTRIES.items()}
    address.country_iso2 = address.country_iso2 or iso2.get(address.country, "")
    if not address.country and address.country_iso2 in people.COUNTRIES:
        address.country = people.COUNTRIES[address.country_iso2][0]
    return address


def _ship_to(store: "Store", body: dict[str, Any], order: Order) -> list[Address]:
    """The addresses given, else the bill's; none where nothing is shipped (fact 50). All costs lie on the first."""
    if order.is_digital:
        return []
    words = _list(body, "shipping_addresses") or [body["billing_address"]]
    made = [_address(row, "shipping_addresses") for row in words]
    cost = body.get("shipping_cost_inc_tax", body.get("base_shipping_cost", 0))
    for at, address in enumerate(made):
        address.id = store.next_address_id()
        address.cost = 0 if at else _cents(cost, "shipping_cost_inc_tax")
    return made


def _rows_of(body: dict[str, Any], pickup: bool) -> list[Any]:
    if not pickup:
        rows = _list(body, "products")
    else:
        pickups = body["consignments"].get("pickups") if isinstance(body["consignments"], dict) else None
        if not isinstance(pickups, list) or len(pickups) != 1 or not isinstance(pickups[0], dict):
            raise invalid("consignments")
        rows = _list(pickups[0], "line_items")
    if not rows:
        raise v2_error(400, "The required field 'products' was not supplied.")
    return rows


def _list(body: dict[str, Any], name: str) -> list[Any]:
    rows = body.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid(name)
    return rows


def _new_line(store: "Store", row: Any, rate: int) -> Line:
    for name in row:
        if name not in _LINE:
            raise v2_error(400, f"The field '{name}' is not supported by this resource.")
    quantity = row.get("quantity", 1)
    if type(quantity) is not int or quantity < 1:
        raise invalid("quantity")
    if "product_id" in row or "variant_id" in row:
        line = placing.line_of(store, _variant(store, row), quantity)
        line.name = row.get("name", line.name)
    else:
        for name in ("name", "price_inc_tax", "price_ex_tax"):
            if name not in row:
                raise v2_error(400, f"The required field '{name}' was not supplied.")
        line = Line(store.next_line_id(), row.get("sku", ""), row["name"], quantity, 0)
    if "price_inc_tax" in row:
        line.price = _cents(row["price_inc_tax"], "price_inc_tax")
    elif "price_ex_tax" in row:
        line.price = round(_cents(row["price_ex_tax"], "price_ex_tax") * (100 + rate) / 100)
    line.upc = row.get("upc", line.upc)
    line.wrapping_name, line.wrapping_message = row.get("wrapping_name", ""), row.get("wrapping_message", "")
    return line


def _variant(store: "Store", row: dict[str, Any]) -> Variant:
    """By variant_id, by the options chosen, or the only one there is."""
    if "variant_id" in row:
        found = store.catalogue.variants.get(row["variant_id"])
        if found is None or row.get("product_id", found.product_id) != found.product_id:
            raise invalid("variant_id")
        return found
    product = store.catalogue.products.get(row["product_id"])
    if product is None:
        raise invalid("product_id")
    chosen = {str(option.get("value", option.get("display_value"))) for option in row.get("product_options", [])}
    for variant in product.variants:
        values = {value for _, value in variant.options}
        ids = {str(variant.id * 10 + at) for at in range(len(variant.options))}
        if not variant.options or chosen in (values, ids):
            return variant
    raise v2_error(400, f"The options of the product {product.id} are missing or invalid.")


def _changed(store: "Store", order: Order, row: dict[str, Any]) -> tuple[Line, int, int]:
    """(the line, its new quantity and price) of one row of a PUT; one without id is a new line of the first address."""
    if "id" not in row:
        line = _new_line(store, row, order.tax_rate)
        line.address_id = order.addresses[0].id if order.addresses and line.kind == PHYSICAL else 0
        return line, line.quantity, line.price
    found = order.line(row["id"])
    quantity = row.get("quantity", found.quantity if found else 0)
    if found is None or type(quantity) is not int or quantity < 0:
        raise invalid("products")
    price = _cents(row["price_inc_tax"], "price_inc_tax") if "price_inc_tax" in row else found.price
    return found, quantity, price


def _moved(order: Order, row: dict[str, Any]) -> tuple[Address, dict[str, str]]:
    address = order.address(row.get("id", 0))
    if address is None:
        raise invalid("shipping_addresses")
    _address(row, "shipping_addresses")
    return address, {name: row[name] for name in ADDRESS_FIELDS | {"shipping_method"} if name in row}


def _fee(row: Any) -> tuple[str, int]:
    if not isinstance(row, dict) or "cost_inc_tax" not in row:
        raise invalid("fees")
    name = row.get("display_name_merchant") or row.get("display_name_customer") or "Fee"
    return str(name), _cents(row["cost_inc_tax"], "fees")


def _cents(value: Any, name: str) -> int:
    """Money comes as number or as text (fact 23)."""
    try:
        return round(float(value) * 100)
    except (TypeError, ValueError):
        raise invalid(name) from None


_NOTHING = Order(0, 0, 0, 0, [], [], Address())
