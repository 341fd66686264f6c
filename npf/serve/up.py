"""`npf up`: Postgres, web and worker on one machine, until Ctrl-C."""

import signal
import threading
from collections.abc import Callable

from npf.core.clock import Clock
from npf.postgres import Attached
from npf.serve.children import Children


def until_stopped(
    commands: list[list[str]],
    clock: Clock,
    say: Callable[[str], None],
    postgres: Attached | None,
    each_second: Callable[[], bool] = lambda: True,
) -> None:
    """Run the commands as children until SIGINT or SIGTERM, or until `each_second` says False. Revives what dies."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Children(commands, clock, say) as children:
        while not stop.wait(1.0):
            children.look_after()
            if postgres is not None and postgres.revive():
                say("Postgres had died; it is started again")
            if not each_second():
                return
