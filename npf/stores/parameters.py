"""The parameters of a store: one table that files, sheets, the command, the console and the stations read.

A row says the key of the store file (DESIGN section 3), NPF's own words for it, how a written value is read, and a
sentence of help. `Parameters` is the typed values that the stations use, with the defaults. The rows of the [fm] table
are in fm_parameters.py.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from npf.fm.proposals import RULES
from npf.stores import kinds
from npf.stores.daily import next_daily
from npf.stores.dispatch import KILOGRAMS
from npf.stores.promise import DAYS, REGIONS, Promise
from npf.stores.row import Parameter as Parameter
from npf.stores.row import row as _row


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of one store as values. Countries are ISO2, statuses ids, `start_date` a day in `timezone`."""

    update_soh: bool = True
    update_tracking_number: bool = True
    update_tracking_url: bool = True
    bundle_prefix: str = ""
    bundle_suffix: str = ""
    bundle_action: Literal["explode", "as_is", "strip"] = "explode"
    store_filter_enabled: bool = False
    channels: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    start_date: date | None = None
    timezone: str = "Australia/Melbourne"
    prefix: str = ""
    order_status: tuple[int, ...] = (11,)
    status_pending: int | None = None
    status_processing: int | None = None
    status_complete: int | None = 10
    stock_time: str = "18:00"
    stock_wait: int = 30
    stock_every: int = 0
    stock_basis: Literal["available", "on_hand"] = "available"
    stock_buffer: int = 0
    stock_location: int | None = None
    stock_write: Literal["absolute", "exact"] = "absolute"
    stock_zero_share: float = 0.3
    stock_fall_share: float = 0.6
    stock_unknown_share: float = 0.3
    stock_count_age: int = 120
    test_skus: tuple[str, ...] = ("Test001", "Test002")
    repairs: tuple[str, ...] = ()
    look_every: int = 120
    quota_kept_free: float = 0.2
    weight_unit: Literal["kg", "g", "t", "lb", "oz"] = "kg"
    promise_hours: int = 0
    promise_region: str = "AU-VIC"
    promise_days: tuple[str, ...] = DAYS[:5]
    promise_open: str = "08:00-17:00"
    promise_closed: tuple[date, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def starts_at(self) -> datetime | None:
        """Midnight of the start date in the store's zone, in UTC; None = from the beginning."""
        if self.start_date is None:
            return None
        return datetime.combine(self.start_date, datetime.min.time(), self.zone).astimezone(UTC)

    def stock_due_after(self, after: datetime) -> datetime:
        """The next time of the daily stock, in UTC, strictly after `after`."""
        return next_daily(after, time.fromisoformat(self.stock_time), self.zone)

    def change_due_after(self, now: datetime) -> datetime | None:
        """The next push of what has changed; None = only daily."""
        return now + timedelta(minutes=self.stock_every) if self.stock_every else None

    @property
    def promise(self) -> Promise | None:
        """What NPF promises for its orders; None = nothing."""
        if not self.promise_hours or not self.promise_days:
            return None
        opens, closes = map(time.fromisoformat, self.promise_open.split("-"))
        return Promise(
            hours=self.promise_hours,
            region=self.promise_region,
            days=frozenset(map(DAYS.index, self.promise_days)),
            opens=opens,
            closes=closes,
            closed=frozenset(self.promise_closed),
        )

    @property
    def stock_waits(self) -> timedelta:
        """How long the daily push waits for the orders at most."""
        return timedelta(minutes=self.stock_wait)


_YES_NO = ("Yes", "No")

PARAMETERS: tuple[Parameter, ...] = (
    _row(
        "Orders",
        "start_date",
        "Start Date",
        kinds.day,
        "dd/MM/yyyy. Orders placed before midnight of this day are left out.",
    ),
    _row("Orders", "timezone", "Time zone", kinds.zone, "Of the start date, the stock time and this store's screens."),
    _row(
        "Orders",
        "order_status",
        "order status",
        kinds.several(kinds.pulled_status),
        "Orders in these BigCommerce statuses go to FM.",
    ),
    _row(
        "Orders",
        "prefix",
        "prefix",
        kinds.number_prefix,
        "Put before the order number in FM: MG makes 1000012 MG1000012, and MG1000012-1, MG1000012-2 where it goes to "
        "several addresses.",
    ),
    _row(
        "Orders",
        "countries",
        "Country Filters",
        kinds.several(kinds.country),
        "Only orders that go there; empty = all.",
    ),
    _row(
        "Orders",
        "store_filter_enabled",
        "Store Filter Enabled",
        kinds.yes_no,
        "Yes = only orders of the channels below.",
        *_YES_NO,
    ),
    _row(
        "Orders",
        "channels",
        "Store Filter",
        kinds.several(kinds.whole(1, 2**31 - 1)),
        "Channel ids, used when the store filter is enabled.",
    ),
    _row(
        "Orders",
        "test_skus",
        "Test items",
        kinds.several(kinds.required_text),
        "An order of these SKUs alone is a test and is never dispatched.",
    ),
    _row(
        "Orders",
        "weight_unit",
        "Weight unit",
        kinds.weight_unit,
        "The unit of the products' weights in BigCommerce (Settings > Store profile > Physical dimensions). Only a "
        "dispatch table that looks at the weight needs it.",
        *KILOGRAMS,
    ),
    _row(
        "Orders",
        "repairs",
        "Repairs by rule",
        kinds.several(kinds.repair),
        "What goes to FM of itself in the place of what it would refuse; BigCommerce keeps its own. "
        + " ".join(f"{name}: {does}" for name, does in RULES.items()),
    ),
    _row("Bundles", "bundle_prefix", "Bundle prefix", kinds.text, "A SKU that begins so is a bundle."),
    _row("Bundles", "bundle_suffix", "Bundle suffix", kinds.text, "A SKU that ends so is a bundle."),
    _row(
        "Bundles",
        "bundle_action",
        "Bundle action",
        kinds.one_of("explode", "as_is", "strip"),
        "explode = by the bundle table; as_is = send the SKU; strip = send it without prefix and suffix.",
        "explode",
        "as_is",
        "strip",
    ),
    _row(
        "Tracking",
        "update_tracking_number",
        "Update Tracking Number to Shopping cart",
        kinds.yes_no,
        "No = FM is followed and the status moves, but no shipment is written.",
        *_YES_NO,
    ),
    _row(
        "Tracking",
        "update_tracking_url",
        "Update Tracking Url to Shopping cart",
        kinds.yes_no,
        "No = carrier and number only.",
        *_YES_NO,
    ),
    _row(
        "Tracking",
        "status_pending",
        "Status when Pending",
        kinds.written_status,
        "The status BigCommerce gets when FM has the order; none = leave it.",
    ),
    _row(
        "Tracking",
        "status_processing",
        "Status when Processing",
        kinds.written_status,
        "The status BigCommerce gets when part has moved on; none = leave it.",
    ),
    _row(
        "Tracking",
        "status_complete",
        "Status when Complete",
        kinds.written_status,
        "The status BigCommerce gets when all is shipped; 10 is Completed.",
    ),
    _row(
        "Stock",
        "update_soh",
        "Update SOH to Shopping cart",
        kinds.yes_no,
        "No = stock is counted and shown, but never written.",
        *_YES_NO,
    ),
    _row("Stock", "stock_time", "Stock time", kinds.time_of_day, "When the stock is pushed each day."),
    _row(
        "Stock",
        "stock_wait",
        "Wait for the orders (minutes)",
        kinds.whole(0, 600),
        "The daily push waits so long for orders that are being sent, followed or written back; 0 = not at all.",
    ),
    _row(
        "Stock",
        "stock_every",
        "Push changes every (minutes)",
        kinds.nought_or(5, 1440),
        "Besides the daily push, what has changed is pushed so often; 0 = only daily.",
    ),
    _row(
        "Stock",
        "stock_basis",
        "Stock basis",
        kinds.one_of("available", "on_hand"),
        "What is published: available for new orders, or on hand.",
        "available",
        "on_hand",
    ),
    _row("Stock", "stock_buffer", "Stock buffer", kinds.whole(0, 1_000_000), "Units of each SKU that are kept back."),
    _row(
        "Stock",
        "stock_location",
        "Stock location",
        lambda value: None if str(value).strip() in ("", "None") else kinds.whole(1, 2**31 - 1)(value),
        "BigCommerce location id; empty = the default location.",
    ),
    _row(
        "Stock",
        "stock_write",
        "Stock is written as",
        kinds.one_of("absolute", "exact"),
        "absolute = figures; exact = differences, which keep what is sold meanwhile (needs Store Inventory).",
        "absolute",
        "exact",
    ),
    _row("Stock", "stock_zero_share", "Most SKUs that may fall to zero", kinds.share, "A larger share stops a push."),
    _row("Stock", "stock_fall_share", "Most of the total that may go", kinds.share, "A larger fall stops a push."),
    _row("Stock", "stock_unknown_share", "Most SKUs that FM may lose", kinds.share, "Of those it knew lately."),
    _row("Stock", "stock_count_age", "Oldest count (minutes)", kinds.whole(5, 10_080), "An older one is not pushed."),
    _row(
        "Promise",
        "promise_hours",
        "Promised within (working hours)",
        kinds.whole(0, 2000),
        "NPF despatches within so many of its working hours from when FM has the order, or it is late. 0 = no promise.",
    ),
    _row("Promise", "promise_region", "Holidays of", kinds.word_of(*REGIONS), "Where NPF works for it.", *REGIONS),
    _row(
        "Promise", "promise_days", "NPF's working days", kinds.several(kinds.word_of(*DAYS)), "Mon, Tue, Wed, Thu, Fri."
    ),
    _row("Promise", "promise_open", "NPF's working hours", kinds.opening, "HH:MM-HH:MM, by the clocks of that place."),
    _row(
        "Promise",
        "promise_closed",
        "NPF is closed on",
        kinds.several(kinds.day),
        "dd/MM/yyyy; public holidays are known.",
    ),
    _row("Pace", "look_every", "Look every (seconds)", kinds.whole(10, 86_400), "How often the store is looked at."),
    _row(
        "Pace",
        "quota_kept_free",
        "Quota kept free",
        kinds.share,
        "The share of BigCommerce's quota left to the merchant's other apps.",
    ),
)

BY_KEY = {row.key: row for row in PARAMETERS}


def parameters(kept: dict[str, Any]) -> Parameters:
    """The typed values of what the readers above left in the row; a key that is missing has its default."""
    return msgspec.convert(kept, Parameters)
