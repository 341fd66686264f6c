"""Why is an order not in FM? Every gate with its verdict, for any number, also one that was never pulled."""

from typing import Any

import msgspec

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import GiveUp
from npf.orders.models import Order
from npf.pull import page
from npf.stores.visit import Visit


def explain(at: Visit, bc_order_id: int) -> dict[str, Any]:
    """Read the order live and judge it with today's settings. Nothing is written.

    {"bc_order_id", "known": whether it was pulled, "stage": where it stands, "reason", "gates": [Verdict], "says"}
    """
    row = Order.objects.filter(store=at.store, bc_order_id=bc_order_id).first()
    answer: dict[str, Any] = {
        "bc_order_id": bc_order_id,
        "known": row is not None,
        "stage": row.stage if row else None,
        "reason": row.reason if row else "",
    }
    try:
        raw = bc_orders.read(at.bigcommerce, bc_order_id)
    except GiveUp as gone:
        if gone.code != "not_found":
            raise
        says = f"BigCommerce has no order {bc_order_id}: numbers of abandoned checkouts stay unused"
        return answer | {"gates": [], "says": says}
    judgement = page.read_one(at, raw).judgement
    verdict = judgement.decides
    says = f"“{verdict.gate}” does not let it pass: {verdict.why}" if verdict else "it passes every gate"
    if row is None and verdict is None:
        says += "; it was not pulled yet: npf pull NAME --order ID does it now"
    return answer | {"gates": msgspec.to_builtins(judgement.verdicts), "says": says}
