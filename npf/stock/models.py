"""What FM has, what BigCommerce was told, run by run."""

from django.db import models

from npf.stores.models import Store


class Level(models.Model):
    """The last count of one SKU that a store sells. `fm` None = unknown, which is never zero.

    `variant_id` None = a product whose stock stands on the product. `tracking` is BigCommerce's `inventory_tracking`
    (none, product, variant: fact 99). `note` says why it cannot be published; "" = it can. `counted_at` is the moment
    before FM was asked: what happened since may be missing in its figures.
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "sku"], name="one_level_per_store_and_sku")]


class Run(models.Model):
    """One push of a store's stock. `stopped` says why it wrote nothing, or not all; "" = it went through.

    It is on record before anything is written: `ended_at` None = under way, or its process was killed.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="stock_runs")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    counted = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    way = models.CharField(max_length=20, blank=True)
    stopped = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-began_at"])]


class Item(models.Model):
    """One SKU in one run: FM's figure, what was taken off, what was to be published, what stood there before.

    `refused` says why it was not written, in our words or in BigCommerce's.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    sku = models.CharField(max_length=255)
    product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField(null=True)
    fm = models.IntegerField(null=True)
    unsent = models.IntegerField()
    buffer = models.IntegerField()
    publish = models.IntegerField(null=True)
    was = models.IntegerField(null=True)
    written = models.BooleanField(default=False)
    refused = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "sku"], name="one_item_per_run_and_sku")]
