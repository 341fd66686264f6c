"""Why is an order not in FM? Every gate with its verdict, for any number, also one that was never pulled."""

from typing import Any

import msgspec

from npf.bigcommerce import orders as bc_orders
from npf.core.errors import GiveUp, TryLater
from npf.orders.gates import Judgement, Verdict
from npf.orders.models import Order, SalesOrder
from npf.orders.stages import Stage
from npf.pull import page
from npf.stores.visit import Visit


def explain(at: Visit, bc_order_id: int) -> dict[str, Any]:
    """Read the order live and judge it with today's settings. Nothing is written.

    {"bc_order_id", "known": whether it was pulled, "stage": where it stands, "reason", "gates": [Verdict], "says"}
    Where BigCommerce cannot be asked now, a known order is explained by the verdicts of its last pull; else TryLater.
    """
    row = Order.objects.filter(store=at.store, bc_order_id=bc_order_id).first()
    answer: dict[str, Any] = {
        "bc_order_id": bc_order_id,
        "known": row is not None,
        "stage": row.stage if row else None,
        "reason": row.reason if row else "",
    }
    try:
        judgement = page.read_one(at, bc_orders.read(at.bigcommerce, bc_order_id)).judgement
        live = ""
    except TryLater as later:
        if row is None:
            raise
        judgement = Judgement(msgspec.convert(row.gates, list[Verdict]))
        when = row.pulled_at.astimezone(at.settings.parameters.zone)
        live = f"; as of {when:%d/%m/%Y %H:%M}, because BigCommerce cannot be asked now: {later}"
    except GiveUp as gone:
        if gone.code != "not_found":
            raise
        says = f"BigCommerce has no order {bc_order_id}"
        says += ", no more" if row else ": numbers of abandoned checkouts stay unused"
        return answer | {"gates": [], "says": says}
    gates = [msgspec.structs.asdict(verdict) for verdict in judgement.verdicts]
    return answer | {"gates": gates, "says": _says(row, judgement) + live}


def _says(row: Order | None, judgement: Judgement) -> str:
    sent = SalesOrder.objects.filter(order=row, sent_at__isnull=False, voided_at__isnull=True).order_by("pk")
    numbers = ", ".join(sent.values_list("fm_number", flat=True)) if row else ""
    if row and row.stage == Stage.HELD and not row.reason_code.startswith("gate:"):
        where = f"FM has it as {numbers}; it is held" if numbers else "it is held"
        return f"{where}: {row.reason}"
    if numbers:
        return f"FM has it as {numbers}"
    if verdict := judgement.decides:
        return f"“{verdict.gate}” does not let it pass: {verdict.why}"
    if row is None:
        return "it passes every gate; it was not pulled yet: npf pull NAME --order ID does it now"
    return "it passes every gate" + ("; the next send brings it to FM" if row.stage == Stage.NEW else "")
