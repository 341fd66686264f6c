"""Who may look, and what they may do."""

from django.contrib.auth.models import User
from django.db import models

from npf.stores.models import Store


class Role(models.TextChoices):
    """operator sees all and decides on orders; integrator also changes settings; merchant sees its own stores."""

    OPERATOR = "operator"
    INTEGRATOR = "integrator"
    MERCHANT = "merchant"


class Person(models.Model):
    """The role of a login. `stores` counts for merchants only: the others see every store."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="person")
    role = models.CharField(max_length=10, choices=Role.choices)
    stores = models.ManyToManyField(Store, related_name="people", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="person_role_is_known")]

    def __str__(self) -> str:
        return self.user.username

    @property
    def sees_all(self) -> bool:
        return self.role in (Role.OPERATOR, Role.INTEGRATOR)

    @property
    def decides(self) -> bool:
        """May hold, release and retry orders, and let a store be looked at now."""
        return self.role in (Role.OPERATOR, Role.INTEGRATOR)

    @property
    def changes(self) -> bool:
        """May change parameters, pause and resume."""
        return self.role == Role.INTEGRATOR
