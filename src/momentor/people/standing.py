"""Who may do what in the current organisation: asked first by every action, refused with a sentence."""

from django.utils.translation import gettext_lazy as _

from momentor.foundation.refusals import Refusal
from momentor.people.models import Membership, Person


class NotAMember(Refusal):
    message = _("You are not a member here.")
    status = 403


class OnlyForCoordinators(Refusal):
    message = _("Only a coordinator can do this.")
    status = 403


class OnlyForModerators(Refusal):
    message = _("Only a moderator can do this.")
    status = 403


class ConductNotAgreed(Refusal):
    message = _("Please read the code of conduct and agree to it first.")
    status = 403


def member(person: Person) -> Membership:
    """Return this person's active place in the current organisation. Raises NotAMember."""
    membership = Membership.objects.here().active().filter(person=person).first()
    if membership is None:
        raise NotAMember
    return membership


def locked_member(person: Person) -> Membership:
    """Return what `member` does, locked until the end of the transaction. Raises NotAMember."""
    membership = Membership.objects.here().active().select_for_update().filter(person=person).first()
    if membership is None:
        raise NotAMember
    return membership


def member_who_agreed(person: Person) -> Membership:
    """Return a member who has agreed to the code of conduct: who may ask and answer.

    Raises NotAMember, ConductNotAgreed.
    """
    membership = member(person)
    if membership.agreed_to_conduct_at is None:
        raise ConductNotAgreed
    return membership


def coordinator(person: Person) -> Membership:
    """Return this person's place if they coordinate here. Raises OnlyForCoordinators."""
    membership = Membership.objects.here().active().filter(person=person).first()
    if membership is None or not membership.is_coordinator:
        raise OnlyForCoordinators
    return membership


def moderator(person: Person) -> Membership:
    """Return this person's place if they moderate here. Raises OnlyForModerators."""
    membership = Membership.objects.here().active().filter(person=person).first()
    if membership is None or not membership.is_moderator:
        raise OnlyForModerators
    return membership
