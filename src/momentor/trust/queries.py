"""Reads about blocks, reports and help."""

from django.db import models
from django.utils.translation import gettext as _

from momentor.people.models import Block, Organisation, Person
from momentor.trust import crisis
from momentor.trust.models import Report

# Where an organisation named no help of its own. The first answers in every country of the European Union,
# the second lists help lines by country.
HELP_ANYWHERE = (
    {"name": "112", "phone": "112", "url": ""},
    {"name": "findahelpline.com", "phone": "", "url": "https://findahelpline.com/"},
)


def help_for(text: str, language: str, organisation: Organisation) -> list[dict[str, str]]:
    """Return whom to call or visit, the organisation's own first, if this text holds words of crisis; else nothing.

    Show it with `{% include "trust/parts/crisis.html" with help=... %}`, above everything else on the page.
    """
    return help_in(organisation) if crisis.words(text, language) else []


def help_in(organisation: Organisation) -> list[dict[str, str]]:
    """Return whom to call or visit in a crisis: name, phone and url of each."""
    if organisation.local_help:
        return list(organisation.local_help)
    emergency, lines = HELP_ANYWHERE
    return [emergency | {"name": _("Emergency, in the European Union")}, lines | {"name": _("Help lines by country")}]


def blocked_by(person: Person) -> models.QuerySet[Block]:
    """Return whom this person keeps away, the latest first."""
    return Block.objects.filter(by=person).select_related("about").order_by("-blocked_at", "-id")


def report_queue(moderator: Person, *, is_closed: bool = False) -> models.QuerySet[Report]:
    """Return the reports that wait for a moderator, the oldest first; or those decided, the latest first.

    Those that they made themselves, or that are about them, are for others.
    """
    found = Report.objects.select_related("by", "about", "closed_by")
    found = found.exclude(about=moderator).exclude(by=moderator)
    if is_closed:
        return found.exclude(closed_at=None).order_by("-closed_at", "-id")
    danger_first = models.Case(models.When(reason=Report.Reason.UNSAFE, then=0), default=1)
    return found.open().order_by(danger_first, "reported_at", "id")


def own_reports_waiting(moderator: Person) -> int:
    """Return how many reports that a moderator made wait for another moderator."""
    return Report.objects.open().filter(by=moderator).count()


def earlier_reports(report: Report) -> int:
    """Return how many other reports there are about the same person."""
    if report.about_id is None:
        return 0
    return Report.objects.filter(about=report.about_id).exclude(pk=report.pk).count()
