"""What FM has, what BigCommerce was told, run by run."""

from django.db import models
from django.db.models import Q

from npf.stores.models import Store

KINDS = ("daily", "now", "change", "undo")


class Level(models.Model):
    """The last count of one SKU that a store sells. `fm` None = unknown, which is never zero.

    `variant_id` None = a product whose stock stands on the product. `tracking` is BigCommerce's `inventory_tracking`
    (none, product, variant: fact 99). `note` says why it cannot be published; "" = it can. `counted_at` is the moment
    before FM was asked: what happened since may be missing in its figures. `known_at`: the last count that gave a
    figure. `published`: what BigCommerce was told last, None = nothing yet; a later count keeps both.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="levels")
    sku = models.CharField(max_length=255)
    product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField(null=True)
    tracking = models.CharField(max_length=10)
    was = models.IntegerField(null=True)
    fm = models.IntegerField(null=True)
    # FM product code -> [units in one of this SKU, FM's figure or null].
    figures = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    counted_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    published = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "sku"], name="one_level_per_store_and_sku")]


class Run(models.Model):
    """One push of a store's stock. `stopped` says why it wrote nothing, or not all; "" = it went through.

    `kind`: daily, now (a person wanted it), change (only what changed since the last), undo. It is on record before
    anything is written: `ended_at` None = under way, or its process was killed.

    `belt` is what the seat belt said, "" = nothing; `anyway_by` who went on all the same, this once. `undoes`: the run
    whose previous figures this one wrote back. `differs`: written SKUs of which BigCommerce shows another figure.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="stock_runs")
    kind = models.CharField(max_length=10, default="now", choices=[(kind, kind) for kind in KINDS])
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    counted = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    differs = models.IntegerField(default=0)
    way = models.CharField(max_length=20, blank=True)
    belt = models.TextField(blank=True)
    anyway_by = models.CharField(max_length=80, blank=True)
    stopped = models.TextField(blank=True)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="undone_by")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=KINDS), name="stock_run_kind_is_known")]
        indexes = [models.Index(fields=["store", "-began_at"])]


class Item(models.Model):
    """One SKU in one run: FM's figure, what was taken off and why, what was to be published, what stood there before.

    `part` is the FM code that decides, the scarcest of a bundle, `per_unit` its units in one of the SKU. `causes` says
    what takes off units of that part: {cause: {"units": n, "orders": ["1000012", …], "more": n}}; see stock/rule.py.
    `refused` says why it was not written, in our words or in BigCommerce's.

    `asked_at` is set before BigCommerce is asked, `delta` too where a difference is written and not the figure itself:
    both are the proof after a crash. `stands`: what BigCommerce showed after the write; None = not read.

    The items of a store are its history (of_sku in stock/history.py). They are kept 90 days, the runs for ever.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    sku = models.CharField(max_length=255)
    product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField(null=True)
    fm = models.IntegerField(null=True)
    unsent = models.IntegerField()
    part = models.CharField(max_length=30, blank=True)
    per_unit = models.IntegerField(default=1)
    causes = models.JSONField(default=dict)
    buffer = models.IntegerField()
    publish = models.IntegerField(null=True)
    was = models.IntegerField(null=True)
    delta = models.IntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    written = models.BooleanField(default=False)
    stands = models.IntegerField(null=True)
    refused = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "sku"], name="one_item_per_run_and_sku")]
        indexes = [models.Index(fields=["store", "sku", "-run"], name="stock_history")]
