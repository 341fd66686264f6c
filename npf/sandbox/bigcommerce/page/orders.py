"""The stores; the orders of one, with a form to place another; one order, with all that may be done to it."""

from npf.sandbox.bigcommerce import goods, people, statuses
from npf.sandbox.bigcommerce.page.frame import clock, path_of, store_page
from npf.sandbox.bigcommerce.record import Address, Order, money
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.bigcommerce.world import World
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, datalist, el, join, link, live, table, whole_page

SHOWN = 60
ADDRESS_FIELDS = {
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "street_1": "Street",
    "street_2": "Second line",
    "city": "City",
    "state": "State",
    "zip": "Postcode",
    "country": "Country",
    "country_iso2": "Country code",
    "phone": "Phone",
    "email": "E-mail",
}


def stores_page(world: World) -> bytes:
    """All stores."""
    rows: list[tuple[Piece, ...]] = [
        (
            link(path_of(store), store.name),
            store.store_hash,
            len(store.book),
            len(store.log),
            len(store.hooks.by_id),
        )
        for store in world.stores.values()
    ]
    empty = 'There is no store yet. Add one: POST /_sandbox/stores with {"store_hash": "demo1", "orders": 20}.'
    heads = ("Store", "Hash", "Orders", "Requests", "Webhooks")
    shown = table(heads, rows, empty, numbers=("Orders", "Requests", "Webhooks"))
    return whole_page("BigCommerce sandbox", "/", el("h1", "BigCommerce sandbox"), live("stores", shown))


def orders_page(store: Store, asked: Asked) -> bytes:
    """The orders of a store, last changed first, and the form that places one."""
    return store_page(
        store,
        (),
        "Orders",
        asked,
        el("h1", "Orders"),
        live("figures", _figures(store)),
        _connect(store),
        el("h2", "Place an order"),
        _place(store, asked),
        el("h2", "Last changed first"),
        live("orders", _orders(store)),
    )


def _figures(store: Store) -> Html:
    quota = store.quota
    of = "requests are not limited" if quota.allowed is None else f"{quota.left()} of {quota.allowed} requests left"
    window = "" if quota.allowed is None else f" in this window of {quota.window:g} s, {quota.refused} refused so far"
    return el("p", clock(store.seconds()), f" UTC · {len(store.book)} orders · {of}{window}", class_="quiet")


def _connect(store: Store) -> Html:
    account = next(iter(store.accounts.values()), None)
    if account is None:
        return el("p", "The store has no API account: every token is refused.", class_="bad")
    rows: list[tuple[Piece, ...]] = [
        ("API path", el("code", f"{store.world.api_url}/stores/{store.store_hash}/v3/")),
        ("Client id", el("code", account.client_id)),
        ("Access token", el("code", account.access_token)),
        ("Client secret", el("code", account.client_secret)),
    ]
    return el("details", el("summary", "How to connect to it"), table(("What", "Value"), rows, ""))


def _place(store: Store, asked: Asked) -> Html:
    form = asked.form(path_of(store, "place"))
    skus = [variant.sku for variant in store.catalogue.variants.values() if variant.sku]
    countries = [(code, row[0]) for code, row in people.COUNTRIES.items()]
    return join(
        [
            form.whole(
                form.text("sku", "SKU", "MUG-INK", list="skus", required=True),
                form.text("quantity", "Quantity", 1, inputmode="numeric", required=True),
                form.select("country", "Country", countries, "AU"),
                form.text("shipping_method", "Shipping method", goods.SHIPPING_METHODS[0], list="methods"),
                form.select("status_id", "Status", _statuses(store), statuses.AWAITING_FULFILLMENT),
                button="Place the order",
            ),
            datalist("skus", skus),
            datalist("methods", goods.METHOD_COSTS),
        ]
    )


def _statuses(store: Store) -> list[tuple[Piece, Piece]]:
    return [(status_id, f"{status_id} {store.custom_status(status_id)}") for status_id in statuses.STATUSES]


def _orders(store: Store) -> Html:
    rows: list[tuple[Piece, ...]] = []
    for order in sorted(store.book, key=lambda one: (one.modified, one.id), reverse=True)[:SHOWN]:
        address = order.addresses[0] if order.addresses else order.billing
        what = ", ".join(f"{line.quantity} x {line.sku or line.name}" for line in order.lines)
        tracking = ", ".join(one.tracking_number or "no number" for one in store.shipments_of.get(order.id, []))
        status = store.custom_status(order.status_id) + (", archived" if order.is_deleted else "")
        to = f"{address.first_name} {address.last_name}, {address.city}, {address.country_iso2}"
        rows.append(
            (link(path_of(store, "orders", order.id), order.id), status, to, what, tracking, clock(order.modified))
        )
    heads = ("Order", "Status", "To", "Goods", "Tracking", "Changed")
    return table(heads, rows, "No orders yet. Place one above.")


