"""A console in the middle of a day: three stores, one of them paused, one failing; orders in every stage; several
causes of holds; stock with figures. For the browser test, and for whoever wants to look at the pages.
"""

import random
from datetime import timedelta
from decimal import Decimal

from npf.orders.models import Order
from npf.orders.stages import Stage
from npf.stores import book
from npf.stores.models import Store
from tests.console import factories as make

_PEOPLE = ("Sarah Nguyen", "Tom Baker", "Priya Sharma", "Mei Chen, Studio Chen Pty Ltd", "Jack O'Brien", "Aroha Ngata")
_STAGES = (
    *(Stage.COMPLETE,) * 14,
    *(Stage.PROCESSING,) * 5,
    *(Stage.PENDING,) * 9,
    *(Stage.NEW,) * 4,
    *(Stage.SKIPPED,) * 3,
    *(Stage.CANCELLED,) * 2,
)


def seed() -> Store:
    """Fill the database; returns the store that has most to show."""
    rng = random.Random(7)
    acme = make.store("acme-au")
    zen = make.store("zen-nz", timezone="Pacific/Auckland", countries=["New Zealand"])
    harbour = make.store("harbour-home")
    for of, first, share in ((acme, 1000012, 1.0), (zen, 204, 0.5), (harbour, 31870, 0.3)):
        Store.objects.filter(pk=of.pk).update(next_stock_at=make.now() + timedelta(hours=5))
        for number, stage in enumerate(_STAGES):
            if rng.random() <= share:
                _order(of, first + number, stage, rng)
    make.beat(zen, "follow", failures=6, message="FM did not answer within 60 s", ok_at=make.ago(minutes=31))
    book.pause(harbour, "anna", make.CLOCK, "the merchant moves to another warehouse")
    _held(acme, zen)
    _stock(acme)
    make.event(acme, "Stock: 214 SKUs counted, 12 changed, 11 written, 2 unknown", tag="push:stock:pushed")
    _change(acme)
    return acme


def _order(of: Store, number: int, stage: Stage, rng: random.Random) -> Order:
    reasons = {
        Stage.SKIPPED: ("goes to Fiji; the country filter lets Australia, New Zealand pass", "gate:country"),
        Stage.CANCELLED: ("the order is cancelled in BigCommerce", "gate:cancelled"),
        Stage.PROCESSING: ("back-ordered: 1 x FM-2", ""),
    }
    reason, code = reasons.get(stage, ("", ""))
    placed = make.ago(hours=2 + 40 * rng.random())
    return make.order(
        of,
        number,
        stage,
        shopper=rng.choice(_PEOPLE),
        date_created=placed,
        total_inc_tax=Decimal(rng.randint(1995, 48000)) / 100,
        currency_code="NZD" if of.name.endswith("nz") else "AUD",
        country="NZ" if of.name.endswith("nz") else "AU",
        reason=reason,
        reason_code=code,
        test=rng.random() < 0.08,
    )


def _held(acme: Store, zen: Store) -> None:
    for number in range(3):
        make.order(
            acme,
            1000061 + number,
            Stage.HELD,
            stage_at=make.ago(hours=3 - number),
            shopper=_PEOPLE[number],
            reason='"Same Day Sydney" has no FM dispatch code',
            reason_code="gate:dispatch method",
            field="DispatchMethod",
            repair='add "Same Day Sydney" = "<code>" to the dispatch table, or a default',
            gates=make.DISPATCH_HOLD,
        )
    short = make.order(
        acme,
        1000071,
        Stage.HELD,
        stage_at=make.ago(minutes=25),
        reason="FM says shipped, but 1 x SHOP-2 has not left",
        reason_code="fm_short",
        repair="ask NPF; release it if nothing more will come",
    )
    make.line(short, 2, "SHOP-2", name="Linen tea towel, set of two, natural", quantity=1)
    make.sales_order(short, fm_status="SHIPPED", fm_message="")
    make.shipment(short)
    _timeline(acme, short)
    make.order(
        zen,
        266,
        Stage.HELD,
        shopper="Aroha Ngata",
        country="NZ",
        reason="Address line 1 holds letters that FM cannot keep: Ōtāhuhu",
        reason_code="gate:FM's limits",
        field="ShippingAddress.Address1",
        repair="write the address in Latin letters in BigCommerce",
    )


def _timeline(of: Store, order: Order) -> None:
    number = order.bc_order_id
    make.event(of, "Passed every gate", number, at=make.ago(minutes=50))
    document = f"<Order><SalesOrderNo>ACMEAU-{number}</SalesOrderNo><CustomerNo>42</CustomerNo></Order>"
    make.exchange(
        of,
        number,
        at=make.ago(minutes=48),
        system="fm",
        what=f"serverorder ACMEAU-{number}",
        asked=document,
        answered="",
        status=0,
        outcome="unclear",
        took_ms=60012,
    )
    text = "Not in FM yet: FM did not answer within 60 s. Next try in 2 min"
    make.event(of, text, number, tag="station:order:retry", at=make.ago(minutes=47))
    text = f"FM had ACMEAU-{number} already, from an earlier try whose answer was lost: nothing was sent again"
    make.event(of, text, number, tag="send:order:adopted", at=make.ago(minutes=45))
    make.event(of, "FM says PICK: being picked", number, tag="follow:order:status", at=make.ago(minutes=40))
    make.exchange(of, number, at=make.ago(minutes=26))
    make.event(of, "Tracking 331000071 is in BigCommerce, shipment 82", number, at=make.ago(minutes=26))
    text = "Held: FM says shipped, but 1 x SHOP-2 has not left"
    make.event(of, text, number, tag="station:order:held", at=make.ago(minutes=25))


def _stock(of: Store) -> None:
    make.run(of, began_at=make.ago(days=2), counted=214, changed=31, written=31, unknown=2)
    stopped = "82 of 214 SKUs would fall to zero (38 %), more than 30 %"
    make.run(of, began_at=make.ago(days=1), counted=214, changed=90, unknown=1, stopped=stopped)
    rows = [
        {"sku": "APRON-SAGE", "fm": 1240, "unsent": 12, "buffer": 5, "publish": 1223, "was": 1231, "written": True},
        {"sku": "APRON-RUST", "fm": 8, "unsent": 0, "buffer": 5, "publish": 3, "was": 3},
        {"sku": "KIT-HOME", "fm": 61, "unsent": 2, "buffer": 5, "publish": 54, "was": 60, "written": True},
        {"sku": "MUG-TALL-0440", "fm": None, "unsent": 0, "buffer": 5, "publish": None, "was": 18},
        {
            "sku": "TOWEL-2",
            "fm": 90,
            "unsent": 1,
            "buffer": 5,
            "publish": 84,
            "was": 80,
            "refused": "BigCommerce refused it: inventory is not tracked",
        },
    ]
    make.run(of, *rows, began_at=make.ago(hours=3), counted=214, changed=12, written=11, unknown=2)


def _change(of: Store) -> None:
    changes = ["parameters.stock_buffer: 3 -> 5", 'dispatch.*express*: "EP" -> "EP EXP"']
    make.event(
        of,
        f"Changed: {'; '.join(changes)}",
        tag="person:store:changed",
        by="anna",
        at=make.ago(days=1),
        data={"changes": changes},
    )
