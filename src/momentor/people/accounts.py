"""How django-allauth meets our people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from momentor.people.models import Person


def display(person: Person) -> str:
    return str(person)


class AccountAdapter(DefaultAccountAdapter):
    """Nothing differs yet but the door."""


class SignupForm(forms.Form):
    """What we ask beside address and password."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
