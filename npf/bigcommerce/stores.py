"""The store itself and its channels; tokens with only the four scopes may read none of them (fact 12)."""

import msgspec

from npf.bigcommerce.client import BigCommerce
from npf.bigcommerce.pages import every_v3, one
from npf.bigcommerce.tolerant import Flag, Id, Signed, Text, Whole, record


class Timezone(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is of the zone database; the offsets are seconds east of UTC."""

    name: Text = ""
    raw_offset: Signed = None
    dst_offset: Signed = None


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the store hash (fact 117). Weights on orders are in `weight_units` (fact 118)."""

    id: Text = ""
    name: Text = ""
    domain: Text = ""
    secure_url: Text = ""
    control_panel_base_url: Text = ""
    status: Text = ""
    plan_name: Text = ""
    plan_level: Text = ""
    plan_is_trial: Flag = False
    country_code: Text = ""
    currency: Text = ""
    weight_units: Text = ""
    dimension_units: Text = ""
    default_channel_id: Whole = 1
    timezone: Timezone = Timezone()


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A storefront, marketplace or point of sale (fact 119)."""

    id: Id
    name: Text = ""
    type: Text = ""
    platform: Text = ""
    status: Text = ""


class _StockSettings(msgspec.Struct):
    update_stock_behavior: Text = ""


class _Settings(msgspec.Struct):
    data: _StockSettings


def store(client: BigCommerce) -> Store:
    """The store. FixSettings where the token lacks Information & Settings."""
    return one(client.get("/v2/store"), Store)


def channels(client: BigCommerce) -> list[Channel]:
    """All channels. FixSettings where the token lacks Channel Settings."""
    return [record(row, Channel, what="channel") for row in every_v3(client, "/v3/channels")]


def takes_stock_when_shipped(client: BigCommerce) -> bool:
    """Whether a sale is taken off the stock at shipping instead of at the sale (fact 69).

    FixSettings where the token lacks Information & Settings.
    """
    found = one(client.get("/v3/settings/inventory"), _Settings)
    return found.data.update_stock_behavior == "order_completed_or_shipped"
