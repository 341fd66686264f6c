"""A store file is read whole or refused whole, and each fault is named by its parameter with the cure."""

import tomllib
from datetime import date
from typing import Any

import pytest

from npf.stores import draft
from npf.stores.draft import WrongSettings
from npf.stores.parameters import parameters
from tests.stores.files import DESIGNED, right


def refused(nested: dict[str, Any]) -> dict[str, str]:
    """What is said of each parameter."""
    with pytest.raises(WrongSettings) as caught:
        draft.read(nested)
    return {problem.parameter: problem.message for problem in caught.value.problems}


def test_it_reads_the_store_file_of_the_design_as_it_is_printed() -> None:
    read = draft.read(tomllib.loads(DESIGNED))
    values = parameters(read.parameters)
    assert (read.name, read.merchant, read.store_hash) == ("acme-au", "Acme Pty Ltd", "abc123")
    assert (read.api_url, read.fm_base_url) == ("https://api.bigcommerce.com", "https://npfulfilmentapi.com")
    assert (values.start_date, values.prefix, values.order_status) == (date(2026, 11, 1), "MG", (11,))
    assert (values.countries, values.timezone, values.update_soh) == (("AU", "NZ"), "Australia/Melbourne", True)
    assert read.dispatch == {"default": "AP", "*express*": "EP EXP"}
    assert (read.carriers, read.sku_map) == ({"AP": "auspost"}, {"SHOP-1": "FM-1"})
    assert read.bundles == {"KIT-HOME": {"FM-1": 2, "FM-2": 1}}


def test_it_fills_in_the_defaults_of_the_design() -> None:
    read = draft.read(right())
    values = parameters(read.parameters)
    assert (values.update_soh, values.update_tracking_number, values.update_tracking_url) == (True, True, True)
    assert (values.order_status, values.status_pending, values.status_complete) == ((11,), None, 10)
    assert (values.stock_time, values.stock_basis, values.stock_buffer) == ("18:00", "available", 0)
    assert (values.timezone, values.test_skus) == ("Australia/Melbourne", ("Test001", "Test002"))
    assert (values.bundle_action, values.countries, values.store_filter_enabled) == ("explode", (), False)


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        ("parameters", "start_date", "31/02/2026", "no day of the calendar"),
        ("parameters", "start_date", "2026-11-01", "dd/MM/yyyy"),
        ("parameters", "start_date", "01/11/0026", "century"),
        ("parameters", "start_date", 20261101, "dd/MM/yyyy"),
        ("parameters", "timezone", "Australia/Melburne", 'did you mean "Australia/Melbourne"'),
        ("parameters", "countries", ["Austrlia"], 'did you mean "Australia"'),
        ("parameters", "countries", "Australia, Atlantis", '"Atlantis" is no country'),
        ("parameters", "order_status", [0], "unpaid checkout"),
        ("parameters", "order_status", [11, 4], "never sent"),
        ("parameters", "order_status", ["Shiped"], "no BigCommerce status"),
        ("parameters", "order_status", 15, "no BigCommerce status"),
        ("parameters", "status_complete", 5, "may not be set"),
        ("parameters", "status_pending", "Refunded", "may not be set"),
        ("parameters", "update_soh", "perhaps", "Yes or No"),
        ("parameters", "store_filter_enabled", 7, "Yes or No"),
        ("parameters", "channels", ["one"], "whole number"),
        ("parameters", "prefix", "MG 1", "letters, digits"),
        ("parameters", "prefix", "ABCDEFGHIJKLMNOPQRSTU", "over 30 characters"),
        ("parameters", "prefix", ["MG"], "must be text"),
        ("parameters", "bundle_action", "explode it", 'did you mean "explode"'),
        ("parameters", "stock_time", "25:00", "HH:MM"),
        ("parameters", "stock_time", "6pm", "HH:MM"),
        ("parameters", "stock_basis", "onhand", 'did you mean "on_hand"'),
        ("parameters", "stock_buffer", -1, "from 0"),
        ("parameters", "stock_buffer", 1.5, "whole number"),
        ("parameters", "stock_buffer", True, "whole number"),
        ("parameters", "stock_zero_share", "half", "share"),
        ("parameters", "stock_zero_share", 1.5, "0% to 100%"),
        ("parameters", "quota_kept_free", "100%", "below 100%"),
        ("parameters", "look_every", 1, "from 10"),
        ("fm", "stock_is", "physical", "one of available, on_hand"),
        ("fm", "timeout", 0, "from 5"),
        ("fm", "base_url", "npfulfilmentapi.com", "https://"),
        ("fm", "order_wsdl", "serverorder", "https://"),
        ("fm", "username", "", "must not be empty"),
        ("fm", "client_code", "A" * 81, "80 is the most"),
        ("fm", "password", "••••••••", "masked"),
        ("bigcommerce", "access_token", "********", "masked"),
        ("bigcommerce", "access_token", "", "must not be empty"),
        ("bigcommerce", "client_secret", "••••••••", "masked"),
        ("bigcommerce", "client_id", "one\ntwo", "one line"),
        ("bigcommerce", "store_id", "not a hash", "holds no store hash"),
        ("bigcommerce", "store_id", 5.5, "holds no store hash"),
        ("bigcommerce", "api_url", "http://api.bigcommerce.com", "in the clear"),
        ("bigcommerce", "api_url", "ftp://files", "no plain web address"),
        ("dispatch", "default", "AUSPOST", "no dispatch code of FM"),
        ("dispatch", "*express*", "EP EXPP", 'did you mean "EP EXP"'),
        ("dispatch", "*express*", ["EP"], "must be text"),
        ("carriers", "APP", "auspost", 'did you mean "AP"'),
        ("carriers", "AP", "Australia Post", "such as auspost"),
        ("sku_map", "SHOP-1", "F" * 31, "30 characters"),
        ("sku_map", "SHOP-1", "", "must not be empty"),
        ("bundles", "KIT", {}, "at least one part"),
        ("bundles", "KIT", "FM-1", "must be a table"),
    ],
)
def test_it_refuses_a_wrong_value_by_the_name_of_its_parameter(table: str, key: str, value: Any, said: str) -> None:
    nested = right(**{table: {key: value}})
    assert said in refused(nested)[f"{table}.{key}"]


