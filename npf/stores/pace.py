"""The pace of a store, shared by all processes through Postgres: together they keep the share free (facts 140-143).

    before -> a place in hand, or some more from the row, or how long to wait
    after  -> kept in memory, and told to the row when places are next taken
    hold   -> told at once
    rest   -> what is in hand goes back, what was heard is told

The row is the law's `Window` (npf.bigcommerce.window); it is changed by one statement, which finds the version it was
judged by or nothing. Places are taken in blocks while there is room and one by one near the end, and go stale within a
second: so soon every process hears of a 429. Those that nobody used run out with the window.

Time is the passed clock's, not the database's: a simulation owns it, and machines run NTP (the doctor looks). One whose
clock is off by seconds may begin a window too early; BigCommerce's next answer says how long the window really lasts.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
from django.db import InterfaceError, OperationalError

from npf.bigcommerce.pace import checked
from npf.bigcommerce.window import Heard, Window, heard
from npf.core.clock import Clock
from npf.core.errors import TryLater
from npf.stores.aside import Aside, aside

MOST = 20
FRESH = 1.0
KEPT = timedelta(hours=2)

# The window of one place, with the version that a change of it must name.
READ = """
select version, quota, lasts, ends, held_until, serial, used, ours, others, given, given_before, rolling
from stores_quota where place = %(place)s
"""

# A place that was never asked before; somebody else may begin it in the same moment.
BEGIN = """
insert into stores_quota
    (place, version, quota, lasts, ends, held_until, serial, used, ours, others, given, given_before, rolling)
values (%(place)s, 0, %(quota)s, %(lasts)s, %(ends)s, %(held_until)s, %(serial)s, %(used)s, %(ours)s, %(others)s,
    %(given)s, %(given_before)s, %(rolling)s)
on conflict (place) do nothing
returning version
"""

# Put the new window in the place of the one it was judged by, or do nothing; with it count the calls of this minute and
# forget those of minutes long past.
CHANGE = """
with changed as (
    update stores_quota
    set version = version + 1, quota = %(quota)s, lasts = %(lasts)s, ends = %(ends)s, held_until = %(held_until)s,
        serial = %(serial)s, used = %(used)s, ours = %(ours)s, others = %(others)s, given = %(given)s,
        given_before = %(given_before)s, rolling = %(rolling)s
    where place = %(place)s and version = %(version)s
    returning place
), counted as (
    insert into stores_quotaminute (place, minute, ours, others)
    select place, %(minute)s, %(calls)s, %(other_calls)s from changed
    where %(calls)s > 0 or %(other_calls)s > 0
    on conflict (place, minute) do update
    set ours = stores_quotaminute.ours + excluded.ours, others = stores_quotaminute.others + excluded.others
), forgotten as (
    delete from stores_quotaminute old using changed
    where old.place = changed.place and old.minute < %(forget)s
)
select place from changed
"""

Rule = Callable[[Window], tuple[Window, int, float]]


class SharedPace:
    """The pace of one store in this process. `keep_free` (0 to below 1) is the share left to the store's other apps.

    Safe to share among threads. `before` raises TryLater where the database does not answer.
    """

    def __init__(self, place: str, clock: Clock, keep_free: float, database: Aside | None = None) -> None:
        self._place = place
        self._clock = clock
        self._keep_free = checked(keep_free)
        self._database = database or aside()
        self._lock = threading.Lock()
        self._known: tuple[int, Window] | None = None
        self._in_hand = 0
        self._serial = 0
        self._good_until = 0.0
        self._held_until = 0.0
        # The window of each place that is on its way, and what was heard since the row was last told.
        self._sent: deque[int] = deque()
        self._told: list[tuple[int, Heard | None]] = []

    def before(self) -> float:
        with self._lock:
            now = self._now()
            if not (self._in_hand and now < self._good_until) and (wait := self._settle(now, MOST)):
                return wait
            self._in_hand -= 1
            self._sent.append(self._serial)
            return 0.0

    def after(self, headers: Mapping[str, str], took: float = 0.0) -> None:
        with self._lock:
            serial = self._sent.popleft() if self._sent else self._serial
            told = heard(headers, self._now(), took)
            self._told.append((serial, told))
            if told and told.left - len(self._sent) - self._in_hand <= self._keep_free * told.quota:
                # Other apps have been quick: what is in hand may be too much.
                self._good_until = 0.0

    def hold(self, seconds: float) -> None:
        with self._lock:
            now = self._now()
            self._held_until = max(self._held_until, now + seconds)
            # Where the database is away, the next one who asks it brings this along.
            with suppress(TryLater):
                self._settle(now, 0)

    def rest(self) -> None:
        with self._lock:
            if self._in_hand or self._told:
                # Untold, the places run out with the window.
                with suppress(TryLater):
                    self._settle(self._now(), 0)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _settle(self, now: float, most: int) -> float:
        """Tell the row what was heard and give back what is in hand; take up to `most` places. Gives the wait."""
        # Forgotten before it is told: told twice, after a lost answer, it would free places that are still out.
        told, self._told = self._told, []
        back, self._in_hand = self._in_hand, 0

        def rule(window: Window) -> tuple[Window, int, float]:
            for serial, one in told:
                window = window.answered(serial, one, now)
            window = window.returned(self._serial, back).held(self._held_until).noticed()
            return window.take(now, self._keep_free, most) if most else (window, 0, 0.0)

        try:
            window, places, wait = self._change(rule, len(told), now)
        except (OperationalError, InterfaceError):
            # An old connection may have broken unnoticed: once more, by a new one.
            self._known, told, back = None, [], 0
            try:
                window, places, wait = self._change(rule, 0, now)
            except (OperationalError, InterfaceError) as error:
                why = str(error).strip().partition("\n")[0]
                said = f"the store's request quota is kept in the database, which does not answer: {why}"
                raise TryLater(said, delay=30) from None
        self._in_hand, self._serial = places, window.serial
        self._good_until = min(now + FRESH, window.ends)
        return wait

    def _change(self, rule: Rule, calls: int, now: float) -> tuple[Window, int, float]:
        """Change the row by the rule, judged again as often as somebody else was quicker."""
        at = datetime.fromtimestamp(now, UTC)
        while True:
            version, before = self._known or self._read()
            window, places, wait = rule(before)
            seen = before.others if before.serial == window.serial else 0
            values = {
                **msgspec.structs.asdict(window),
                "place": self._place,
                "version": version,
                "minute": at.replace(second=0, microsecond=0),
                "calls": calls,
                "other_calls": max(0, window.others - seen),
                "forget": at - KEPT,
            }
            if self._database.ask(CHANGE, values):
                self._known = version + 1, window
                return window, places, wait
            self._known = None

    def _read(self) -> tuple[int, Window]:
        while True:
            for version, *columns in self._database.ask(READ, {"place": self._place}):
                return version, Window(**dict(zip(Window.__struct_fields__, columns, strict=True)))
            self._database.ask(BEGIN, {"place": self._place, **msgspec.structs.asdict(Window())})
