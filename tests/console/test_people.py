import pytest

from npf.console.models import Person, Role
from npf.console.people import add_person
from npf.core.errors import FixSettings
from npf.stores.models import Store
from tests.console.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_it_adds_an_operator_who_sees_all() -> None:
    person = add_person("otto", "operator", PASSWORD)
    assert (person.role, person.sees_all, person.decides, person.changes) == (Role.OPERATOR, True, True, False)
    assert person.user.check_password(PASSWORD)
    assert not person.user.is_staff


def test_it_gives_a_merchant_its_stores(store: Store) -> None:
    person = add_person("mia", "merchant", PASSWORD, [store.name])
    assert list(person.stores.all()) == [store]
    assert not person.decides


@pytest.mark.parametrize(
    ("parameter", "arguments"),
    [
        ("NAME", ("", "operator", PASSWORD)),
        ("--role", ("anna", "operater", PASSWORD)),
        ("--password", ("anna", "operator", "short")),
        ("--password", ("anna", "operator", "1234567890")),
        ("--store", ("anna", "merchant", PASSWORD, ["acme-ua"])),
        ("--store", ("anna", "operator", PASSWORD, ["acme-au"])),
    ],
)
def test_it_refuses_by_name_and_adds_nothing(
    store: Store, parameter: str, arguments: tuple[str, str, str, list[str]]
) -> None:
    with pytest.raises(FixSettings) as refused:
        add_person(*arguments)
    assert refused.value.parameter == parameter
    assert refused.value.cure
    assert not Person.objects.exists()


def test_it_names_the_nearest_store(store: Store) -> None:
    with pytest.raises(FixSettings, match="did you mean"):
        add_person("anna", "merchant", PASSWORD, ["acme-ua"])


def test_a_name_is_given_once(db: None) -> None:
    add_person("anna", "operator", PASSWORD)
    with pytest.raises(FixSettings) as refused:
        add_person("anna", "merchant", PASSWORD)
    assert refused.value.parameter == "NAME"
    assert Person.objects.get().role == "operator"
