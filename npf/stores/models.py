"""Stores, the FM clients they send to, and what the stations remember of each store."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from npf.stores.secret import SecretField


class FmClient(models.Model):
    """One client code at one FM. Several stores may send to it; a wrong login pauses all of them at once."""

    base_url = models.CharField(max_length=300)
    client_code = models.CharField(max_length=80)
    username = models.CharField(max_length=120)
    password = SecretField()
    # Of an account at an SFTP server that is opened by a key; "" = by the password.
    private_key = SecretField(blank=True, default="")
    # The rest of the [fm] table: addresses given alone, batch sizes, what FM's figure means (fm_parameters.py).
    options = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["base_url", "client_code"], name="one_row_per_fm_client")]

    def __str__(self) -> str:
        return f"{self.client_code} at {self.base_url}"


class Store(models.Model):
    """One BigCommerce store. A removed store keeps its row and its orders, so that adding it again sends none twice."""

    name = models.SlugField(max_length=60, unique=True)
    merchant = models.CharField(max_length=200)
    # Of a legacy account reached by a domain of its own, whose hash nobody tells: that domain.
    store_hash = models.CharField(max_length=60)
    # Where a legacy account's API is: https://store-abc123.mybigcommerce.com/api/v2; "" = an account with a token.
    legacy_url = models.CharField(max_length=300, blank=True)
    client_id = models.CharField(max_length=200, blank=True)
    access_token = SecretField(blank=True)
    # Of the same API account; "" = not given. BigCommerce signs webhooks with it.
    client_secret = SecretField(blank=True, default="")
    api_url = models.CharField(max_length=300)
    fm = models.ForeignKey(FmClient, on_delete=models.PROTECT, related_name="stores")
    parameters = models.JSONField(default=dict)
    dispatch = models.JSONField(default=dict)
    carriers = models.JSONField(default=dict)
    sku_map = models.JSONField(default=dict)
    bundles = models.JSONField(default=dict)
    buffers = models.JSONField(default=dict)
    # Goes up at each change: orders that were gated with an earlier one are looked at again.
    settings_version = models.IntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(blank=True)
    paused_parameter = models.CharField(max_length=80, blank=True)
    removed_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True)
    next_stock_at = models.DateTimeField(null=True)
    # The next push of what has changed, besides the daily one; None = only daily.
    next_change_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two rows on one BigCommerce store would pull each order twice and ship it twice.
            models.UniqueConstraint(
                "api_url",
                Lower("store_hash"),
                condition=Q(removed_at__isnull=True),
                name="one_store_per_bigcommerce_store",
            ),
            models.UniqueConstraint(
                "legacy_url",
                condition=Q(removed_at__isnull=True) & ~Q(legacy_url=""),
                name="one_store_per_legacy_address",
            ),
        ]
        indexes = [models.Index(fields=["next_look_at"], condition=Q(removed_at__isnull=True), name="stores_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def quota_place(self) -> str:
        """Whose request quota it uses: the BigCommerce store's, whatever its name here (see Quota)."""
        return self.legacy_url or f"{self.api_url}/stores/{self.store_hash.casefold()}"


class FormerTable(models.Model):
    """A table of a store (tables.TABLES) as it stood before somebody changed it."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="former_tables", db_index=False)
    table = models.CharField(max_length=20)
    rows = models.JSONField(default=dict)
    replaced_at = models.DateTimeField()
    replaced_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["store", "table", "-id"], name="former_tables_newest")]


class Cursor(models.Model):
    """How far a store was pulled. The three walk columns let a walk go on where a killed one stopped.

    The sweep is a second walk, once a night over every order; its columns do the same for it.
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, primary_key=True)
    modified_since = models.DateTimeField(null=True)
    # Nothing that was last modified before this was ever asked for: an earlier start date walks from there again.
    walked_from = models.DateTimeField(null=True)
    walk_since = models.DateTimeField(null=True)
    walk_next_id = models.BigIntegerField(default=0)
    walk_began = models.DateTimeField(null=True)
    # None = no sweep is under way.
    sweep_next_id = models.BigIntegerField(null=True)
    sweep_began = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)


class Lease(models.Model):
    """Who works a station of a store now. See leases.py."""

    name = models.CharField(max_length=120, primary_key=True)
    owner = models.CharField(max_length=120)
    owner_pid = models.IntegerField()
    owner_began = models.DateTimeField()
    fence = models.BigIntegerField(default=1)
    until = models.DateTimeField()


class Beat(models.Model):
    """The last look of a station at a store: the answer to "is it alive, and if not, why?"."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="beats")
    station = models.CharField(max_length=12)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)
    failures = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "station"], name="one_beat_per_station")]


class Quota(models.Model):
    """The request quota of one BigCommerce store, kept to by all processes together. See pace.py.

    The columns are those of npf.bigcommerce.window.Window; times are seconds since 1970 by the processes' clocks.
    """

    place = models.CharField(max_length=400, primary_key=True)
    version = models.BigIntegerField(default=0)
    quota = models.IntegerField(default=0)
    lasts = models.FloatField(default=30.0)
    ends = models.FloatField(default=0.0)
    held_until = models.FloatField(default=0.0)
    serial = models.BigIntegerField(default=0)
    used = models.IntegerField(default=0)
    ours = models.IntegerField(default=0)
    others = models.IntegerField(default=0)
    given = models.IntegerField(default=0)
    given_before = models.IntegerField(default=0)
    rolling = models.BooleanField(default=False)


class QuotaMinute(models.Model):
    """The calls to a BigCommerce store in one minute: ours, and what other apps have surely made. Kept two hours."""

    place = models.CharField(max_length=400)
    minute = models.DateTimeField()
    ours = models.IntegerField(default=0)
    others = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "minute"], name="one_row_per_minute")]


class OrderFile(models.Model):
    """An order's file for a warehouse of files. See npf/files/ledger.py for its states."""

    fm_client = models.ForeignKey(FmClient, on_delete=models.CASCADE)
    number = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=5)
    tries = models.IntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fm_client", "number"], name="one_file_per_order")]


class Arrival(models.Model):
    """A file that came from a warehouse of files. `bad`: [line, what is wrong] of each row that could not be used."""

    fm_client = models.ForeignKey(FmClient, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=6, blank=True)
    rows = models.IntegerField()
    bad = models.JSONField(default=list)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fm_client", "digest"], name="each_content_once")]
        indexes = [models.Index(fields=["fm_client", "-taken_at"], name="stores_arrivals")]


class Told(models.Model):
    """What the files of a warehouse have said of one order, or of the stock of one product code."""

    fm_client = models.ForeignKey(FmClient, on_delete=models.CASCADE)
    kind = models.CharField(max_length=5)
    key = models.CharField(max_length=100)
    said = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fm_client", "kind", "key"], name="told_once")]
