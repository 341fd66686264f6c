"""All cases and calls, and what was heard of them, held against the specs."""

from dataclasses import dataclass, field

from tests.contract.cases_goods import CATALOGUE, STOCK
from tests.contract.cases_orders import MONEY, ORDERS
from tests.contract.cases_store import HOOKS, PEOPLE, STORE
from tests.contract.known import KNOWN
from tests.contract.specs import Breach, Read
from tests.contract.stage import Case

CASES: list[Case] = [*ORDERS, *MONEY, *STORE, *PEOPLE, *HOOKS, *CATALOGUE, *STOCK]


@dataclass
class Heard:
    """What was exchanged, held against the specs: of each case its last exchange, of each call of the client all."""

    cases: list[Read] = field(default_factory=list)
    calls: dict[str, list[Read]] = field(default_factory=dict)

    @property
    def all(self) -> list[Read]:
        return [*self.cases, *(read for reads in self.calls.values() for read in reads)]


def unexcused(read: Read) -> list[Breach]:
    """The breaches that no known fault of the specs explains."""
    return [breach for breach in read.breaches if not any(fault.excuses(breach) for fault in KNOWN)]
