"""What all commands share: exit codes, JSON, tables, progress.

Documents go to standard output, the rest to standard error. Rich is imported where something is drawn: `npf --help` and
`--json` need none of it.
"""

import json
import logging
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TextIO

import typer

from npf.core.errors import FixSettings, NpfError

if TYPE_CHECKING:
    from rich.console import Console

DONE, HELD_OR_FAILED, WRONG = 0, 1, 2
# Columns of a table that no terminal shows: nothing is folded, so that grep finds it whole.
WIDE = 1000

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
StoreName = Annotated[str, typer.Argument(metavar="NAME", help="The store's name.")]
OrderId = Annotated[int, typer.Argument(metavar="ID", help="The BigCommerce order number.")]

Progress = Callable[[str, int, int], None]


def new_app(help: str) -> typer.Typer:
    """A group of commands; without a command it prints its help."""
    return typer.Typer(
        help=help, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def guarded(app: typer.Typer) -> None:
    """Run the command and leave with DESIGN's exit codes: 0 done, 1 held or failed, 2 wrong use or wrong settings.

    With --json what went wrong is the document: {"error", "parameter", "cure", "problems": [{"parameter", "message"}]}.
    """
    logging.basicConfig(stream=sys.stderr)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        app()
    except NpfError as error:
        fix = error if isinstance(error, FixSettings) else None
        if "--json" in sys.argv[1:]:
            problems = [{"parameter": one.parameter, "message": one.message} for one in getattr(error, "problems", [])]
            named = {"parameter": fix.parameter, "cure": fix.cure} if fix else {"parameter": None, "cure": None}
            document({"error": str(error), **named, "problems": problems})
        _tell(error)
        sys.exit(WRONG if fix else HELD_OR_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(number: int, frame: object) -> NoReturn:
    """As Ctrl-C does: everything on the way is closed in order, the embedded Postgres too."""
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)


def _tell(error: NpfError) -> None:
    err = _console(sys.stderr)
    err.print(str(error), markup=False, style="red")
    if isinstance(error, FixSettings) and error.cure not in str(error):
        err.print(f"{error.parameter}: {error.cure}", markup=False)


def _console(file: TextIO) -> "Console":
    from rich.console import Console

    return Console(file=file, highlight=False, soft_wrap=True, width=None if file.isatty() else WIDE)


def say(text: str) -> None:
    """A sentence for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def warn(text: str) -> None:
    """A sentence that must not get lost in a document."""
    _console(sys.stderr).print(text, markup=False, style="yellow")


def document(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers: Sequence[str] = ()) -> None:
    """A plain table; the columns named in `numbers` are aligned to the right."""
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        made.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    _console(sys.stdout).print(made)


@contextmanager
def progress(shown: bool = True) -> Iterator[Progress]:
    """A progress callback (what, done, total) that draws on standard error, where somebody is looking."""
    if not (shown and sys.stderr.isatty()):
        yield lambda what, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_console(sys.stderr),
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total or None)
        bars.update(tasks[what], completed=done, total=total or None)

    with bars:
        yield tell


def leave(code: int) -> None:
    """End the command with an exit code other than 0."""
    if code:
        raise typer.Exit(code)
