"""The people whom every test knows, and small words to write about them.

Amina asks, Ben and Emil answer, Dana moderates and coordinates, all in the Open Workshop. Chloe is a stranger: she is
in another organisation and must see nothing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse, set_script_prefix
from django.utils import timezone

from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Medium, Membership, Organisation, Person, Skill

# A Wednesday, before noon in Berlin. It lies in the past: what a page decides by the real clock comes after it.
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)

ACCOUNT = "allauth.account.auth_backends.AuthenticationBackend"
EVERY_MEDIUM = [Medium.CHAT, Medium.VOICE, Medium.VIDEO, Medium.ASYNC]


def today() -> date:
    """Return the day that it is for the cast, who live in Berlin."""
    return timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()


def make_organisation(name: str, slug: str, **fields: Any) -> Organisation:
    """Make an organisation that anyone may join, unless told otherwise."""
    given = {"entry": Organisation.Entry.OPEN, "code_of_conduct": "Be kind. Be honest.", **fields}
    return Organisation.objects.create(name=name, slug=slug, created_at=NOW, **given)


def make_person(name: str, email: str, **fields: Any) -> Person:
    """Make a person with a confirmed address, who belongs nowhere yet and has no usable password."""
    usual = {"languages": ["en"], "time_zone": "Europe/Berlin", "of_age_confirmed_at": NOW, "joined_at": NOW}
    given: dict[str, Any] = {**usual, **fields}
    with signing_in():
        person = Person.objects.create_user(email, name=name, **given)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_member(organisation: Organisation, person: Person, *, skills: Iterable[str] = (), **fields: Any) -> Membership:
    """Make a person an active member who has agreed to the code of conduct."""
    with acting_in(organisation.pk):
        membership = Membership.objects.create(person=person, joined_at=NOW, agreed_to_conduct_at=NOW, **fields)
        Skill.objects.bulk_create([Skill(membership=membership, name=name) for name in skills])
    return membership


def make_mentor(organisation: Organisation, person: Person, **fields: Any) -> Membership:
    """Make a person a member who answers questions in every medium."""
    given = {"answers_questions": True, "mediums": EVERY_MEDIUM, "capacity_per_week": 3, **fields}
    return make_member(organisation, person, **given)


def membership_of(person: Person, organisation: Organisation) -> Membership:
    """Return this person's place in the organisation, as it stands now."""
    with acting_in(organisation.pk):
        return Membership.objects.get(person=person, organisation=organisation)


class PageClient(Client):
    """Django's test client, which in addition forgets the last page's organisation, as a server does."""

    def request(self, **request: Any) -> Any:
        set_script_prefix("/")
        try:
            return super().request(**request)
        finally:
            set_script_prefix("/")


def client_of(person: Person | None) -> Client:
    """Return a browser in which this person is signed in; None is a visitor without an account."""
    client = PageClient()
    if person is not None:
        with signing_in():
            client.force_login(person, backend=ACCOUNT)
    return client


def page(name: str, *args: UUID | str, organisation: Organisation | None = None) -> str:
    """Return the address of a page: inside an organisation where one is named."""
    set_script_prefix(f"/at/{organisation.slug}/" if organisation else "/")
    try:
        return reverse(name, args=args)
    finally:
        set_script_prefix("/")
