"""What all commands share: exit codes, JSON, tables, progress.

Documents go to standard output, the rest to standard error.
"""

import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from npf.core.errors import FixSettings, NpfError

DONE, HELD_OR_FAILED, WRONG = 0, 1, 2

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
StoreName = Annotated[str, typer.Argument(metavar="NAME", help="The store's name.")]
OrderId = Annotated[int, typer.Argument(metavar="ID", help="The BigCommerce order number.")]


def new_app(help: str) -> typer.Typer:
    """A group of commands; without a command it prints its help."""
    return typer.Typer(
        help=help, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def guarded(app: typer.Typer) -> None:
    """Run the command and leave with DESIGN's exit codes: 0 done, 1 held or failed, 2 wrong use or wrong settings."""
    logging.basicConfig(stream=sys.stderr)
    try:
        app()
    except FixSettings as wrong:
        err.print(f"[red]{_escaped(str(wrong))}[/red]")
        if wrong.cure not in str(wrong):
            err.print(f"{wrong.parameter}: {wrong.cure}", markup=False)
        sys.exit(WRONG)
    except NpfError as error:
        err.print(f"[red]{_escaped(str(error))}[/red]")
        sys.exit(HELD_OR_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")


def say(text: str) -> None:
    """A sentence for the person at the terminal."""
    out.print(text, markup=False)


def warn(text: str) -> None:
    """A sentence that must not get lost in a document."""
    err.print(text, markup=False, style="yellow")


def document(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers: Sequence[str] = ()) -> None:
    """A plain table; the columns named in `numbers` are aligned to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        made.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else _escaped(str(cell)) for cell in row))
    out.print(made)


@contextmanager
def progress(shown: bool = True) -> Iterator[Any]:
    """A progress callback (what, done, total) that draws on standard error, where somebody is looking."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not (shown and sys.stderr.isatty()),
    )
    tasks: dict[str, Any] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total or None)
        bar.update(tasks[what], completed=done, total=total or None)

    with bar:
        yield tell


def leave(code: int) -> None:
    """End the command with an exit code other than 0."""
    if code:
        raise typer.Exit(code)
