"""The catalogue that a seeded store sells: a homeware shop, with NPF's two test items. Data only."""

# (sku, name, cents, weight in grams, inventory_tracking)
SIMPLE = (
    ("Test001", "NPF test item one", 100, 10, "product"),
    ("Test002", "NPF test item two", 100, 10, "product"),
    ("MUG-STONE", "Stoneware mug, sand", 2490, 380, "product"),
    ("MUG-INK", "Stoneware mug, ink blue", 2490, 380, "product"),
    ("BOWL-SER-28", "Serving bowl 28 cm", 6900, 1250, "product"),
    ("PLATE-DIN-4", "Dinner plates, set of 4", 8900, 2900, "product"),
    ("TEA-TWL-GUM", "Tea towel, gum leaves", 1995, 90, "product"),
    ("TEA-TWL-WTL", "Tea towel, wattle", 1995, 90, "product"),
    ("APRON-LIN", "Linen apron", 5900, 310, "product"),
    ("BOARD-CAM-L", "Camphor laurel board, large", 9500, 2400, "product"),
    ("BOARD-CAM-S", "Camphor laurel board, small", 5500, 1100, "product"),
    ("CANDLE-FIG", "Soy candle, fig", 3490, 420, "product"),
    ("CANDLE-LEM", "Soy candle, lemon myrtle", 3490, 420, "product"),
    ("CANDLE-SEA", "Soy candle, sea salt", 3490, 420, "product"),
    ("DIFF-EUC", "Reed diffuser, eucalyptus", 4200, 350, "product"),
    ("SOAP-BAR-3", "Olive soap, three bars", 1850, 330, "product"),
    ("VASE-BUD", "Bud vase", 2800, 300, "product"),
    ("VASE-TALL", "Tall vase", 7900, 1800, "product"),
    ("JUG-WATER", "Water jug 1.5 l", 4600, 900, "product"),
    ("GLASS-TUM-6", "Tumblers, set of 6", 5400, 1700, "product"),
    ("KNIFE-PAR", "Paring knife", 3900, 80, "product"),
    ("KNIFE-CHF", "Chef's knife 20 cm", 12900, 240, "product"),
    ("PAN-CAST-26", "Cast iron pan 26 cm", 9900, 2600, "product"),
    ("SALT-MILL", "Salt mill, oak", 6200, 300, "product"),
    ("PEPPER-MILL", "Pepper mill, oak", 6200, 300, "product"),
    ("COASTER-4", "Cork coasters, set of 4", 1600, 60, "product"),
    ("BASKET-SEA", "Seagrass basket", 4900, 700, "product"),
    ("CLOCK-WALL", "Wall clock, ash", 8800, 900, "product"),
    ("LAMP-DESK", "Desk lamp", 13900, 1600, "product"),
    ("FRAME-A4", "Oak frame A4", 3300, 650, "product"),
    ("FRAME-A3", "Oak frame A3", 4700, 1100, "product"),
    ("NOTEBOOK-A5", "Notebook A5, dotted", 2200, 260, "product"),
    ("CARD-THANKS", "Thank-you card", 695, 15, "none"),
    ("CARD-BDAY", "Birthday card", 695, 15, "none"),
    ("WRAP-SHEET", "Wrapping paper, one sheet", 450, 30, "none"),
    ("UMBRELLA-C", "Compact umbrella", 4400, 340, "product"),
    ("FLASK-500", "Insulated flask 500 ml", 3900, 320, "product"),
    ("LUNCH-TIN", "Lunch tin", 2700, 280, "product"),
    ("GARDEN-GLV", "Garden gloves", 2400, 120, "product"),
    ("TROWEL", "Hand trowel", 2900, 250, "product"),
    ("SEED-NATIVE", "Native seed mix", 990, 20, "product"),
    ("POT-TERRA-M", "Terracotta pot, medium", 2600, 1900, "product"),
    ("WATERING-2L", "Watering can 2 l", 4800, 800, "product"),
    ("DOG-BED-M", "Dog bed, medium", 9900, 2200, "product"),
)
# (sku of the product, name, cents, weight, ((variant SKU, option, value), …)), tracked by variant
WITH_VARIANTS = (
    ("TEE-AUS", "Heavy cotton tee", 3995, 220, (("TEE-AUS-S", "S"), ("TEE-AUS-M", "M"), ("TEE-AUS-L", "L"))),
    ("SOCK-MER", "Merino socks", 2600, 90, (("SOCK-MER-36", "36-40"), ("SOCK-MER-41", "41-45"))),
    ("THROW-WOOL", "Wool throw", 14900, 1200, (("THROW-SAND", "Sand"), ("THROW-MOSS", "Moss"))),
    ("CUSH-LIN", "Linen cushion", 6900, 700, (("CUSH-WHT", "White"), ("CUSH-OCH", "Ochre"), ("CUSH-NVY", "Navy"))),
    ("HAT-STRAW", "Straw hat", 5900, 160, (("HAT-SM", "S/M"), ("HAT-LXL", "L/XL"))),
    ("BAG-TOTE", "Canvas tote", 2900, 300, (("TOTE-NAT", "Natural"), ("TOTE-BLK", "Black"))),
    ("SHEET-SET", "Linen sheet set", 28900, 2600, (("SHEET-Q", "Queen"), ("SHEET-K", "King"))),
)
# Bundles: BigCommerce knows nothing of their parts. SKU -> parts, for whoever wants to fill a bundle table.
KITS = (
    ("KIT-TEA", "Tea time kit", 6500, 900, {"MUG-STONE": 2, "TEA-TWL-GUM": 1}),
    ("KIT-HOME", "New home kit", 15900, 3200, {"BOARD-CAM-S": 1, "SALT-MILL": 1, "CANDLE-FIG": 1}),
    ("KIT-GARDEN", "Gardener's kit", 7200, 500, {"GARDEN-GLV": 1, "TROWEL": 1, "SEED-NATIVE": 3}),
)
DIGITAL = (("PDF-CARE", "Care guide (PDF)", 500),)

KIT_PARTS = {sku: parts for sku, _, _, _, parts in KITS}

SHIPPING_METHODS = ("Standard Shipping", "Express Post", "Free Shipping")
OVERSEAS_METHODS = ("International Economy", "International Express")
METHOD_COSTS = {
    "Standard Shipping": 995,
    "Express Post": 1595,
    "Free Shipping": 0,
    "International Economy": 2995,
    "International Express": 5995,
}
