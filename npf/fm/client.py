"""FM: send one order, ask for many statuses, ask for much stock (WEBSERVICE).

It answers the questions of npf.warehouse.port.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

import requests

from npf.core.clock import Clock
from npf.core.errors import NpfError, TryLater
from npf.core.exchange import Exchange, Outcome, Watch, unwatched
from npf.fm import read, write
from npf.fm.login import Login
from npf.fm.markup import Unreadable
from npf.fm.masking import hide, masked
from npf.fm.wire import Fault, Reply, Wire, decoded, inner_document, is_loopback, new_session
from npf.fm.wsdl import ORDER, STATUS, STOCK, Service, Wsdl, contract, forget
from npf.warehouse.records import Accepted, OrderStatus, SalesOrder, StockAnswer

T = TypeVar("T")
S = TypeVar("S", Accepted, OrderStatus)

# Of an answer that is no answer (a page of HTML), so much is kept for a person to see.
_KEPT = 4000


class FM:
    """One FM client (login and client code) at one FM. Safe for several threads.

    `calls` counts the SOAP calls that were made; a WSDL is fetched once a process and not counted. `watch` gets an
    Exchange for each call, before its answer is returned or its error raised. `timeout` is in seconds, for a whole
    answer. `session` may be shared by many clients; who gives one closes it.
    """

    def __init__(
        self,
        login: Login,
        wsdl: Wsdl,
        *,
        clock: Clock,
        session: requests.Session | None = None,
        timeout: float = 60.0,
        watch: Watch = unwatched,
        status_batch: int = 100,
        stock_batch: int = 150,
        zone: str = "Australia/Melbourne",
    ) -> None:
        self.login = login
        self.wsdl = wsdl
        self.calls = 0
        self.status_batch = status_batch
        self.stock_batch = stock_batch
        self._clock = clock
        self._watch = watch
        self._zone = ZoneInfo(zone)
        self._session = session
        direct = all(map(is_loopback, (wsdl.order, wsdl.status, wsdl.stock)))
        self._wire = Wire(session or new_session(direct=direct), clock, timeout)
        self._counting = threading.Lock()

    def prove(self) -> None:
        """Ask for a number that cannot exist. Raises LoginRefused, TryLater."""
        self.statuses(["NPF-CONNECT-CHECK"])

    def send(self, order: SalesOrder) -> Accepted:
        """Sends one order (section 1).

        Raises errors.LoginRefused (FixSettings), AlreadyThere (Skip: 02005, 03003), errors.Refused (GiveUp),
        or TryLater. TryLater.unclear: FM may have the order; ask for its status before sending again. Not unclear:
        it never left.
        """
        number = order.SalesOrderNo.strip()
        return self._ask(
            ORDER,
            self.wsdl.order,
            f"serverorder {number}",
            write.order_document(self.login, order),
            lambda text: self._ours(read.accepted(text, number)),
        )

    def statuses(self, numbers: Iterable[str]) -> dict[str, OrderStatus]:
        """What FM says of the orders (section 2), one call for every `status_batch` of them.

        A number that FM leaves out of its answer is missing, and so is one that cannot be asked for (it has a comma).
        Raises LoginRefused, or TryLater when any of the calls fails.
        """
        found: dict[str, OrderStatus] = {}
        for batch in _batches(_askable(numbers), self.status_batch):
            found |= self._ask(
                STATUS,
                self.wsdl.status,
                _of("importorderstatus", batch),
                write.status_document(self.login, batch),
                lambda text, batch=batch: self._all_ours(read.statuses(text, batch, self._zone)),  # type: ignore[misc]
            )
        return found

    def stock(self, codes: Iterable[str]) -> dict[str, int | None]:
        """FM's figure for each of the codes; None = unknown, never zero. See `stock_answer`."""
        return self.stock_answer(codes).StockonHand

    def stock_answer(self, codes: Iterable[str]) -> StockAnswer:
        """What FM says of the stock of the codes (section 3), one call for every `stock_batch` of them.

        Raises LoginRefused, or TryLater when any of the calls fails.
        """
        codes = list(dict.fromkeys(codes))
        askable = _askable(codes)
        levels: dict[str, int | None] = dict.fromkeys(codes)
        clients: dict[str, None] = {}
        for batch in _batches(askable, self.stock_batch):
            answer = self._ask(
                STOCK,
                self.wsdl.stock,
                _of("importsoh", batch),
                write.stock_document(self.login, batch),
                lambda text, batch=batch: read.stock(text, batch),  # type: ignore[misc]
            )
            levels |= answer.StockonHand
            clients |= dict.fromkeys(answer.ClientCodes)
        asked = set(askable)
        unaskable = [code for code in codes if code not in asked]
        return StockAnswer(StockonHand=levels, unaskable=unaskable, ClientCodes=list(clients))

    def _ours(self, said: S) -> S:
        """What FM said, unless it said it for another client: that is believed in nothing (two may use one number)."""
        other = said.ClientCode.strip()
        if other and other.casefold() != self.login.ClientCode.strip().casefold():
            raise Unreadable(f"FM answered for client {other}, not for {self.login.ClientCode}")
        return said

    def _all_ours(self, found: dict[str, OrderStatus]) -> dict[str, OrderStatus]:
        return {number: self._ours(status) for number, status in found.items()}

    def close(self) -> None:
        """Closes the connections of a session that the client made itself."""
        if self._session is None:
            self._wire.close()

    def _ask(self, service: Service, url: str, what: str, document: str, understand: Callable[[str], T]) -> T:
        """One call: the document out, what `understand` makes of the inner answer back, an Exchange to the watch."""
        call = _Call(what, document, write=service is ORDER, clock=self._clock)
        try:
            said = contract(url, service, self._wire.get)
            envelope = said.envelope(document)
            with self._counting:
                self.calls += 1
            call.sent = True
            call.reply = self._wire.post(said.address, envelope, said.action)
            call.answer = inner_document(call.reply)
            result = understand(call.answer)
            call.outcome = "done"
            return result
        except TryLater as error:
            error.unclear = call.write and call.sent and (error.unclear or call.reply is not None)
            call.outcome = "unclear" if error.unclear else "failed"
            if isinstance(error, Fault) and "not defined in the WSDL" in str(error):
                forget(url, service)
            hide(self.login, error)
            call.trouble = str(error)
            raise
        except NpfError as error:
            call.outcome = "refused"
            hide(self.login, error)
            raise
        finally:
            self._watch(call.exchange(self.login, self._clock))


