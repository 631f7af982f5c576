"""Accounts that a host opens, and leaving for good."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import models, transaction

from momentor.foundation.tenancy import acting_in
from momentor.people.actions.members import end_membership
from momentor.people.models import Block, Membership, Person


@transaction.atomic
def open_account(*, email: str, name: str, password: str, is_host: bool = False) -> Person:
    """Make an account that signs in at once: whoever runs the site answers for the address.

    Raises ValidationError.
    """
    person = Person(email=Person.objects.normalize_email(email).lower(), name=name, is_staff=is_host)
    person.is_superuser = is_host
    validate_password(password, person)
    person.set_password(password)
    person.full_clean()
    person.save(force_insert=True)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@transaction.atomic
def delete_account(*, by: Person, now: datetime) -> None:
    """Take a person off the site: off every organisation, with everything that names or lets in this person.

    What they said to others stays with those others under "Somebody who left", until retention removes it.
    """
    with acting_in(None, person_id=by.pk):
        places = list(Membership.objects.filter(person=by).values_list("organisation_id", "pk"))
    for organisation_id, membership_id in places:
        with acting_in(organisation_id, person_id=by.pk):
            membership = Membership.objects.here().select_for_update().get(pk=membership_id)
            Block.objects.filter(models.Q(by=by) | models.Q(about=by)).delete()
            end_membership(membership=membership, why="deleted", now=now)
    with acting_in(None, person_id=by.pk):
        _end_sessions(by)
        EmailAddress.objects.filter(user=by).delete()
        Authenticator.objects.filter(user=by).delete()
        _forget_name(by, now)


def _end_sessions(person: Person) -> None:
    sessions = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def _forget_name(person: Person, now: datetime) -> None:
    row = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row.name, row.email = "", f"deleted-{row.pk}@invalid"
    row.languages, row.time_zone, row.locale = [], "UTC", ""
    row.is_active = row.is_staff = row.is_superuser = False
    row.of_age_confirmed_at = row.last_login = None
    row.left_at = now
    row.set_unusable_password()
    row.save()
    row.groups.clear()
    row.user_permissions.clear()
