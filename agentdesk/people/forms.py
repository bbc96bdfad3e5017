"""The forms of sign-in, people and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from agentdesk.people.models import OneTimePassword
from agentdesk.people.operations import Invitation
from agentdesk.people.tokens import SCOPES
from tickets.models import Person, Role


class SignInForm(AuthenticationForm):
    """Username and password; a one-time password that has run out is told so only to who knows it."""

    def confirm_login_allowed(self, user: Person) -> None:
        super().confirm_login_allowed(user)
        passing = OneTimePassword.objects.filter(person_id=user.pk).first()
        if passing is not None and passing.expires_at <= timezone.now():
            raise forms.ValidationError("This one-time password has run out. An admin can make another one.")


if TYPE_CHECKING:
    PersonForm = forms.ModelForm[Person]
else:
    PersonForm = forms.ModelForm


class InvitationForm(PersonForm):
    """Someone new: the name to sign in with, the role, and how to reach them."""

    role = forms.ChoiceField(choices=Role.choices, initial=Role.SUPPORT)

    class Meta:
        model = Person
        fields = ("username", "first_name", "last_name", "email", "role")
        help_texts = {"username": "Letters, digits and @.+-_"}
        labels = {"email": "E-mail"}

    def read_invitation(self) -> Invitation:
        """What was filled in; the form must be valid."""
        return Invitation(**self.cleaned_data)


class RoleForm(forms.Form):
    """Another role for someone."""

    role = forms.ChoiceField(choices=Role.choices)


class OwnPasswordForm(forms.Form):
    """A person's own new password; the current one proves that it is they who sit there."""

    current = forms.CharField(
        label="Current password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters, and not one that everybody uses.",
    )
    again = forms.CharField(
        label="New password, again",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if not self.person.check_password(current):
            raise forms.ValidationError("This is not your current password.")
        return current

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        if password == self.cleaned_data.get("current"):
            raise forms.ValidationError("Choose another one than you have now.")
        return password

    def clean(self) -> None:
        if "password" in self.cleaned_data and self.cleaned_data.get("again") != self.cleaned_data["password"]:
            self.add_error("again", "The two new passwords differ.")


class TokenForm(forms.Form):
    """A token for a program that acts for a person."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.filter(is_active=True).order_by("username"), to_field_name="username"
    )
    name = forms.CharField(max_length=200, help_text="What it is for, such as “nightly import”.")
    scopes = forms.MultipleChoiceField(
        choices=[(name, f"{name}: {words}") for name, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked: whatever the person may do.",
    )
