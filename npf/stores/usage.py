"""How much of a store's request quota was used in the last hour, by us and by the merchant's other apps."""

from datetime import datetime, timedelta

import msgspec
from django.db.models import Sum

from npf.stores.models import Quota, QuotaMinute, Store
from npf.stores.parameters import parameters

HOUR = timedelta(hours=1)


class Usage(msgspec.Struct, frozen=True):
    """Calls in the last hour. `quota` requests in `lasts` seconds, 0 = BigCommerce has not said it yet.

    `others` is what other apps have surely made in the windows in which we asked too, None where BigCommerce does not
    tell (legacy accounts, whose `quota` is the most that was seen left of an hour). `kept_free` is the store's share.
    `held_for`: seconds until we may ask again after a 429, else 0.
    """

    ours: int
    others: int | None
    quota: int
    lasts: float
    kept_free: float
    held_for: float


def last_hour(store: Store, now: datetime) -> Usage:
    """The usage of a store's quota as the processes have told it up to now."""
    place = store.quota_place
    sums = QuotaMinute.objects.filter(place=place, minute__gt=now - HOUR, minute__lte=now).aggregate(
        ours=Sum("ours", default=0), others=Sum("others", default=0)
    )
    row = Quota.objects.filter(place=place).first() or Quota(place=place)
    return Usage(
        ours=sums["ours"],
        others=None if store.legacy_url else sums["others"],
        quota=row.quota,
        lasts=HOUR.total_seconds() if row.rolling else row.lasts,
        kept_free=parameters(store.parameters).quota_kept_free,
        held_for=max(0.0, row.held_until - now.timestamp()),
    )


def by_us(usage: Usage) -> str:
    return f"{usage.ours:,} call{'' if usage.ours == 1 else 's'}"


def by_others(usage: Usage) -> str:
    """What can be known of them: they are seen only while we ask too."""
    if usage.others is None:
        return "not told to a legacy account"
    return f"about {usage.others:,}" if usage.others else "none seen"


def quota(usage: Usage) -> str:
    """'150 in 30 s, 20% kept free'."""
    if not usage.quota:
        return "not told yet"
    kept = f"{usage.kept_free * 100:g}% kept free"
    if usage.lasts >= HOUR.total_seconds():
        return f"{usage.quota:,} seen left of an hour, {kept}"
    return f"{usage.quota:,} in {usage.lasts:g} s, {kept}"


def in_words(usage: Usage) -> str:
    """'212 calls by us; by others about 80; quota 150 in 30 s, 20% kept free'."""
    said = f"{by_us(usage)} by us; by others {by_others(usage)}; quota {quota(usage)}"
    return said + (f"; BigCommerce asked us to wait, {usage.held_for:.0f} s more" if usage.held_for else "")
