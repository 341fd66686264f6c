"""Places that hold stock (facts 107, 108; examples/locations.json, openapi/locations.v3.yml)."""

from dataclasses import dataclass, field
from typing import Any

from npf.sandbox.bigcommerce.answers import problem
from npf.sandbox.bigcommerce.record import iso8601

DEFAULT_LOCATION = 1
MOST_ACTIVE = {"Standard": 4, "Plus": 5, "Pro": 8, "Enterprise": 100}
"""By the store's plan (fact 108)."""

_INVALID = "Payload contains invalid fields"
_ADDRESS_NEEDED = ("address1", "city", "state", "zip", "email", "geo_coordinates", "country_code")
_FIELDS: dict[str, type] = {
    "code": str,
    "label": str,
    "description": str,
    "managed_by_external_source": bool,
    "type_id": str,
    "enabled": bool,
    "operating_hours": dict,
    "time_zone": str,
    "address": dict,
    "storefront_visibility": bool,
    "special_hours": list,
}
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def _melbourne() -> dict[str, Any]:
    return {
        "address1": "12 Example Road",
        "address2": "",
        "city": "Melbourne",
        "state": "VIC",
        "zip": "3000",
        "email": "warehouse@example.com",
        "phone": "",
        "geo_coordinates": {"latitude": -37.8136, "longitude": 144.9631},
        "country_code": "AU",
    }


@dataclass(slots=True)
class Location:
    """One location; times are Unix seconds. `managed`: managed_by_external_source, which blocks edits by hand."""

    id: int
    code: str
    label: str
    enabled: bool = True
    managed: bool = False
    description: str = ""
    type_id: str = "PHYSICAL"
    time_zone: str = "Australia/Melbourne"
    storefront_visibility: bool = True
    operating_hours: dict[str, Any] = field(default_factory=dict)
    special_hours: list[Any] = field(default_factory=list)
    address: dict[str, Any] = field(default_factory=_melbourne)
    created: int = 1_653_913_082
    modified: int = 1_653_913_082

    def body(self) -> dict[str, Any]:
        """Key for key as in examples/locations.json."""
        return {
            "id": self.id,
            "code": self.code,
            "label": self.label,
            "description": self.description,
            "managed_by_external_source": self.managed,
            "type_id": self.type_id,
            "enabled": self.enabled,
            "operating_hours": self.operating_hours,
            "time_zone": self.time_zone,
            "created_at": iso8601(self.created),
            "updated_at": iso8601(self.modified),
            "address": self.address,
            "storefront_visibility": self.storefront_visibility,
            "special_hours": self.special_hours,
        }


def create(locations: dict[int, Location], rows: Any, plan: str, now: int) -> None:
    """Check a POST body, a list, and add all of it or nothing. Raises Refusal 422."""
    checked = _rows(rows)
    taken = {location.code for location in locations.values()}
    for at, row in enumerate(checked):
        missing = [name for name in ("code", "label", "address") if not row.get(name)]
        lacking = [f"address.{name}" for name in _ADDRESS_NEEDED if name not in (row.get("address") or {})]
        if wrong := missing or lacking:
            raise problem(422, _INVALID, {f"{at}.{name}": "is required" for name in wrong})
        if row["code"] in taken:
            raise problem(422, f"Location code {row['code']} is not unique")
        taken.add(row["code"])
    active = sum(location.enabled for location in locations.values())
    if active + sum(row.get("enabled", True) for row in checked) > MOST_ACTIVE.get(plan, 100):
        raise problem(422, f"The plan {plan} allows {MOST_ACTIVE.get(plan, 100)} active locations")
    for row in checked:
        location = Location(max(locations) + 1, row["code"], row["label"], created=now, modified=now)
        location.address = {"address2": "", "phone": ""}
        _apply(location, row)
        locations[location.id] = location


def update(locations: dict[int, Location], rows: Any, now: int) -> None:
    """Check a PUT body, a list with ids, and write all of it or nothing. Raises Refusal 422."""
    checked = _rows(rows)
    for at, row in enumerate(checked):
        location = locations.get(row.get("id", 0))
        if location is None:
            raise problem(422, f"Location not found, identities: [{row.get('id')}]", {f"{at}.id": "not found"})
        if any(one.code == row.get("code") and one is not location for one in locations.values()):
            raise problem(422, f"Location code {row['code']} is not unique")
    for row in checked:
        location = locations[row["id"]]
        _apply(location, row)
        location.modified = now


def check_deletion(locations: dict[int, Location], ids: set[int]) -> None:
    """Raises Refusal 404 for a location that is not there, 422 for the default one, which ships."""
    if unknown := sorted(ids - locations.keys()):
        raise problem(404, f"Location not found, identities: [{','.join(map(str, unknown))}]")
    if DEFAULT_LOCATION in ids:
        label = locations[DEFAULT_LOCATION].label
        why = f"{label} is set as a shipping origin for this store and can\u02bct be deleted."
        raise problem(422, f"Location can\u02bct be deleted. {why}")


def _rows(rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise problem(422, _INVALID, {"": "must be a non-empty array"})
    for at, row in enumerate(rows):
        wrong = {
            f"{at}.{name}": "is invalid"
            for name, kind in _FIELDS.items()
            if name in row and type(row[name]) is not kind
        }
        if row.get("type_id", "PHYSICAL") not in ("PHYSICAL", "VIRTUAL"):
            wrong[f"{at}.type_id"] = "is invalid"
        if set(row.get("operating_hours", {})) - set(_DAYS):
            wrong[f"{at}.operating_hours"] = "is invalid"
        if wrong:
            raise problem(422, _INVALID, wrong)
    return rows


def _apply(location: Location, row: dict[str, Any]) -> None:
    for name in _FIELDS:
        if name == "address":
            location.address = {**location.address, **row.get("address", {})}
        elif name in row:
            setattr(location, "managed" if name == "managed_by_external_source" else name, row[name])
