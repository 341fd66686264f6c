"""Products and variants. A product without options has one base variant, which bears its SKU (fact 112)."""

from dataclasses import dataclass, field

TRACKING = ("none", "product", "variant")


@dataclass(slots=True)
class Variant:
    """What is sold. `sku_id` is None for a base variant; `options` are (option, value) pairs."""

    id: int
    product_id: int
    sku: str
    sku_id: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    price: int | None = None
    upc: str = ""
    bin: str = ""


@dataclass(slots=True)
class Product:
    """`tracking` is BigCommerce's inventory_tracking: none | product | variant (fact 99). Prices are cents."""

    id: int
    name: str
    sku: str
    price: int
    tracking: str = "product"
    kind: str = "physical"
    weight: int = 50
    brand: str = ""
    created: int = 0
    modified: int = 0
    is_visible: bool = True
    variants: list[Variant] = field(default_factory=list)

    @property
    def has_options(self) -> bool:
        """Whether the shopper chooses a variant."""
        return any(variant.options for variant in self.variants)


class Catalogue:
    """All products of one store, found by id and by the SKU of a variant. Duplicate SKUs may exist (fact 53)."""

    def __init__(self) -> None:
        self.products: dict[int, Product] = {}
        self.variants: dict[int, Variant] = {}
        self._by_sku: dict[str, list[Variant]] = {}
        self.assigned: set[tuple[int, int]] = set()
        """(product id, channel id): where a product is sold; to begin with on channel 1."""
        self._last_product = 76
        self._last_variant = 82

    def add(
        self,
        sku: str,
        name: str = "",
        price: int = 2995,
        tracking: str | None = None,
        options: list[tuple[str, tuple[tuple[str, str], ...]]] | None = None,
        *,
        kind: str = "physical",
        weight: int = 50,
        brand: str = "",
        modified: int = 0,
        upc: str = "",
    ) -> Product:
        """Add a product. `options` lists (variant SKU, ((option, value), …)); without, it has its base variant alone.

        `tracking` defaults to "variant" with options, else to "product". Raises ValueError for an unknown tracking.
        """
        tracking = tracking or ("variant" if options else "product")
        if tracking not in TRACKING:
            raise ValueError(f"inventory_tracking is one of {', '.join(TRACKING)}, not {tracking!r}")
        self._last_product += 1
        product = Product(self._last_product, name or sku, sku, price, tracking, kind, weight, brand=brand)
        product.created = product.modified = modified
        self.products[product.id] = product
        self.assigned.add((product.id, 1))
        for variant_sku, values in options or [(sku, ())]:
            self.add_variant(product, variant_sku, values).upc = upc
        return product

    def add_variant(self, product: Product, sku: str, options: tuple[tuple[str, str], ...]) -> Variant:
        """Add a variant; a base variant makes room for the first one with options."""
        for base in [one for one in product.variants if options and not one.options]:
            self._drop(product, base)
        self._last_variant += 1
        variant = Variant(self._last_variant, product.id, sku, self._last_variant + 400 if options else None, options)
        self._keep(product, variant)
        return variant

    def remove_variant(self, variant: Variant) -> None:
        """Take a variant away; a product whose last one is gone has a base variant again."""
        product = self.products[variant.product_id]
        self._drop(product, variant)
        if not product.variants:
            self.add_variant(product, product.sku, ())

    def remove(self, product: Product) -> None:
        """Take a product away with its variants; order lines keep what they say (fact 54)."""
        for variant in list(product.variants):
            self._drop(product, variant)
        del self.products[product.id]
        self.assigned = {pair for pair in self.assigned if pair[0] != product.id}

    def _drop(self, product: Product, variant: Variant) -> None:
        product.variants.remove(variant)
        del self.variants[variant.id]
        self._by_sku[variant.sku].remove(variant)

    def _keep(self, product: Product, variant: Variant) -> None:
        product.variants.append(variant)
        self.variants[variant.id] = variant
        self._by_sku.setdefault(variant.sku, []).append(variant)

    def find(self, sku: str) -> Variant | None:
        """The first variant with this SKU, exactly as written."""
        found = self._by_sku.get(sku)
        return found[0] if found else None

    def rename(self, variant: Variant, sku: str) -> None:
        """Give a variant another SKU; order lines keep the old one (fact 54)."""
        self._by_sku[variant.sku].remove(variant)
        variant.sku = sku
        self._by_sku.setdefault(sku, []).append(variant)
        product = self.products[variant.product_id]
        if not variant.options:
            product.sku = sku

    def product_of(self, variant: Variant) -> Product:
        """The product that a variant belongs to."""
        return self.products[variant.product_id]
