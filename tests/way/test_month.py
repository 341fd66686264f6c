"""A month of sales on both sandboxes: what npf writes lets no shop sell what FM cannot send."""

import pytest

from bench.market import SHOPS
from bench.month import BC_FAULTS, FM_FAULTS, live

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_in_a_month_of_sales_and_faults_nothing_is_sold_beyond_what_fm_can_send() -> None:
    """Four shops of one FM client; bundles and shops that share parts; pushes once a day and on change."""
    month = live("exact", days=30)
    assert dict(month.beyond) == {}
    assert month.above == []
    # And it was a month in which it could have gone wrong.
    assert all(month.sold[shop.name] > 50 for shop in SHOPS)
    assert month.written > 300
    assert month.in_fm > 0.9 * month.orders
    kinds = {kind.partition(":")[0] for kind in (*BC_FAULTS, *FM_FAULTS)}
    # The description of FM's services is fetched only once.
    assert kinds - {"wsdl"} <= set(month.struck)


def test_the_same_shops_oversell_with_a_plain_overwrite() -> None:
    month = live("plain", days=3)
    assert month.beyond.total() > 10
    assert month.above
