"""A warehouse of files, made from its client's row."""

from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from npf.core.clock import Clock
from npf.core.exchange import Watch
from npf.files.client import Files
from npf.files.folder import Folder
from npf.files.intake import Rules
from npf.files.place import Place
from npf.files.sftp import Account, Sftp
from npf.stores.fm_parameters import FmOptions
from npf.stores.ledger import PostgresLedger
from npf.stores.models import FmClient


def warehouse_of_files(client: FmClient, options: FmOptions, clock: Clock, watch: Watch) -> Files:
    """The warehouse of a client whose kind is files."""
    return Files(
        place_of(client, options),
        PostgresLedger(client, clock),
        client_code=client.client_code,
        clock=clock,
        watch=watch,
        form=options.orders_format,
        out_folder=options.out_folder,
        rules=Rules(
            in_folder=options.in_folder,
            done_folder=options.done_folder,
            bad_folder=options.bad_folder,
            quiet=options.quiet,
            end_marker=options.end_marker,
            zone=ZoneInfo(options.status_zone),
        ),
        stock_hours=options.stock_hours,
    )


def place_of(client: FmClient, options: FmOptions) -> Place:
    """The folder that the client's address names; /~ is the home of the SFTP user."""
    where = urlsplit(client.base_url)
    if where.scheme == "file":
        return Folder(client.base_url.removeprefix("file://"))
    path = unquote(where.path)
    account = Account(
        host=where.hostname or "",
        port=where.port or 22,
        folder=path.removeprefix("/~").lstrip("/") if path.startswith("/~") else path,
        username=client.username,
        password=client.password,
        private_key=client.private_key,
        host_keys=options.host_key,
    )
    return Sftp(account, options.timeout)
