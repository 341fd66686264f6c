"""Sales channels and their sites: storefronts, marketplaces, points of sale (fact 119; openapi/channels.v3.yml)."""

import re
from dataclasses import dataclass
from typing import Any

from npf.sandbox.bigcommerce.answers import v3_error
from npf.sandbox.bigcommerce.record import iso8601

# The spec's table of which types a platform may have.
_MARKETPLACES = (
    "amazon belk catch ebay etsy hudsons_bay macys mirakl overstock pinterest target_plus tiktok wayfair wish"
)
_STOREFRONTS = "acquia bigcommerce bloomreach catalyst deity drupal gatsby next vue wordpress"
PLATFORMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("clover", "square", "stripe", "talech", "vend"), ("pos",)),
    **dict.fromkeys((*_MARKETPLACES.split(), "walmart"), ("marketplace",)),
    **dict.fromkeys(("facebook", "google", "instagram", "meta"), ("marketplace", "marketing")),
    **dict.fromkeys(("google_shopping", "microsoft"), ("marketing",)),
    **dict.fromkeys(_STOREFRONTS.split(), ("storefront",)),
    "custom": ("storefront", "pos", "marketing", "marketplace"),
}
_OF_STOREFRONTS = ("prelaunch", "active", "inactive", "archived", "deleted")
_OF_OTHERS = ("connected", "disconnected", "archived", "deleted")
STATUSES = {*_OF_STOREFRONTS, *_OF_OTHERS, "terminated"}
TYPES = {kind for kinds in PLATFORMS.values() for kind in kinds}
_NAME = re.compile(r"[A-Za-z0-9_ -]+")
_FIELDS: dict[str, type] = {
    "name": str,
    "status": str,
    "external_id": str,
    "is_listable_from_ui": bool,
    "is_visible": bool,
}


@dataclass(slots=True)
class Site:
    """The address of a channel. Times are Unix seconds."""

    id: int
    channel_id: int
    url: str
    created: int
    updated: int

    def body(self) -> dict[str, Any]:
        """As openapi/channels.v3.yml, site_Resp."""
        made, changed = iso8601(self.created), iso8601(self.updated)
        return {
            "id": self.id,
            "url": self.url,
            "channel_id": self.channel_id,
            "created_at": made,
            "updated_at": changed,
            "ssl_status": "dedicated",
            "urls": [{"url": self.url, "type": "primary", "created_at": made, "updated_at": changed}],
            "is_checkout_url_customized": False,
        }


@dataclass(slots=True)
class Channel:
    """One channel. A deleted one stays in the list with its status; times are Unix seconds."""

    id: int
    name: str
    type: str = "storefront"
    platform: str = "bigcommerce"
    status: str = "active"
    external_id: str = ""
    is_listable_from_ui: bool = True
    is_visible: bool = True
    created: int = 0
    modified: int = 0
    site: Site | None = None

    def body(self) -> dict[str, Any]:
        """Key for key as in examples/channels_list.json."""
        return {
            "id": self.id,
            "icon_url": "",
            "is_listable_from_ui": self.is_listable_from_ui,
            "is_visible": self.is_visible,
            "date_created": iso8601(self.created),
            "external_id": self.external_id,
            "type": self.type,
            "platform": self.platform,
            "date_modified": iso8601(self.modified),
            "name": self.name,
            "status": self.status,
        }


def create(channels: dict[int, Channel], body: Any, now: int) -> Channel:
    """Check a POST body and add the channel. Raises Refusal 422."""
    fields = _checked(body, required=("name", "type", "platform"))
    kind, platform = fields["type"], fields["platform"]
    if kind not in PLATFORMS.get(platform, ()):
        raise v3_error(422, f"Input channel type [{kind}] with platform [{platform}] is not supported")
    if (twin := _twin(channels, fields["name"], platform, kind)) is not None:
        raise v3_error(422, _exists(twin))
    fields.setdefault("status", "prelaunch" if kind == "storefront" else "connected")
    _check_status(kind, fields["status"])
    channel = Channel(max(channels) + 1000, fields["name"], kind, platform, created=now, modified=now)
    _apply(channel, fields)
    channels[channel.id] = channel
    return channel


def update(channels: dict[int, Channel], channel: Channel, body: Any, now: int) -> None:
    """Check a PUT body and apply it. Raises Refusal 409 for a taken name, 422 for anything else."""
    if channel.status in ("deleted", "terminated"):
        raise v3_error(422, f"A {channel.status} channel cannot be updated.")
    fields = _checked(body, required=())
    if wrong := [
        name for name in ("type", "platform") if fields.get(name, getattr(channel, name)) != getattr(channel, name)
    ]:
        why = {name: f"The field '{name}' can not be updated after channel is created." for name in wrong}
        raise v3_error(422, f"The following fields are invalid: {', '.join(wrong)}", why)
    twin = _twin(channels, fields.get("name", channel.name), channel.platform, channel.type)
    if twin is not None and twin is not channel:
        raise v3_error(409, _exists(twin))
    _check_status(channel.type, fields.get("status", channel.status))
    _apply(channel, fields)
    channel.modified = now


def _exists(twin: Channel) -> str:
    return f'Channel already exists with name: "{twin.name}", platform: "{twin.platform}", and type: "{twin.type}"'


def _twin(channels: dict[int, Channel], name: str, platform: str, kind: str) -> Channel | None:
    alike = (one for one in channels.values() if (one.name, one.platform, one.type) == (name, platform, kind))
    return next(alike, None)


def _checked(body: Any, required: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(body, dict) or not body:
        raise v3_error(422, "JSON data is missing or invalid")
    wrong = {name: "error.path.missing" for name in required if name not in body}
    for name, kind in {**_FIELDS, "type": str, "platform": str}.items():
        if name in body and type(body[name]) is not kind:
            wrong[name] = "error.expected.jsstring" if kind is str else "error.expected.jsboolean"
    if wrong:
        raise v3_error(422, "JSON data is missing or invalid", wrong)
    if "name" in body and not _NAME.fullmatch(body["name"]):
        only = (
            "Only latin alphabet letters, arabic numerals, dash and underscore are allowed to be used as channel name."
        )
        raise v3_error(422, only)
    return body


def _check_status(kind: str, status: str) -> None:
    if status not in (_OF_STOREFRONTS if kind == "storefront" else _OF_OTHERS):
        raise v3_error(422, f"Channel status [{status}] is not allowed for channel type [{kind}]")


def _apply(channel: Channel, fields: dict[str, Any]) -> None:
    for name in _FIELDS:
        if name in fields:
            setattr(channel, name, fields[name])
