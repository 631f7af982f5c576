"""People's slow work and timers."""

from uuid import UUID

from django.utils import timezone

from momentor.foundation.jobs import every, job
from momentor.people.actions.invitations import mail_invitation
from momentor.people.retention import forget_old


@job
def send_invitation(*, invitation_id: str) -> None:
    """Mail one invitation to the address it is for."""
    mail_invitation(invitation_id=UUID(invitation_id), now=timezone.now())


@every("23 2 * * *")
def keep_no_longer() -> None:
    """Remove what this organisation keeps no longer."""
    forget_old(now=timezone.now())
