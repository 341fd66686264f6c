"""A warehouse of files: the questions of npf.warehouse.port, answered from a folder and from what its files have said.

send            writes the order's file (sending.py)
statuses        takes in what has come (intake.py), then tells what files have said of the orders
stock_answer    the same for product codes; a figure that is too old is unknown
"""

import threading
from collections.abc import Iterable
from contextlib import suppress

from npf.core.clock import Clock
from npf.core.errors import NpfError, TryLater
from npf.core.exchange import Exchange, Outcome, Watch, unwatched
from npf.files import out
from npf.files.intake import Intake, Rules
from npf.files.ledger import Ledger
from npf.files.place import Missing, Place
from npf.files.sending import Sending
from npf.files.told import status
from npf.warehouse.port import AlreadyThere
from npf.warehouse.records import Accepted, OrderStatus, SalesOrder, StockAnswer

# A figure of stock that is older than this, in hours, is no figure any more.
STOCK_HOURS = 48.0


class Files:
    """One client of a warehouse of files. Safe for several threads.

    `calls` counts the order files written and the looks for what has come.
    """

    def __init__(
        self,
        place: Place,
        ledger: Ledger,
        *,
        client_code: str,
        clock: Clock,
        watch: Watch = unwatched,
        form: out.Format = "csv",
        out_folder: str = "out",
        rules: Rules | None = None,
        stock_hours: float = STOCK_HOURS,
    ) -> None:
        self.calls = 0
        self._place = place
        self._ledger = ledger
        self._client = client_code
        self._clock = clock
        self._watch = watch
        self._form: out.Format = form
        self._rules = rules or Rules()
        self._out = out_folder
        self._stock_seconds = stock_hours * 3600
        self._sending = Sending(place, ledger, out_folder, form)
        self._intake = Intake(place, ledger, self._rules, client_code=client_code, clock=clock, watch=watch)
        self._counting = threading.Lock()

    def prove(self) -> None:
        """Read every folder, and write into each what nobody reads. Raises FixSettings, TryLater."""
        for folder in dict.fromkeys(
            (self._out, self._rules.in_folder, self._rules.done_folder, self._rules.bad_folder)
        ):
            self._place.list(folder)
            probe = f"{folder}/npf-check.part"
            self._place.write(probe, b"")
            with suppress(Missing):
                self._place.remove(probe)

    def send(self, order: SalesOrder) -> Accepted:
        """Write one order's file; see Sending.send. That it is there is all that is known: NPFOrderNo is empty."""
        number = order.SalesOrderNo.strip()
        content = out.content(order, self._client, self._form)
        began, ticks = self._clock.now(), self._clock.monotonic()
        path = self._sending.path(number)
        said = f"written as {path}"
        outcome: Outcome = "done"
        self._count()
        try:
            if self._ledger.told([number]):
                raise AlreadyThere(f"the warehouse speaks of {number} already")
            self._sending.send(number, content)
        except TryLater as error:
            said, outcome = str(error), "unclear" if error.unclear else "failed"
            raise
        except NpfError as error:
            said, outcome = str(error), "refused"
            raise
        except BaseException as error:
            said, outcome = type(error).__name__, "unclear"
            raise
        finally:
            self._watch(
                Exchange(
                    system="fm",
                    what=f"order file {number}",
                    write=True,
                    asked=content.decode(),
                    answered=said,
                    status=0,
                    outcome=outcome,
                    started=began,
                    took=self._clock.monotonic() - ticks,
                )
            )
        return Accepted(SalesOrderNo=number, NPFOrderNo="", OrderStatus=said, ClientCode=self._client)

    def statuses(self, numbers: Iterable[str]) -> dict[str, OrderStatus]:
        """What files have said of the orders. One that was written and of which nobody spoke yet is known."""
        asked = list(dict.fromkeys(number for number in numbers if number.strip()))
        self._take_in()
        told = self._ledger.told(asked)
        files = self._ledger.files(asked)
        found: dict[str, OrderStatus] = {}
        for number in asked:
            file = files.get(number)
            if number in told:
                found[number] = status(told[number], number, self._client)
            elif (file is not None and self._sending.arrived(file)) or (
                (file is None or file.state != "sent") and self._place.exists(self._sending.path(number))
            ):
                found[number] = OrderStatus(SalesOrderNo=number, ClientCode=self._client)
            else:
                found[number] = OrderStatus(SalesOrderNo=number, known=False)
        return found

    def stock_answer(self, codes: Iterable[str]) -> StockAnswer:
        """The latest figure of each code; one that is older than `stock_hours` is unknown."""
        asked = list(dict.fromkeys(codes))
        while self._take_in():
            pass
        figures = self._ledger.figures(asked)
        oldest = self._clock.now().timestamp() - self._stock_seconds
        levels = {code: one.figure for code, one in figures.items() if one.at >= oldest}
        return StockAnswer(
            StockonHand={code: levels.get(code) for code in asked},
            ClientCodes=[self._client] if figures else [],
        )

    def close(self) -> None:
        self._place.close()

    def _take_in(self) -> bool:
        self._count()
        return self._intake.run()

    def _count(self) -> None:
        with self._counting:
            self.calls += 1
