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
        product = Product(
            self._last_product, name or sku, sku, price, tracking, kind, weight, brand=brand, modified=modified
        )
        for variant_sku, values in options or [(sku, ())]:
            self._last_variant += 1
            sku_id = self._last_variant + 400 if values else None
            self._keep(product, Variant(self._last_variant, product.id, variant_sku, sku_id, values, upc=upc))
        self.products[product.id] = product
        return product

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
