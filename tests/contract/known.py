"""What is wrong with the official specs themselves, one by one: where, in which words, and how we know.

An exchange may break its operation in these ways and in no other. A line that excuses nothing any more is a failure.
"""

from dataclasses import dataclass

from tests.contract.specs import Breach

NULL = "None "
UNNAMED = "is no field of the schema"
EITHER = "is valid under each of"
NOT_LISTED = "ResponseNotFound: Unknown response http status: 204"
A_BODY = "MissingData: Missing response data"


@dataclass(frozen=True)
class Fault:
    """A fault of the spec of some operations (ids, parted by spaces).

    It lies at `at`, in each of `fields` there, or at `at` itself; `says` is how the breach's words begin. `why` names
    the fact of BEHAVIOUR.md, or the example that shows it.
    """

    operations: str
    status: str
    at: str
    fields: str
    says: str
    why: str

    def uses(self) -> set[tuple[str, str]]:
        """Every (operation, place) that it excuses."""
        places = [f"{self.at}/{field}" for field in self.fields.split()] or [self.at]
        return {(operation, place) for operation in self.operations.split() for place in places}

    def excuses(self, breach: Breach) -> bool:
        return (
            (breach.operation, breach.at) in self.uses()
            and str(breach.status) in self.status.split()
            and breach.says.startswith(self.says)
        )


_PRICES = "price sale_price retail_price weight width height depth fixed_cost_shipping_price"
_STOCK_SETTINGS = (
    "product_out_of_stock_behavior option_out_of_stock_behavior update_stock_behavior edit_order_stock_adjustment"
    " refund_order_stock_adjustment stock_level_display default_out_of_stock_message hide_in_product_filtering"
    " show_pre_order_stock_levels show_out_of_stock_message"
)
_ERROR = "status title type"

