"""What stays of a conversation: the takeaway, the plan, the nudge, and what came of it."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.people.models import Person
from momentor.sessions.models import Session


class TakeawayQuerySet(models.QuerySet["Takeaway"]):
    def visible_to(self, person: Person) -> "TakeawayQuerySet":
        return self.filter(session__in=Session.objects.visible_to(person))

    def plans_of(self, person: Person) -> "TakeawayQuerySet":
        """Return this mentee's takeaways that hold a plan still to be carried out."""
        return self.filter(session__mentee=person, check_on__isnull=False, finished_at=None)


class Takeaway(TenantModel):
    """The card of a session: an insight, a first step, an if-then plan and the date to check. Both may write on it."""

    session = TenantForeignKey(Session)
    insight = models.TextField(_("What did you learn?"), max_length=500, blank=True)
    first_step = models.TextField(_("What is the first step?"), max_length=300, blank=True)
    plan_if = models.CharField(_("If …"), max_length=200, blank=True)
    plan_then = models.CharField(_("then I will …"), max_length=200, blank=True)
    check_on = models.DateField(_("Ask me on"), null=True, blank=True)
    written_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True, help_text=_("When the plan came to its outcome."))

    objects = TakeawayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "session"], name="one_takeaway_a_session")]
        indexes = [models.Index(fields=["organisation", "check_on"], name="takeaway_due")]

    @property
    def version(self) -> str:
        """Return what tells one writing of the card from the next."""
        return self.written_at.isoformat()

    @property
    def has_plan(self) -> bool:
        return bool(self.check_on and (self.first_step or self.plan_then))


class Nudge(TenantModel):
    """A reminder of a plan on its day, and what the mentee said to it."""

    class Reply(models.TextChoices):
        DONE = "done", _("Done")
        NOT_YET = "not_yet", _("Not yet")
        DID_NOT_FIT = "did_not_fit", _("Did not fit")

    takeaway = TenantForeignKey(Takeaway)
    number = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=12, choices=Reply, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "takeaway", "number"], name="one_nudge_a_number")
        ]
        indexes = [models.Index(fields=["organisation", "sent_at", "due_at"], name="nudge_due")]


class Outcome(TenantModel):
    """What came of a plan: applied or not, helped or not, and a word to the mentor."""

    takeaway = TenantForeignKey(Takeaway)
    was_applied = models.BooleanField()
    helped = models.BooleanField(null=True, blank=True)
    words = models.TextField(_("A word to your mentor"), max_length=1000, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "takeaway"], name="one_outcome_a_plan")]


class Feedback(TenantModel):
    """What one person told the product, in private, about a session. Each answer names what it means."""

    class Moved(models.IntegerChoices):
        """How far did this move you? Anchored, so that answers of different people compare."""

        NOWHERE = 1, _("Not at all: I am where I was")
        A_LITTLE = 2, _("A little: I have something to think about")
        FURTHER = 3, _("Further: I know what to try")
        A_LOT = 4, _("A lot: I know what to do, and when")
        CHANGED = 5, _("It changed what I am going to do")

    session = TenantForeignKey(Session)
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    moved = models.PositiveSmallIntegerField(
        _("How far did this move you?"), choices=Moved, null=True, blank=True, help_text=_("Asked of mentees.")
    )
    likely = models.PositiveSmallIntegerField(
        _("How likely is it that you will use this within a month?"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Percent."),
    )
    right_person = models.BooleanField(_("Was it the right person for the question?"), null=True, blank=True)
    fitted_time = models.BooleanField(_("Did it fit the time?"), null=True, blank=True)
    words = models.TextField(_("Anything we should know?"), max_length=2000, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "session", "by"], name="one_feedback_a_person")]


class Thanks(TenantModel):
    """A thank-you from the mentee to the mentor."""

    session = TenantForeignKey(Session)
    words = models.TextField(_("Say thank you"), max_length=1000)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "session"], name="thanked_once")]