@pytest.mark.parametrize(
    ("nested", "parameter", "nearest"),
    [
        (right(parametres={}), "parametres", "parameters"),
        (right(parameters={"prefx": "MG"}), "parameters.prefx", "prefix"),
        (right(parameters={"start date": "01/11/2026"}), "parameters.start date", "start_date"),
        (right(fm={"user": "npf"}), "fm.user", "username"),
        (right(bigcommerce={"acces_token": "x"}), "bigcommerce.acces_token", "access_token"),
    ],
)
def test_it_refuses_an_unknown_key_with_the_nearest_known_one(
    nested: dict[str, Any], parameter: str, nearest: str
) -> None:
    assert refused(nested) == {parameter: f'unknown key (did you mean "{nearest}"?)'}


def test_it_names_every_problem_at_once() -> None:
    nested = right(
        colour="red",
        bigcommerce={"access_token": ""},
        parameters={"start_date": "31/02/2026", "order_status": [0], "prefx": "MG"},
        dispatch={"default": "SNAIL"},
        bundles={"KIT": {}},
    )
    assert set(refused(nested)) == {
        *("colour", "bigcommerce.access_token", "parameters.start_date", "parameters.order_status"),
        *("parameters.prefx", "dispatch.default", "bundles.KIT"),
    }


@pytest.mark.parametrize("table", ["bigcommerce", "fm", "parameters", "dispatch", "carriers", "sku_map", "bundles"])
def test_it_refuses_a_value_where_a_table_belongs(table: str) -> None:
    assert refused({**right(), table: "yes"})[table] == "must be a table"


@pytest.mark.parametrize("name", ["", "Acme AU", "acme/au", "-acme", "a" * 61, None, 7.5])
def test_it_refuses_a_name_that_cannot_stand_in_a_command(name: Any) -> None:
    assert "name" in refused(right(name=name))


