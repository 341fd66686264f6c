"""Where a store is, as people paste it."""

import pytest

from npf.bigcommerce.address import api_base, store_path
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
