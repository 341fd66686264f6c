"""The [fm] table of a warehouse of files: what is needed, what does not belong together, what is kept secret."""

from typing import Any

import asyncssh
import pytest

from npf.core.clock import SystemClock
from npf.stores import book, kinds
from npf.stores.draft import WrongSettings, read
from npf.stores.models import FmClient
from npf.stores.outside import Outside
from tests.stores.files import right

KEY = "SHA256:" + "A" * 43
SFTP = {
    "kind": "files",
    "base_url": "sftp://sftp.example:2222/acme",
    "username": "npf",
    "password": "secret-of-sftp",
    "host_key": KEY,
    "client_code": "ACME",
}


def table(**fm: Any) -> dict[str, Any]:
    return right() | {"fm": fm}


def problems(**fm: Any) -> dict[str, str]:
    with pytest.raises(WrongSettings) as wrong:
        read(table(**fm))
    return {one.parameter: one.message for one in wrong.value.problems}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/srv/npf/acme/", "file:///srv/npf/acme"),
        ("file:///srv/npf/../npf/acme", "file:///srv/npf/acme"),
        ("SFTP://Sftp.Example:22/acme/", "sftp://sftp.example/acme"),
        ("sftp://[::1]:2022", "sftp://[::1]:2022"),
        ("https://npfulfilmentapi.com/", "https://npfulfilmentapi.com"),
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert kinds.warehouse_address(written) == kept
    assert kinds.warehouse_address(kept) == kept


@pytest.mark.parametrize("written", ["srv/npf", "sftp://npf:word@host/", "sftp://host:99999/", "ftp://host/", ""])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        kinds.warehouse_address(written)


def test_a_folder_needs_no_login() -> None:
    draft = read(table(kind="files", base_url="/srv/npf", client_code="ACME"))
    assert (draft.fm_base_url, draft.fm_username, draft.fm_password) == ("file:///srv/npf", "", "")


def test_an_sftp_server_needs_a_user_a_secret_and_the_key_of_its_host() -> None:
    assert set(problems(kind="files", base_url="sftp://host/", client_code="ACME")) == {
        "fm.username",
        "fm.password",
        "fm.host_key",
    }
    assert read(table(**SFTP)).fm_options["host_key"] == [KEY]
    pem = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()
    by_key = read(table(**{**SFTP, "password": "", "private_key": pem}))
    assert by_key.fm_private_key == kinds.private_key(pem.replace("\n", " "))


@pytest.mark.parametrize(
    ("fm", "parameter", "says"),
    [
        ({"kind": "files"}, "fm.base_url", "must be an address"),
        ({**SFTP, "base_url": "https://npfulfilmentapi.com"}, "fm.base_url", "sftp://"),
        ({**SFTP, "kind": "soap"}, "fm.kind", "must be files"),
        ({**SFTP, "host_key": "aa:bb"}, "fm.host_key", "must be a fingerprint"),
        ({**SFTP, "order_wsdl": "https://x.example"}, "fm.order_wsdl", "is of a warehouse of kind soap"),
        ({**SFTP, "done_folder": "IN"}, "fm.in_folder", "must differ"),
        ({**SFTP, "out_folder": "../out"}, "fm.out_folder", "must be the name of a folder"),
        ({**SFTP, "private_key": "my key"}, "fm.private_key", "must be a private key"),
        ({**SFTP, "folder": "/x"}, "fm.folder", "unknown key"),
        (
            {"username": "npf", "password": "x", "client_code": "ACME", "out_folder": "out"},
            "fm.out_folder",
            "is of a warehouse of kind files, and this is soap",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(fm: dict[str, Any], parameter: str, says: str) -> None:
    assert says in problems(**fm)[parameter]


@pytest.mark.django_db
def test_the_secrets_are_encrypted_and_masked() -> None:
    pem = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()
    store, _ = book.save(read(table(**SFTP, private_key=pem)), "anna", SystemClock())
    shown = book.nested(store)["fm"]
    assert (shown["password"], shown["private_key"]) == ("••••••••", "••••••••")
    kept = FmClient.objects.raw("select id, password::text as p, private_key::text as k from stores_fmclient")[0]
    assert "secret-of-sftp" not in kept.p
    assert "OPENSSH" not in kept.k
    assert read(book.nested(store, secrets=True)).fm_private_key == kinds.private_key(pem)
    again, _ = book.save(read(book.nested(store, secrets=True)), "anna", SystemClock())
    assert again.settings_version == store.settings_version
    book.remove(store, "anna", SystemClock())
    assert FmClient.objects.get().private_key == ""


@pytest.mark.django_db
def test_two_clients_do_not_share_a_folder() -> None:
    book.save(read(table(**SFTP)), "anna", SystemClock())
    other = right(bigcommerce={"store_id": "zen1"}) | {"name": "zen", "fm": {**SFTP, "client_code": "ZEN"}}
    with pytest.raises(WrongSettings, match="is the folder of client ACME"):
        book.save(read(other), "anna", SystemClock())


@pytest.mark.django_db
def test_the_kind_chooses_the_adapter() -> None:
    soap = FmClient(base_url="https://npfulfilmentapi.com", client_code="A", username="u", password="p")
    files = FmClient(base_url="file:///srv/npf", client_code="A", options={"kind": "files"})
    outside = Outside()
    assert type(outside.fm(soap)).__name__ == "FM"
    assert type(outside.fm(files)).__name__ == "Files"