class _Call:
    """What is known of a call while it runs."""

    def __init__(self, what: str, document: str, *, write: bool, clock: Clock) -> None:
        self.what = what
        self.document = document
        self.write = write
        self.started = clock.now()
        self.ticks = clock.monotonic()
        self.sent = False
        self.reply: Reply | None = None
        self.answer = ""
        self.trouble = ""
        self.outcome: Outcome = "failed"

    def exchange(self, login: Login, clock: Clock) -> Exchange:
        return Exchange(
            system="fm",
            what=self.what,
            write=self.write,
            asked=masked(self.document),
            answered=self._answered(login),
            status=self.reply.status if self.reply else 0,
            outcome=self.outcome,
            started=self.started,
            took=clock.monotonic() - self.ticks,
        )

    def _answered(self, login: Login) -> str:
        """The inner answer; in its absence the start of whatever came; in the absence of that what went wrong."""
        if self.answer:
            return masked(self.answer, login)
        came = masked(decoded(self.reply.content), login).strip() if self.reply else ""
        return came[:_KEPT] or self.trouble


def _askable(names: Iterable[str]) -> list[str]:
    """Those that can stand in a list with commas, without doubles."""
    return [name for name in dict.fromkeys(names) if name.strip() and "," not in name]


def _batches(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def _of(operation: str, batch: Sequence[str]) -> str:
    return f"{operation} {batch[0]}" if len(batch) == 1 else f"{operation} {batch[0]} and {len(batch) - 1} more"
