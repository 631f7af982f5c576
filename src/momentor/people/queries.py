"""Reads about people, for pages and for other domains."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models

from momentor.foundation.text import one_line
from momentor.people.models import (
    OPEN_MEDIUMS,
    Block,
    Enrolment,
    GroupChoice,
    Grouping,
    Invitation,
    Membership,
    Organisation,
    Pause,
    Person,
    Programme,
    SampleAnswer,
    Skill,
)

PAGE = 24
MOST_LANGUAGES = 200


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one person may see of another, or of themselves, in the current organisation."""

    membership: Membership
    skills: list[Skill]
    samples: list[SampleAnswer]
    is_own: bool
    is_available: bool
    pause: Pause | None = None
    is_blocked_by_viewer: bool = False

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def mediums(self) -> list[str]:
        return medium_names(self.membership.mediums)


def medium_names(mediums: Iterable[str]) -> list[str]:
    """Return how to talk, in words and in the usual order; what has no room yet is left out."""
    return [str(medium.label) for medium in OPEN_MEDIUMS if medium.value in mediums]


def profile_for(*, viewer: Person, person_id: UUID, now: datetime) -> Profile | None:
    """Return a person's profile as this viewer may see it; None where there is none for them.

    Who was blocked by the person sees nothing. Who blocked the person still finds the page, to lift the block.
    """
    membership = Membership.objects.here().active().select_related("person").filter(person_id=person_id).first()
    if membership is None or Block.objects.filter(by=person_id, about=viewer).exists():
        return None
    is_own = membership.person_id == viewer.pk
    return Profile(
        membership=membership,
        skills=list(Skill.objects.filter(membership=membership).order_by("id")),
        samples=list(SampleAnswer.objects.filter(membership=membership).order_by("id")),
        is_own=is_own,
        is_available=membership.is_available(now),
        pause=Pause.objects.in_force(now).filter(membership=membership).first(),
        is_blocked_by_viewer=not is_own and Block.objects.filter(by=viewer, about=person_id).exists(),
    )


@dataclass(frozen=True, kw_only=True)
class MentorFilter:
    """What somebody looks for on the page of mentors."""

    words: str = ""
    language: str = ""
    medium: str = ""
    is_available: bool = False
    after: int = 0


@dataclass(frozen=True, kw_only=True)
class MentorRow:
    """One mentor in a list."""

    membership: Membership
    skills: list[str] = field(default_factory=list)
    is_available: bool = False


@dataclass(frozen=True, kw_only=True)
class MentorPage:
    """One page of mentors, and whether others follow."""

    rows: list[MentorRow]
    start: int
    has_more: bool

    @property
    def earlier(self) -> int:
        return max(0, self.start - PAGE)

    @property
    def later(self) -> int:
        return self.start + PAGE


def mentors_for(viewer: Person, wanted: MentorFilter, *, now: datetime) -> MentorPage:
    """Return mentors that this viewer may see, those who are available first, then by name."""
    there = Membership.objects.mentors().visible_to(viewer).filter(person__is_claimed=True)
    found = there.exclude(person=viewer).select_related("person")
    for word in one_line(wanted.words).split()[:6]:
        found = found.filter(_mentions(word))
    if wanted.language:
        found = found.filter(person__languages__contains=[wanted.language])
    if wanted.medium:
        found = found.filter(mediums__contains=[wanted.medium])
    if wanted.is_available:
        found = found.filter(available_until__gt=now)
    is_here = models.Case(models.When(available_until__gt=now, then=0), default=1)
    start = max(wanted.after, 0)
    rows = list(found.order_by(is_here, "person__name", "id")[start : start + PAGE + 1])
    shown = rows[:PAGE]
    skills = skills_of(row.pk for row in shown)
    return MentorPage(
        rows=[
            MentorRow(membership=row, skills=skills.get(row.pk, []), is_available=row.is_available(now))
            for row in shown
        ],
        start=start,
        has_more=len(rows) > PAGE,
    )


