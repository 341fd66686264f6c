"""The same warehouse floor behind each adapter: what the tests do at NPF's side, however it is reached."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from npf.core.clock import SystemClock
from npf.core.exchange import Exchange
from npf.files.client import Files
from npf.files.folder import Folder
from npf.files.intake import Rules
from npf.files.out import Format
from npf.files.place import Place
from npf.files.sftp import Account, Sftp
from npf.fm.client import FM
from npf.fm.login import Login
from npf.fm.wsdl import Wsdl
from npf.sandbox import fm
from npf.sandbox.files import FileWarehouse
from npf.sandbox.server import serve
from npf.warehouse.port import Warehouse
from tests.files.memory import Memory
from tests.files.server import PASSWORD, USER, SftpServer

CLIENT = "ACME"
KINDS = ("soap", "folder, csv", "folder, json", "sftp, csv", "sftp, json")


class Floor(Protocol):
    """NPF's people. What they do is to be seen at the next question."""

    def orders(self) -> Mapping[str, Mapping[str, int]]:
        """The orders that arrived: units by code."""
        ...

    def hold(self, number: str, why: str) -> None: ...

    def cancel(self, number: str, why: str) -> None: ...

    def back_order(self, number: str) -> None: ...

    def refuse(self, number: str, code: str, detail: str) -> None: ...

    def ship(self, number: str, units: Mapping[str, int] | None = None) -> str:
        """Some units with the rest back-ordered, or all of the rest; gives the consignment number."""
        ...

    def shelve(self, stock: Mapping[str, int]) -> None: ...

    def lose_the_next_answer(self, *, after: bool) -> None:
        """The next order meets a broken line, before or after the warehouse has it."""
        ...


class House:
    """A warehouse by one of KINDS: `port` asks it, `floor` is inside. `seen`: the exchanges."""

    def __init__(self, port: Warehouse, floor: Floor, seen: list[Exchange]) -> None:
        self.port = port
        self.floor = floor
        self.seen = seen


@contextmanager
def house(kind: str, folder: Path) -> Iterator[House]:
    seen: list[Exchange] = []
    with ExitStack() as stack:
        if kind == "soap":
            warehouse = fm.Warehouse(seed=1)
            client = warehouse.add_client(
                client_code=CLIENT, username="npf", password="secret", products={"001215": 100}
            )
            client.set(manual=True)
            server = stack.enter_context(serve(fm.make_app(warehouse)))
            login = Login(Username="npf", Password="secret", ClientCode=CLIENT)
            port: Warehouse = FM(login, Wsdl.from_base(server.url), clock=SystemClock(), watch=seen.append, timeout=5.0)
            floor: Floor = _Soap(warehouse, client)
        else:
            place, form = kind.split(", ")
            at = Interrupted(Folder(str(folder)))
            if place == "sftp":
                sftp = stack.enter_context(SftpServer(folder))
                at = Interrupted(Sftp(account(sftp), 5.0))
            floor = _Files(FileWarehouse(folder, pick_delay=None, form=form), at)
            port = files(at, form="json" if form == "json" else "csv", seen=seen)
        stack.callback(port.close)
        yield House(port, floor, seen)


def account(server: SftpServer) -> Account:
    return Account("127.0.0.1", server.port, "", USER, PASSWORD, "", (server.fingerprint,))


def files(place: Place, ledger: Memory | None = None, *, form: Format = "csv", seen: list[Exchange]) -> Files:
    return Files(
        place,
        ledger or Memory(),
        client_code=CLIENT,
        clock=SystemClock(),
        watch=seen.append,
        form=form,
        rules=Rules(quiet=0, zone=ZoneInfo("Australia/Melbourne")),
    )


class Interrupted:
    """A place whose line breaks at the next rename of an order, before it or after it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.breaks = ""

    def __getattr__(self, name: str) -> object:
        return getattr(self._place, name)

    def rename(self, old: str, new: str) -> None:
        from npf.core.errors import TryLater

        if not self.breaks or not old.startswith("out/"):
            return self._place.rename(old, new)
        when, self.breaks = self.breaks, ""
        if when == "after":
            self._place.rename(old, new)
        raise TryLater("the line broke")


class _Soap:
    def __init__(self, warehouse: fm.Warehouse, client: fm.Client) -> None:
        self._warehouse = warehouse
        self._client = client

    def orders(self) -> Mapping[str, Mapping[str, int]]:
        return {number: order.ordered for number, order in self._client.orders.items()}

    def hold(self, number: str, why: str) -> None:
        self._client.hold(number, why)

    def cancel(self, number: str, why: str) -> None:
        self._client.cancel(number, why)

    def back_order(self, number: str) -> None:
        self._client.backorder(number)

    def refuse(self, number: str, code: str, detail: str) -> None:
        self._client.error(number, code, detail)

    def ship(self, number: str, units: Mapping[str, int] | None = None) -> str:
        if units is None:
            self._client.ship(number)
        else:
            self._client.part_ship(number, dict(units))
        return self._client.order(number).shipments[-1].consignment

    def shelve(self, stock: Mapping[str, int]) -> None:
        for code, units in stock.items():
            self._client.stock[code] = units

    def lose_the_next_answer(self, *, after: bool) -> None:
        self._warehouse.faults.next("reset-after" if after else "reset-before")


class _Files:
    def __init__(self, warehouse: FileWarehouse, place: Interrupted) -> None:
        self._warehouse = warehouse
        self._place = place

    def orders(self) -> Mapping[str, Mapping[str, int]]:
        self._warehouse.take()
        return {number: order.ordered for number, order in self._warehouse.orders.items()}

    def hold(self, number: str, why: str) -> None:
        self.orders()
        self._warehouse.say(number, "HOLD", why)

    def cancel(self, number: str, why: str) -> None:
        self.orders()
        self._warehouse.say(number, "CANCEL", why)

    def back_order(self, number: str) -> None:
        owed = self.orders()[number]
        for code, units in owed.items():
            self._warehouse.say(number, "BACKORDER", Code=code, BOQuantity=units)

    def refuse(self, number: str, code: str, detail: str) -> None:
        self.orders()
        self._warehouse.say(number, "ERROR", ErrorCode=code, ErrorDetail=detail)

    def ship(self, number: str, units: Mapping[str, int] | None = None) -> str:
        self.orders()
        return self._warehouse.ship(number, units, rest_back_ordered=units is not None)

    def shelve(self, stock: Mapping[str, int]) -> None:
        self._warehouse.stock = dict(stock)
        self._warehouse.count()

    def lose_the_next_answer(self, *, after: bool) -> None:
        self._place.breaks = "after" if after else "before"
