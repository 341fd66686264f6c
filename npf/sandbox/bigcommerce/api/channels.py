"""V3 channels and their sites (fact 119); the rules are in channels.py."""

from npf.sandbox.bigcommerce import channels
from npf.sandbox.bigcommerce.answers import (
    Answer,
    Request,
    data,
    not_found,
    ok,
    page_of,
    text_list,
    v3_error,
)
from npf.sandbox.bigcommerce.channels import Channel, Site
from npf.sandbox.bigcommerce.router import Route


def list_channels(request: Request) -> Answer:
    """GET /channels, with the filters status:in, type:in, platform:in (examples/channels_list.json)."""
    wanted = {name: text_list(request, f"{name}:in") for name in ("status", "type", "platform")}
    for name, known in (("status", channels.STATUSES), ("type", channels.TYPES)):
        if unknown := (wanted[name] or set()) - known:
            raise v3_error(422, f'Query parameter "{name}:in" value is not valid: {", ".join(sorted(unknown))}')
    found = [
        _shown(request, channel)
        for channel in request.store.channels.values()
        if all(values is None or getattr(channel, name) in values for name, values in wanted.items())
    ]
    part, meta = page_of(request, found)
    return data(part, meta)


def post_channel(request: Request) -> Answer:
    """POST /channels: 200 with the channel."""
    return data(channels.create(request.store.channels, request.body, request.store.seconds()).body())


def get_channel(request: Request) -> Answer:
    """GET /channels/{id}."""
    return data(_shown(request, _channel(request, "Not found")))


def put_channel(request: Request) -> Answer:
    """PUT /channels/{id}."""
    channel = _channel(request, "The requested entity was not found.")
    channels.update(request.store.channels, channel, request.body, request.store.seconds())
    return data(channel.body())


def get_site(request: Request) -> Answer:
    """GET /channels/{id}/site: 404 where the channel has none."""
    return data(_site(request).body())


def post_site(request: Request) -> Answer:
    """POST /channels/{id}/site: a channel has one site at most."""
    channel, now = _channel(request, "Not found"), request.store.seconds()
    if channel.site is not None:
        raise v3_error(422, f"Channel {channel.id} already has a site")
    last = max((one.site.id for one in request.store.channels.values() if one.site), default=999)
    channel.site = Site(last + 1, channel.id, _url(request), now, now)
    return data(channel.site.body())


def put_site(request: Request) -> Answer:
    """PUT /channels/{id}/site: another address."""
    site = _site(request)
    site.url, site.updated = _url(request), request.store.seconds()
    return data(site.body())


def delete_site(request: Request) -> Answer:
    """DELETE /channels/{id}/site: 200 with an empty object."""
    _site(request)
    request.store.channels[request.ids[0]].site = None
    return ok({})


def _shown(request: Request, channel: Channel) -> dict[str, object]:
    body = channel.body()
    if request.query.get("include") == "currencies":
        currency = request.store.currency
        body["currencies"] = {
            "channel_id": channel.id,
            "enabled_currencies": [currency],
            "default_currency": currency,
        }
    return body


def _channel(request: Request, title: str) -> Channel:
    channel = request.store.channels.get(request.ids[0])
    if channel is None:
        raise not_found(request, title)
    return channel


def _site(request: Request) -> Site:
    site = _channel(request, "Not found").site
    if site is None:
        raise not_found(request, "Site not found")
    return site


def _url(request: Request) -> str:
    url = request.body.get("url") if isinstance(request.body, dict) else None
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise v3_error(422, "JSON data is missing or invalid", {"url": "must be an address"})
    return url


_CHANNELS = "store_channel_settings"
ROUTES = [
    Route("GET", "/v3/channels", list_channels, _CHANNELS),
    Route("POST", "/v3/channels", post_channel, _CHANNELS),
    Route("GET", "/v3/channels/{}", get_channel, _CHANNELS),
    Route("PUT", "/v3/channels/{}", put_channel, _CHANNELS),
    Route("GET", "/v3/channels/{}/site", get_site, _CHANNELS),
    Route("POST", "/v3/channels/{}/site", post_site, _CHANNELS),
    Route("PUT", "/v3/channels/{}/site", put_site, _CHANNELS),
    Route("DELETE", "/v3/channels/{}/site", delete_site, _CHANNELS),
]
