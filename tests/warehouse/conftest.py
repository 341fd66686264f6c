"""One warehouse after the other, by every way that we can reach one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fm.conftest import order as order
from tests.warehouse.houses import KINDS, House, house


@pytest.fixture(params=KINDS)
def npf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with house(request.param, tmp_path) as one:
        yield one
