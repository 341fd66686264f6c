"""What goes in and out: the last requests, the webhooks with their deliveries."""

from npf.sandbox.bigcommerce.deliveries import Delivery
from npf.sandbox.bigcommerce.page.frame import clock, path_of, store_page
from npf.sandbox.bigcommerce.store import Store
from npf.sandbox.page.frame import Asked
from npf.sandbox.page.markup import Html, Piece, el, join, live, table

SHOWN = 100


def hooks_page(store: Store, asked: Asked) -> bytes:
    """The webhooks of a store and what each was sent."""
    send = asked.form(path_of(store, "deliver"))
    return store_page(
        store,
        ("hooks",),
        "Webhooks",
        asked,
        el("h1", "Webhooks"),
        live("hooks", _hooks(store)),
        el("h2", "Deliveries, last first"),
        send.whole(button="Send what is due now", minor=True),
        live("deliveries", _deliveries(store)),
    )


def _hooks(store: Store) -> Html:
    rows: list[tuple[Piece, ...]] = [
        (
            hook.id,
            hook.scope,
            el("code", hook.destination),
            hook.client_id,
            "active" if hook.is_active else el("span", "off: switch it on by PUT is_active", class_="bad"),
            clock(hook.heard_at) if hook.heard_at else "never",
        )
        for hook in store.hooks.by_id.values()
    ]
    empty = f"No webhooks yet. They are registered with POST /stores/{store.store_hash}/v3/hooks."
    shown = table(("Hook", "Scope", "Destination", "Account", "State", "Last event"), rows, empty)
    now = store.world.moment()
    blocked = [
        el("p", f"{row['destination']} is blocked for {row['time_left']} s more: too few of its webhooks succeeded.")
        for client_id in {hook.client_id for hook in store.hooks.by_id.values()}
        for row in store.deliveries.blocked.bodies(client_id, now)
    ]
    return el("div", shown, *blocked)


def _deliveries(store: Store) -> Html:
    rows: list[tuple[Piece, ...]] = [
        (clock(one.made_at), one.scope, one.hook.id, _answers(one), clock(one.due) if one.due else "", _outcome(one))
        for one in list(store.deliveries.all)[-SHOWN:][::-1]
    ]
    heads = ("Event", "Scope", "Hook", "Answers", "Next try", "Outcome")
    return table(heads, rows, "Nothing has been told to a webhook yet.")


def _answers(delivery: Delivery) -> Html:
    return join(el("div", answer, " at ", clock(at)) for at, answer in delivery.tries)


def _outcome(delivery: Delivery) -> Piece:
    if delivery.due is not None:
        return "waiting"
    return delivery.outcome if delivery.outcome == "delivered" else el("span", delivery.outcome, class_="bad")


def requests_page(store: Store, asked: Asked) -> bytes:
    """The last requests."""
    clear = asked.form(path_of(store, "clear-requests"))
    return store_page(
        store,
        ("requests",),
        "Requests",
        asked,
        el("h1", "Requests"),
        live("requests", _requests(store)),
        el("h2", "Clear"),
        clear.whole(button="Forget the requests", minor=True),
    )


def _requests(store: Store) -> Html:
    rows: list[tuple[Piece, ...]] = [
        (
            clock(entry.at.timestamp()),
            entry.method,
            el("code", f"{entry.path}?{entry.query}" if entry.query else entry.path),
            entry.status or "no work done",
            el("span", entry.fault, class_="bad") if entry.fault else "",
        )
        for entry in list(store.log)[-SHOWN:][::-1]
    ]
    heads = ("Time", "Method", "Path", "Status", "Fault")
    return table(heads, rows, "No requests yet.", numbers=("Status",))
