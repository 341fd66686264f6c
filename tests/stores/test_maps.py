"""The tables of a store: shipping methods, carriers, SKUs, bundles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npf.stores.fm_parameters import FmOptions
from npf.stores.maps import PROVIDERS, Settings
from npf.stores.parameters import Parameters


def settings(bundles: dict[str, dict[str, int]] | None = None, **more: Any) -> Settings:
    tables = {key: more.pop(key) for key in ("dispatch", "carriers", "sku_map") if key in more}
    return Settings(name="acme", parameters=Parameters(**more), fm=FmOptions(), bundles=bundles or {}, **tables)


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("Standard Shipping", "AP"),
        ("  standard   SHIPPING ", "AP"),
        ("Express Post (1-2 days)", "EP EXP"),
        ("Express Post Parcel", "EP"),
        ("Weight [rated] a+b", "LCR"),
        ("anything else", "EXT"),
        ("", "EXT"),
        ("default", "EXT"),
    ],
)
def test_a_shipping_method_is_found_exactly_then_by_the_longest_pattern_then_by_default(method: str, code: str) -> None:
    table = {
        "Standard Shipping": "AP",
        "*": "EXT",
        "*express*": "EP EXP",
        "express post parcel": "EP",
        "*post*": "AP CD",
        "weight [rated] *+*": "LCR",
        "default": "FEDEXP",
    }
    assert settings(dispatch=table).dispatch_code(method) == code


def test_without_a_default_a_method_may_be_unmapped() -> None:
    assert settings(dispatch={"*express*": "EP"}).dispatch_code("Standard") is None
    assert settings(dispatch={"*express*": "EP", "default": "AP"}).dispatch_code("Standard") == "AP"


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_text_upsets_the_patterns(method: str, key: str) -> None:
    found = settings(dispatch={key: "AP", f"*{key}*": "EP", "default": "EXT"}).dispatch_code(method)
    assert found in ("AP", "EP", "EXT")
    assert settings(dispatch={f"*{key}*": "EP"}).dispatch_code(f"a {key} b") == "EP"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("auspost", ("auspost", "")),
        ("startrack", ("", "startrack")),
        ("carrier_126", ("carrier_126", "")),
        ("", ("", "")),
    ],
)
def test_a_carrier_is_a_provider_of_bigcommerce_or_a_tracking_carrier(word: str, told: tuple[str, str]) -> None:
    """Facts 78 and 79: never both."""
    assert settings(carriers={"AP": word}).carrier("AP") == told
    assert settings().carrier("AP") == ("", "")
    assert "auspost" in PROVIDERS


def test_a_sku_has_its_own_code_unless_the_map_says_otherwise() -> None:
    found = settings(sku_map={"SHOP-1": "FM-1"})
    assert (found.fm_code("SHOP-1"), found.fm_code("shop-1"), found.fm_code("SHOP-2")) == ("FM-1", "shop-1", "SHOP-2")
    assert found.parts("SHOP-1") == {"FM-1": 1}


@pytest.mark.parametrize(
    ("sku", "is_bundle"),
    [("KIT-HOME", True), ("kit-home", False), ("HOME-SET", True), ("SET-HOME", False), ("X", True)],
)
def test_a_bundle_is_known_by_prefix_suffix_or_table_exactly(sku: str, is_bundle: bool) -> None:
    found = settings(bundle_prefix="KIT-", bundle_suffix="-SET", bundles={"X": {"A": 1}})
    assert found.is_bundle(sku) is is_bundle


def test_without_a_prefix_and_a_suffix_nothing_is_a_bundle() -> None:
    assert not settings().is_bundle("KIT-HOME")


def test_each_way_to_treat_a_bundle() -> None:
    table = {"KIT-HOME": {"A": 2, "B": 1}}
    assert settings(bundle_prefix="KIT-", bundles=table).parts("KIT-HOME") == {"A": 2, "B": 1}
    assert settings(bundle_prefix="KIT-").parts("KIT-HOME") is None
    assert settings(bundle_prefix="KIT-", bundle_action="as_is").parts("KIT-HOME") == {"KIT-HOME": 1}
    assert settings(bundle_prefix="KIT-", bundle_action="strip", sku_map={"HOME": "FM-1"}).parts("KIT-HOME") == {
        "FM-1": 1
    }
    assert settings(bundle_suffix="-SET", bundle_action="strip").parts("HOME-SET") == {"HOME": 1}
