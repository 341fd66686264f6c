"""Orders of BigCommerce and the sales orders of FM that they become.

    Order (BigCommerce number)  1 -- n  Line            (order_product_id)
                                1 -- n  Address         (order_address_id)
                                1 -- 1  Record          (as BigCommerce wrote it)
                                1 -- n  Repair          (what a person gave FM in its place)
                                1 -- n  SalesOrder      (FM number, one live an address)  1 -- n  SalesLine (FM code)
                                1 -- 1  Difference      (where BigCommerce shows it otherwise than FM was asked for it)

What must hold is a constraint here: one order per store and BigCommerce number, one live sales order per address, one
FM number per FM client, never more despatched than ordered. Foreign keys that lead such a constraint have no index of
their own.
"""

from django.db import models
from django.db.models import F, Q

from npf.orders.stages import GATED, Stage
from npf.stores.models import FmClient, Store


class Order(models.Model):
    """One BigCommerce order: where it stands and why.

    `gates` is a list of orders.gates.Verdict as JSON, without their empty texts.
    """

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="orders", db_index=False)
    bc_order_id = models.BigIntegerField()
    stage = models.CharField(max_length=10, choices=[(stage.value, stage.value) for stage in Stage])
    stage_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=80, blank=True)
    repair = models.TextField(blank=True)
    test = models.BooleanField(default=False)
    gates = models.JSONField(default=list)
    # The settings_version that `gates` were made with; 0 = judge it again at the next pull.
    gated_with = models.IntegerField(default=0)

    status_id = models.IntegerField(null=True)
    status_seen_at = models.DateTimeField(null=True)
    payment_status = models.CharField(max_length=40, blank=True)
    channel_id = models.BigIntegerField(null=True)
    date_created = models.DateTimeField(null=True)
    date_modified = models.DateTimeField(null=True)
    currency_code = models.CharField(max_length=3, blank=True)
    total_inc_tax = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    shopper = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    shipping_method = models.TextField(blank=True)

    pulled_at = models.DateTimeField()
    # Stands for the text that was seen last: what is the same was not changed in BigCommerce.
    digest = models.CharField(max_length=32, blank=True)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    # The status of BigCommerce that push set last, and whether that write's answer is still missing.
    status_pushed = models.IntegerField(null=True)
    status_asked_at = models.DateTimeField(null=True)
    push_failures = models.IntegerField(default=0)
    next_push_at = models.DateTimeField(null=True)
    # How often a person had it sent again under a new number.
    resent = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "bc_order_id"], name="one_order_per_store_and_bigcommerce_number"),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in Stage]), name="order_stage_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "stage", "-bc_order_id"]),
            models.Index(
                fields=["store", "gated_with"],
                condition=Q(stage__in=[stage.value for stage in sorted(GATED)]),
                name="orders_to_judge_again",
            ),
            models.Index(
                fields=["store", "next_attempt_at"], condition=Q(stage=Stage.NEW.value), name="orders_waiting_for_send"
            ),
            models.Index(
                fields=["store", "next_push_at"],
                condition=Q(next_push_at__isnull=False),
                name="orders_waiting_for_push",
            ),
            models.Index(fields=["store", "stage"], condition=Q(resent__gt=0), name="orders_sent_again"),
        ]

    def __str__(self) -> str:
        return str(self.bc_order_id)


class Record(models.Model):
    """The order as BigCommerce wrote it, byte for byte; malformed ones too."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True)
    raw = models.BinaryField()
    read_at = models.DateTimeField()


class Address(models.Model):
    """One shipping address of an order; `position` counts them from 1 in the order of BigCommerce's list."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    order_address_id = models.BigIntegerField()
    position = models.IntegerField()
    first_name = models.TextField(blank=True)
    last_name = models.TextField(blank=True)
    company = models.TextField(blank=True)
    street_1 = models.TextField(blank=True)
    street_2 = models.TextField(blank=True)
    city = models.TextField(blank=True)
    state = models.TextField(blank=True)
    zip = models.TextField(blank=True)
    country = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    shipping_method = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "order_address_id"], name="one_row_per_order_address_id")
        ]


