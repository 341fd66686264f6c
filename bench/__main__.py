"""`make bench`, `python -m bench [--orders N] [--way N] [--delay S] [--days N]`: npf and a plain loop, side by side."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import selling, stock
from bench.sandboxes import WORKERS, Sandboxes
from bench.worker import OWN_PHASES, PHASES, Worker

WAY = ("send", "follow", "push")
MOST_MB = 400
"""What npf may use at its peak."""
QUOTA, WINDOW = 120, 30.0
"""Calls in so many seconds: BigCommerce's smallest quota of 150, less the fifth that stays free for other apps."""


@dataclass
class Figures:
    """What one worker did: how many orders it pulled, how many it brought the whole way, how many of them to a store
    whose Complete status the shipment sets; seconds and calls by phase.
    """

    pulled: int = 0
    way: int = 0
    shipped: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, dict[str, int]] = field(default_factory=dict)
    pull_mb: float = 0.0
    peak_mb: float = 0.0
    complete: int = 0

    def rate(self, *phases: str) -> float:
        """Orders a second, over these phases together."""
        return self._orders(phases) / sum(self.seconds[phase] for phase in phases)

    def per_order(self, system: str, *phases: str) -> float:
        """Calls to a system for each order, over these phases together."""
        return sum(self.calls[phase][system] for phase in phases) / self._orders(phases)

    def _orders(self, phases: Sequence[str]) -> int:
        return self.pulled if "pull" in phases else self.way


def measure(name: str, sandboxes: Sandboxes, phases: Sequence[str]) -> Figures:
    """Let one worker do these phases."""
    figures = Figures()
    home = tempfile.mkdtemp(prefix="npf-bench-")
    try:
        with Worker(name, sandboxes.config, home) as worker:
            for phase in phases:
                before = sandboxes.calls()
                done = worker.do(phase)
                after = sandboxes.calls()
                figures.seconds[phase] = done["seconds"]
                figures.calls[phase] = {system: after[system] - before[system] for system in after}
                figures.peak_mb = done["peak_mb"]
                if phase == "pull":
                    figures.pulled, figures.pull_mb = done["orders"], done["peak_mb"]
                elif phase == "prepare":
                    figures.way = done["orders"]
                elif phase == "ready":
                    figures.shipped = done["orders"]
                print(f"{name:10}{phase:8} {done['seconds']:7.1f} s", file=sys.stderr)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    figures.complete = sandboxes.complete(name)
    return figures


def table(npf: Figures, plain: Figures) -> list[tuple[str, ...]]:
    """The rows: what, npf's figure, the plain loop's."""
    both = (npf, plain)
    rows: list[tuple[str, ...]] = [
        ("PULL", "", ""),
        ("orders", *(f"{one.pulled:,}" for one in both)),
        ("orders a second", *(f"{one.rate('pull'):,.0f}" for one in both)),
        ("calls to BigCommerce", *(f"{one.calls['pull']['bigcommerce']:,}" for one in both)),
        ("calls an order", *(f"{one.per_order('bigcommerce', 'pull'):.4f}" for one in both)),
        (
            f"minutes at {QUOTA} calls in {WINDOW:.0f} s",
            *(f"{_minutes(one.calls['pull']['bigcommerce']):.1f}" for one in both),
        ),
        ("peak memory, MB", *(f"{one.pull_mb:.0f}" for one in both)),
        ("calls to look at a quiet store", f"{npf.calls['quiet']['bigcommerce']}", ""),
        ("SEND + FOLLOW + PUSH", "", ""),
        ("orders", *(f"{one.way:,}" for one in both)),
        ("of them Completed in the end", *(f"{one.complete:,}" for one in both)),
        ("orders a second", *(f"{one.rate(*WAY):,.1f}" for one in both)),
    ]
    rows += [(f"  {phase}", *(f"{one.rate(phase):,.1f}" for one in both)) for phase in WAY]
    for title, system in (("BigCommerce", "bigcommerce"), ("FM", "fm")):
        rows.append((f"calls to {title} an order", *(f"{one.per_order(system, *WAY):.2f}" for one in both)))
        rows += [(f"  {phase}", *(f"{one.per_order(system, phase):.2f}" for one in both)) for phase in WAY]
        if system == "bigcommerce":
            rows.append(("  push, the shipment completing it", f"{npf.calls['ship'][system] / npf.shipped:.2f}", ""))
    return [*rows, ("peak memory, MB", *(f"{one.peak_mb:.0f}" for one in both))]


def _minutes(calls: int) -> float:
    return calls / QUOTA * WINDOW / 60


def main() -> int:
    """Run the bench and print it. Exit code 1 where npf needed more memory than it may."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000, help="orders to pull (default 10,000)")
    parser.add_argument("--way", type=int, help="orders to send, follow and push (default a fifth of --orders)")
    parser.add_argument(
        "--delay", type=float, default=0.0, help="seconds that the network takes for a call (default 0)"
    )
    parser.add_argument(
        "--days", type=float, default=selling.DAYS, help="days of sales to live through (default 30, 0 = none)"
    )
    parser.add_argument(
        "--skus", type=int, default=stock.SKUS, help="SKUs of a push of stock (default 20,000, 0 = none)"
    )
    given = parser.parse_args()
    way = given.way or max(1, given.orders // 5)
    with Sandboxes(given.orders, way, given.delay) as sandboxes:
        npf, plain = (
            measure(name, sandboxes, phases)
            for name, phases in zip(WORKERS, ((*PHASES, *OWN_PHASES), PHASES), strict=True)
        )
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {platform.system()}"
    print(
        f"\n{machine}. Both sandboxes and Postgres work on the same cores; a call takes {given.delay:g} s on its way.\n"
    )
    for what, ours, theirs in [("", "npf", "plain loop"), *table(npf, plain)]:
        print(f"{what:36}{ours:>12}{theirs:>14}".rstrip())
    print("\nThe plain loop makes one call for each thing, keeps its orders in memory and nothing on record.\n")
    if given.skus:
        stock.show(stock.measure(given.skus))
    for what, *ways in selling.measure(given.days) if given.days else ():
        print(f"{what:36}" + "".join(f"{way:>12}" for way in ways))
    if npf.peak_mb > MOST_MB:
        print(f"npf may use {MOST_MB} MB.")
    return int(npf.peak_mb > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
