"""A person's part of what was reported."""

from collections.abc import Iterator
from datetime import datetime

from momentor.people.export import Part
from momentor.people.models import Person
from momentor.trust.models import Report


def exported(person: Person) -> Iterator[Part]:
    """Return the reports this person made. Reports about them are not theirs: they hold others' words."""
    names = ("subject_kind", "reason", "words", "context", "reported_at", "closed_at", "decision")
    yield Part(name="reports.json", rows=Report.objects.filter(by=person).order_by("id").values(*names).iterator())


def forget_reports(before: datetime) -> int:
    """Remove the reports that were decided on before."""
    return Report.objects.filter(closed_at__lt=before).delete()[0]
