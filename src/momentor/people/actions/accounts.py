"""Accounts that a host opens and closes, and leaving for good."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.actions.members import end_membership
from momentor.people.events import AccountClosed, AccountReopened
from momentor.people.models import Block, Membership, Person


class OnlyForHosts(Refusal):
    message = _("Only the host of this site can do this.")
    status = 403


class CannotCloseOwnAccount(Refusal):
    message = _("You cannot close the account that you are signed in with.")
    status = 422


class AccountDeleted(Refusal):
    message = _("This account was deleted by its person, and nothing of it is left to open.")


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
def close_account(*, person: Person, by: Person, now: datetime) -> None:
    """Let nobody in with an account, and end what stands open for its person in every organisation.

    Profiles and places stay for the day on which it is opened again. Twice does no harm.
    Raises OnlyForHosts, CannotCloseOwnAccount.
    """
    _host(by)
    if person.pk == by.pk:
        raise CannotCloseOwnAccount
    with acting_in(None, person_id=person.pk):
        if not Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            return
        _end_sessions(person)
    for organisation_id, membership_id in _places(person, state=Membership.State.ACTIVE):
        with acting_in(organisation_id, person_id=by.pk):
            announce(AccountClosed(person_id=person.pk, membership_id=membership_id, by_id=by.pk, at=now))


@transaction.atomic
def reopen_account(*, person: Person, by: Person, now: datetime) -> None:
    """Let a person in again whose account was closed: they sign in anew. Raises OnlyForHosts, AccountDeleted."""
    _host(by)
    with acting_in(None, person_id=person.pk):
        found = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if found.left_at is not None:
            raise AccountDeleted
        if found.is_active:
            return
        found.is_active = True
        found.save(update_fields=["is_active"])
    for organisation_id, membership_id in _places(person, state=Membership.State.ACTIVE):
        with acting_in(organisation_id, person_id=by.pk):
            announce(AccountReopened(person_id=person.pk, membership_id=membership_id, by_id=by.pk, at=now))


def _host(person: Person) -> None:
    if not (person.is_active and person.is_staff):
        raise OnlyForHosts


def _places(person: Person, **which: str) -> list[tuple[UUID, UUID]]:
    """Return where a person belongs, or belonged: the organisation and the membership, as they see them."""
    with acting_in(None, person_id=person.pk):
        found = Membership.objects.filter(person=person, **which).order_by("organisation_id")
        return list(found.values_list("organisation_id", "pk"))


@transaction.atomic
def delete_account(*, by: Person, now: datetime) -> None:
    """Take a person off the site: off every organisation, with everything that names or lets in this person.

    What they said to others stays with those others under "Somebody who left", until retention removes it.
    """
    for organisation_id, membership_id in _places(by):
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
