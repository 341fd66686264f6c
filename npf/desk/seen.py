"""What a person sees of a held order, as a short text: a decision is about just that."""

import hashlib

import msgspec

from npf.orders.models import Difference, Order


def seen_of(order: Order) -> str:
    """Another text wherever the hold or what BigCommerce shows is another."""
    row = Difference.objects.filter(order=order).first()
    shown = (order.stage, order.reason_code, order.reason, order.status_id, row.changes if row else [])
    return hashlib.blake2b(msgspec.json.encode(shown), digest_size=8).hexdigest()
