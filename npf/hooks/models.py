"""What we know of each store's webhook at BigCommerce."""

import secrets

from django.db import models
from django.db.models import Q

from npf.stores.models import Store
from npf.stores.secret import SecretField


def new_secret() -> str:
    """256 bits of chance: nobody can guess what an event must bear."""
    return secrets.token_urlsafe(32)


class Hook(models.Model):
    """The webhook of a store: its secret, how BigCommerce had it when last looked at, and when it last knocked.

    The secret is made once: API accounts that were replaced go on sending it until they are deleted (fact 124).
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, primary_key=True, related_name="hook")
    secret = SecretField(default=new_secret)
    bc_hook_id = models.BigIntegerField(null=True)
    destination = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=False)
    registered_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    # Why it does not work, and what to do; "" = it does.
    problem = models.TextField(blank=True)
    cure = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True)
    # The scope and the order of that event: "store/order/updated 250".
    received = models.CharField(max_length=120, blank=True)
    signature_refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # An empty secret would let everybody in.
            models.CheckConstraint(condition=~Q(secret=""), name="a_hook_has_a_secret"),
            models.CheckConstraint(
                condition=Q(bc_hook_id__isnull=True, registered_at__isnull=True)
                | Q(bc_hook_id__isnull=False, registered_at__isnull=False),
                name="a_registered_hook_has_its_id",
            ),
        ]
        indexes = [models.Index(fields=["next_check_at"], name="hooks_to_check")]

    def __str__(self) -> str:
        return f"the webhook of {self.store_id}"
