"""Links that let people in."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from momentor.foundation.addresses import address_in
from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import current_organisation_id
from momentor.foundation.text import one_line
from momentor.people.actions.joining import let_in
from momentor.people.actions.programmes import take_part
from momentor.people.events import InvitationAccepted, InvitationMade, InvitationRevoked
from momentor.people.models import Invitation, Membership, Organisation, Person, Programme
from momentor.people.standing import coordinator

LONGEST_DAYS = 90
USUAL_DAYS = 14
MOST_USES = 1000
_TOKEN = re.compile(r"^[0-9a-f]{40}$")


class InvitationUnknown(Refusal):
    message = _("This is not an invitation we know. Check that you copied the whole link, or ask for a new one.")
    status = 404


class InvitationExpired(Refusal):
    message = _("This invitation ended on %(day)s. Ask for a new one.")
    status = 410


class InvitationUsedUp(Refusal):
    message = _("This invitation has been used already. Ask for a new one.")
    status = 410


class InvitationWithdrawn(Refusal):
    message = _("This invitation was withdrawn. Ask for a new one.")
    status = 410


class InvitationForAnother(Refusal):
    message = _("This invitation is for another email address. Sign in with that one, or add it to your account.")
    status = 403


class WrongInvitation(Refusal):
    message = _("An invitation holds for 1 to %(days)s days and 1 to %(uses)s people.")
    status = 422


@transaction.atomic
def make_invitation(
    *,
    by: Person,
    now: datetime,
    roles: Sequence[str] = (),
    uses: int = 1,
    days: int = USUAL_DAYS,
    email: str = "",
    programme: Programme | None = None,
) -> tuple[Invitation, str]:
    """Return an invitation and its link. The link is shown this once: only a hash of its token is kept.

    Raises OnlyForCoordinators, WrongInvitation.
    """
    coordinator(by)
    if not (1 <= uses <= MOST_USES and 1 <= days <= LONGEST_DAYS):
        raise WrongInvitation(days=LONGEST_DAYS, uses=MOST_USES)
    invitation = Invitation(
        programme=programme,
        roles=[role for role in roles if role != Membership.Role.MEMBER],
        email=email.lower(),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
        uses_left=1 if email else uses,
    )
    token = token_of(invitation)
    invitation.token_hash = _hash(token)
    invitation.save(force_insert=True)
    announce(InvitationMade(invitation_id=invitation.pk, by_id=by.pk, at=now))
    return invitation, link_with(token)


def token_of(invitation: Invitation) -> str:
    """Return the secret of an invitation, made from its id and the site's key: nothing secret waits in the queue
    between making an invitation and mailing it, and a mail that is sent again holds the same link."""
    return salted_hmac("momentor.people.invitation", str(invitation.pk), algorithm="sha256").hexdigest()[:40]


def link_with(token: str) -> str:
    """Return the whole address that the invited follow."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    return address_in(organisation, "people:invitation", token)


def find_invitation(*, token: str, now: datetime) -> Invitation:
    """Return the invitation of this link.

    Raises InvitationUnknown, InvitationWithdrawn, InvitationExpired, InvitationUsedUp.
    """
    invitation = None
    if _TOKEN.match(token):
        invitation = Invitation.objects.filter(token_hash=_hash(token)).first()
    if invitation is None:
        raise InvitationUnknown
    _refuse_dead(invitation, now)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: Person, now: datetime) -> Membership:
    """Come in by an invitation, with the roles and the programme it gives.

    Raises what find_invitation does, InvitationForAnother and Suspended.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    membership = Membership.objects.here().active().filter(person=by).first()
    if membership is not None and not _gives_more(invitation, membership):
        return membership
    _refuse_dead(invitation, now)
    if invitation.email and not _owns(by, invitation.email):
        raise InvitationForAnother
    membership = let_in(person=by, now=now)
    membership.roles = sorted({*membership.roles, *invitation.roles})
    membership.save(update_fields=["roles"])
    if invitation.programme_id:
        take_part(programme_id=invitation.programme_id, membership=membership, now=now)
    invitation.uses_left -= 1
    invitation.save(update_fields=["uses_left"])
    announce(InvitationAccepted(invitation_id=invitation.pk, person_id=by.pk, at=now))
    return membership


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """Make an invitation's link worthless. Raises OnlyForCoordinators."""
    coordinator(by)
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now):
        announce(InvitationRevoked(invitation_id=invitation.pk, by_id=by.pk, at=now))


@transaction.atomic
def mail_invitation(*, invitation_id: UUID, now: datetime) -> None:
    """Send an invitation to its address, unless it has ended meanwhile."""
    invitation = Invitation.objects.select_related("made_by", "programme").filter(pk=invitation_id).first()
    if invitation is None or not invitation.email:
        return
    try:
        _refuse_dead(invitation, now)
    except Refusal:
        return
    token = token_of(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=_hash(token))  # the site's key may be a new one
    organisation = Organisation.objects.get(pk=current_organisation_id())
    by = invitation.made_by
    with translation.override(by.locale if by and by.locale else settings.LANGUAGE_CODE):
        words = {
            "invitation": invitation,
            "organisation": organisation,
            "link": link_with(token_of(invitation)),
            "by": by,
        }
        subject = render_to_string("people/mail/invitation_subject.txt", words).strip()
        mail = EmailMultiAlternatives(
            subject=one_line(subject), body=render_to_string("people/mail/invitation.txt", words), to=[invitation.email]
        )
        mail.attach_alternative(render_to_string("people/mail/invitation.html", words), "text/html")
        mail.send()


def _refuse_dead(invitation: Invitation, now: datetime) -> None:
    if invitation.revoked_at is not None:
        raise InvitationWithdrawn
    if invitation.expires_at <= now:
        raise InvitationExpired(day=f"{invitation.expires_at:%Y-%m-%d}")
    if invitation.uses_left < 1:
        raise InvitationUsedUp


def _gives_more(invitation: Invitation, membership: Membership) -> bool:
    return bool(set(invitation.roles) - set(membership.roles) or invitation.programme_id)


def _owns(person: Person, email: str) -> bool:
    return bool(EmailAddress.objects.filter(user=person, verified=True, email__iexact=email).exists())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
