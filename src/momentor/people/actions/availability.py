"""When a mentor may be asked: now, for a while, or not at all for a while."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.pushing import person_stream, push
from momentor.foundation.refusals import Refusal
from momentor.people.events import MentorAvailable, MentorPaused, MentorResumed, MentorUnavailable
from momentor.people.models import Membership, Pause, Person
from momentor.people.standing import ConductNotAgreed, locked_member

AVAILABLE_MINUTES = (15, 30, 60, 120)


class NoSuchStretch(Refusal):
    message = _("Choose 15, 30, 60 or 120 minutes.")
    status = 422


class AnswersNothing(Refusal):
    message = _("Say first that you answer questions, in your profile.")


class PauseEndsBefore(Refusal):
    message = _("A pause ends after it begins. Choose a later day.")
    status = 422


@transaction.atomic
def become_available(*, by: Person, minutes: int, now: datetime) -> Membership:
    """Be there for questions from now on, for some minutes; a running pause ends.

    Raises NotAMember, ConductNotAgreed, AnswersNothing, NoSuchStretch.
    """
    membership = locked_member(by)
    if membership.agreed_to_conduct_at is None:
        raise ConductNotAgreed
    if not membership.answers_questions:
        raise AnswersNothing
    if minutes not in AVAILABLE_MINUTES:
        raise NoSuchStretch
    _end_pauses(membership, now)
    _switch(membership, now + timedelta(minutes=minutes))
    announce(MentorAvailable(person_id=by.pk, membership_id=membership.pk, minutes=minutes, at=now))
    return membership


@transaction.atomic
def become_unavailable(*, by: Person, now: datetime) -> Membership:
    """Switch "available now" off. Raises NotAMember."""
    membership = locked_member(by)
    if membership.is_available(now):
        _switch(membership, None)
        announce(MentorUnavailable(person_id=by.pk, membership_id=membership.pk, at=now))
    return membership


def _switch(membership: Membership, until: datetime | None) -> None:
    membership.available_until = until
    membership.save(update_fields=["available_until"])
    said = {"t": "available", "until": until.isoformat() if until else None}
    push(to=person_stream(membership.person_id), message=said)


@transaction.atomic
def pause(*, by: Person, now: datetime, until: datetime | None = None) -> Pause:
    """Be offered nothing from now on, until a time or until `resume`. Raises NotAMember, PauseEndsBefore."""
    membership = locked_member(by)
    if until is not None and until <= now:
        raise PauseEndsBefore
    _end_pauses(membership, now)
    if membership.is_available(now):
        _switch(membership, None)
    begun = Pause.objects.create(membership=membership, from_at=now, until_at=until)
    announce(MentorPaused(person_id=by.pk, membership_id=membership.pk, at=now))
    return begun


@transaction.atomic
def resume(*, by: Person, now: datetime) -> None:
    """Be asked again. Raises NotAMember."""
    membership = locked_member(by)
    if _end_pauses(membership, now):
        announce(MentorResumed(person_id=by.pk, membership_id=membership.pk, at=now))


def _end_pauses(membership: Membership, now: datetime) -> int:
    return Pause.objects.in_force(now).filter(membership=membership).update(resumed_at=now)
