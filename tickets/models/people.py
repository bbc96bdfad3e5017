"""Who works here: one user model, four roles."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class Role(models.TextChoices):
    """What a person may do; support < manager < admin, an auditor reads all and decides nothing."""

    SUPPORT = "support", "Support"
    MANAGER = "manager", "Manager"
    ADMIN = "admin", "Admin"
    AUDITOR = "auditor", "Auditor"


RANK = {Role.AUDITOR: 0, Role.SUPPORT: 1, Role.MANAGER: 2, Role.ADMIN: 3}


class PersonManager(UserManager["Person"]):
    """Makes people; the first administrator comes from `createsuperuser` and gets the admin role."""

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> "Person":
        """A superuser is an admin in every respect."""
        extra.setdefault("role", Role.ADMIN)
        return super().create_superuser(username, email, password, **extra)


class Person(AbstractUser):
    """Someone who signs in. The role decides what he sees and may approve."""

    role = models.CharField(max_length=16, choices=Role, default=Role.SUPPORT)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta(AbstractUser.Meta):
        verbose_name_plural = "people"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="person_role_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def ranks_at_least(self, role: str) -> bool:
        """Whether this person's role is `role` or stands above it; an auditor never does."""
        return self.role != Role.AUDITOR and RANK[Role(self.role)] >= RANK[Role(role)]

    @property
    def may_decide(self) -> bool:
        """Auditors look; everyone else may at least decide something."""
        return self.role != Role.AUDITOR
