"""A store under test: the merchant's side (`bc`), NPF's side (`fm`), and our row (`store`), over real HTTP."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from npf.core.clock import SystemClock
from npf.jobs.stations import one_station, push_stock, run_all
from npf.orders.models import Order
from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm
from npf.sandbox.fm.documents import OrderFields
from npf.sandbox.server import serve
from npf.stores import book, draft
from npf.stores.models import Store
from npf.stores.outside import Outside
from npf.stores.visit import Visit, visit

DISPATCH = {"default": "AP", "*express*": "EP EXP"}


class Connected:
    """One connected store. Stations run in this process, as `npf` runs them."""

    def __init__(self, both: "Sandboxes", store: Store, merchant: bc.Store, client: fm.Client) -> None:
        self.both = both
        self.name = store.name
        self.bc = merchant
        self.fm = client
        self.outside = both.outside

    @property
    def store(self) -> Store:
        return Store.objects.select_related("fm").get(name=self.name)

    def run(self) -> dict[str, Any]:
        """pull, send, follow, push."""
        return run_all(self.store, self.outside, "test")

    def station(self, name: str, *, urgent: bool = True) -> Visit:
        return one_station(name, self.store, self.outside, "test", urgent=urgent)

    def stock(self, **options: Any) -> dict[str, Any]:
        return push_stock(self.store, self.outside, "test", **options)

    @contextmanager
    def visit(self, station: str = "pull") -> Iterator[Visit]:
        with visit(station, self.store, self.outside, "test", urgent=True) as at:
            yield at

    def order(self, bc_order_id: int) -> Order:
        return Order.objects.get(store__name=self.name, bc_order_id=bc_order_id)

    def place(self, *lines: tuple[str, int], **more: Any) -> int:
        return self.bc.place_order(list(lines) or [("MUG-INK", 1)], **more)

    def forge(self, fm_number: str, units: dict[str, int]) -> None:
        """An order of that number at FM that did not come from here."""
        rows = [
            {"Code": code, "Description": code, "Quantity": str(n), "SalesPrice": "1.00", "Amount": "1.00"}
            for code, n in units.items()
        ]
        values = {"DespatchDetails": {"DispatchMethod": "AP"}, "Products": {"Product": rows}}
        with self.fm.lock:
            self.fm.accept(OrderFields(fm_number, values, []), 900_000)

    def set(self, **parameters: Any) -> None:
        """Change parameters as a person does."""
        nested = book.nested(self.store, secrets=True)
        nested["parameters"] = nested["parameters"] | parameters
        book.save(draft.read(nested), "test", self.outside.clock)

    def tables(self, **tables: Any) -> None:
        """Change dispatch, carriers, sku_map or bundles."""
        book.save(draft.read(book.nested(self.store, secrets=True) | tables), "test", self.outside.clock)


class Sandboxes:
    """BigCommerce and FM, each on a port of its own."""

    def __init__(self) -> None:
        self.world = bc.World(seed=1)
        self.warehouse = fm.Warehouse(1, pick_delay=0.0, split_share=0.0)
        self.outside = Outside(SystemClock(), random.Random(1))

    def __enter__(self) -> Self:
        self.bc_server = serve(bc.make_app(self.world))
        self.fm_server = serve(fm.make_app(self.warehouse))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bc_server.close()
        self.fm_server.close()

    def connect(
        self,
        name: str = "acme",
        *,
        client_code: str = "ACME",
        fm_products: dict[str, int] | None = None,
        tables: dict[str, Any] | None = None,
        merchant: dict[str, Any] | None = None,
        **parameters: Any,
    ) -> Connected:
        """A store on both sandboxes; FM sells every code unless `fm_products` says which."""
        theirs = self.world.add_store(name, **({"quota": None} | (merchant or {})))
        bc.seed_catalogue(theirs)
        if client_code not in self.warehouse.clients:
            self.warehouse.add_client(
                client_code=client_code, username="npf", password="secret-of-fm", products=fm_products
            )
        nested = self.nested(name, client_code, theirs) | (tables or {})
        nested["parameters"] |= parameters
        store, _ = book.save(draft.read(nested), "test", self.outside.clock)
        return Connected(self, store, theirs, self.warehouse.clients[client_code])

    def nested(self, name: str, client_code: str, theirs: bc.Store) -> dict[str, Any]:
        account = next(iter(theirs.accounts.values()))
        began = datetime.now(UTC) - timedelta(days=30)
        return {
            "name": name,
            "merchant": "Acme Pty Ltd",
            "bigcommerce": {
                "store_id": theirs.store_hash,
                "client_id": account.client_id,
                "access_token": account.access_token,
                "api_url": self.bc_server.url,
            },
            "fm": {
                "base_url": self.fm_server.url,
                "username": "npf",
                "password": "secret-of-fm",
                "client_code": client_code,
            },
            "parameters": {"start_date": f"{began:%d/%m/%Y}", "prefix": f"{name[:2].upper()}-"},
            "dispatch": dict(DISPATCH),
            "carriers": {"AP": "auspost", "EP EXP": "startrack"},
        }