class Repair(models.Model):
    """What a person gave FM in the place of what it would refuse (parcels.Repair); BigCommerce keeps its own."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="repairs", db_index=False)
    order_address_id = models.BigIntegerField()
    field = models.CharField(max_length=80)
    value = models.TextField()
    replaces = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "order_address_id", "field"], name="one_repair_per_field")
        ]


class Difference(models.Model):
    """Where BigCommerce shows an order otherwise than FM was asked for it, by the latest reading.

    `changes` and `accepted` are lists of orders.changes.Change as JSON: all of them, and those that a person let ship.
    `reason` is why the changes must hold the order, "" = they need not; another hold may stand over it.
    `status_accepted` is the status of a stopped order with which a person let it ship.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True)
    changes = models.JSONField(default=list)
    accepted = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    status_accepted = models.IntegerField(null=True)
    seen_at = models.DateTimeField()


class Line(models.Model):
    """One line of an order.

    `wanted`: units that the order wanted when FM was asked, ordered less refunded; None before. `asked`: units that FM
    was asked for under the live number, or that ride along with one. `despatched`: those of them that left the
    building, by FM's word. `left_before`: units that left under numbers that are void now.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    order_product_id = models.BigIntegerField()
    order_address_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField()
    sku = models.TextField(blank=True)
    name = models.TextField(blank=True)
    type = models.CharField(max_length=20)
    quantity = models.IntegerField()
    quantity_refunded = models.IntegerField(default=0)
    quantity_shipped = models.IntegerField(default=0)
    price_inc_tax = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    parent_order_product_id = models.BigIntegerField(null=True)
    # FM is not asked for this line: it goes along with that order_product_id (parcels.py, bundles and pick lists).
    rides_with = models.BigIntegerField(null=True)
    despatched = models.IntegerField(default=0)
    wanted = models.IntegerField(null=True)
    asked = models.IntegerField(default=0, db_default=0)
    left_before = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "order_product_id"], name="one_row_per_order_product_id"),
            models.CheckConstraint(condition=Q(despatched__lte=F("quantity")), name="shipped_never_above_ordered"),
            models.CheckConstraint(condition=Q(despatched__gte=0), name="shipped_never_below_zero"),
        ]
        indexes = [models.Index(fields=["sku"])]


class SalesOrder(models.Model):
    """One order of FM. `asked_at` is set before FM is asked for the first time: from then on, look before sending.

    `shown_at`: when FM first showed it. `sent_again_at`: when it was given back to send, because FM had taken it and
    never had it; once at most. `voided_at`: a person had NPF stop it and sends the order again under another number. It
    stays on record, and is only watched, in case that it leaves after all.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="sales_orders")
    order_address_id = models.BigIntegerField()
    fm_client = models.ForeignKey(FmClient, on_delete=models.PROTECT, related_name="sales_orders", db_index=False)
    fm_number = models.CharField(max_length=30)
    npf_order_no = models.TextField(blank=True)
    dispatch_code = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fm_status = models.CharField(max_length=80, blank=True)
    fm_message = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)
    misses = models.IntegerField(default=0)
    follow_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    sent_again_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "order_address_id"],
                condition=Q(voided_at__isnull=True),
                name="one_live_sales_order_per_address",
            ),
            models.UniqueConstraint(fields=["fm_client", "fm_number"], name="one_fm_number_per_fm_client"),
        ]
        indexes = [
            models.Index(fields=["npf_order_no"]),
            models.Index(
                fields=["fm_client", "follow_at"],
                condition=Q(finished_at__isnull=True, sent_at__isnull=False),
                name="sales_orders_to_follow",
            ),
            models.Index(
                fields=["order", "follow_at"],
                condition=Q(voided_at__isnull=False, finished_at__isnull=True),
                name="sales_orders_to_watch",
            ),
        ]

    def __str__(self) -> str:
        return self.fm_number


class SalesLine(models.Model):
    """What FM was asked to send for one line.

    `quantity` units of `code`, `per_unit` of them for one unit of the line.
    """

    sales_order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="sales_lines")
    code = models.CharField(max_length=30)
    per_unit = models.IntegerField()
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sales_order", "line", "code"], name="one_row_per_line_and_code")
        ]
