"""How django-allauth meets our people."""

from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.context import request_context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from momentor.foundation.addresses import path_in, path_outside
from momentor.foundation.tenancy import acting_in
from momentor.foundation.text import one_line
from momentor.people.models import Invitation, Membership, Organisation, Person

INVITATION = "invitation"


def display(person: Person) -> str:
    return str(person)


class AccountAdapter(DefaultAccountAdapter):
    """Where people go after the door, and what they may not choose as a password."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go on with the invitation one came with, else into the organisation, else to the list of them."""
        if (kept := request.session.get(INVITATION)) and (organisation := _organisation(slug=kept["slug"])):
            return path_in(organisation, "people:join")
        if (organisation := getattr(request, "organisation", None)) is not None:
            return path_in(organisation, "web:home")
        only = _only_organisation(request.user)
        return path_in(only, "web:home") if only else path_outside("people:organisations")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about the account, also after the commit, when allauth itself has let go of the request."""
        here = SimpleNamespace(name="Momentor", domain=settings.SITE_HOST)  # allauth would say the host's name twice
        with request_context(self.request):
            super().send_mail(template_prefix, email, context | {"current_site": here})

    def clean_password(self, password: str, user: Any = None) -> str:
        """Refuse, beside what the validators refuse, a password that holds the name of the site or of a place on it."""
        refuse_context_words(password)
        cleaned: str = super().clean_password(password, user)
        return cleaned


def _only_organisation(person: Any) -> Organisation | None:
    # At sign-in the request began without anybody, so that it does not see this person's places yet.
    with acting_in(None, person_id=person.pk):
        mine = list(Membership.objects.active().filter(person=person).values_list("organisation_id", flat=True)[:2])
    return _organisation(pk=mine[0]) if len(mine) == 1 else None


def _organisation(**which: Any) -> Organisation | None:
    return Organisation.objects.filter(**which).first()


class SignupForm(forms.Form):
    """What we ask beside address and password."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    field_order = ("name", "email", "password1")

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not any(letter.isalnum() for letter in name):
            raise ValidationError(_("Write the name that others may call you by."))
        return name

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.name = self.cleaned_data["name"]
        user.locale = getattr(request, "LANGUAGE_CODE", "")
        user.save(update_fields=["name", "locale"])


def remember_invitation(request: HttpRequest, invitation: Invitation | None) -> None:
    """Keep an invitation with the browser's session while its person signs up, or forget it."""
    if invitation is None:
        request.session.pop(INVITATION, None)
    else:
        slug = invitation.organisation.slug
        request.session[INVITATION] = {"slug": slug, "id": str(invitation.pk)}


def remembered_invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation to the current organisation that this browser came with, while it lets anybody in."""
    kept = request.session.get(INVITATION)
    if not kept:
        return None
    alive = Invitation.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), uses_left__gt=0)
    return alive.select_related("programme", "made_by").filter(pk=kept["id"]).first()


CONTEXT_WORDS = ("momentor", "mentoring", "micromentor")


def refuse_context_words(password: str) -> None:
    """Refuse a password that is little more than a word everybody here would try first."""
    plain = "".join(letter for letter in password.casefold() if letter.isalpha())
    rest = plain
    for word in CONTEXT_WORDS:
        rest = rest.replace(word, "")
    if rest != plain and len(rest) < 4:
        raise ValidationError(_now("This password is built on the name of this site, and is guessed first."))
