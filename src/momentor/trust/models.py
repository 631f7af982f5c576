"""What was reported, and what a moderator decided."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.models import TenantModel
from momentor.people.models import Person

SUBJECT_NAMES = {
    "profile": _("Profile"),
    "question": _("Question"),
    "answer": _("Answer"),
    "session": _("Conversation"),
    "message": _("Message"),
    "takeaway": _("Takeaway"),
    "thanks": _("Thanks"),
}


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Report(TenantModel):
    """Something a person wants a moderator to look at, with the context needed to judge it."""

    class Reason(models.TextChoices):
        HARASSMENT = "harassment", _("Harassment or insult")
        UNSAFE = "unsafe", _("Somebody may be in danger")
        SELLING = "selling", _("Selling or advertising")
        FALSE = "false", _("Not who they say they are")
        OTHER = "other", _("Something else")

    class Decision(models.TextChoices):
        NOTHING = "nothing", _("No action needed")
        WARNED = "warned", _("Warned")
        SUSPENDED = "suspended", _("Suspended from the organisation")

    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    about = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # An open set ("session", "question", "answer", "profile", "message", "takeaway", "thanks"), with the id of it.
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.TextField(_("what happened"), max_length=4000, blank=True)
    # The words that were reported, as they stood then: a later edit or deletion must not empty the report.
    context = models.JSONField(default=list)
    reported_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    decision_words = models.TextField(max_length=2000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "closed_at", "-reported_at"], name="report_queue")]

    @property
    def subject_name(self) -> str:
        """What was reported, in the reader's language."""
        return str(SUBJECT_NAMES.get(self.subject_kind, self.subject_kind))

    @property
    def lines(self) -> list[dict[str, str | datetime | None]]:
        """Who wrote what, and when, as far as that is known."""
        return [line | {"at": datetime.fromisoformat(line["at"]) if line["at"] else None} for line in self.context]
