"""npf demo, up, web, worker, migrate."""

from typing import Annotated

import typer

from npf.cli.common import HELD_OR_FAILED, AsJson, document, leave, say, warn
from npf.serve.start import started

Port = Annotated[int, typer.Option(help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
WithParent = Annotated[bool, typer.Option("--with-parent", hidden=True)]


def register(app: typer.Typer) -> None:
    """Put these commands into the top level."""
    for command in (demo, up, web, worker, migrate):
        app.command()(command)


def demo(
    port: Port = 8080,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    seconds: Annotated[float | None, typer.Option("--for", metavar="SECONDS", help="End by itself.")] = None,
) -> None:
    """Everything at once on two sandboxes: orders begin to flow."""
    from npf.serve.demo import demo as run

    leave(0 if run(port, browser=not no_browser, seconds=seconds, say=say) else HELD_OR_FAILED)


def up(host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Console and worker on the embedded or the given Postgres, until Ctrl-C."""
    from npf.serve.web import check_port

    check_port(host, port)
    with started(migrate=True) as postgres:
        from django.contrib.auth.models import User

        from npf.core.clock import SystemClock
        from npf.serve.up import until_stopped

        say(f"NPF Connect at http://{host}:{port}/ (Ctrl-C ends it)")
        if not User.objects.exists():
            warn("Nobody can log in yet: npf user add NAME --role integrator")
        commands = [["web", "--host", host, "--port", str(port)], ["worker"]]
        until_stopped(commands, SystemClock(), warn, postgres)


def web(host: Host = "127.0.0.1", port: Port = 8080, with_parent: WithParent = False) -> None:
    """The console alone."""
    _child(with_parent)
    with started():
        from npf.serve.web import serve

        serve(host, port, with_parent=with_parent)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Stations at work at once.")] = 8,
    with_parent: WithParent = False,
) -> None:
    """One worker; more machines = more workers on one Postgres."""
    _child(with_parent)
    with started():
        from npf.serve.worker import work

        work(concurrency)


def migrate(json: AsJson = False) -> None:
    """Bring the tables of the database up to date."""
    with started(migrate=True):
        pass
    if json:
        document({"did": "migrated"})
    else:
        say("The tables are up to date.")


def _child(with_parent: bool) -> None:
    if with_parent:
        from npf.serve.children import stop_with_parent

        stop_with_parent()
