"""npf user …"""

import secrets
from typing import Annotated

import typer

from npf.cli.common import AsJson, document, new_app, say
from npf.serve.start import started

app = new_app("People who may log in to the console.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    role: Annotated[str, typer.Option(metavar="operator|integrator|merchant", help="What the person may do.")],
    store: Annotated[list[str] | None, typer.Option(help="A merchant's store; may be given several times.")] = None,
    password: Annotated[str, typer.Option(envvar="NPF_PASSWORD", help="Left out, one is made and printed.")] = "",
    json: AsJson = False,
) -> None:
    """Add a person."""
    made = password or secrets.token_urlsafe(12)
    with started():
        from npf.console.people import add_person

        add_person(name, role, made, store or [])
    if json:
        return document({"name": name, "role": role, "stores": store or [], "password": None if password else made})
    say(f"{name} may log in as {role}." + ("" if password else f" Password, shown once: {made}"))
    return None


@app.callback()
def _group() -> None:
    """People who may log in to the console."""
