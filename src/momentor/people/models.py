"""People, the organisations they belong to, and how they belong."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.foundation.ids import new_id
from momentor.foundation.models import TenantForeignKey, TenantModel
from momentor.foundation.tenancy import current_organisation_id
from momentor.people.passing import USUAL

# RFC 5646 section 2.1, the parts that occur: language, script, region, variants.
BCP47 = RegexValidator(r"^[a-zA-Z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*$")


class Medium(models.TextChoices):
    """How two people talk."""

    CHAT = "chat", _("Chat")
    VOICE = "voice", _("Voice")
    VIDEO = "video", _("Video")
    ASYNC = "async", _("In writing, over days")


# The mediums that have a room today; profiles and questions offer these.
OPEN_MEDIUMS = (Medium.CHAT, Medium.ASYNC)
TIME_BOXES = (5, 10, 15, 20, 30, 45, 60)
LONGEST_WISH = 500
MOST_PLACES = 50  # mentees of one mentor in one programme


def known_zone(value: str) -> None:
    """Refuse a time zone that the IANA table does not know."""
    if value not in available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone we know."), params={"zone": value})


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = Person(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """A human with an account, in any number of organisations."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    languages = ArrayField(
        models.CharField(max_length=35, validators=[BCP47]),
        verbose_name=_("languages you talk in"),
        default=list,
        blank=True,
        size=12,
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[known_zone])
    locale = models.CharField(_("language of the pages"), max_length=12, blank=True)
    of_age_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_claimed = models.BooleanField(default=True, help_text=_("Nobody is offered anything before they sign in once."))
    is_demo = models.BooleanField(default=False)
    is_staff = models.BooleanField(_("host"), default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or str(_("Somebody who left") if self.left_at else _("Somebody"))

    def get_full_name(self) -> str:
        return str(self)

    @property
    def initials(self) -> str:
        """Return one or two letters to stand for a picture."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


class Organisation(models.Model):
    """A tenant: a community, a company, a university that runs mentoring for its own people."""

    class Entry(models.TextChoices):
        """How newcomers get in, beside invitations."""

        OPEN = "open", _("Anyone may join")
        APPROVAL = "approval", _("Anyone may ask to join; a coordinator decides")
        INVITED = "invited", _("By invitation or mail domain only")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    description = models.TextField(_("what it is for"), blank=True, max_length=2000)
    entry = models.CharField(_("who may join"), max_length=10, choices=Entry, default=Entry.INVITED)
    mail_domains = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    code_of_conduct = models.TextField(_("code of conduct"), blank=True, max_length=20_000)
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"), default=16, validators=[MinValueValidator(13), MaxValueValidator(99)]
    )
    retention_days = models.PositiveIntegerField(
        _("days that conversations are kept"), default=730, validators=[MinValueValidator(7)]
    )
    local_help = models.JSONField(_("help in a crisis"), default=list, blank=True)
    is_demo = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False, help_text=_("An import made it, and may go on in it."))
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def here(self) -> Self:
        """Return the memberships of the current organisation alone: people also see their own elsewhere."""
        return self.filter(organisation_id=current_organisation_id())

    def active(self) -> Self:
        return self.filter(state=Membership.State.ACTIVE)

    def mentors(self) -> Self:
        """Return active members who answer questions, whose account is in use, and who agreed to what holds here.

        Imported people, who have not come yet, count as well: their answers are history, but nothing is offered them.
        """
        found = self.here().active().filter(answers_questions=True, person__is_active=True)
        return found.exclude(agreed_to_conduct_at=None, person__is_claimed=True)

    def visible_to(self, person: Person) -> Self:
        """Return the active members that this person may see: all but those blocked either way."""
        return self.here().active().exclude(person_id__in=Block.objects.apart_from(person))


class Membership(TenantModel):
    """A person's place in one organisation, with the profile that its people see."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        COORDINATOR = "coordinator", _("Coordinator")
        MODERATOR = "moderator", _("Moderator")

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for approval")
        ACTIVE = "active", _("Active")
        LEFT = "left", _("Left")
        BARRED = "barred", _("Suspended")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    joined_at = models.DateTimeField(default=timezone.now)
    agreed_to_conduct_at = models.DateTimeField(null=True, blank=True)

    headline = models.CharField(_("headline"), max_length=120, blank=True)
    story = models.TextField(_("your story"), max_length=4000, blank=True)
    asked_about = models.TextField(_("what I would like to be asked about"), max_length=1000, blank=True)
    mediums = ArrayField(models.CharField(max_length=8, choices=Medium), default=list, blank=True)
    answers_questions = models.BooleanField(_("I answer questions"), default=False)
    capacity_per_week = models.PositiveSmallIntegerField(
        _("conversations a week at most"), default=3, validators=[MaxValueValidator(60)]
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(
        default=timezone.now,
        help_text=_("When the profile, a skill or a sample answer changed: matching reads on from here."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_membership_an_organisation"),
        ]
        indexes = [models.Index(fields=["person"], name="membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}"

    @property
    def is_coordinator(self) -> bool:
        return self.Role.COORDINATOR in self.roles

    @property
    def is_moderator(self) -> bool:
        return self.Role.MODERATOR in self.roles

    def is_available(self, now: datetime) -> bool:
        """Return whether the "available now" switch is on."""
        return self.available_until is not None and self.available_until > now


class PauseQuerySet(models.QuerySet["Pause"]):
    def in_force(self, now: datetime) -> Self:
        """Return the pauses that hold at this moment."""
        unended = models.Q(until_at=None) | models.Q(until_at__gt=now)
        return self.filter(unended, from_at__lte=now, resumed_at=None)


class Pause(TenantModel):
    """A stretch in which a mentor is offered nothing."""

    membership = TenantForeignKey(Membership)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "membership", "-from_at"], name="pause_by_member")]


class Skill(TenantModel):
    """One thing a member can do, in their own words, with the ESCO concept it was chosen from, if any."""

    membership = TenantForeignKey(Membership)
    name = models.CharField(max_length=80)
    esco = models.URLField(blank=True, max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "membership", "name"], name="one_skill_a_name")]


