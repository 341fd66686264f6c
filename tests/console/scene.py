"""A console in the middle of a day: three stores, one of them paused, one failing; orders in every stage; several
causes of holds; stock with figures. For the browser test, and for whoever wants to look at the pages.
"""

import random
from datetime import timedelta
from decimal import Decimal

from npf.orders.changes import Change, reason, write
from npf.orders.models import Difference, Order, SalesOrder
from npf.orders.stages import Stage
from npf.shipments.models import Shipment
from npf.stock.models import Run
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
    acme = make.store("acme-au", promise_hours=9)
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
    _late(acme)
    return acme


def _late(of: Store) -> None:
    """Two orders that NPF has had for days, and what it charged for those that it sent."""
    waiting = SalesOrder.objects.filter(order__store=of, order__stage=Stage.PENDING, order__test=False)
    late = list(waiting.order_by("pk").values_list("pk", flat=True)[:2])
    SalesOrder.objects.filter(pk__in=late).update(sent_at=make.ago(days=6))
    Shipment.objects.update(freight=Decimal("8.45"), handling=Decimal("2.75"))


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
            reason="shipping method “Same Day Sydney” is not in the dispatch table",
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
    desk(acme)
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


def desk(of: Store) -> None:
    """One order that was changed after FM had it, one that was cancelled, one whose void number has left."""
    changed = make.order(of, 1000081, Stage.HELD, stage_at=make.ago(minutes=12), reason_code="changed_in_bigcommerce")
    make.line(changed, 2, "TOWEL-2", name="Linen tea towel, set of two, natural", quantity=1, wanted=1, asked=1)
    changed.lines.filter(order_product_id=1).update(wanted=2, asked=2)
    make.sales_order(changed)
    make.shipment_of(changed, 2)
    changes = [
        Change("line", 1, "SHOP-1", "units", "2", "5"),
        Change("line", 3, "MUG-INK", "units", "0", "1"),
        Change("address", 1, "", "street_1", "14 Station Street", "Unit 3, 210 Wellington Parade South"),
        Change("address", 1, "", "zip", "3065", "3002"),
        Change("order", 0, "", "message", "", "Please ring twice"),
    ]
    why = reason(changes[:4])
    Order.objects.filter(pk=changed.pk).update(reason=why, repair="hand the text on the order's page to NPF's floor")
    Difference.objects.create(order=changed, changes=write(changes), reason=why, seen_at=make.ago(minutes=12))
    text = "Changed in BigCommerce after FM had it: SHOP-1: 2 -> 5; MUG-INK x 1 added. FM was not told."
    make.event(of, text, 1000081, tag="pull:order:changed", at=make.ago(minutes=12))
    stopped = make.order(
        of,
        1000082,
        Stage.HELD,
        status_id=5,
        reason="BigCommerce shows 5 Cancelled, and FM has the order: it may still be shipped",
        reason_code="stopped_in_bigcommerce",
        field="status_id",
        repair="hand the text on the order's page to NPF's floor; release it once it is stopped: it becomes Cancelled",
    )
    make.sales_order(stopped)
    number = f"{of.parameters['prefix']}1000083"
    twice = make.order(
        of,
        1000083,
        Stage.HELD,
        resent=1,
        reason=f"FM despatched {number} after all, which NPF was to stop: 2 x FM-1, consignment 331000083. It may go "
        f"to the shopper twice, for {number}-R2 was sent in its place",
        reason_code="fm_sent_twice",
        field="SalesOrderNo",
        repair="ask NPF's floor to stop the new number if it has not left, then choose what it answers",
    )
    void = make.sales_order(twice, voided_at=make.ago(hours=2), fm_status="SHIPPED", fm_message="")
    make.sales_order(twice, fm_number=f"{number}-R2", npf_order_no="NPF1500984")
    make.parcel(void, codes={"FM-1": 2}, wanted=False)


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
    """Two weeks of pushes, the last but one stopped by its belt; a count with SKUs that cannot be written."""
    rng = random.Random(3)
    stood = 48
    for ago in range(15, 1, -1):
        fm = max(0, stood + rng.randint(-9, 4)) if ago % 5 else stood + 30
        sage = {"sku": "APRON-SAGE", "fm": fm, "publish": max(0, fm - 5), "was": stood, "buffer": 5, "written": True}
        rust = {"sku": "APRON-RUST", "fm": 8, "buffer": 5, "publish": 3, "was": 3}
        make.run(of, sage, rust, kind="daily", began_at=make.ago(days=ago), counted=214, changed=31, written=31)
        stood = max(0, fm - 5 - rng.randint(0, 6))
    make.run(of, kind="change", began_at=make.ago(hours=20), counted=214)
    stopped = "82 of 214 SKUs would fall to zero (38 %), more than 30 %"
    fallen = [{"sku": f"MUG-{number}", "fm": 0, "publish": 0, "was": 7 + number} for number in range(6)]
    last = make.run(of, *fallen, kind="daily", began_at=make.ago(days=1), counted=214, changed=90, unknown=1)
    Run.objects.filter(pk=last.pk).update(stopped=stopped, belt=stopped, counted_at=last.began_at)
    causes = {"new": {"units": 9, "orders": ["1000044", "1000041"], "more": 0}}
    causes["awaiting payment"] = {"units": 3, "orders": ["1000031", "zen-nz 214"], "more": 12}
    rows = [
        {
            "sku": "APRON-SAGE",
            "fm": 1240,
            "unsent": 12,
            "buffer": 5,
            "publish": 1223,
            "was": 1231,
            "written": True,
            "stands": 1223,
            "part": "APRON-SAGE",
            "causes": causes,
        },
        {"sku": "APRON-RUST", "fm": 8, "buffer": 5, "publish": 3, "was": 9, "written": True, "stands": 9},
        {
            "sku": "KIT-HOME",
            "fm": 61,
            "unsent": 2,
            "buffer": 5,
            "publish": 54,
            "was": 60,
            "written": True,
            "stands": 54,
            "part": "FM-1",
            "per_unit": 2,
            "causes": {"held": {"units": 4, "orders": ["1000061"], "more": 0}},
        },
        {"sku": "MUG-TALL-0440", "fm": None, "buffer": 5, "publish": None, "was": 18},
        {"sku": "TOWEL-2", "fm": 90, "unsent": 1, "buffer": 5, "publish": 84, "was": 80, "refused": "no such item"},
    ]
    counts = {"kind": "now", "by": "otto", "counted": 214, "changed": 12, "written": 11, "unknown": 2, "differs": 1}
    make.run(of, *rows, began_at=make.ago(hours=3), counted_at=make.ago(hours=3), **counts)
    stopped = "FM answered for client ZEN, not for ACME"
    make.run(
        of, *fallen, kind="daily", belt=stopped, stopped=stopped, counted=214, changed=6, began_at=make.ago(hours=1)
    )
    make.level(of, "APRON-SAGE", fm=64, was=47)
    make.level(of, "MUG-TALL-0440", fm=None, was=18, note="FM has no details of MUG-TALL-0440")
    make.level(of, "PRINT-A3", fm=12, note="inventory tracking is off in BigCommerce")
    make.level(of, "TOTE", fm=3, note="this SKU stands on several items in BigCommerce")
    make.beat(of, "count", counts={"counted": 214, "without_sku": 3})


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
