"""What the API says of people, and who asks it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from momentor.foundation.api import (
    Body,
    Id,
    Line,
    Moment,
    Shown,
    Tag,
    WallTime,
    Whole,
    Yes,
    between,
    choice,
    unsaid,
    up_to,
)
from momentor.foundation.refusals import Refusal
from momentor.people.models import Medium, Membership, Organisation, Person, SampleAnswer, Skill
from momentor.people.queries import MentorRow, Profile
from momentor.people.standing import NotAMember


class ApiRequest(HttpRequest):
    """A request to the API by an active member, with the organisation open for that person."""

    by: Person
    membership: Membership
    organisation: Organisation
    now: datetime
    is_by_token: bool


MediumName = Annotated[Medium, choice(Medium)]
RoleName = Annotated[Membership.Role, choice(Membership.Role)]
Mediums = Annotated[list[MediumName], Field(max_length=len(Medium))]
Languages = Annotated[list[Tag], Field(max_length=12)]


class PersonShown(Shown):
    """A person, as others see them beside a question or a message."""

    id: Id
    name: Line

    @classmethod
    def of(cls, person: Person | None) -> Self | None:
        """Return a person, or None for somebody who left or stays unnamed."""
        return cls(id=person.pk, name=str(person)[:120]) if person else None


class OrganisationShown(Shown):
    name: Line
    slug: Line


class MembershipShown(Shown):
    """A place in one organisation."""

    id: Id
    organisation: OrganisationShown
    roles: Annotated[list[RoleName], Field(max_length=3)]
    state: Annotated[Membership.State, choice(Membership.State)]
    joined_at: Moment
    agreed_to_conduct_at: Moment | None

    @classmethod
    def of(cls, membership: Membership) -> Self:
        organisation = membership.organisation
        return cls(
            id=membership.pk,
            organisation=OrganisationShown(name=organisation.name, slug=organisation.slug),
            roles=[Membership.Role(role) for role in membership.roles],
            state=Membership.State(membership.state),
            joined_at=membership.joined_at,
            agreed_to_conduct_at=membership.agreed_to_conduct_at,
        )


class Me(Shown):
    """Who the API works for, and where they stand."""

    id: Id
    name: Line
    email: Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"})]
    membership: MembershipShown
    answers_questions: Yes
    available_until: Moment | None
    """Until when the "available now" switch is on; null when it is off."""
    paused_until: Moment | None
    """Until when nothing is offered; null with `is_paused` true means until further notice."""
    is_paused: Yes


class SkillShown(Body):
    """One thing a person can do, in their own words."""

    name: Annotated[str, up_to(80, least=1)]
    esco: Annotated[str, Field(max_length=120, pattern=r"^(https?://data\.europa\.eu/esco/[A-Za-z0-9_/-]{1,80})?$")] = (
        ""
    )
    """The address of the ESCO concept it was chosen from, if any."""

    @classmethod
    def of(cls, skill: Skill) -> Self:
        return cls.model_construct(name=skill.name, esco=skill.esco)


class SampleShown(Shown):
    """A sample question and a mentor's answer to it."""

    id: Id
    question: Annotated[str, Field(max_length=500)]
    answer: Annotated[str, Field(max_length=2000)]

    @classmethod
    def of(cls, sample: SampleAnswer) -> Self:
        return cls(id=sample.pk, question=sample.question, answer=sample.answer)


class ProfileShown(Shown):
    """What a member shows of themselves in this organisation."""

    person: PersonShown
    headline: Annotated[str, Field(max_length=120)]
    story: Annotated[str, Field(max_length=4000)]
    asked_about: Annotated[str, Field(max_length=1000)]
    skills: Annotated[list[SkillShown], Field(max_length=100)]
    samples: Annotated[list[SampleShown], Field(max_length=100)]
    languages: Languages
    mediums: Mediums
    answers_questions: Yes
    is_available: Yes
    is_blocked: Yes
    """Whether you keep this person away."""

    @classmethod
    def of(cls, profile: Profile) -> Self:
        membership = profile.membership
        person = PersonShown.of(membership.person)
        assert person is not None
        return cls(
            person=person,
            headline=membership.headline,
            story=membership.story,
            asked_about=membership.asked_about,
            skills=[SkillShown.of(skill) for skill in profile.skills],
            samples=[SampleShown.of(sample) for sample in profile.samples],
            languages=membership.person.languages,
            mediums=[Medium(medium) for medium in membership.mediums],
            answers_questions=membership.answers_questions,
            is_available=profile.is_available,
            is_blocked=profile.is_blocked_by_viewer,
        )


class OwnProfile(ProfileShown):
    """One's own profile, with what others do not see."""

    time_zone: Annotated[str, Field(max_length=64)]
    locale: Annotated[str, Field(max_length=12)]
    capacity_per_week: Annotated[Whole, between(0, 60)]
    quiet_from: WallTime | None
    quiet_until: WallTime | None

    @classmethod
    def of(cls, profile: Profile) -> Self:
        membership = profile.membership
        return cls(
            **ProfileShown.of(profile).model_dump(),
            time_zone=membership.person.time_zone,
            locale=membership.person.locale,
            capacity_per_week=membership.capacity_per_week,
            quiet_from=membership.quiet_from,
            quiet_until=membership.quiet_until,
        )


class ProfileChanges(Body):
    """The fields of one's profile that change; what is not named stays."""

    name: Annotated[str, up_to(80, least=1)] = unsaid()
    headline: Line = unsaid()
    story: Annotated[str, up_to(4000)] = unsaid()
    asked_about: Annotated[str, up_to(1000)] = unsaid()
    skills: Annotated[list[SkillShown], Field(max_length=20)] = unsaid()
    languages: Languages = unsaid()
    time_zone: Annotated[str, up_to(64, least=1)] = unsaid()
    locale: Annotated[str, Field(max_length=12, pattern=r"^[A-Za-z-]*$")] = unsaid()
    mediums: Mediums = unsaid()
    capacity_per_week: Annotated[Whole, between(0, 60)] = unsaid()
    quiet_from: WallTime | None = unsaid()
    quiet_until: WallTime | None = unsaid()


class MemberShown(Shown):
    """A member in a list."""

    person: PersonShown
    headline: Annotated[str, Field(max_length=120)]
    skills: Annotated[list[Line], Field(max_length=100)]
    languages: Languages
    mediums: Mediums
    answers_questions: Yes
    is_available: Yes

    @classmethod
    def of(cls, row: MentorRow) -> Self:
        membership = row.membership
        person = PersonShown.of(membership.person)
        assert person is not None
        return cls(
            person=person,
            headline=membership.headline,
            skills=row.skills,
            languages=membership.person.languages,
            mediums=[Medium(medium) for medium in membership.mediums],
            answers_questions=membership.answers_questions,
            is_available=row.is_available,
        )


def member_with(person_id: UUID, viewer: Person) -> Membership:
    """Return the member with this id, if this viewer may see them. Raises NotAMember as 404."""
    found = Membership.objects.visible_to(viewer).select_related("person").filter(person_id=person_id).first()
    if found is None:
        raise NobodyHere
    return found


class NobodyHere(Refusal):
    message = NotAMember.message
    status = 404
