"""What must be true in the end, judged by the two sandboxes alone: nothing twice, nothing lost, nothing else."""

from collections import Counter
from collections.abc import Collection

from npf.sandbox import bigcommerce as bc
from npf.sandbox import fm

COMPLETED = 10


def for_fm(order: bc.Order) -> bool:
    """Whether a seeded order passes the gates of a store at its defaults; ask before anything has shipped.

    Written from DESIGN and WEBSERVICE and not from npf's gates: what the two disagree on is a fault of one of them.
    """
    goods = [line for line in order.lines if line.kind == "physical" and line.quantity > line.refunded]
    if order.status_id != 11 or not goods or not order.addresses or not all(line.sku for line in goods):
        return False
    here = {address.country_iso2 for address in order.addresses} <= {"AU", "NZ"}
    return here or (len(goods) == 1 and all(address.state for address in order.addresses))


def parcels(order: bc.Order, prefix: str) -> dict[str, Counter[str]]:
    """FM number -> units by SKU, one parcel an address that has goods."""
    found: dict[str, Counter[str]] = {}
    for position, address in enumerate(order.addresses, start=1):
        goods: Counter[str] = Counter()
        for line in order.lines:
            if line.address_id == address.id and line.kind == "physical":
                goods[line.sku] += line.quantity - line.refunded
        if goods := +goods:
            found[f"{prefix}{order.id}" + (f"-{position}" if len(order.addresses) > 1 else "")] = goods
    return found


def all_went_once(
    merchant: bc.Store, client: fm.Client, numbers: Collection[int], prefix: str, status: int = COMPLETED
) -> None:
    """Each of these orders is in FM once, whole, and Completed in BigCommerce (or in another `status`) with each
    consignment once; no other.
    """
    in_fm = client.orders
    expected = {number: parcels(merchant.orders[number], prefix) for number in numbers}
    assert set(in_fm) == {fm_number for parcel in expected.values() for fm_number in parcel}
    for number, parcel in expected.items():
        for fm_number, goods in parcel.items():
            assert in_fm[fm_number].ordered == goods, fm_number
        _told_once(merchant, [in_fm[fm_number] for fm_number in parcel], number, status)
    untouched = set(merchant.orders) - set(numbers)
    assert not [number for number in untouched if merchant.shipments_of.get(number)]


def _told_once(merchant: bc.Store, of_fm: list[fm.Order], number: int, status: int) -> None:
    """BigCommerce shows exactly the consignments of FM, exactly the units, and the status."""
    order = merchant.orders[number]
    despatched = sorted(shipment.consignment for one in of_fm for shipment in one.shipments)
    told = merchant.shipments(number)
    assert sorted(shipment["tracking_number"] for shipment in told) == despatched, number
    units = Counter[int]()
    for shipment in told:
        units.update({item["order_product_id"]: item["quantity"] for item in shipment["items"]})
    goods = {line.id: line.quantity - line.refunded for line in order.lines if line.kind == "physical"}
    assert units == {line: quantity for line, quantity in goods.items() if quantity}, number
    assert order.status_id == status, number


def writes(merchant: bc.Store, client: fm.Client) -> list[str]:
    """Every write that the outer systems were asked for, by their own logs, whatever became of it."""
    asked = [f"{entry.method} {entry.path}" for entry in merchant.log.writes()]
    return asked + [f"serverorder {entry.numbers}" for entry in client.log if entry.operation == "serverorder"]
