"""npf sandbox bigcommerce, npf sandbox fm, npf sandbox files."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from npf.cli.common import new_app
from npf.cli.processes import Port
from npf.core.errors import FixSettings

app = new_app("BigCommerce, FM or a warehouse of files to play with: one sandbox alone, until Ctrl-C.")

_FAULTS = (
    "Faults by probability (kind=0 to 1) or for the next so many (kind@count), with commas, such as {}; see below."
)


class _BigCommerce(TyperCommand):
    """Its --help ends with what each fault does."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from npf.sandbox.bigcommerce.faults import KINDS

        _tell(KINDS, formatter)


class _Fm(TyperCommand):
    """Its --help ends with what each fault does."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from npf.sandbox.fm.faults import KINDS

        _tell(KINDS, formatter)


def _tell(kinds: dict[str, str], formatter: Any) -> None:
    from npf.sandbox.faults import SECONDS

    rows = [(f"{kind}:SECONDS" if kind in SECONDS else kind, what) for kind, what in kinds.items()]
    with formatter.section("Faults"):
        formatter.write_dl(rows)


@app.command("bigcommerce", cls=_BigCommerce)
def bigcommerce(
    port: Port = 8081,
    orders: Annotated[int, typer.Option(min=0, help="Orders that each store has at the start.")] = 50,
    stores: Annotated[int, typer.Option(min=1, max=2000, help="How many stores.")] = 1,
    quota: Annotated[str, typer.Option(help="Requests per seconds, such as 150/30; none = no quota.")] = "150/30",
    faults: Annotated[str, typer.Option(help=_FAULTS.format("500=0.02,stale:60=0.01,429@3"))] = "",
    seed: Annotated[int, typer.Option(help="The same seed makes the same orders and the same faults.")] = 0,
) -> None:
    """A BigCommerce with stores, a catalogue and orders, and a page on which all can be done by hand."""
    from npf.sandbox.bigcommerce.run import run

    try:
        run(port=port, orders=orders, stores=stores, quota=quota, faults=faults, seed=seed)
    except (ValueError, OSError) as wrong:
        raise FixSettings(str(wrong), parameter="npf sandbox", cure="npf sandbox bigcommerce --help") from None


@app.command("fm", cls=_Fm)
def fm(
    port: Port = 8082,
    faults: Annotated[str, typer.Option(help=_FAULTS.format("99999=0.02,reset-after=0.01,garbage@3"))] = "",
    seed: Annotated[int, typer.Option(help="The same seed makes the same fate.")] = 0,
    pick_delay: Annotated[float, typer.Option(min=0, help="Seconds until an order ships.")] = 3.0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting, such as manual=yes; may be given several times."),
    ] = None,
) -> None:
    """An FM that takes, picks and ships orders, and a page on which that can be done by hand."""
    from npf.sandbox.fm import Settings, run

    more: dict[str, Any] = {"pick_delay": pick_delay, **dict(text.partition("=")[::2] for text in settings or ())}
    try:
        Settings().changed(more)
        run(port, faults=faults, seed=seed, **more)
    except (ValueError, OSError) as wrong:
        raise FixSettings(str(wrong), parameter="npf sandbox", cure="npf sandbox fm --help") from None


@app.command("files")
def files(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; it is made if need be.")],
    pick_delay: Annotated[float, typer.Option(min=0, help="Seconds until an order ships.")] = 3.0,
    form: Annotated[str, typer.Option("--format", help="Of its own files: csv or json.")] = "csv",
) -> None:
    """A warehouse that takes order files from a folder, and writes despatch and stock files into it."""
    from npf.sandbox.files import run

    try:
        run(folder, pick_delay=pick_delay, form=form)
    except (ValueError, OSError) as wrong:
        raise FixSettings(str(wrong), parameter="npf sandbox", cure="npf sandbox files --help") from None
