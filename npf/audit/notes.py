"""What the journal is told: a tag, a sentence, the order it is about. Pure."""

import enum
from typing import Any

import msgspec


class Tag(enum.StrEnum):
    """What can happen, as `source:subject:action`."""

    STORE_ADDED = "person:store:added"
    STORE_CHANGED = "person:store:changed"
    STORE_PAUSED = "person:store:paused"
    STORE_RESUMED = "person:store:resumed"
    STORE_REMOVED = "person:store:removed"
    STORE_STOPPED = "station:store:paused"
    HOOK_REGISTERED = "hooks:webhook:registered"
    HOOK_REMOVED = "hooks:webhook:removed"
    HOOK_TROUBLE = "hooks:webhook:trouble"
    ORDER_PULLED = "pull:order:pulled"
    ORDER_GATED = "pull:order:gated"
    ORDER_CHANGED = "pull:order:changed"
    REPAIR_DROPPED = "pull:order:repair_dropped"
    ORDER_SENT = "send:order:sent"
    ORDER_TOLD = "send:order:told"
    ORDER_ADOPTED = "send:order:adopted"
    ORDER_RETRY = "station:order:retry"
    ORDER_STAGE = "station:order:stage"
    ORDER_HELD = "station:order:held"
    FM_STATUS = "follow:order:status"
    SHIPMENT_SEEN = "follow:shipment:seen"
    SHIPMENT_PUSHED = "push:shipment:pushed"
    SHIPMENT_ADOPTED = "push:shipment:adopted"
    SHIPMENT_KEPT = "push:shipment:kept"
    STATUS_PUSHED = "push:status:pushed"
    STATUS_KEPT = "push:status:kept"
    STOCK_PUSHED = "push:stock:pushed"
    STOCK_STOPPED = "push:stock:stopped"
    PERSON_MAPPED = "person:table:mapped"
    PERSON_HELD = "person:order:held"
    PERSON_RELEASED = "person:order:released"
    PERSON_RETRIED = "person:order:retried"
    PERSON_REPAIRED = "person:order:repaired"
    PERSON_UNDID = "person:order:repair_undone"
    PERSON_PULLED = "person:order:pulled"
    PERSON_STOPPED = "person:order:stopped"
    PERSON_LET_SHIP = "person:order:let_ship"
    PERSON_SENT_AGAIN = "person:order:sent_again"


class Note(msgspec.Struct, frozen=True):
    """An event to be written: `text` is a whole sentence for the timeline."""

    tag: Tag
    text: str
    bc_order_id: int | None = None
    data: dict[str, Any] = {}
