"""`npf`: parses, calls, prints (DESIGN section 6). What a command does stands in the rooms below.

Commands import those rooms inside their bodies: they need Django and a database, which `started()` makes ready, and
`npf --help` needs neither.
"""

from npf.cli import orders, people, processes, sandbox, stations, stores, tables
from npf.cli.common import guarded, new_app

app = new_app("Orders from BigCommerce into FM, tracking and stock back.")
app.add_typer(stores.app, name="store")
app.add_typer(people.app, name="user")
app.add_typer(sandbox.app, name="sandbox")
for module in (processes, stations, orders, tables):
    module.register(app)


def main() -> None:
    """The entry point of the `npf` command."""
    guarded(app)


__all__ = ["app", "main"]
