"""docs/sandbox.md and --help name everything that can be switched on."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from npf.cli import app
from npf.sandbox.bigcommerce import KINDS, SWITCHES
from npf.sandbox.bigcommerce.deliveries import RETRIES
from npf.sandbox.faults import SECONDS
from npf.sandbox.fm.faults import KINDS as FM_KINDS
from npf.sandbox.fm.settings import SETTINGS

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text()


def rows(title: str) -> dict[str, str]:
    """The table under a head, first column to second."""
    table = DOCS.split(f"| {title} |")[1].split("\n\n")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", table, re.MULTILINE))


def named(kinds: dict[str, str]) -> dict[str, str]:
    return {f"{kind}:SECONDS" if kind in SECONDS else kind: what for kind, what in kinds.items()}


def test_the_docs_tell_every_fault_in_its_own_words() -> None:
    assert rows("BigCommerce") == named(KINDS)
    assert rows("FM") == named(FM_KINDS)
    assert all(f"`{kind}` is {seconds:g}" in DOCS for kind, seconds in SECONDS.items())


def test_the_docs_tell_every_switch_in_its_own_words() -> None:
    table = rows("switch")
    assert table.pop("scopes")
    assert table == {name: switch.meaning for name, switch in SWITCHES.items()}


def test_the_docs_tell_every_setting_of_fm_in_its_own_words() -> None:
    assert rows("setting of FM") == {name: one.meaning for name, one in SETTINGS.items()}


def test_the_docs_tell_when_a_webhook_is_tried_again() -> None:
    assert all(re.search(rf"\b{seconds}\b", DOCS) for seconds in RETRIES)


@pytest.mark.parametrize(("which", "kinds"), [("bigcommerce", KINDS), ("fm", FM_KINDS)])
def test_help_explains_every_fault_and_the_docs_name_every_flag(which: str, kinds: dict[str, str]) -> None:
    said = CliRunner().invoke(app, ["sandbox", which, "--help"]).output
    words = " ".join(said.split())
    for kind, what in named(kinds).items():
        assert f"{kind} {what}" in words, kind
    flags = set(re.findall(r"--[a-z-]+", said)) - {"--help"}
    usage = next(line for line in DOCS.splitlines() if line.startswith(f"npf sandbox {which}"))
    assert flags == set(re.findall(r"--[a-z-]+", usage))