class SampleAnswer(TenantModel):
    """A sample question that a mentor answered on arrival: evidence before the first conversation."""

    membership = TenantForeignKey(Membership)
    question = models.TextField(max_length=500)
    answer = models.TextField(max_length=2000)
    given_at = models.DateTimeField(default=timezone.now)


class BlockQuerySet(models.QuerySet["Block"]):
    def apart_from(self, person: Person) -> "models.QuerySet[Any, Any]":
        """Return the ids of the people this person blocked or was blocked by."""
        return (
            self.filter(by=person)
            .values_list("about_id", flat=True)
            .union(self.filter(about=person).values_list("by_id", flat=True), all=True)
        )

    def between(self, one: Person, other: Person) -> bool:
        """Return whether either of the two blocked the other."""
        return self.filter(
            models.Q(by=one, about=other) | models.Q(by=other, about=one),
        ).exists()


class Block(TenantModel):
    """One person keeping another away, everywhere in the organisation, without telling."""

    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    about = models.ForeignKey(Person, models.CASCADE, related_name="+")
    blocked_at = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "by", "about"], name="blocked_once"),
            models.CheckConstraint(condition=~models.Q(by=models.F("about")), name="nobody_blocks_themselves"),
        ]


def default_pass_reasons() -> list[str]:
    return list(USUAL)


class Programme(TenantModel):
    """Rules, people and goals under one name, within an organisation."""

    name = models.CharField(_("name"), max_length=80)
    goal = models.TextField(_("what it is for"), max_length=2000, blank=True)
    blind_accept = models.BooleanField(
        _("blind accept"), default=False, help_text=_("Mentors decide on the brief before they see name and photo.")
    )
    pass_reasons = ArrayField(models.CharField(max_length=60), default=default_pass_reasons, blank=True, size=8)
    is_for_all = models.BooleanField(_("everybody in the organisation takes part"), default=False)
    matches_people = models.BooleanField(
        _("a mentor of one's own"),
        default=False,
        help_text=_("Whoever wants one is matched with a mentor. You see who with whom before it takes effect."),
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_programme_a_name"),
            models.CheckConstraint(
                condition=~models.Q(blind_accept=True, matches_people=True), name="blind_or_matched_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(TenantModel):
    """A member's part in a programme: that they are in it, and what they said about a mentor of their own.

    In a programme for everybody there is one only for those who said something.
    """

    programme = TenantForeignKey(Programme)
    membership = TenantForeignKey(Membership)
    enrolled_at = models.DateTimeField(default=timezone.now)
    wants_mentor = models.BooleanField(_("would like a mentor"), null=True, blank=True)  # null: has not said
    wish = models.TextField(_("what for"), max_length=LONGEST_WISH, blank=True)
    places = models.PositiveSmallIntegerField(
        _("mentees at most"), null=True, blank=True, validators=[MaxValueValidator(MOST_PLACES)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "programme", "membership"], name="enrolled_once")
        ]


class Grouping(TenantModel):
    """One way of telling groups of people apart that an organisation asks its people for, by their own choice."""

    name = models.CharField(_("what you ask"), max_length=80)
    groups = ArrayField(models.CharField(max_length=60), size=8)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_grouping_a_name")]

    def __str__(self) -> str:
        return self.name


class GroupChoiceQuerySet(models.QuerySet["GroupChoice"]):
    def visible_to(self, person: Person) -> Self:
        """Return one's own choices. Nobody sees anybody else's; reports sum them up in the database."""
        return self.filter(membership__person=person)


class GroupChoice(TenantModel):
    """The group of a grouping that a member counts themselves to. No ranking reads it, and nobody but its person."""

    membership = TenantForeignKey(Membership)
    grouping = TenantForeignKey(Grouping)
    group = models.CharField(max_length=60)
    chosen_at = models.DateTimeField()

    objects = GroupChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "membership", "grouping"], name="one_group_a_grouping")
        ]

    def __str__(self) -> str:
        # Never what was chosen: this stands in logs.
        return f"a choice of {self.membership_id}"


class Invitation(TenantModel):
    """A link that lets people in; only the hash of its token is kept."""

    programme = TenantForeignKey(Programme, models.SET_NULL, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    roles = ArrayField(models.CharField(max_length=12, choices=Membership.Role), default=list, blank=True)
    email = models.EmailField(blank=True, help_text=_("Only this address may use it."))
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveIntegerField(default=1)
    revoked_at = models.DateTimeField(null=True, blank=True)


def organisation_of(slug: str) -> UUID | None:
    """Return the id of the organisation at this address."""
    return Organisation.objects.filter(slug=slug).values_list("id", flat=True).first()
