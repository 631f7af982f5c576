"""What private feedback says all together: shares of many people, and words without a name.

What people told in private goes to coordinators in a form that leads back to nobody. A figure appears once five people
stand behind it, in steps of five percent; only weeks that are over count, so that nobody sees a figure move by one
answer; and no coordinator sees what came out of conversations of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from momentor.learning.models import Feedback, Outcome
from momentor.people.models import Person

FEW = 5
STEP = 5


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What people said of their conversations, in percent; None where fewer than five people answered."""

    moved: list[tuple[str, int]] | None  # what each answer means, and how many of a hundred gave it
    likely: int | None
    applied: int | None  # of those whose likelihood is known and whose plan came to its end
    applied_expected: int | None
    right_person: int | None
    fitted_time: int | None
    right_question: int | None  # as mentors saw it
    mentors_fitted_time: int | None

    @property
    def is_empty(self) -> bool:
        return all(value is None for value in vars(self).values())


def told_before(viewer: Person, *, now: datetime) -> QuerySet[Feedback]:
    """Return the feedback of the weeks that are over, without that on conversations of the one who looks."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    own = Q(session__mentee=viewer) | Q(session__mentor=viewer)
    return Feedback.objects.filter(given_at__lt=monday).exclude(own)


def figures_for(viewer: Person, *, now: datetime) -> Figures:
    """Return what feedback says all together, as a coordinator may see it."""
    told = told_before(viewer, now=now)
    mentees, mentors = told.filter(by=F("session__mentee")), told.filter(by=F("session__mentor"))
    ended = mentees.filter(Exists(Outcome.objects.filter(takeaway__session=OuterRef("session"))), likely__isnull=False)
    applied = Exists(Outcome.objects.filter(takeaway__session=OuterRef("session"), was_applied=True))
    return Figures(
        moved=_spread(mentees),
        likely=_average(mentees, "likely"),
        applied=_share(ended.annotate(applied=applied), "applied"),
        applied_expected=_average(ended, "likely"),
        right_person=_share(mentees, "right_person"),
        fitted_time=_share(mentees, "fitted_time"),
        right_question=_share(mentors, "right_person"),
        mentors_fitted_time=_share(mentors, "fitted_time"),
    )


def words_for(viewer: Person, *, now: datetime) -> QuerySet[Feedback]:
    """Return what people wrote beside their answers, in no order; nothing until five people wrote something."""
    written = told_before(viewer, now=now).exclude(words="")
    if not _is_enough(written):
        return Feedback.objects.none()
    # The ids hold the time at which they were made.
    return written.annotate(mixed=Func(Cast("pk", TextField()), function="md5")).order_by("mixed").only("words")


def _is_enough(rows: QuerySet[Feedback]) -> bool:
    return rows.values("by").distinct()[:FEW].count() == FEW


def _spread(rows: QuerySet[Feedback]) -> list[tuple[str, int]] | None:
    rows = rows.filter(moved__isnull=False)
    if not _is_enough(rows):
        return None
    counts = dict(rows.values("moved").annotate(n=Count("pk")).values_list("moved", "n"))
    return [(str(moved.label), _percent(counts.get(moved.value, 0), counts.values())) for moved in Feedback.Moved]


def _share(rows: QuerySet[Feedback], field: str) -> int | None:
    rows = rows.filter(**{f"{field}__isnull": False})
    if not _is_enough(rows):
        return None
    counts = dict(rows.values(field).annotate(n=Count("pk")).values_list(field, "n"))
    return _percent(counts.get(True, 0), counts.values())


def _average(rows: QuerySet[Feedback], field: str) -> int | None:
    rows = rows.filter(**{f"{field}__isnull": False})
    if not _is_enough(rows):
        return None
    return _rounded(rows.aggregate(mean=Avg(field, output_field=FloatField()))["mean"])


def _percent(part: int, all_parts: Iterable[int]) -> int:
    return _rounded(100 * part / sum(all_parts))


def _rounded(percent: float) -> int:
    return STEP * round(percent / STEP)