def order_page(store: Store, order: Order, asked: Asked) -> bytes:
    """One order: what it holds, and what a shopper or the merchant may do to it."""
    return store_page(
        store,
        ("orders", order.id),
        f"Order {order.id}",
        asked,
        el("h1", f"Order {order.id}"),
        live("order", _state(store, order)),
        el("h2", "Status"),
        _status_forms(store, order, asked),
        el("h2", "Lines"),
        _line_forms(store, order, asked),
        *(piece for place in range(len(order.addresses)) for piece in _address_form(store, order, place, asked)),
    )


def _state(store: Store, order: Order) -> Html:
    status = f"{order.status_id} {store.custom_status(order.status_id)}" + (", archived" if order.is_deleted else "")
    paid = order.payment_status or "not paid"
    total = money(order.total)[:-2]
    lines: list[tuple[Piece, ...]] = [
        (line.id, line.sku or "no SKU", line.name, line.quantity, line.shipped, line.refunded, money(line.price)[:-2])
        for line in order.lines
    ]
    shipments: list[tuple[Piece, ...]] = [
        (
            one.id,
            one.tracking_number or "none",
            one.shipping_provider or one.tracking_carrier,
            el("code", one.tracking_link) if one.tracking_link else "",
            ", ".join(f"{quantity} of line {line_id}" for line_id, quantity in one.items),
        )
        for one in store.shipments_of.get(order.id, [])
    ]
    heads = ("Line", "SKU", "Name", "Ordered", "Shipped", "Refunded", "Price")
    return join(
        [
            el(
                "p",
                el("b", status),
                f" · {paid} · {total} {order.currency_code} · changed ",
                clock(order.modified),
                " UTC",
            ),
            table(heads, lines, "No line is left.", numbers=("Ordered", "Shipped", "Refunded", "Price")),
            *(el("p", _words(address)) for address in order.addresses),
            el("h2", "Shipments"),
            table(("Shipment", "Tracking", "Carrier", "Link", "Items"), shipments, "Nothing has been shipped yet."),
        ]
    )


def _words(address: Address) -> str:
    who = f"{address.first_name} {address.last_name}, " + (f"{address.company}, " if address.company else "")
    street = ", ".join(part for part in (address.street_1, address.street_2) if part)
    to = f"{who}{street}, {address.city} {address.zip}, {address.state}, {address.country}"
    return f"To {to}, by {address.shipping_method or 'no shipping method'}"


def _status_forms(store: Store, order: Order, asked: Asked) -> Html:
    base = path_of(store, "orders", order.id)
    form = asked.form(f"{base}/status")
    simple = [("pay", "Pay it"), ("cancel", "Cancel it"), ("archive", "Archive it")]
    return el(
        "div",
        form.whole(form.select("status_id", "Any status", _statuses(store), order.status_id), button="Set the status"),
        *(
            el("form", el("button", words, type="submit", class_="minor"), method="post", action=f"{base}/{name}")
            for name, words in simple
        ),
        class_="row",
    )


def _line_forms(store: Store, order: Order, asked: Asked) -> Html:
    if not order.lines:
        return el("p", "No line is left to change.", class_="quiet")
    base = path_of(store, "orders", order.id)
    lines: list[tuple[Piece, Piece]] = [
        (at, f"{line.quantity} x {line.sku or line.name}") for at, line in enumerate(order.lines)
    ]
    edit, refund = asked.form(f"{base}/quantity"), asked.form(f"{base}/refund")
    return el(
        "div",
        edit.whole(
            edit.select("line", "Line", lines),
            edit.text("quantity", "New quantity (0 removes it)", order.lines[0].quantity, inputmode="numeric"),
            button="Change the quantity",
        ),
        refund.whole(
            refund.select("line", "Line", lines),
            refund.text("quantity", "Units to refund", 1, inputmode="numeric"),
            button="Refund",
        ),
        class_="stack",
    )


def _address_form(store: Store, order: Order, place: int, asked: Asked) -> list[Html]:
    form = asked.form(path_of(store, "orders", order.id, "address", place))
    address = order.addresses[place]
    fields = [form.text(name, words, getattr(address, name)) for name, words in ADDRESS_FIELDS.items()]
    which = "Address" if len(order.addresses) == 1 else f"Address {place + 1}"
    return [el("h2", which), form.whole(*fields, button="Change the address")]
