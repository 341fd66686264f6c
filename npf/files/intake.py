"""The warehouse's files, taken in: each once, by its content, whatever its name.

list      the folder, twice, `quiet` seconds apart: what changes meanwhile, or is named .part or .tmp, is left alone
claim     NAME -> NAME.<its time and size>.taking, so that a new file under the old name is another file
read      and remember, in one transaction of the ledger's; content that is known already is not used again
move      to done/<day>/<hash>-NAME; with bad rows to bad/<hash>-NAME, beside a report that names each
"""

import re
from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec

from npf.core.clock import Clock
from npf.core.errors import FixSettings
from npf.core.exchange import Exchange, Watch
from npf.files import out
from npf.files.ledger import Arrival, Bad, Ledger
from npf.files.place import UNFINISHED, Entry, Missing, Place, Taken
from npf.files.read import Content, read
from npf.files.rows import Unfinished

# So many files at once, and what is asked is answered from them; the rest is taken in at the next question.
AT_ONCE = 500
KEEP_EVERY = 20.0
"""Seconds after which the right to take files in is made longer."""
LONGEST = 50_000_000
"""Bytes of a file that is read; a longer one is bad."""
_TAKING = re.compile(r"\.\d+-\d+\.taking$")


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How a warehouse's files are read. `quiet` in seconds; `end_marker` is the last line of a whole file."""

    in_folder: str = "in"
    done_folder: str = "done"
    bad_folder: str = "bad"
    quiet: float = 2
    end_marker: str = ""
    zone: ZoneInfo = ZoneInfo("Australia/Melbourne")


class Intake:
    """Takes in the files of one client of a warehouse."""

    def __init__(
        self, place: Place, ledger: Ledger, rules: Rules, *, client_code: str, clock: Clock, watch: Watch
    ) -> None:
        self._place = place
        self._ledger = ledger
        self._rules = rules
        self._client = client_code
        self._clock = clock
        self._watch = watch
        self._made: set[str] = set()

    def run(self) -> bool:
        """Take in what is there; True where more is left. Where another process is at it, nothing is done."""
        with self._ledger.alone() as keep:
            if keep is None:
                return False
            waiting = self._steady()
            kept = self._clock.monotonic()
            for entry in waiting[:AT_ONCE]:
                if self._clock.monotonic() - kept > KEEP_EVERY:
                    keep()
                    kept = self._clock.monotonic()
                self._take(entry)
            return len(waiting) > AT_ONCE

    def _steady(self) -> list[Entry]:
        """The files that stand as they stood `quiet` seconds ago, the oldest first."""
        first = {entry.name: entry for entry in self._listed()}
        if not first:
            return []
        self._clock.sleep(self._rules.quiet)
        steady = [entry for entry in self._listed() if first.get(entry.name) == entry]
        return sorted(steady, key=lambda entry: (entry.modified, entry.name))

    def _listed(self) -> list[Entry]:
        found = self._place.list(self._rules.in_folder)
        return [one for one in found if not one.name.casefold().endswith(UNFINISHED) and not one.name.startswith(".")]

    def _take(self, entry: Entry) -> None:
        began, ticks = self._clock.now(), self._clock.monotonic()
        name = _TAKING.sub("", entry.name)
        try:
            path = self._claim(entry)
            raw, content = self._read(path, entry, min(entry.modified, began.timestamp()))
        except (Missing, Taken):
            return
        except Unfinished:
            self._put_back(path, f"{self._rules.in_folder}/{name}")
            return
        arrival = Arrival(
            digest=out.digest(raw),
            name=name.encode(errors="replace").decode()[:200],
            kind=content.kind,
            rows=content.rows,
            bad=content.bad,
            taken_at=began,
        )
        new = self._ledger.take(arrival, content.said, content.figures)
        where = self._move(path, name, arrival)
        self._watch(
            Exchange(
                system="fm",
                what=f"file {arrival.name}",
                write=True,
                asked=f"{arrival.digest}\nmoved to {where}",
                answered=report(arrival) if new else "known already by its content: not used again",
                status=0,
                outcome="refused" if content.bad else "done",
                started=began,
                took=self._clock.monotonic() - ticks,
            )
        )

    def _claim(self, entry: Entry) -> str:
        """The path at which a file is ours. One that ends so already was claimed by a process that died."""
        path = f"{self._rules.in_folder}/{entry.name}"
        if _TAKING.search(entry.name):
            return path
        claimed = f"{path}.{int(entry.modified)}-{entry.size}.taking"
        self._place.rename(path, claimed)
        return claimed

    def _put_back(self, path: str, name: str) -> None:
        try:
            self._place.rename(path, name)
        except (Missing, Taken):
            return

    def _read(self, path: str, entry: Entry, at: float) -> tuple[bytes, Content]:
        """The file and what it says. One that may not be read is bad, and no reason to leave the others."""
        try:
            raw = self._place.read(path, LONGEST)
        except FixSettings as error:
            return f"{entry}".encode(errors="replace"), Content(bad=[Bad(0, f"cannot be read: {error}")])
        if len(raw) > LONGEST:
            return raw, Content(bad=[Bad(0, f"is longer than {LONGEST:,} bytes")])
        rules = self._rules
        return raw, read(raw, at, client_code=self._client, zone=rules.zone, end_marker=rules.end_marker)

    def _move(self, path: str, name: str, arrival: Arrival) -> str:
        known_as = f"{arrival.digest[:12]}-{name}"
        if arrival.bad:
            target = f"{self._rules.bad_folder}/{known_as}"
            self._put(f"{target}.report.txt", report(arrival).encode() + b"\n")
        else:
            day = f"{self._rules.done_folder}/{arrival.taken_at.astimezone(UTC):%Y-%m-%d}"
            if day not in self._made:
                self._place.make_folder(day)
                self._made.add(day)
            target = f"{day}/{known_as}"
        self._settle(lambda: self._place.rename(path, target), lambda: self._place.remove(path))
        return target

    def _put(self, path: str, content: bytes) -> None:
        self._place.write(f"{path}.part", content)
        self._settle(lambda: self._place.rename(f"{path}.part", path), lambda: self._place.remove(f"{path}.part"))

    def _settle(self, rename: Callable[[], None], remove: Callable[[], None]) -> None:
        """Rename; where the same content stands there already, one of the two is enough."""
        try:
            try:
                rename()
            except Taken:
                remove()
        except Missing:
            return


def report(arrival: Arrival) -> str:
    """What became of a file, in words: a line for each row that could not be used."""
    what = {"orders": "about orders", "stock": "about stock", "": ""}[arrival.kind]
    head = f"{arrival.name}: {arrival.rows} rows {what}".rstrip()
    if not arrival.bad:
        return f"{head}, all used"
    return "\n".join([f"{head}, {len(arrival.bad)} that could not be used:", *(f"  {bad}" for bad in arrival.bad)])
