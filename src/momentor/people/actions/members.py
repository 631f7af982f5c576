"""What coordinators and hosts do with members, and how people leave."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.people.actions.joining import let_in
from momentor.people.events import CoordinatorNamed, PersonLeft, RolesChanged
from momentor.people.models import Enrolment, GroupChoice, Membership, Pause, Person, SampleAnswer, Skill
from momentor.people.standing import NotAMember, coordinator, locked_member, moderator

State = Membership.State
ROLES_GIVEN = (Membership.Role.COORDINATOR, Membership.Role.MODERATOR)


class LastCoordinator(Refusal):
    message = _("Somebody has to coordinate here. Make another member a coordinator first.")


class NotSuspended(Refusal):
    message = _("This person is not suspended.")


@transaction.atomic
def change_roles(*, membership: Membership, roles: Iterable[str], by: Person, now: datetime) -> Membership:
    """Give a member these roles and no others. Raises OnlyForCoordinators, NotAMember, LastCoordinator."""
    coordinator(by)
    wanted = sorted(set(roles) & set(ROLES_GIVEN))
    membership = _locked(membership)
    if membership.is_coordinator and Membership.Role.COORDINATOR not in wanted:
        _leave_a_coordinator(membership)
    membership.roles = wanted
    membership.save(update_fields=["roles"])
    announce(RolesChanged(person_id=membership.person_id, by_id=by.pk, roles=wanted, at=now))
    return membership


@transaction.atomic
def name_coordinator(*, person: Person, now: datetime) -> Membership:
    """Let somebody coordinate here, in whom the host trusts: they come in if they are not there. Raises Suspended."""
    membership = _locked(let_in(person=person, now=now))
    if not membership.is_coordinator:
        membership.roles = sorted({*membership.roles, Membership.Role.COORDINATOR})
        membership.save(update_fields=["roles"])
        announce(CoordinatorNamed(person_id=person.pk, at=now))
    return membership


@transaction.atomic
def leave_organisation(*, by: Person, now: datetime) -> None:
    """Leave the current organisation: the profile here is emptied. Raises NotAMember, LastCoordinator."""
    membership = locked_member(by)
    _leave_a_coordinator(membership)
    end_membership(membership=membership, why="left", now=now)


@transaction.atomic
def remove_member(*, membership: Membership, by: Person, now: datetime) -> None:
    """Take a member out of the organisation; they may come back. Raises what change_roles does."""
    coordinator(by)
    membership = _locked(membership)
    _leave_a_coordinator(membership)
    end_membership(membership=membership, why="removed", now=now)


@transaction.atomic
def suspend_member(*, membership: Membership, by: Person, now: datetime) -> None:
    """Take a member out for good, after a report. Raises OnlyForModerators, NotAMember, LastCoordinator."""
    moderator(by)
    membership = _locked(membership)
    _leave_a_coordinator(membership)
    end_membership(membership=membership, why="suspended", now=now)


@transaction.atomic
def readmit(*, membership: Membership, by: Person, now: datetime) -> None:
    """Let somebody who was suspended ask, or be invited, again. Raises OnlyForCoordinators, NotSuspended."""
    coordinator(by)
    if not Membership.objects.here().filter(pk=membership.pk, state=State.BARRED).update(state=State.LEFT):
        raise NotSuspended


def end_membership(*, membership: Membership, why: str, now: datetime) -> None:
    """Empty a member's profile and end what depends on it. The row stays: others' conversations point to the person."""
    membership.state = State.BARRED if why == "suspended" or membership.state == State.BARRED else State.LEFT
    membership.roles = []
    membership.answers_questions = False
    membership.available_until = membership.quiet_from = membership.quiet_until = None
    membership.headline = membership.story = membership.asked_about = ""
    membership.mediums = []
    membership.changed_at = now
    membership.save()
    for rows in (Skill.objects, SampleAnswer.objects, Enrolment.objects, Pause.objects, GroupChoice.objects):
        rows.filter(membership=membership).delete()
    announce(PersonLeft(person_id=membership.person_id, membership_id=membership.pk, why=why, at=now))


def _locked(membership: Membership) -> Membership:
    found = Membership.objects.here().active().select_for_update().filter(pk=membership.pk).first()
    if found is None:
        raise NotAMember
    return found


def _leave_a_coordinator(membership: Membership) -> None:
    """Refuse to take the last coordinator away. Locks them all: two could leave at the same instant."""
    if not membership.is_coordinator:
        return
    coordinators = (
        Membership.objects.here()
        .active()
        .filter(roles__contains=[Membership.Role.COORDINATOR])
        .order_by("id")
        .select_for_update()
    )
    if not [other for other in coordinators if other.pk != membership.pk]:
        raise LastCoordinator
