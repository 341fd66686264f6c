"""Where a store is, as people paste it."""

import pytest

from npf.bigcommerce.address import api_base, legacy_name, legacy_url, store_path
from npf.core.errors import FixSettings


@pytest.mark.parametrize(
    "text",
    [
        "abc123",
        " abc123\n",
        "https://api.bigcommerce.com/stores/abc123/v3/",
        "https://api.bigcommerce.com/stores/abc123/v2",
        "https://api.bigcommerce.com/stores/abc123",
        "api.bigcommerce.com/stores/abc123/v3/",
        "/stores/abc123/",
        "stores/abc123",
        "http://127.0.0.1:8091/stores/abc123/v3/",
        "https://store-abc123.mybigcommerce.com/manage/settings",
        "https://store-abc123-1.mybigcommerce.com",
    ],
)
def test_a_pasted_api_path_is_understood(text: str) -> None:
    assert store_path(text) == "abc123"


@pytest.mark.parametrize(
    "text", ["", "   ", "https://example.com/", "https://api.bigcommerce.com/stores/", "my store", "a/b", "../x", "-"]
)
def test_what_holds_no_store_hash_is_refused_by_name(text: str) -> None:
    with pytest.raises(FixSettings) as caught:
        store_path(text)
    assert caught.value.parameter == "bigcommerce.store_id"
    assert "stores/" in caught.value.cure


def test_the_address_of_the_api_loses_its_path_and_slash() -> None:
    assert api_base("https://api.bigcommerce.com/") == "https://api.bigcommerce.com"
    assert api_base(" http://127.0.0.1:8091 ") == "http://127.0.0.1:8091"
    assert api_base("http://[::1]:8091") == "http://[::1]:8091"
    assert api_base("https://api.bigcommerce.com/stores/abc123/v3/") == "https://api.bigcommerce.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.bigcommerce.com",
        "ftp://api.bigcommerce.com",
        "http://api.bigcommerce.com",
        "https://user:pass@api.bigcommerce.com",
        "https://api.bigcommerce.com:port",
        "https://api.bigcommerce.com/other",
        "https://a b",
    ],
)
def test_an_address_that_would_lose_or_show_the_token_is_refused(text: str) -> None:
    with pytest.raises(FixSettings) as caught:
        api_base(text)
    assert caught.value.parameter == "bigcommerce.api_url"
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "url", "name"),
    [
        (
            "https://store-abc123.mybigcommerce.com/api/v2/",
            "https://store-abc123.mybigcommerce.com/api/v2",
            "abc123",
        ),
        ("store-abc123.mybigcommerce.com/api/v2", "https://store-abc123.mybigcommerce.com/api/v2", "abc123"),
        ("https://store-abc123-1.mybigcommerce.com/api/v2/orders.json", None, "abc123"),
        (" HTTPS://WWW.Example.com/api/v2/ ", "https://www.example.com/api/v2", "www.example.com"),
        ("example.com/api/v2", "https://example.com/api/v2", "example.com"),
        (
            "http://127.0.0.1:8091/store-demo1/api/v2/",
            "http://127.0.0.1:8091/store-demo1/api/v2",
            "127.0.0.1:8091/store-demo1",
        ),
    ],
)
def test_the_address_of_a_legacy_account_is_understood(text: str, url: str | None, name: str) -> None:
    found = legacy_url(text)
    assert found == (url or "https://store-abc123-1.mybigcommerce.com/api/v2")
    assert legacy_name(found) == name
    assert legacy_url(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "abc123",
        "store-abc123.mybigcommerce.com",
        "https://store-abc123.mybigcommerce.com/manage/settings",
        "https://api.bigcommerce.com/stores/abc123/v2/",
        "https://store-abc123.mybigcommerce.com/api/v3/",
        "",
        "/api/v2/",
    ],
)
def test_what_holds_no_api_v2_is_no_legacy_account(text: str) -> None:
    assert legacy_url(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "http://www.example.com/api/v2/",
        "http://store-abc123.mybigcommerce.com/api/v2",
        "https://npf:key-of-acme@www.example.com/api/v2/",
        "ftp://www.example.com/api/v2/",
        "http://127.0.0.1.example.com/api/v2",
    ],
)
def test_an_address_that_would_show_the_api_key_is_refused(text: str) -> None:
    with pytest.raises(FixSettings) as caught:
        legacy_url(text)
    assert caught.value.parameter == "bigcommerce.store_id"
    assert "key-of-acme" not in f"{caught.value} {caught.value.cure}"
