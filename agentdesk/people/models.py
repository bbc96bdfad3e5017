"""API tokens: shown once, stored hashed."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Token(models.Model):
    """What a program shows to act for a person. Without scopes it may do what the person may."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name or 'token'} of {self.person_id}"


class SignInLink(models.Model):
    """A link mailed to a person that signs in once and leads to one page; it decides nothing. Stored hashed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_in_links")
    sha256 = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=300, help_text="where it leads, an address of this desk")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"sign-in link of {self.person_id}"


class OneTimePassword(models.Model):
    """That a person's password was made by an admin: it opens the door once, to choose another, and not for ever."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="one_time_password"
    )
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"one-time password of {self.person_id}"
