"""How people come in: by asking, by their mail domain, and by agreeing to what holds here."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.events import PersonAgreedToConduct, PersonAskedToJoin, PersonDeclined, PersonJoined
from momentor.people.models import Membership, Organisation, Person
from momentor.people.standing import ConductNotAgreed, coordinator, locked_member

State = Membership.State


class InvitationNeeded(Refusal):
    message = _("This organisation lets people in by invitation. Ask somebody who is there for a link.")
    status = 403


class Suspended(Refusal):
    message = _("A moderator has suspended you from this organisation. Write to its coordinators if that is wrong.")
    status = 403


class TooYoung(Refusal):
    message = _("To take part here you must be at least %(age)s years old.")
    status = 403


class NobodyWaits(Refusal):
    message = _("This person no longer waits for approval.")


@transaction.atomic
def join(*, by: Person, now: datetime) -> Membership:
    """Come into the current organisation, or ask to, as its rules say: see the state of what is returned.

    A confirmed address in one of its mail domains lets in at once. Raises InvitationNeeded, Suspended.
    """
    organisation = Organisation.objects.get(pk=current_organisation_id())
    if organisation.entry == Organisation.Entry.OPEN or has_address_in(organisation.mail_domains, by):
        return let_in(person=by, now=now)
    if organisation.entry == Organisation.Entry.INVITED:
        raise InvitationNeeded
    membership, is_new = _place_of(by, State.ASKED, now)
    if membership.state == State.LEFT:
        membership.state, membership.joined_at, is_new = State.ASKED, now, True
        membership.save(update_fields=["state", "joined_at"])
    if is_new:
        announce(PersonAskedToJoin(person_id=by.pk, membership_id=membership.pk, at=now))
    return membership


def has_address_in(domains: list[str], person: Person) -> bool:
    """Return whether a confirmed address of this person is in one of the mail domains."""
    if not domains:
        return False
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return any(address.rpartition("@")[2].lower() in domains for address in addresses)


@transaction.atomic
def approve(*, membership: Membership, by: Person, now: datetime) -> Membership:
    """Let in somebody who asked. Raises OnlyForCoordinators, NobodyWaits."""
    coordinator(by)
    asked = _waiting(membership)
    return let_in(person=asked.person, now=now)


@transaction.atomic
def decline(*, membership: Membership, by: Person, now: datetime) -> None:
    """Do not let in somebody who asked; they may ask again. Raises OnlyForCoordinators, NobodyWaits."""
    coordinator(by)
    asked = _waiting(membership)
    asked.state = State.LEFT
    asked.save(update_fields=["state"])
    announce(PersonDeclined(person_id=asked.person_id, by_id=by.pk, at=now))


def _waiting(membership: Membership) -> Membership:
    asked = Membership.objects.here().select_for_update().filter(pk=membership.pk, state=State.ASKED).first()
    if asked is None:
        raise NobodyWaits
    return asked


def let_in(*, person: Person, now: datetime) -> Membership:
    """Make somebody an active member, whatever they were before. Raises Suspended."""
    membership, is_new = _place_of(person, State.ACTIVE, now)
    if not is_new and membership.state == State.ACTIVE:
        return membership
    if not is_new:
        membership.state, membership.joined_at = State.ACTIVE, now
        membership.save(update_fields=["state", "joined_at"])
    announce(PersonJoined(person_id=person.pk, membership_id=membership.pk, at=now))
    return membership


def _place_of(person: Person, state: State, now: datetime) -> tuple[Membership, bool]:
    """Return the person's row here, locked, made in this state if there was none."""
    membership, is_new = (
        Membership.objects.here()
        .select_for_update()
        .get_or_create(person=person, defaults={"state": state, "joined_at": now})
    )
    if membership.state == State.BARRED:
        raise Suspended
    return membership, is_new


@transaction.atomic
def agree_to_conduct(*, by: Person, agrees: bool, is_of_age: bool, now: datetime) -> Membership:
    """Note that a member agrees to the code of conduct and is old enough: before that nobody asks or answers.

    Raises NotAMember, ConductNotAgreed, TooYoung.
    """
    membership = locked_member(by)
    if not agrees:
        raise ConductNotAgreed
    if not is_of_age:
        raise TooYoung(age=Organisation.objects.get(pk=current_organisation_id()).minimum_age)
    Person.objects.filter(pk=by.pk).update(of_age_confirmed_at=now)
    membership.agreed_to_conduct_at = now
    membership.save(update_fields=["agreed_to_conduct_at"])
    announce(PersonAgreedToConduct(person_id=by.pk, at=now))
    return membership
