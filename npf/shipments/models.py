"""What left NPF's building, and what BigCommerce was told of it."""

from django.db import models
from django.db.models import Q

from npf.orders.models import Line, SalesOrder


class Shipment(models.Model):
    """One despatch of one sales order. Written once, by FM's word; push fills the `bc_` columns.

    `part` counts what FM added later under the same consignment number. `wanted` is False where the store's parameters
    say that no shipment is to be written. `asked_at` is set before BigCommerce is asked: from then on, look before
    writing.
    """

    sales_order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="shipments")
    consignment_no = models.CharField(max_length=100, blank=True)
    part = models.IntegerField(default=1)
    manifest_no = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    tracking_link = models.TextField(blank=True)
    despatched_on = models.DateField(null=True)
    freight = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    handling = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    codes = models.JSONField(default=dict)
    seen_at = models.DateTimeField()
    wanted = models.BooleanField(default=True)
    asked_at = models.DateTimeField(null=True)
    bc_shipment_id = models.BigIntegerField(null=True)
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sales_order", "consignment_no", "part"], name="one_shipment_per_consignment_and_part"
            ),
            models.CheckConstraint(
                condition=Q(bc_shipment_id__isnull=True) | Q(pushed_at__isnull=False),
                name="a_bound_shipment_was_pushed",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"shipment {self.pk}"


class ShipmentLine(models.Model):
    """How many units of an order line a shipment carries."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="one_row_per_shipment_and_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_shipment_line_carries_something"),
        ]
