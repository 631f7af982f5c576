"""Who mentors whom in a programme: what people wish, what a coordinator is shown, and what came of it."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import MOST_PLACES, Membership, Person, Programme

MOST_WISHES = 3


class Wish(TenantModel):
    """Somebody whom a person would like to be matched with in a programme: as a mentee, or as their mentor."""

    class Side(models.TextChoices):
        AS_MENTEE = "as_mentee", _("as my mentor")
        AS_MENTOR = "as_mentor", _("as my mentee")

    programme = TenantForeignKey(Programme)
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    about = models.ForeignKey(Person, models.CASCADE, related_name="+")
    side = models.CharField(max_length=9, choices=Side)  # what the one who wishes would be
    wished_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme", "by", "about", "side"], name="wished_once_a_side"
            ),
            models.CheckConstraint(condition=~models.Q(by=models.F("about")), name="nobody_wishes_for_themselves"),
        ]


class PreviewQuerySet(models.QuerySet["Preview"]):
    def visible_to(self, person: Person) -> Self:
        """Return the previews to those who coordinate here, and to nobody else."""
        coordinating = (
            Membership.objects.here().active().filter(person=person, roles__contains=[Membership.Role.COORDINATOR])
        )
        return self.filter(models.Exists(coordinating))

    def underway(self) -> Self:
        return self.filter(state__in=Preview.UNDERWAY)


class Preview(TenantModel):
    """What matching everybody in a programme would come to, by these settings; nothing takes effect before it is
    confirmed. It keeps what it was made from, so that the same plan can be worked out again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting its turn")
        RUNNING = "running", _("Being worked out")
        READY = "ready", _("Ready to look at")
        CONFIRMED = "confirmed", _("Confirmed")
        DISCARDED = "discarded", _("Put aside")
        FAILED = "failed", _("Not worked out")

    UNDERWAY = (State.WAITING, State.RUNNING)

    class Way(models.TextChoices):
        """How to choose between all the plans that could be made."""

        MOST = "most", _("The most people, then the best fit")
        FAIR = "fair", _("The most people, then fair to all")
        STABLE_MENTEES = "stable_mentees", _("Stable, best for mentees")
        STABLE_MENTORS = "stable_mentors", _("Stable, best for mentors")
        SPREAD = "spread", _("Spread out over mentors")

    class Stage(models.TextChoices):
        """What a running preview is about."""

        READING = "reading", _("Reading who takes part")
        WORDS = "words", _("Comparing wishes with what mentors know")
        PLANNING = "planning", _("Planning, and trying what each weight does")
        REASONS = "reasons", _("Noting what speaks for each pair")

    programme = TenantForeignKey(Programme)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    way = models.CharField(_("how to match"), max_length=14, choices=Way, default=Way.MOST)
    weights = models.JSONField(default=dict, help_text=_("By part; a part that is not named counts once."))
    places = models.PositiveSmallIntegerField(
        _("places of each mentor"), default=2, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    most_hours_apart = models.PositiveSmallIntegerField(
        _("hours between clocks at most"), null=True, blank=True, validators=[MaxValueValidator(12)]
    )
    counts_silent = models.BooleanField(_("count in who has not said anything"), default=False)

    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    stage = models.CharField(max_length=8, choices=Stage, blank=True)
    done = models.PositiveIntegerField(default=0)
    out_of = models.PositiveIntegerField(default=0)

    version = models.CharField(max_length=60, blank=True)
    inputs = models.JSONField(default=dict, help_text=_("How many people and pairs it was made from."))
    task = models.BinaryField(null=True, help_text=_("What the plan was made from, whole."))
    result = models.JSONField(default=dict, help_text=_("What it comes to, and what each weight does."))
    ready_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = PreviewQuerySet.as_manager()

    class Meta:
        constraints = [
            # One at a time: two coordinators who press at once look at the same.
            models.UniqueConstraint(
                fields=["organisation", "programme"],
                condition=models.Q(state__in=["waiting", "running", "ready"]),
                name="one_preview_a_programme",
            )
        ]
        indexes = [models.Index(fields=["organisation", "programme", "-started_at"], name="preview_by_programme")]

    @property
    def is_underway(self) -> bool:
        return self.state in self.UNDERWAY

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def pairs(self) -> Self:
        """Return those with somebody for the mentee."""
        return self.filter(mentor__isnull=False)

    def kept(self) -> Self:
        """Return the pairs that were not taken out by hand."""
        return self.pairs().filter(dropped_at=None)


class Proposal(TenantModel):
    """What a preview has for one mentee: a mentor, or nobody and why."""

    class LeftOut(models.TextChoices):
        """Why a proposed pair was not matched when the preview was confirmed."""

        MENTEE = "mentee", _("the mentee no longer looks for a mentor here")
        MENTOR = "mentor", _("the mentor has no place any more")
        PAIR = "pair", _("the two can no longer be matched")

    preview = TenantForeignKey(Preview)
    mentee = models.ForeignKey(Person, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    score = models.FloatField(default=0)
    parts = models.JSONField(default=dict, help_text=_("What speaks for the pair, weighted: the parts add up to it."))
    facts = models.JSONField(default=dict, help_text=_("The same in things to say: words, skills, hours apart."))
    why = models.CharField(max_length=12, blank=True, help_text=_("Why there is nobody."))
    dropped_at = models.DateTimeField(null=True, blank=True)
    left_out = models.CharField(max_length=6, choices=LeftOut, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "preview", "mentee"], name="one_proposal_a_mentee"),
        ]
        indexes = [models.Index(fields=["organisation", "preview", "mentor"], name="proposal_by_mentor")]


class MatchQuerySet(models.QuerySet["Match"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def visible_to(self, person: Person) -> Self:
        """Return the matches of which this person is one half."""
        return self.filter(models.Q(mentee=person) | models.Q(mentor=person))


class Match(TenantModel):
    """One person mentoring another in a programme, until either of them or a coordinator ends it."""

    programme = TenantForeignKey(Programme)
    preview = TenantForeignKey(Preview, models.SET_NULL, null=True)
    mentee = models.ForeignKey(Person, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Person, models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict, help_text=_("What spoke for the two."))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme", "mentee"],
                condition=models.Q(ended_at=None),
                name="one_mentor_a_programme",
            ),
            models.CheckConstraint(
                condition=~models.Q(mentee=models.F("mentor")), name="nobody_is_matched_with_themselves"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "mentee"], name="match_by_mentee"),
            models.Index(fields=["organisation", "mentor"], name="match_by_mentor"),
        ]

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    def other_than(self, person: Person) -> Any:
        """Return the other of the two."""
        return self.mentor if self.mentee_id == person.pk else self.mentee
