"""The way out: clients of the two outer systems, made from a store's row. One `Outside` per process."""

import random
import threading

import httpx2

from npf.bigcommerce.client import BigCommerce, new_http
from npf.core.clock import Clock, SystemClock
from npf.core.exchange import Watch, unwatched
from npf.fm.client import FM
from npf.fm.login import Login
from npf.fm.wsdl import Wsdl
from npf.stores.fm_parameters import fm_options
from npf.stores.models import FmClient, Store
from npf.stores.pace import SharedPace
from npf.stores.parameters import parameters
from npf.stores.warehouse import warehouse_of_files
from npf.warehouse.port import Warehouse


class Outside:
    """Time, chance and transports, handed to every station. Safe to share between threads."""

    def __init__(
        self, clock: Clock | None = None, rng: random.Random | None = None, http: httpx2.Client | None = None
    ) -> None:
        self.clock = clock or SystemClock()
        self.rng = rng or random.Random()
        self._http = http
        self._paces: dict[tuple[str, float], SharedPace] = {}
        self._lock = threading.Lock()

    def bigcommerce(self, store: Store, watch: Watch = unwatched) -> BigCommerce:
        """A client of the store's BigCommerce, which keeps the store's share of the quota free."""
        with self._lock:
            self._http = self._http or new_http()
            # The quota is the BigCommerce store's, so its pace outlives the visit of one station.
            key = store.quota_place, parameters(store.parameters).quota_kept_free
            pace = self._paces.get(key) or self._paces.setdefault(key, SharedPace(key[0], self.clock, key[1]))
        return BigCommerce(
            store.legacy_url or store.store_hash,
            store.access_token,
            client_id=store.client_id,
            api_url=store.api_url,
            http=self._http,
            clock=self.clock,
            rng=self.rng,
            watch=watch,
            pace=pace,
        )

    def fm(self, client: FmClient, watch: Watch = unwatched) -> Warehouse:
        """A client of the warehouse that the store sends to, by web service or by files."""
        options = fm_options(client.options)
        if options.kind == "files":
            return warehouse_of_files(client, options, self.clock, watch)
        return FM(
            Login(Username=client.username, Password=client.password, ClientCode=client.client_code),
            Wsdl.from_base(
                client.base_url, order=options.order_wsdl, status=options.status_wsdl, stock=options.stock_wsdl
            ),
            clock=self.clock,
            watch=watch,
            timeout=options.timeout,
            status_batch=options.status_batch,
            stock_batch=options.stock_batch,
            zone=options.status_zone,
        )