KNOWN = (
    # Orders
    Fault(
        "getOrders",
        "200",
        "request/query/sort",
        "",
        "'id:asc' is not one of",
        "fact 31: each sort takes :asc or :desc; the parameter's own text says so",
    ),
    Fault(
        "getOrders",
        "200",
        "response/*",
        "custom_status credit_card_type",
        UNNAMED,
        "examples/orders_page.json shows both",
    ),
    Fault(
        "getOrder createOrder updateOrder",
        "200",
        "response",
        "custom_status credit_card_type",
        UNNAMED,
        "the spec's own example of order_Resp shows both",
    ),
    Fault(
        "getOrders",
        "200",
        "response/*/consignments",
        "",
        EITHER,
        "no field of the consignments is required, so a link fits both branches of the oneOf (facts 41, 43)",
    ),
    Fault(
        "getOrder createOrder updateOrder",
        "200",
        "response/consignments",
        "",
        EITHER,
        "no field of the consignments is required, so a link fits both branches of the oneOf (facts 41, 43)",
    ),
    Fault("getOrders", "204", "response", "", NOT_LISTED, "fact 18: an empty V2 list is 204"),
    Fault(
        "getOrderShippingAddresses", "204", "response", "", NOT_LISTED, "facts 18, 50: a digital order has no address"
    ),
    Fault(
        "getOrderShippingAddressShippingQuotes",
        "204",
        "response",
        "",
        NOT_LISTED,
        "fact 94; its text says so, its statuses do not",
    ),
    Fault("getOrderConsignmentShippingQuotes", "204", "response", "", NOT_LISTED, "fact 94"),
    Fault("getOrderTaxes", "204", "response", "", NOT_LISTED, "fact 18"),
    Fault("getOrderCoupons", "204", "response", "", NOT_LISTED, "fact 18 names coupons"),
    Fault("getOrderMessages", "204", "response", "", NOT_LISTED, "fact 18"),
    Fault(
        "getOrderShipments",
        "204",
        "response",
        "",
        A_BODY,
        "fact 88: 204 is documented, but with a `content`, which 204 cannot have",
    ),
    Fault(
        "getOrderFees",
        "200",
        "response",
        "fees",
        UNNAMED,
        'the spec\'s own example has {"fees": […]}; its schema is that of one fee',
    ),
    Fault("getOrderStatuses", "200", "response/*", "order", UNNAMED, "examples/order_statuses.json, verbatim"),
    Fault(
        "getOrderStatusesStatus",
        "200",
        "response",
        "order",
        UNNAMED,
        "examples/order_statuses.json, verbatim: the same row",
    ),
    # Payments and order settings
    Fault(
        "getOrderTransactions",
        "204",
        "response",
        "",
        A_BODY,
        "fact 19: 204 is documented, but with a body, which 204 cannot have",
    ),
    Fault(
        "captureOrderPayment",
        "504",
        "response",
        _ERROR,
        UNNAMED,
        "the spec's own example of 504_GatewayTimeout has them",
    ),
    Fault(
        "getOrderRefund",
        "200",
        "response/data/items/*",
        "requested_amount",
        "3.5 is not of type 'string'",
        "typed string with the number 109.11 as its example; Refund_Resp types it number",
    ),
    Fault(
        "updateGlobalOrderSettings updateChannelOrderSettings",
        "422",
        "response",
        f"{_ERROR} errors",
        UNNAMED,
        "the schema lies in a field named `schema`: a slip of indentation; 422s are the object of fact 21",
    ),
    # Settings
    Fault(
        "getSettingsInventory",
        "200",
        "response/data",
        _STOCK_SETTINGS,
        NULL,
        "the response's own text: null where a channel does not override",
    ),
    Fault(
        "getSettingsInventoryNotifications",
        "200",
        "response/data",
        "low_stock_notification_address out_of_stock_notification_address",
        NULL,
        "the response's own text: null where a channel does not override",
    ),
    # Webhooks
    Fault(
        "getWebhooks",
        "200",
        "response/data",
        "",
        "should be non-empty",
        "fact 123: a token sees its own hooks alone, and may have none",
    ),
    # Catalogue
    Fault(
        "getProducts",
        "200",
        "response/data/*",
        "base_variant_id",
        NULL,
        "the field's own text: null for complex products",
    ),
    Fault(
        "createProduct",
        "200",
        "response/data",
        "base_variant_id",
        NULL,
        "the field's own text: null for complex products",
    ),
    Fault(
        "getProducts",
        "200",
        "response/data/*",
        "variants",
        UNNAMED,
        "include=variants is a documented value; the schema leaves what it brings out",
    ),
    Fault(
        "getProduct",
        "200",
        "response/data",
        "variants",
        UNNAMED,
        "include=variants is a documented value; the schema leaves what it brings out",
    ),
    Fault(
        "createProduct",
        "200",
        "request/variants/*",
        "",
        "'id' is a required property",
        "a variant that is yet to be made has no id",
    ),
    Fault(
        "createProduct", "200", "request/variants/*", "", "'product_id' is a required property", "nor has its product"
    ),
    Fault(
        "updateProducts",
        "200 207",
        "request/*",
        "id",
        "Tried to write read-only property",
        "fact 110: the id is how a batch names its products; the schema requires it and calls it read-only",
    ),
    Fault("updateProducts", "413", "response", "errors", UNNAMED, "the response's own example has it"),
    Fault(
        "deleteProducts deleteProduct deleteProductVariant",
        "204",
        "response",
        "",
        A_BODY,
        "204 is documented, but with a `content`, which 204 cannot have",
    ),
    Fault(
        "getVariants updateVariantsBatch",
        "200",
        "response/data/*",
        _PRICES,
        NULL,
        "getProductVariants has the same fields nullable; examples/variants_by_sku.json",
    ),
    Fault(
        "getVariants",
        "200",
        "response/data/*",
        "sku_id",
        NULL,
        "fact 112: null for a base variant; getProductVariants has it nullable",
    ),
    Fault(
        "getVariants updateVariantsBatch",
        "200",
        "response/data/*",
        "image_url mpn gtin map_price calculated_weight",
        UNNAMED,
        "examples/variants_by_sku.json; getProductVariants names all but map_price",
    ),
    Fault("getProductVariants", "200", "response/data/*", "map_price", UNNAMED, "the response's own example has it"),
    Fault("getProductVariant", "200", "response/data", "map_price", UNNAMED, "the response's own example has it"),
    Fault(
        "createProductVariant updateProductVariant",
        "200 207",
        "response/data",
        "map_price",
        UNNAMED,
        "the answer is the variant as getProductVariant shows it; that operation's example has it",
    ),
    # Inventory
    Fault(
        "get-inventory-items",
        "200",
        "request/query",
        "variant_id:in product_id:in",
        "ParameterValidationError",
        "typed integer, which no comma passes; their own texts: a list separated by comma (fact 105)",
    ),
    Fault(
        "get-inventory-items",
        "200",
        "response/data/*/identity",
        "sku_id",
        NULL,
        "the field's own text: null for a base variant; examples/inventory_items_page.json",
    ),
    Fault(
        "put-location-inventory-items",
        "200",
        "request/settings/*/identity",
        "",
        EITHER,
        "no field is required, so one identity fits each branch of the oneOf",
    ),
)
