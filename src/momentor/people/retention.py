"""How long an organisation keeps what people said: past that it is removed, night by night.

Each domain removes its own: `project/wiring.py` puts its function into FORGETTERS.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.models import Invitation, Organisation, Pause

# Called inside one organisation; removes what ended before the given time, and returns how many rows that were.
Forgetter = Callable[[datetime], int]
FORGETTERS: list[Forgetter] = []


def forget_old(*, now: datetime) -> int:
    """Remove from the current organisation everything older than its retention; return how many rows went."""
    import_string(settings.WIRING)
    days = Organisation.objects.values_list("retention_days", flat=True).get(pk=current_organisation_id())
    before = now - timedelta(days=days)
    return sum(forget(before) for forget in FORGETTERS)


def forget_people_rows(before: datetime) -> int:
    """Remove invitations and pauses that ended before, and the log of facts from before."""
    ended = models.Q(expires_at__lt=before) | models.Q(revoked_at__lt=before)
    gone = Invitation.objects.filter(ended).delete()[0]
    gone += Pause.objects.filter(models.Q(until_at__lt=before) | models.Q(resumed_at__lt=before)).delete()[0]
    return gone + EventRecord.objects.filter(at__lt=before).delete()[0]
