"""What came from a warehouse of files, for whoever looks at it."""

from django.db.models import QuerySet

from npf.stores.models import Arrival, FmClient


def bad(client: FmClient) -> "QuerySet[Arrival]":
    """The files of which some rows could not be used."""
    return Arrival.objects.filter(fm_client=client).exclude(bad=[])


def in_words(arrival: Arrival, most: int = 3) -> str:
    """The rows of a file that could not be used, the first few of them."""
    lines = [f"line {line}: {says}" if line else says for line, says in arrival.bad]
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    return "; ".join(lines[:most]) + more


def last(client: FmClient) -> Arrival | None:
    """The file that came last."""
    return Arrival.objects.filter(fm_client=client).order_by("-taken_at", "-pk").first()
