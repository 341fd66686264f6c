"""How a warehouse is reached, and the rows of the [fm] table where that is by files (docs/warehouses.md)."""

from npf.stores import kinds
from npf.stores.row import Parameter
from npf.stores.row import row as _row

KIND = _row(
    "FM",
    "kind",
    "Reached by",
    kinds.one_of("soap", "files"),
    "soap = FM's web service; files = files in a folder or on an SFTP server.",
    "soap",
    "files",
)

FILES_PARAMETERS: tuple[Parameter, ...] = (
    _row(
        "FM",
        "host_key",
        "Host key of the SFTP server",
        kinds.several(kinds.fingerprint),
        "Its fingerprint, SHA256:…, as the warehouse's people give it. No other server is trusted.",
        of="files",
    ),
    _row(
        "FM",
        "orders_format",
        "Orders go out as",
        kinds.one_of("csv", "json"),
        "One file an order.",
        "csv",
        "json",
        of="files",
    ),
    _row("FM", "out_folder", "Folder of orders", kinds.folder, "Where order files are written.", of="files"),
    _row("FM", "in_folder", "Folder of answers", kinds.folder, "Where despatch and stock files arrive.", of="files"),
    _row("FM", "done_folder", "Folder of used files", kinds.folder, "Where they go once they are used.", of="files"),
    _row("FM", "bad_folder", "Folder of bad files", kinds.folder, "Where those with bad rows go.", of="files"),
    _row(
        "FM",
        "end_marker",
        "Last line of a file",
        kinds.short(40),
        "A file without it is still being written; empty = files bear none.",
        of="files",
    ),
    _row(
        "FM",
        "quiet",
        "Seconds a file must stand still",
        kinds.whole(0, 60),
        "One that changes within this time is still being written.",
        of="files",
    ),
    _row(
        "FM",
        "stock_hours",
        "Hours that a stock figure holds",
        kinds.whole(1, 720),
        "An older figure is unknown, which is never zero.",
        of="files",
    ),
)
