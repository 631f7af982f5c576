"""A question from its first word to its answer."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import BCP47, TIME_BOXES, Medium, Membership, Person, Programme

LONGEST_QUESTION = 5000


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, person: Person) -> Self:
        """Return the questions this person asked or claimed."""
        return self.filter(models.Q(mentee=person) | models.Q(claimed_by=person))

    def unresolved(self) -> Self:
        """Return the questions that still look for, or talk to, somebody."""
        return self.filter(state__in=Question.UNRESOLVED)

    def history(self) -> Self:
        """Return the questions that somebody answered: what matching learns from."""
        return self.filter(state=Question.State.ANSWERED)


class Question(TenantModel):
    """One specific thing a mentee wants to know, and where it stands on the way to its answer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        SEARCHING = "searching", _("Searching")
        CLAIMED = "claimed", _("Claimed")
        SCHEDULED = "scheduled", _("Scheduled")
        IN_SESSION = "in_session", _("In session")
        ANSWERED = "answered", _("Answered")
        WAITING = "waiting", _("Waiting")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    UNRESOLVED = (
        State.OPEN,
        State.SEARCHING,
        State.CLAIMED,
        State.SCHEDULED,
        State.IN_SESSION,
        State.WAITING,
    )
    CLAIMABLE = (State.OPEN, State.SEARCHING, State.WAITING)

    class Audience(models.TextChoices):
        """Who may be asked."""

        EVERYBODY = "everybody", _("Any fitting mentor here")
        PROGRAMME = "programme", _("Mentors of my programme")
        CHOSEN = "chosen", _("Only the mentors I choose")

    class Step(models.TextChoices):
        """The step of the ladder on which a waiting question stands."""

        SOON = "soon", _("Soon: a free slot today or tomorrow")
        BY_TIME = "by_time", _("By a stated time, in writing")
        NOBODY = "nobody", _("Nobody yet")

    mentee = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    programme = TenantForeignKey(Programme, models.SET_NULL, null=True, blank=True)
    text = models.TextField(_("your question"), validators=[MaxLengthValidator(LONGEST_QUESTION)])
    topics = ArrayField(models.CharField(max_length=60), default=list, blank=True, size=8)
    language = models.CharField(_("language"), max_length=35, validators=[BCP47], blank=True)
    medium = models.CharField(_("how to talk"), max_length=8, choices=Medium, default=Medium.CHAT)
    time_box = models.PositiveSmallIntegerField(
        _("minutes"), default=10, choices=[(minutes, str(minutes)) for minutes in TIME_BOXES]
    )
    audience = models.CharField(_("who may be asked"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    is_anonymous = models.BooleanField(_("stay anonymous until a mentor accepts"), default=False)
    # The mentor from whose profile the draft began. Its mentee's own business: nobody else is told, nor asked for it.
    wanted = TenantForeignKey(Membership, models.SET_NULL, null=True, blank=True)

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    step = models.CharField(max_length=8, choices=Step, blank=True)
    reason = models.CharField(max_length=60, blank=True, help_text=_("Why it came into this state."))
    claimed_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    # Both empty for a question that came from elsewhere without real times; `sequence` then orders it.
    asked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    sequence = models.BigIntegerField(null=True, blank=True)
    # Where an imported question came from, for example "chat/1234"; keeps a second import from doubling it.
    source = models.CharField(max_length=120, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source"], condition=~models.Q(source=""), name="imported_question_once"
            ),
            models.CheckConstraint(
                condition=models.Q(time_box__in=TIME_BOXES), name="question_time_box_is_one_we_offer"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "mentee", "-changed_at"], name="question_by_mentee"),
            models.Index(fields=["organisation", "claimed_by"], name="question_by_mentor"),
            models.Index(fields=["organisation", "state", "-changed_at"], name="question_by_state"),
        ]

    def __str__(self) -> str:
        # Never its words: this stands on the host's pages and in logs.
        return f"{self.state} {self.pk}"

    @property
    def may_be_claimed(self) -> bool:
        return self.state in self.CLAIMABLE

    @property
    def is_blind(self) -> bool:
        """Return whether mentors decide on it before they see who asks, and mentees before they see who answers."""
        return self.programme is not None and self.programme.blind_accept

    @property
    def is_unresolved(self) -> bool:
        return self.state in self.UNRESOLVED

    @property
    def title(self) -> str:
        """Return the first sentence or line, cut to fit a list row."""
        first = self.text.strip().split("\n", 1)[0]
        return first if len(first) <= 90 else first[:89].rsplit(" ", 1)[0] + "…"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def shown(self) -> Self:
        """Return the answers that both people agreed to show to others."""
        return self.filter(mentee_agreed_at__isnull=False, mentor_agreed_at__isnull=False).exclude(text="")


class Answer(TenantModel):
    """The fact that a person answered a question, and the words, where they may be kept."""

    question = TenantForeignKey(Question)
    mentor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True, max_length=8000)
    given_at = models.DateTimeField(null=True, blank=True)
    sequence = models.BigIntegerField(null=True, blank=True)
    mentee_agreed_at = models.DateTimeField(null=True, blank=True)
    mentor_agreed_at = models.DateTimeField(null=True, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    # When the row came to be, by the clock on the wall, whatever its times say: matching reads on from here.
    stored_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "question", "mentor"], name="one_answer_a_mentor")
        ]
        indexes = [
            models.Index(fields=["organisation", "mentor", "-given_at"], name="answer_by_mentor"),
            # Matching reads on from the newest it knows.
            models.Index(fields=["organisation", "stored_at"], name="answer_by_storing"),
        ]

    @property
    def is_shown(self) -> bool:
        return bool(self.mentee_agreed_at and self.mentor_agreed_at and self.text)


class Gap(TenantModel):
    """A question that nobody here could take, kept for the coordinator."""

    question = TenantForeignKey(Question)
    topics = ArrayField(models.CharField(max_length=60), default=list)
    language = models.CharField(max_length=35, blank=True)
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "question"], name="one_gap_a_question")]
