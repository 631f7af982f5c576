"""The search for somebody: one live round, and the offers it makes."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from momentor.asking.models import Question
from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import Membership, Person


class Search(TenantModel):
    """One round of finding a mentor for a question: live, in waves of minutes, or in writing, in waves of hours."""

    class Pace(models.TextChoices):
        LIVE = "live", _("Now")
        WRITTEN = "written", _("In writing")

    class State(models.TextChoices):
        RUNNING = "running", _("Searching")
        FOUND = "found", _("Found")
        EMPTY = "empty", _("Nobody found")
        STOPPED = "stopped", _("Stopped")

    question = TenantForeignKey(Question)
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.LIVE)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    # The people the mentee picked; empty means whoever is first.
    chosen = ArrayField(models.UUIDField(), default=list, blank=True)
    is_widened = models.BooleanField(default=False, help_text=_("The mentee let others than the chosen be asked."))
    wave = models.PositiveSmallIntegerField(default=0)
    next_wave_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "question"],
                condition=models.Q(state="running"),
                name="one_running_search_a_question",
            )
        ]
        indexes = [models.Index(fields=["organisation", "state", "next_wave_at"], name="search_due")]

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class OfferQuerySet(models.QuerySet["Offer"]):
    def waiting(self) -> Self:
        return self.filter(state=Offer.State.WAITING)

    def visible_to(self, person: Person) -> Self:
        """Return the offers made to this person."""
        return self.filter(mentor=person)


class Offer(TenantModel):
    """A question put to one mentor, who may take it, pass, or let it lapse."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for you")
        ACCEPTED = "accepted", _("Accepted")
        PASSED = "passed", _("Passed")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("No longer needed")
        RETURNED = "returned", _("Handed back")

    search = TenantForeignKey(Search)
    question = TenantForeignKey(Question)
    mentor = models.ForeignKey(Person, models.CASCADE, related_name="+")
    wave = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reasons = models.JSONField(default=list, help_text=_("Why this person, as shown in the brief."))
    score = models.FloatField(default=0)
    made_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    pass_reason = models.CharField(max_length=60, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "question", "mentor"], name="nobody_is_offered_it_twice"),
            models.UniqueConstraint(
                fields=["organisation", "question"],
                condition=models.Q(state="accepted"),
                name="one_accepted_offer_a_question",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "mentor", "state"], name="offer_by_mentor"),
            models.Index(fields=["organisation", "search", "wave"], name="offer_by_search"),
            models.Index(fields=["organisation", "made_at"], name="offer_by_time"),
            models.Index(
                fields=["organisation", "lapses_at"], condition=models.Q(state="waiting"), name="offer_due_to_lapse"
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        """Return whether the mentor may still take it."""
        return self.state == self.State.WAITING and now < self.lapses_at

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, person: Person) -> Self:
        """Return the lists that this person was shown for own questions; to coordinators how all others came about.

        A mentee sees who stood on the list, and never whom a search asked. A draft is nobody else's business. Whoever
        coordinates sees own questions as everybody does: where names are kept back, from them, too.
        """
        coordinating = (
            Membership.objects.here().active().filter(person=person, roles__contains=[Membership.Role.COORDINATOR])
        )
        mine = models.Q(question__mentee=person)
        others = ~mine & ~models.Q(question__state=Question.State.DRAFT)
        return self.filter((mine & models.Q(search=None)) | (others & models.Exists(coordinating)))


class LedgerEntry(TenantModel):
    """How one list of candidates came about: enough to explain it, and to make the same list again.

    With a search it is one of its waves, without one a shortlist as it was shown.
    """

    question = TenantForeignKey(Question)
    search = TenantForeignKey(Search, models.SET_NULL, null=True, blank=True)
    version = models.CharField(max_length=40)
    weights = models.JSONField()
    inputs = models.JSONField()
    result = models.JSONField()
    # What it was made from (lists.py); null in entries from before that was kept.
    record = models.JSONField(null=True)
    # Everybody whom the entry names, so that what it says of them goes when they leave.
    people = ArrayField(models.UUIDField(), default=list)
    made_at = models.DateTimeField()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "question", "-made_at"], name="ledger_by_question"),
            models.Index(fields=["organisation", "-made_at"], name="ledger_by_time"),
        ]


class QuestionVector(TenantModel):
    """What a question means, as numbers: whatever its words, others that mean the same lie near. Gone with its words.

    Whole numbers from -127 to 127, a byte each, as matching compares them.
    """

    question = TenantForeignKey(Question)
    encoder = models.CharField(max_length=120, help_text=_("What made it: only vectors of one encoder compare."))
    numbers = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "question"], name="one_vector_a_question"),
        ]


class LearnedRankingQuerySet(models.QuerySet["LearnedRanking"]):
    def visible_to(self, person: Person) -> Self:
        """Return what was learned, to coordinators."""
        coordinating = (
            Membership.objects.here().active().filter(person=person, roles__contains=[Membership.Role.COORDINATOR])
        )
        return self.filter(models.Exists(coordinating))


class LearnedRanking(TenantModel):
    """What came of learning, from an organisation's own past, who answers. The newest one is in use."""

    class Chosen(models.TextChoices):
        RANKER = "ranker", _("What was learned here")
        PRIOR = "prior", _("What was learned in other communities")
        WEIGHTS = "weights", _("The plain weights")
        LATELY = "lately", _("Whoever answered lately")

    chosen = models.CharField(max_length=8, choices=Chosen, help_text=_("What ranked its newest questions best."))
    version = models.CharField(max_length=60, blank=True)
    ranker = models.TextField(blank=True, help_text=_("The weights of what was learned here, where they are used."))
    questions = models.PositiveIntegerField(help_text=_("Answered questions learned from."))
    tested = models.PositiveIntegerField(help_text=_("Of them the newest, held back to compare."))
    held_back = models.JSONField(default=dict, help_text=_("How well each way ranks them, from 0 to 1 (nDCG@10)."))
    answers = models.PositiveIntegerField(help_text=_("Answers there were."))
    half_life = models.FloatField(default=180.0, help_text=_("Days after which plain weights count an answer half."))
    made_at = models.DateTimeField()

    objects = LearnedRankingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-made_at"], name="learned_by_time")]
