"""What coordinators do with programmes, and how members take part in them."""

from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import clean, one_line
from momentor.people.events import (
    PersonEnrolled,
    PersonWithdrawn,
    PlacesOffered,
    ProgrammeEdited,
    ProgrammeStarted,
    WishSaid,
)
from momentor.people.models import LONGEST_WISH, MOST_PLACES, Enrolment, Membership, Person, Programme
from momentor.people.standing import coordinator, locked_member


class ProgrammeNameTaken(Refusal):
    message = _("There is a programme of this name already. Choose another name.")


class WrongProgramme(Refusal):
    message = "%(what)s"
    status = 422


class BlindOrMatched(Refusal):
    message = _("Where mentors decide blind, nobody is matched by name: choose one of the two.")
    status = 422


class NotMatchedHere(Refusal):
    message = _("In this programme nobody is given a mentor of their own. Ask a question, and somebody will answer.")


class NotInProgramme(Refusal):
    message = _("You do not take part in this programme. A coordinator can put you in.")
    status = 403


class WishEmpty(Refusal):
    message = _("Write in a sentence or two what you would like a mentor for: it is what we look for.")
    status = 422


class WishTooLong(Refusal):
    message = _("Keep it to %(most)s characters; the rest is for your mentor.")
    status = 422


class WrongPlaces(Refusal):
    message = _("Say a number of mentees from 0 to %(most)s, or leave it open.")
    status = 422


class ProgrammeFields(TypedDict, total=False):
    """What coordinators may change."""

    name: str
    goal: str
    blind_accept: bool
    pass_reasons: list[str]
    is_for_all: bool
    matches_people: bool


@transaction.atomic
def start_programme(*, by: Person, now: datetime, **fields: Unpack[ProgrammeFields]) -> Programme:
    """Make a programme in the current organisation.

    Raises OnlyForCoordinators, ProgrammeNameTaken, WrongProgramme, BlindOrMatched.
    """
    coordinator(by)
    programme = Programme(created_at=now, **fields)
    _save(programme)
    announce(ProgrammeStarted(programme_id=programme.pk, by_id=by.pk, at=now))
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, by: Person, now: datetime, **changes: Unpack[ProgrammeFields]) -> Programme:
    """Change a programme's name, goal or rules.

    Raises OnlyForCoordinators, ProgrammeNameTaken, WrongProgramme, BlindOrMatched.
    """
    coordinator(by)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    for name, value in changes.items():
        setattr(programme, name, value)
    _save(programme)
    announce(ProgrammeEdited(programme_id=programme.pk, by_id=by.pk, at=now))
    return programme


def _save(programme: Programme) -> None:
    if programme.blind_accept and programme.matches_people:
        raise BlindOrMatched
    programme.name = one_line(programme.name)
    programme.pass_reasons = [reason for given in programme.pass_reasons if (reason := one_line(given))]
    try:
        programme.clean_fields()
    except ValidationError as error:
        raise WrongProgramme(what=" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError as error:
        raise ProgrammeNameTaken from error


@transaction.atomic
def enrol(*, programme: Programme, membership: Membership, by: Person, now: datetime) -> None:
    """Put a member into a programme; twice does no harm. Raises OnlyForCoordinators."""
    coordinator(by)
    take_part(programme_id=programme.pk, membership=membership, now=now)


def take_part(*, programme_id: UUID, membership: Membership, now: datetime) -> None:
    """Note that a member is in a programme: by a coordinator's hand, or by the invitation they came with."""
    _enrolment, is_new = Enrolment.objects.get_or_create(
        programme_id=programme_id, membership=membership, defaults={"enrolled_at": now}
    )
    if is_new:
        announce(PersonEnrolled(programme_id=programme_id, person_id=membership.person_id, at=now))


@transaction.atomic
def withdraw(*, programme: Programme, membership: Membership, by: Person, now: datetime) -> None:
    """Take a member out of a programme: a coordinator may, and the member. Raises OnlyForCoordinators."""
    if membership.person_id != by.pk:
        coordinator(by)
    gone, _kinds = Enrolment.objects.filter(programme=programme, membership=membership).delete()
    if gone:
        announce(PersonWithdrawn(programme_id=programme.pk, person_id=membership.person_id, at=now))


@transaction.atomic
def say_wish(*, programme: Programme, by: Person, wants_mentor: bool, wish: str = "", now: datetime) -> Enrolment:
    """Say whether one would like a mentor of one's own in a programme, and what for.

    Raises NotAMember, NotInProgramme, NotMatchedHere, WishEmpty, WishTooLong.
    """
    enrolment = _own_part(programme, by, now)
    wish = clean(wish)
    if wants_mentor and not wish:
        raise WishEmpty
    if len(wish) > LONGEST_WISH:
        raise WishTooLong(most=LONGEST_WISH)
    enrolment.wants_mentor, enrolment.wish = wants_mentor, wish if wants_mentor else ""
    enrolment.save(update_fields=["wants_mentor", "wish"])
    announce(WishSaid(programme_id=programme.pk, person_id=by.pk, wants_mentor=wants_mentor, at=now))
    return enrolment


@transaction.atomic
def offer_places(*, programme: Programme, by: Person, places: int | None, now: datetime) -> Enrolment:
    """Say how many mentees one takes at most in a programme; None for as many as is usual there.

    Raises NotAMember, NotInProgramme, NotMatchedHere, WrongPlaces.
    """
    enrolment = _own_part(programme, by, now)
    if places is not None and not 0 <= places <= MOST_PLACES:
        raise WrongPlaces(most=MOST_PLACES)
    enrolment.places = places
    enrolment.save(update_fields=["places"])
    announce(PlacesOffered(programme_id=programme.pk, person_id=by.pk, places=places, at=now))
    return enrolment


def _own_part(programme: Programme, person: Person, now: datetime) -> Enrolment:
    """Return somebody's own part in a programme that gives mentors, locked."""
    membership = locked_member(person)
    programme = Programme.objects.get(pk=programme.pk)
    if not programme.matches_people:
        raise NotMatchedHere
    if programme.is_for_all:
        return Enrolment.objects.get_or_create(
            programme=programme, membership=membership, defaults={"enrolled_at": now}
        )[0]
    enrolment = Enrolment.objects.filter(programme=programme, membership=membership).first()
    if enrolment is None:
        raise NotInProgramme
    return enrolment
