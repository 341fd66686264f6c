import pytest
from pytest_django import Settings

PUBLIC = "http://127.0.0.1:8080"


@pytest.fixture
def public(settings: Settings) -> str:
    """The address under which this NPF Connect is reached."""
    settings.NPF_PUBLIC_URL = PUBLIC
    return PUBLIC