def _mentions(word: str) -> models.Q:
    with_skill = Skill.objects.filter(membership=models.OuterRef("pk"), name__icontains=word)
    fields = ("headline", "story", "asked_about", "person__name")
    places = models.Q()
    for name in fields:
        places |= models.Q(**{f"{name}__icontains": word})
    return places | models.Q(models.Exists(with_skill))


def skills_of(membership_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the names of these members' skills in one query."""
    found: dict[UUID, list[str]] = {}
    rows = Skill.objects.filter(membership__in=list(membership_ids)).order_by("id")
    for membership_id, name in rows.values_list("membership_id", "name"):
        found.setdefault(membership_id, []).append(name)
    return found


def languages_of_mentors() -> list[str]:
    """Return the language tags that mentors here talk in."""
    mentors = Membership.objects.mentors().filter(person__is_claimed=True)
    tags = mentors.annotate(tag=models.Func("person__languages", function="unnest")).values_list("tag", flat=True)
    return sorted(tags.distinct()[:MOST_LANGUAGES])


def members_with(words: str = "") -> models.QuerySet[Membership]:
    """Return the active and suspended members for a coordinator, by name."""
    found = Membership.objects.here().select_related("person")
    found = found.filter(state__in=(Membership.State.ACTIVE, Membership.State.BARRED))
    for word in one_line(words).split()[:6]:
        found = found.filter(models.Q(person__name__icontains=word) | models.Q(person__email__icontains=word))
    return found.order_by("person__name", "id")


def waiting_members() -> models.QuerySet[Membership]:
    """Return those who asked to join and wait, the earliest first."""
    asked = Membership.objects.here().filter(state=Membership.State.ASKED)
    return asked.select_related("person").order_by("joined_at", "id")


def open_invitations(*, now: datetime) -> models.QuerySet[Invitation]:
    """Return the invitations that still let somebody in, the newest first."""
    alive = Invitation.objects.filter(revoked_at=None, expires_at__gt=now, uses_left__gt=0)
    return alive.select_related("programme").order_by("-made_at", "-id")


def people_in(programme: Programme) -> models.QuerySet[Membership]:
    """Return the active members who take part in a programme, by name."""
    members = Membership.objects.here().active().select_related("person").order_by("person__name", "id")
    if programme.is_for_all:
        return members
    return members.filter(pk__in=Enrolment.objects.filter(programme=programme).values("membership_id"))


def takes_part(programme: Programme, membership: Membership) -> bool:
    """Return whether a member is in a programme."""
    return programme.is_for_all or part_in(programme, membership) is not None


def part_in(programme: Programme, membership: Membership) -> Enrolment | None:
    """Return what is known of a member's part in a programme."""
    return Enrolment.objects.filter(programme=programme, membership=membership).first()


def programmes_with_sizes(programmes: Iterable[Programme]) -> list[tuple[Programme, int]]:
    """Return these programmes, each with how many people take part."""
    programmes = list(programmes)
    everybody = Membership.objects.here().active().count()
    there = Enrolment.objects.filter(membership__state=Membership.State.ACTIVE, programme__in=programmes)
    rows = there.values("programme").annotate(n=models.Count("pk"))
    sizes = {row["programme"]: row["n"] for row in rows}
    return [(programme, everybody if programme.is_for_all else sizes.get(programme.pk, 0)) for programme in programmes]


def organisations_open_to_join(person: Person) -> list[Organisation]:
    """Return the organisations anyone may join, or ask to, of which this person is no active member."""
    mine = Membership.objects.filter(person=person).exclude(state=Membership.State.LEFT).values("organisation_id")
    listed = Organisation.objects.exclude(entry=Organisation.Entry.INVITED).exclude(pk__in=mine)
    return list(listed.order_by("name")[:100])


def groupings() -> list[Grouping]:
    """Return what people are asked to count themselves to, by name. An action keeps them few."""
    return list(Grouping.objects.order_by("name", "pk"))


def groups_of(person: Person) -> dict[UUID, str]:
    """Return the groups this person counts themselves to, by grouping: for nobody but themselves."""
    return dict(GroupChoice.objects.visible_to(person).values_list("grouping_id", "group"))
