"""Two people, one question, a stretch of time: the room and what is said in it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Question
from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import TIME_BOXES, Medium, Person

LONGEST_MESSAGE = 4000


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, person: Person) -> Self:
        """Return the sessions this person is in."""
        return self.filter(models.Q(mentee=person) | models.Q(mentor=person))

    def live(self) -> Self:
        """Return the sessions that take somebody's minutes right now."""
        return self.filter(state__in=Session.LIVE).exclude(medium=Medium.ASYNC)

    def unended(self) -> Self:
        return self.filter(state__in=Session.LIVE)


class Session(TenantModel):
    """A conversation about one question: who, how, how long, and how it went."""

    class State(models.TextChoices):
        OPENING = "opening", _("Waiting for both")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")
        RETURNED = "returned", _("Returned to the search")

    LIVE = (State.OPENING, State.RUNNING)

    class EndReason(models.TextChoices):
        DONE = "done", _("Ended by one of the two")
        TIME = "time", _("The time was over")
        MENTOR_ABSENT = "mentor_absent", _("The mentor did not come")
        MENTEE_ABSENT = "mentee_absent", _("The mentee did not come")
        HANDED_BACK = "handed_back", _("The mentor handed the question back")
        WITHDRAWN = "withdrawn", _("The question was withdrawn")
        BLOCKED = "blocked", _("Ended")
        QUIET = "quiet", _("No answer came in time")

    question = TenantForeignKey(Question)
    mentee = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    mentor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    time_box = models.PositiveSmallIntegerField(help_text=_("Minutes agreed so far, extensions included."))
    state = models.CharField(max_length=8, choices=State, default=State.OPENING)
    opened_at = models.DateTimeField()
    # In a live conversation: until when the two are waited for.
    come_by = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text=_("When both were there."))
    ends_at = models.DateTimeField(null=True, blank=True, help_text=_("When the time box is over."))
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=16, choices=EndReason, blank=True)
    # In a written conversation: whose answer is awaited, and until when.
    next_move_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    next_move_until = models.DateTimeField(null=True, blank=True)
    # The number of the newest message. Locked while messages are added, so numbers have no gaps and no doubles.
    last_seq = models.BigIntegerField(default=0)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "question"],
                condition=models.Q(state__in=("opening", "running")),
                name="one_open_session_a_question",
            ),
            models.CheckConstraint(condition=~models.Q(mentee=models.F("mentor")), name="nobody_mentors_themselves"),
        ]
        indexes = [
            models.Index(fields=["organisation", "mentee", "-opened_at"], name="session_by_mentee"),
            models.Index(fields=["organisation", "mentor", "-opened_at"], name="session_by_mentor"),
        ]

    def __str__(self) -> str:
        return f"{self.medium} of {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.state not in self.LIVE

    @property
    def is_written(self) -> bool:
        """Return whether it goes on over days, with turns instead of a clock."""
        return self.medium == Medium.ASYNC

    @property
    def is_spoken(self) -> bool:
        """Return whether the two talk, so that a quiet transcript says nothing about it."""
        return self.medium in (Medium.VOICE, Medium.VIDEO)

    def has(self, person: Person) -> bool:
        return person.pk in (self.mentee_id, self.mentor_id)

    def other_than(self, person: Person) -> Person | None:
        """Return the one this person talks with."""
        return self.mentor if person.pk == self.mentee_id else self.mentee

    def time_left(self, now: datetime) -> timedelta | None:
        """Return what is left of the time box, never below zero; None before both came and in written ones."""
        return max(self.ends_at - now, timedelta(0)) if self.ends_at else None


class Attendance(TenantModel):
    """One person's part in a session: when they came, how far they have read."""

    session = TenantForeignKey(Session)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    came_at = models.DateTimeField(null=True, blank=True)
    delivered_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    wants_more_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "person"], name="one_attendance_a_person")
        ]


class Upload(TenantModel):
    """A file given into a session, checked for what it is, served only to the two as a download or picture."""

    session = TenantForeignKey(Session)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    uploaded_at = models.DateTimeField(default=timezone.now)

    @property
    def is_picture(self) -> bool:
        return self.width is not None


class MessageQuerySet(models.QuerySet["Message"]):
    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq).order_by("seq")

    def standing(self) -> Self:
        """Return what a reader sees: edits are already in the messages they changed."""
        return self.exclude(kind__in=(Message.Kind.EDIT, Message.Kind.DELETION))


class Message(TenantModel):
    """One thing said in a session, numbered in the order all readers see.

    An edit or a deletion is a message too (`about` names the one it changes), so that a reader who was away
    learns of it by reading on. Rows come in through the database function rooms_post alone.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        FILE = "file"
        NOTE = "note"  # said by the product: "5 more minutes"
        EDIT = "edit"
        DELETION = "deletion"

    session = TenantForeignKey(Session, db_index=False)
    seq = models.BigIntegerField()
    sender = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", db_index=False)
    client_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    body = models.TextField(blank=True)
    about = models.BigIntegerField(null=True, blank=True, help_text=_("seq of the message replied to or changed."))
    upload = TenantForeignKey(Upload, models.SET_NULL, null=True, blank=True)
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "seq"], name="one_message_a_number"),
            models.UniqueConstraint(
                fields=["organisation", "session", "sender", "client_id"], name="sent_twice_is_stored_once"
            ),
        ]


EXTENSIONS = tuple(minutes for minutes in TIME_BOXES if minutes <= 20)
