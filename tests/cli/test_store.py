"""npf store …: what is right is kept, what is wrong is refused by name, and nothing is half saved."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from npf.audit.models import Event
from npf.sandbox import bigcommerce as bc
from npf.stores import book
from npf.stores.models import FmClient, Store
from tests.cli.conftest import Npf
from tests.cli.running import Ran, toml
from tests.connected import Connected, Sandboxes
from tests.old_accounts import KEY, tables
from tests.stores.files import DESIGNED

StoreFile = Callable[..., str]


def test_the_store_file_of_the_design_is_added_as_it_is_printed(
    npf: Npf, nested: dict[str, Any], sandboxes: Sandboxes, tmp_path: Path
) -> None:
    text = DESIGNED.replace("https://api.bigcommerce.com", sandboxes.bc_server.url)
    text = text.replace("https://npfulfilmentapi.com", sandboxes.fm_server.url).replace('"abc123"', '"acme"')
    bigcommerce, fm = nested["bigcommerce"], nested["fm"]
    for key, value in (bigcommerce | fm).items():
        text = text.replace(f'{key} = "…"', f'{key} = "{value}"')
    path = tmp_path / "acme-au.toml"
    path.write_text(text, encoding="utf-8")
    done = npf("store", "add", str(path), "--json")
    assert done.code == 0, done.err
    assert (done.json["store"], done.json["did"], done.json["unproved"]) == ("acme-au", "added", [])
    shown = npf("store", "show", "acme-au", "--json").json
    assert shown["bundles"] == {"KIT-HOME": {"FM-1": 2, "FM-2": 1}}
    assert shown["parameters"]["start_date"] == "01/11/2026"
    assert shown["start_date_in_words"] == "orders placed from Sunday 1 November 2026, 00:00 in Australia/Melbourne"


def test_adding_a_store_again_changes_it(npf: Npf, nested: dict[str, Any], store_file: StoreFile) -> None:
    assert "acme added" in npf("store", "add", store_file(nested)).out
    nested["parameters"]["stock_buffer"] = 3
    done = npf("store", "add", store_file(nested), "--json")
    assert (done.code, done.json["did"]) == (0, "changed")
    assert Store.objects.get().parameters["stock_buffer"] == 3


def refused(npf: Npf, path: str) -> dict[str, str]:
    """What is said of each parameter; nothing is saved."""
    done = npf("store", "add", path, "--json")
    assert done.code == 2
    assert not Store.objects.exists()
    assert not FmClient.objects.exists()
    assert not Event.objects.exists()
    said: dict[str, str] = {one["parameter"]: one["message"] for one in done.json["problems"]}
    for parameter in said:
        assert parameter in done.err
    return said


def test_a_refused_token_is_named(npf: Npf, nested: dict[str, Any], store_file: StoreFile) -> None:
    nested["bigcommerce"]["access_token"] = "another-token"
    said = refused(npf, store_file(nested))
    assert "API account" in said["bigcommerce.access_token"]
    assert "another-token" not in str(said)


def test_every_missing_scope_is_named(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile, sandboxes: Sandboxes
) -> None:
    shop = sandboxes.world.stores["acme"]
    shop.accounts.clear()
    shop.add_account("token-acme", set(bc.FOUR_SCOPES) - {"store_v2_products", "store_v2_transactions"}, "client-acme")
    done = npf("store", "add", store_file(nested), "--json")
    assert done.code == 2
    scopes = [one["message"].partition('"')[2].partition('"')[0] for one in done.json["problems"]]
    assert scopes == ["Order Transactions: modify", "Products: modify"]
    assert all("Create V2/V3 API token" in one["message"] for one in done.json["problems"])
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    ("key", "value", "parameter"),
    [
        ("password", "wrong", "fm.username"),
        ("username", "nobody", "fm.username"),
        ("client_code", "NOBODY", "fm.client_code"),
    ],
)
def test_a_wrong_fm_login_is_named(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile, key: str, value: str, parameter: str
) -> None:
    nested["fm"][key] = value
    assert set(refused(npf, store_file(nested))) == {parameter}


def test_what_both_systems_refuse_is_named_at_once(npf: Npf, nested: dict[str, Any], store_file: StoreFile) -> None:
    nested["bigcommerce"]["access_token"] = "another-token"
    nested["fm"]["client_code"] = "NOBODY"
    assert set(refused(npf, store_file(nested))) == {"bigcommerce.access_token", "fm.client_code"}


def test_several_wrong_values_are_named_at_once_and_nobody_is_asked(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile, sandboxes: Sandboxes
) -> None:
    nested["parameters"] |= {"start_date": "31/02/2026", "order_status": [0], "prefx": "MG"}
    nested["dispatch"]["default"] = "SNAIL"
    said = refused(npf, store_file(nested))
    assert set(said) == {*("parameters.start_date", "parameters.order_status", "parameters.prefx", "dispatch.default")}
    assert len(sandboxes.world.stores["acme"].log) == 0


def test_a_token_that_no_header_can_carry_is_refused_and_not_printed(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile
) -> None:
    nested["bigcommerce"]["access_token"] = "a token with spaces"
    said = refused(npf, store_file(nested))
    assert "characters that cannot be right" in said["bigcommerce.access_token"]
    assert "with spaces" not in str(said)


def test_masked_secrets_that_are_pasted_back_are_refused(npf: Npf, acme: Connected, store_file: StoreFile) -> None:
    shown = npf("store", "show", "acme", "--json").json
    shown.pop("paused")
    shown.pop("start_date_in_words")
    done = npf("store", "add", store_file(shown), "--json")
    assert done.code == 2
    assert {one["parameter"] for one in done.json["problems"]} == {"bigcommerce.access_token", "fm.password"}
    assert acme.store.access_token == "token-acme"


def test_a_start_date_in_the_future_is_allowed_and_said(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile
) -> None:
    nested["parameters"]["start_date"] = "25/12/2031"
    done = npf("store", "add", store_file(nested))
    assert done.code == 0
    assert "in the future" in done.err
    assert "Thursday 25 December 2031" in done.out


def test_a_system_that_does_not_answer_is_no_refusal(
    npf: Npf, nested: dict[str, Any], store_file: StoreFile, sandboxes: Sandboxes
) -> None:
    sandboxes.fm_server.close()
    done = npf("store", "add", store_file(nested), "--json")
    assert done.code == 1
    assert "FM could not be asked" in done.json["unproved"][0]
    assert Store.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("name = acme", "no TOML"), ('name = "acme"\nname = "acme"', "no TOML"), ("[", "no TOML")],
)
def test_a_file_that_is_no_toml_is_told_with_its_line(npf: Npf, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "store.toml"
    path.write_text(text)
    done = npf("store", "add", str(path), "--json")
    assert (done.code, done.json["parameter"]) == (2, "FILE")
    assert said in done.err
    assert "line" in done.err


def test_a_file_that_cannot_be_read_is_told(npf: Npf, tmp_path: Path) -> None:
    assert "cannot be read" in npf("store", "add", str(tmp_path / "nothing.toml")).err
    (tmp_path / "latin.csv").write_bytes("prefix,\xe9\n".encode("latin-1"))
    done = npf("store", "import", str(tmp_path / "latin.csv"))
    assert (done.code, "UTF-8" in done.err) == (2, True)


def test_no_secret_is_ever_printed(npf: Npf, nested: dict[str, Any], store_file: StoreFile) -> None:
    outputs = [
        npf("store", "add", store_file(nested)),
        npf("store", "show", "acme"),
        npf("store", "show", "acme", "--json"),
        npf("store", "set", "acme", "apikey=wrong-token"),
        npf("store", "list"),
        npf("check", "acme", "--json"),
    ]
    everything = "".join(one.out + one.err for one in outputs)
    assert "••••••••" in everything
    assert "client-acme" in everything
    for secret in ("token-acme", "secret-of-fm", "wrong-token"):
        assert secret not in everything


def test_show_tells_every_parameter_in_npfs_own_words(npf: Npf, acme: Connected) -> None:
    shown = npf("store", "show", "acme").out
    for line in (
        "Update SOH to Shopping cart",
        "order status",
        "11 (Awaiting Fulfillment)  *",
        "Country Filters",
        "dispatch.*express*",
    ):
        assert line in shown


def test_set_changes_parameters_and_rows_and_takes_rows_away(npf: Npf, acme: Connected) -> None:
    version = acme.store.settings_version
    done = npf(
        *("store", "set", "acme", "Stock buffer=2", "dispatch.Same Day=STR EXP", "bundles.KIT.FM-1=2"),
        *("dispatch.*express*=", "Country Filters=Australia, NZ"),
    )
    assert done.code == 0, done.err
    store = acme.store
    assert (store.parameters["stock_buffer"], store.parameters["countries"]) == (2, ["AU", "NZ"])
    assert store.dispatch == {"default": "AP", "Same Day": "STR EXP"}
    assert store.bundles == {"KIT": {"FM-1": 2}}
    assert store.settings_version == version + 1
    assert npf("store", "set", "acme", "bundles.KIT.FM-1=", "stock_buffer=").code == 0
    assert (acme.store.bundles, "stock_buffer" in acme.store.parameters) == ({}, False)


def test_set_refuses_whole_or_not_at_all(npf: Npf, acme: Connected) -> None:
    before = Store.objects.values().get()
    done = npf("store", "set", "acme", "stock_buffer=2", "colour=red", "Start Date")
    assert done.code == 2
    assert "colour: unknown key" in done.err
    assert "Start Date: must be KEY=VALUE" in done.err
    assert npf("store", "set", "acme", "stock_buffer=two").code == 2
    assert Store.objects.values().get() == before


def test_set_resumes_a_store_that_a_wrong_token_had_paused(npf: Npf, acme: Connected) -> None:
    acme.bc.accounts.clear()
    acme.bc.add_account("token-two", set(bc.FOUR_SCOPES), "client-acme")
    assert npf("pull", "acme").code == 2
    assert acme.store.paused_parameter == "bigcommerce.access_token"
    assert npf("store", "set", "acme", "stock_buffer=1").code == 2  # the token is still refused
    assert acme.store.paused_at is not None
    assert npf("store", "set", "acme", "apikey=token-two").code == 0
    assert acme.store.paused_at is None
    assert npf("pull", "acme").code == 0


def test_a_sheet_in_npfs_words_adds_a_store(npf: Npf, nested: dict[str, Any], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    rows = {
        "apistorename": f"{nested['bigcommerce']['api_url']}/stores/acme/v3/",
        "username": "client-acme",
        "apikey": "token-acme",
        "API url": nested["bigcommerce"]["api_url"],
        "Start Date": "01/11/2026",
        "Country Filters": '"Australia, New Zealand"',
        "prefix": "AC-",
        "FM address": nested["fm"]["base_url"],
        "FM username": "npf",
        "FM password": "secret-of-fm",
        "FM client code": "ACME",
        "Dispatch method": "AP",
    }
    sheet.write_text("Parameter,Value\n" + "".join(f"{word},{value}\n" for word, value in rows.items()))
    assert "--name" in npf("store", "import", str(sheet)).err
    done = npf("store", "import", str(sheet), "--name", "acme")
    assert done.code == 0, done.err
    assert Store.objects.get().parameters["countries"] == ["AU", "NZ"]
    sheet.write_text("prefix,AD-\n")
    assert npf("store", "import", str(sheet), "--name", "acme").code == 0
    store = Store.objects.get()
    assert (store.parameters["prefix"], store.access_token) == ("AD-", "token-acme")
    sheet.write_text("\nStart Date,31/02/2026\n")
    assert "row 2 (Start Date)" in npf("store", "import", str(sheet), "--name", "acme").err


def test_a_removed_store_keeps_its_orders_and_sends_none_twice(
    npf: Npf, acme: Connected, store_file: StoreFile, sandboxes: Sandboxes
) -> None:
    acme.place(("MUG-INK", 1))
    assert npf("run", "acme").code == 0
    assert len(acme.fm.orders) == 1
    assert npf("store", "remove", "acme", "--yes").code == 0
    done = npf("run", "acme")
    assert (done.code, "there is no store" in done.err) == (2, True)
    assert npf("store", "list", "--json").json == {"stores": []}
    assert npf("store", "add", store_file(sandboxes.nested("acme", "ACME", acme.bc))).code == 0
    done = npf("run", "acme", "--json")
    assert (done.code, done.json["sent"]) == (0, 0)
    assert len(acme.fm.orders) == 1
    assert len(npf("orders", "acme", "--json").json["orders"]) == 1


def test_check_registers_the_webhook_and_remove_deletes_it(npf: Npf, acme: Connected, settings: Settings) -> None:
    settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
    findings = npf("check", "acme", "--json").json["findings"]
    (webhook,) = [one for one in findings if one["subject"] == "webhook"]
    assert (webhook["result"], webhook["says"]) == ("ok", "registered; no event has come yet")
    assert [hook.destination for hook in acme.bc.hooks.by_id.values()] == ["http://127.0.0.1:8080/hooks/acme/orders"]
    assert npf("store", "remove", "acme", "--yes").code == 0
    assert acme.bc.hooks.by_id == {}


def test_a_webhook_that_cannot_be_deleted_does_not_keep_a_store_from_being_removed(
    npf: Npf, acme: Connected, settings: Settings
) -> None:
    settings.NPF_PUBLIC_URL = "http://127.0.0.1:8080"
    npf("check", "acme", "--json")
    acme.bc.accounts.clear()
    done = npf("store", "remove", "acme", "--yes", "--json")
    assert (done.code, done.json["changed"]) == (0, True)
    assert "its webhook could not be deleted" in done.err
    assert Store.objects.get().removed_at is not None


def test_a_client_secret_is_kept_and_taken_away(npf: Npf, acme: Connected) -> None:
    done = npf("store", "set", "acme", "bigcommerce.client_secret=the-client-s3cret")
    assert (done.code, acme.store.client_secret) == (0, "the-client-s3cret")
    shown = npf("store", "show", "acme")
    assert "the-client-s3cret" not in done.out + done.err + shown.out + shown.err
    assert npf("store", "set", "acme", "bigcommerce.client_secret=").code == 0
    assert acme.store.client_secret == ""
    assert Event.objects.filter(text__contains="bigcommerce.client_secret: taken away").exists()


def test_pause_resume_and_list(npf: Npf, acme: Connected) -> None:
    assert npf("store", "pause", "acme", "--reason", "stocktaking", "--json").json["changed"] is True
    assert npf("store", "pause", "acme", "--json").json["changed"] is False
    (row,) = npf("store", "list", "--json").json["stores"]
    assert (row["name"], row["paused"]) == ("acme", "stocktaking")
    done = npf("run", "acme")
    assert done.code == 2
    assert "npf store resume acme" in npf("pull", "acme").err
    assert npf("store", "resume", "acme").code == 0
    assert npf("run", "acme").code == 0


def test_an_unknown_store_is_named_with_the_nearest_one(npf: Npf, acme: Connected) -> None:
    for words in (("store", "show"), ("check",), ("run",), ("orders",), ("stock",), ("store", "pause")):
        done = npf(*words, "amce")
        assert done.code == 2
        assert 'did you mean "acme"' in done.err


def test_the_file_that_toml_writes_is_read_back(nested: dict[str, Any]) -> None:
    nested["bundles"] = {"KIT.1": {"FM-1": 2}}
    assert tomllib.loads(toml(nested)) == nested
    assert book.written({"start_date": "2026-11-01"}) == {"start_date": "01/11/2026"}


def test_a_legacy_account_in_npfs_sheet_is_proved_saved_shown_and_masked(
    npf: Npf, nested: dict[str, Any], sandboxes: Sandboxes, tmp_path: Path
) -> None:
    theirs = sandboxes.world.stores["acme"]
    bc.add_legacy_account(theirs, "npf", KEY)
    theirs.accounts.clear()
    of = tables(sandboxes)
    rows = {
        "apistorename": of["store_id"],
        "username": "npf",
        "apikey": "wrong-key",
        "Start Date": "01/11/2026",
        "FM address": nested["fm"]["base_url"],
        "FM username": "npf",
        "FM password": "secret-of-fm",
        "FM client code": "ACME",
        "Dispatch method": "AP",
    }
    sheet = tmp_path / "sheet.csv"

    def imported() -> Ran:
        sheet.write_text("".join(f"{word},{value}\n" for word, value in rows.items()))
        return npf("store", "import", str(sheet), "--name", "acme")

    done = imported()
    assert done.code == 2
    assert "row 3 (apikey)" in done.err
    assert "wrong-key" not in done.err + done.out
    assert not Store.objects.exists()
    rows["apikey"] = KEY
    done = imported()
    assert done.code == 0, done.err
    assert all(entry.path == "/v2/orders" for entry in theirs.log)
    shown = npf("store", "show", "acme", "--json")
    assert shown.json["bigcommerce"]["store_id"] == of["store_id"].rstrip("/")
    assert KEY not in shown.out
    theirs.place_order([("MUG-INK", 1)])
    done = npf("run", "acme", "--json")
    assert (done.code, done.json["pushed"]) == (0, 1)
    done = npf("stock", "acme", "--json")
    assert done.code == 1
    assert "a legacy account cannot write stock" in done.json["stopped"]
    assert "a legacy account cannot write stock" in npf("count", "acme").err
    done = npf("check", "acme", "--json")
    assert (done.code, done.json["wrong"]) == (1, 1)
    quota = next(one for one in done.json["findings"] if one["subject"] == "quota")
    assert "calls by us" in quota["says"]
    assert Store.objects.get().paused_at is None
