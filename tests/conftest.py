"""Both sandboxes on real sockets, and a store that is connected to them."""

from collections.abc import Callable, Iterator

import pytest

from tests.connected import Connected, Sandboxes


@pytest.fixture
def sandboxes() -> Iterator[Sandboxes]:
    with Sandboxes() as both:
        yield both


@pytest.fixture
def connect(sandboxes: Sandboxes, transactional_db: None) -> Callable[..., Connected]:
    """Make a store, in the sandboxes and here: `connect(prefix="MG", tables={"sku_map": {...}})`."""
    return sandboxes.connect


@pytest.fixture
def shop(connect: Callable[..., Connected]) -> Connected:
    """One store with everything at its defaults."""
    return connect()
