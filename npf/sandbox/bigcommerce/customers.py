"""Customers and their addresses (fact 120; openapi/customers.v3.yml). A guest has number 0 and is none (fact 59)."""

from dataclasses import dataclass, field
from typing import Any

from npf.sandbox.bigcommerce.answers import v3_error
from npf.sandbox.bigcommerce.people import COUNTRIES
from npf.sandbox.bigcommerce.record import Address, iso8601

MOST = 10
"""Customers in one call."""

# name -> (longest, shortest)
_LENGTHS = {
    "email": (255, 3),
    "first_name": (100, 1),
    "last_name": (100, 1),
    "company": (255, 0),
    "phone": (50, 0),
    "notes": (65_535, 0),
    "tax_exempt_category": (255, 0),
}
_ADDRESS_LENGTHS = {
    "first_name": (255, 1),
    "last_name": (255, 1),
    "company": (255, 0),
    "address1": (255, 1),
    "address2": (255, 0),
    "city": (100, 0),
    "state_or_province": (100, 0),
    "postal_code": (30, 0),
    "country_code": (2, 2),
    "phone": (50, 0),
    "address_type": (11, 0),
}
_NEEDED = ("email", "first_name", "last_name")
_ADDRESS_NEEDED = ("first_name", "last_name", "address1", "city", "country_code")


@dataclass(slots=True)
class Entry:
    """One address of a customer; `fields` are those of the spec."""

    id: int
    customer_id: int
    fields: dict[str, str]

    def body(self) -> dict[str, Any]:
        """As openapi/customers.v3.yml, GET /customers/addresses."""
        iso2 = self.fields["country_code"]
        country = COUNTRIES[iso2][0] if iso2 in COUNTRIES else iso2
        return {"id": self.id, "customer_id": self.customer_id, **self.fields, "country": country}


@dataclass(slots=True)
class Customer:
    """One customer; times are Unix seconds, `store_credit` is cents."""

    id: int
    fields: dict[str, str]
    created: int
    modified: int
    channel_id: int = 1
    channel_ids: list[int] = field(default_factory=lambda: [1])
    group_id: int = 0
    store_credit: int = 0
    wants_mails: bool = False
    must_reset: bool = False


