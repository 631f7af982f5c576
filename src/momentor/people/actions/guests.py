"""Inviting many at once, from a list."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from momentor.foundation import jobs
from momentor.people.actions.invitations import make_invitation
from momentor.people.models import Membership, Person, Programme
from momentor.people.roster import Problem, Roster, read_roster
from momentor.people.standing import coordinator


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a list: who was invited, who is here already, or what is wrong, row by row."""

    invited: tuple[str, ...] = ()
    here_already: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.problems


@transaction.atomic
def invite_from_csv(*, content: bytes, by: Person, now: datetime) -> Report:
    """Invite by mail everybody on a list of name, email, roles and programme.

    Where any row is wrong nobody is invited, and the report names the rows. Raises OnlyForCoordinators.
    """
    coordinator(by)
    programmes = {programme.name: programme for programme in Programme.objects.all()}
    roster = read_roster(content, roles=list(Membership.Role), programmes=list(programmes))
    if roster.problems:
        return Report(problems=roster.problems)
    here = _here_already(roster)
    for guest in roster.guests:
        if guest.email not in here:
            invite_by_mail(
                email=guest.email,
                roles=guest.roles,
                programme=programmes.get(guest.programme),
                by=by,
                now=now,
            )
    return Report(
        invited=tuple(guest.email for guest in roster.guests if guest.email not in here),
        here_already=tuple(guest.email for guest in roster.guests if guest.email in here),
    )


def invite_by_mail(
    *, email: str, roles: tuple[str, ...] = (), programme: Programme | None = None, by: Person, now: datetime
) -> None:
    """Make an invitation for one address and mail it. Raises what make_invitation does."""
    from momentor.people.jobs import send_invitation  # jobs import actions

    invitation, _link = make_invitation(by=by, now=now, email=email, roles=roles, programme=programme)
    jobs.enqueue(send_invitation, invitation_id=invitation.pk)


def _here_already(roster: Roster) -> set[str]:
    members = Membership.objects.here().active().values("person_id")
    emails = [guest.email for guest in roster.guests]
    found = EmailAddress.objects.filter(user__in=members, verified=True, email__in=emails)
    return {email.lower() for email in found.values_list("email", flat=True)}