@pytest.mark.parametrize(
    ("nested", "parameter"),
    [
        (right(parameters={"store_filter_enabled": True}), "parameters.channels"),
        (right(parameters={"order_status": []}), "parameters.order_status"),
        (right(parameters={"stock_basis": "on_hand"}), "parameters.stock_basis"),
        (right(parameters={"status_complete": 11}), "parameters.status_complete"),
        (right(parameters={"status_pending": 11}), "parameters.status_pending"),
        (right(parameters={"order_status": [9, 11], "status_processing": 9}), "parameters.status_processing"),
        (right(dispatch={"Standard": "AP", "standard ": "EP"}), "dispatch.standard"),
        (right(sku_map={"A": "1", " A": "2"}), "sku_map.A"),
        (right(bundles={"A": {"1": 1}, "A ": {"2": 1}}), "bundles.A "),
    ],
)
def test_it_refuses_values_that_do_not_go_together(nested: dict[str, Any], parameter: str) -> None:
    assert parameter in refused(nested)


def test_it_takes_on_hand_where_fm_tells_on_hand() -> None:
    read = draft.read(right(fm={"stock_is": "on_hand"}, parameters={"stock_basis": "on_hand"}))
    assert parameters(read.parameters).stock_basis == "on_hand"


def test_it_takes_a_dispatch_code_that_npf_has_added_once_it_is_listed() -> None:
    assert "dispatch.default" in refused(right(dispatch={"default": "NEW 1"}))
    read = draft.read(right(fm={"dispatch_codes": ["NEW 1"]}, dispatch={"default": "new 1"}))
    assert read.dispatch == {"default": "NEW 1"}


@pytest.mark.parametrize(
    "written",
    ["abc123", "https://api.bigcommerce.com/stores/abc123/v3/", "https://store-abc123.mybigcommerce.com/manage"],
)
def test_it_understands_a_pasted_api_path(written: str) -> None:
    assert draft.read(right(bigcommerce={"store_id": written})).store_hash == "abc123"


@pytest.mark.parametrize("written", ["HTTPS://API.BigCommerce.com/", "https://api.bigcommerce.com/stores/abc123/v3"])
def test_one_address_has_one_spelling(written: str) -> None:
    assert draft.read(right(bigcommerce={"api_url": written})).api_url == "https://api.bigcommerce.com"


def test_it_never_shows_a_secret_when_a_draft_is_printed() -> None:
    read = draft.read(right())
    assert "token-of-acme" not in f"{read!r} {read}"
    assert "secret-of-fm" not in f"{read!r} {read}"


@pytest.mark.parametrize("garbage", [{}, {"name": 1, "fm": []}, {"bundles": {"": {"": ""}}}, {"parameters": {"": ""}}])
def test_it_refuses_garbage_without_falling_over(garbage: dict[str, Any]) -> None:
    assert refused(garbage)


LEGACY = {"store_id": "Store-ABC123.mybigcommerce.com/api/v2/", "client_id": "npf", "access_token": "key-of-acme"}


def test_the_address_of_a_legacy_account_is_understood_and_names_the_store() -> None:
    read = draft.read(right(bigcommerce=LEGACY))
    assert read.legacy_url == "https://store-abc123.mybigcommerce.com/api/v2"
    assert (read.store_hash, read.client_id, read.access_token) == ("abc123", "npf", "key-of-acme")
    own = draft.read(right(bigcommerce=LEGACY | {"store_id": "https://www.example.com/api/v2"}))
    assert (own.store_hash, own.legacy_url) == ("www.example.com", "https://www.example.com/api/v2")


@pytest.mark.parametrize("username", ["", "npf:two"])
def test_a_legacy_account_needs_its_username(username: str) -> None:
    says = refused(right(bigcommerce=LEGACY | {"client_id": username}))["bigcommerce.client_id"]
    assert "the username of the legacy account" in says


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("http://www.example.com/api/v2", "in the clear"),
        ("https://npf:key@www.example.com/api/v2", "no plain web address"),
        (f"https://{'a' * 61}.com/api/v2", "60 is the most"),
    ],
)
def test_an_address_of_a_legacy_account_that_cannot_be_used_is_refused(written: str, said: str) -> None:
    assert said in refused(right(bigcommerce=LEGACY | {"store_id": written}))["bigcommerce.store_id"]
