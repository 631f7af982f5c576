"""When mentors have time, and what was booked in it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Question
from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import Medium, Membership, Person
from momentor.scheduling.slots import MIDNIGHT
from momentor.sessions.models import Session


class WeeklyHours(TenantModel):
    """A stretch of the week, in the mentor's own time zone, in which slots may be booked."""

    membership = TenantForeignKey(Membership)
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)], help_text=_("0 is Monday."))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="hours_go_forward")]
        indexes = [models.Index(fields=["organisation", "membership", "weekday"], name="hours_by_member")]

    def __str__(self) -> str:
        return f"{self.weekday_name} {self.starts:%H:%M}–{self.ends_in_words}"

    @property
    def weekday_name(self) -> str:
        return str(WEEKDAYS[self.weekday])

    @property
    def ends_in_words(self) -> str:
        """Return when the stretch ends; its last minute stands for midnight."""
        return "24:00" if self.ends >= MIDNIGHT else f"{self.ends:%H:%M}"


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> "BookingQuerySet":
        return self.filter(cancelled_at=None)

    def visible_to(self, person: Person) -> "BookingQuerySet":
        return self.filter(models.Q(mentee=person) | models.Q(mentor=person))


class Booking(TenantModel):
    """A slot of a mentor's time that is kept for one mentee and one question."""

    question = TenantForeignKey(Question)
    mentee = models.ForeignKey(Person, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, models.CASCADE, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    during = DateTimeRangeField()
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    session = TenantForeignKey(Session, models.SET_NULL, null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_mentor_booked_twice",
                expressions=[("mentor", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at=None),
            ),
            ExclusionConstraint(
                name="no_mentee_booked_twice",
                expressions=[("mentee", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(cancelled_at=None),
            ),
            models.UniqueConstraint(
                fields=["organisation", "question"],
                condition=models.Q(cancelled_at=None, session=None),
                name="one_booking_ahead_a_question",
            ),
        ]

    def other_than(self, person: Person) -> Person | None:
        """Return the one this person will talk with; None while anonymity, or a blind programme, still hides them.

        Nobody accepts a booking, so the room is where the two meet.
        """
        is_mentee = person.pk == self.mentee_id
        if self.session_id is None and (self.question.is_blind or (self.question.is_anonymous and not is_mentee)):
            return None
        return self.mentor if is_mentee else self.mentee
