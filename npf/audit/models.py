"""Who did what (Event), and what the outer systems were asked and answered (Exchange).

Both carry plain numbers of store and order and no foreign keys: they outlive what they tell of, and this room
lies below the rooms that own those rows.
"""

from django.db import models


class Event(models.Model):
    """One thing that happened to a store or an order. `tag` is `source:subject:action`, from `audit.tags`."""

    at = models.DateTimeField()
    store_id = models.BigIntegerField(null=True)
    bc_order_id = models.BigIntegerField(null=True)
    tag = models.CharField(max_length=60)
    by = models.CharField(max_length=80)
    text = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["store_id", "bc_order_id", "at"]),
            models.Index(fields=["store_id", "-at"]),
        ]


class Exchange(models.Model):
    """One write to an outer system, kept whole with secrets masked (DESIGN rules 5 and 8)."""

    at = models.DateTimeField()
    store_id = models.BigIntegerField()
    bc_order_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=80)
    system = models.CharField(max_length=12)
    what = models.CharField(max_length=300)
    asked = models.TextField()
    answered = models.TextField()
    status = models.IntegerField()
    outcome = models.CharField(max_length=8)
    took_ms = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["store_id", "bc_order_id", "at"]),
            models.Index(fields=["store_id", "-at"]),
        ]
