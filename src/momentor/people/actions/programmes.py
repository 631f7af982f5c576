"""What coordinators do with programmes, and how members take part in them."""

from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.text import one_line
from momentor.people.events import PersonEnrolled, PersonWithdrawn, ProgrammeEdited, ProgrammeStarted
from momentor.people.models import Enrolment, Membership, Person, Programme
from momentor.people.standing import coordinator


class ProgrammeNameTaken(Refusal):
    message = _("There is a programme of this name already. Choose another name.")


class WrongProgramme(Refusal):
    message = "%(what)s"
    status = 422


class ProgrammeFields(TypedDict, total=False):
    """What coordinators may change."""

    name: str
    goal: str
    blind_accept: bool
    pass_reasons: list[str]
    is_for_all: bool


@transaction.atomic
def start_programme(*, by: Person, now: datetime, **fields: Unpack[ProgrammeFields]) -> Programme:
    """Make a programme in the current organisation.

    Raises OnlyForCoordinators, ProgrammeNameTaken, WrongProgramme.
    """
    coordinator(by)
    programme = Programme(created_at=now, **fields)
    _save(programme)
    announce(ProgrammeStarted(programme_id=programme.pk, by_id=by.pk, at=now))
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, by: Person, now: datetime, **changes: Unpack[ProgrammeFields]) -> Programme:
    """Change a programme's name, goal or rules.

    Raises OnlyForCoordinators, ProgrammeNameTaken, WrongProgramme.
    """
    coordinator(by)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    for name, value in changes.items():
        setattr(programme, name, value)
    _save(programme)
    announce(ProgrammeEdited(programme_id=programme.pk, by_id=by.pk, at=now))
    return programme


def _save(programme: Programme) -> None:
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