class Customers:
    """All customers of one store. One e-mail may exist once per channel (fact 120)."""

    def __init__(self) -> None:
        self.by_id: dict[int, Customer] = {}
        self.addresses: dict[int, Entry] = {}
        self._last_address = 0

    def meet(self, customer_id: int, billed: Address, now: int) -> None:
        """An order bears this number: whoever is not known yet gets the bill's name and address."""
        if not customer_id or customer_id in self.by_id:
            return
        names = {"first_name": billed.first_name, "last_name": billed.last_name, "email": billed.email}
        fields = {**dict.fromkeys(_LENGTHS, ""), **names, "company": billed.company, "phone": billed.phone}
        self.by_id[customer_id] = Customer(customer_id, fields, now, now)
        self._keep(
            customer_id,
            {
                "first_name": billed.first_name,
                "last_name": billed.last_name,
                "company": billed.company,
                "address1": billed.street_1,
                "address2": billed.street_2,
                "city": billed.city,
                "state_or_province": billed.state,
                "postal_code": billed.zip,
                "country_code": billed.country_iso2,
                "phone": billed.phone,
                "address_type": "residential",
            },
        )

    def create(self, row: dict[str, Any], now: int) -> Customer:
        """Add one customer, with its addresses; `check` comes first."""
        number = max(self.by_id, default=0) + 1
        fields = {name: row.get(name, "") for name in _LENGTHS}
        customer = Customer(number, fields, now, now, channel_id=row.get("origin_channel_id", 1))
        customer.channel_ids = row.get("channel_ids") or [customer.channel_id]
        self.by_id[number] = customer
        self._apply(customer, row)
        for address in row.get("addresses", []):
            self._keep(number, _fields_of(address))
        return customer

    def update(self, customer: Customer, row: dict[str, Any], now: int) -> None:
        """Write what the row holds of it; sub-resources are left alone."""
        customer.fields.update({name: row[name] for name in _LENGTHS if name in row})
        customer.channel_ids = row.get("channel_ids", customer.channel_ids)
        self._apply(customer, row)
        customer.modified = now

    def check(self, row: Any, at: int, *, new: bool) -> None:
        """Raises Refusal 422 for a row of POST (`new`) or PUT that is not right."""
        title = f"{'Create' if new else 'Update'} customers failed."
        if not isinstance(row, dict):
            raise v3_error(422, title, {f"{at}": "must be an object"})
        if not new and row.get("id") not in self.by_id:
            raise v3_error(422, title, {f"{at}.id": "customer not found"})
        _check(row, _LENGTHS, _NEEDED if new else (), title, at)
        own = None if new else row["id"]
        channels = set(row.get("channel_ids") or [row.get("origin_channel_id", 1)])
        for other in self.by_id.values():
            if other.id != own and other.fields["email"] == row.get("email") and channels & set(other.channel_ids):
                raise v3_error(422, title, {".customer_create": f"email {row['email']} already in use"})
        for address in row.get("addresses", []) if new else []:
            _check(address, _ADDRESS_LENGTHS, _ADDRESS_NEEDED, title, at)

    def delete(self, ids: set[int]) -> None:
        """Forget customers and their addresses; orders keep their number."""
        for number in ids & self.by_id.keys():
            del self.by_id[number]
        self.addresses = {one.id: one for one in self.addresses.values() if one.customer_id in self.by_id}

    def book_of(self, customer_id: int) -> list[Entry]:
        """The addresses of one customer, oldest first."""
        return [one for one in self.addresses.values() if one.customer_id == customer_id]

    def add_address(self, row: Any, at: int) -> Entry | None:
        """Add an address; None where the customer has the same one already. Raises Refusal 422."""
        _check(row, _ADDRESS_LENGTHS, (*_ADDRESS_NEEDED, "state_or_province", "postal_code"), _BAD_ADDRESS, at)
        if row.get("customer_id") not in self.by_id:
            raise v3_error(422, _BAD_ADDRESS, {f"{at}.customer_id": "customer not found"})
        fields = _fields_of(row)
        return None if self._twin(row["customer_id"], fields) else self._keep(row["customer_id"], fields)

    def change_address(self, row: Any, at: int) -> Entry | None:
        """Change an address; None, and no change, where it would become one that is there. Raises Refusal 422."""
        _check(row, _ADDRESS_LENGTHS, (), _BAD_ADDRESS, at)
        entry = self.addresses.get(row.get("id", 0))
        if entry is None:
            raise v3_error(422, _BAD_ADDRESS, {f"{at}.id": "address not found"})
        fields = {**entry.fields, **{name: row[name] for name in _ADDRESS_LENGTHS if name in row}}
        if self._twin(entry.customer_id, fields):
            return None
        entry.fields = fields
        return entry

    def body(self, customer: Customer, include: set[str]) -> dict[str, Any]:
        """As openapi/customers.v3.yml; addresses, storecredit and formfields only where they were asked for."""
        shown: dict[str, Any] = {
            "id": customer.id,
            **customer.fields,
            "registration_ip_address": "",
            "customer_group_id": customer.group_id,
            "date_created": iso8601(customer.created),
            "date_modified": iso8601(customer.modified),
            "address_count": len(self.book_of(customer.id)),
            "attribute_count": 0,
            "authentication": {"force_password_reset": customer.must_reset},
            "accepts_product_review_abandoned_cart_emails": customer.wants_mails,
            "origin_channel_id": customer.channel_id,
            "channel_ids": customer.channel_ids,
        }
        if "addresses" in include:
            shown["addresses"] = [one.body() for one in self.book_of(customer.id)]
        if "storecredit" in include:
            shown["store_credit_amounts"] = [{"amount": customer.store_credit / 100}]
        if "formfields" in include:
            shown["form_fields"] = []
        if "attributes" in include:
            shown["attributes"] = []
        return shown

    def _apply(self, customer: Customer, row: dict[str, Any]) -> None:
        customer.group_id = row.get("customer_group_id", customer.group_id)
        customer.wants_mails = row.get("accepts_product_review_abandoned_cart_emails", customer.wants_mails)
        customer.must_reset = row.get("authentication", {}).get("force_password_reset", customer.must_reset)
        if amounts := row.get("store_credit_amounts"):
            customer.store_credit = round(amounts[0]["amount"] * 100)

    def _keep(self, customer_id: int, fields: dict[str, str]) -> Entry:
        self._last_address += 1
        entry = self.addresses[self._last_address] = Entry(self._last_address, customer_id, fields)
        return entry

    def _twin(self, customer_id: int, fields: dict[str, str]) -> bool:
        return any(one.fields == fields for one in self.book_of(customer_id))


_BAD_ADDRESS = "The address is not valid."


def _fields_of(row: dict[str, Any]) -> dict[str, str]:
    fields = {name: row.get(name, "") for name in _ADDRESS_LENGTHS}
    return fields | {"address_type": fields["address_type"] or "residential"}


def _check(row: Any, lengths: dict[str, tuple[int, int]], needed: tuple[str, ...], title: str, at: int) -> None:
    if not isinstance(row, dict):
        raise v3_error(422, title, {f"{at}": "must be an object"})
    wrong = {f"{at}.{name}": "missing" for name in needed if name not in row}
    for name, (most, least) in lengths.items():
        if name in row and not (isinstance(row[name], str) and least <= len(row[name]) <= most):
            wrong[f"{at}.{name}"] = f"must be a text of {least} to {most} characters"
    if row.get("address_type", "") not in ("", "residential", "commercial"):
        wrong[f"{at}.address_type"] = "must be residential or commercial"
    if wrong:
        raise v3_error(422, title, wrong)
