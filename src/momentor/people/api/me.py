"""Oneself: who I am here, what I show, and when I may be asked."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from momentor.foundation.api import (
    Body,
    Cursor,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    Whole,
    Yes,
    before_agreeing,
    page_of,
    up_to,
)
from momentor.people import actions
from momentor.people.actions.availability import AVAILABLE_MINUTES
from momentor.people.api.shapes import ApiRequest, Me, MembershipShown, OwnProfile, ProfileChanges, SampleShown
from momentor.people.models import Membership, Pause, SampleAnswer
from momentor.people.queries import profile_for

router = Router(tags=["me"])


@router.get("", response=Me)
def show_me(request: ApiRequest) -> Me:
    """Who the API works for."""
    return _me(request)


@router.get("/memberships", response=Page[MembershipShown])
def list_memberships(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[MembershipShown]:
    """The organisations one belongs to, the latest first. A token knows its own organisation alone."""
    mine = Membership.objects.active().filter(person=request.by).select_related("organisation")
    if request.is_by_token:
        mine = mine.here()
    return page_of(
        Page[MembershipShown],
        mine,
        cursor=cursor,
        limit=limit,
        show=lambda rows: [MembershipShown.of(membership) for membership in rows],
    )


class Agreement(Body):
    """What a member says about the rules that hold here."""

    agrees: Yes
    """I have read the code of conduct and agree to it."""
    is_of_age: Yes
    """I am as old as this organisation asks for."""


@router.put("/agreement", response=Me)
@before_agreeing
def agree(request: ApiRequest, body: Agreement) -> Me:
    """Agree to the code of conduct: before that nobody asks or answers."""
    actions.agree_to_conduct(by=request.by, agrees=body.agrees, is_of_age=body.is_of_age, now=request.now)
    return _me(request)


@router.get("/profile", response=OwnProfile)
def show_profile(request: ApiRequest) -> OwnProfile:
    """One's own profile."""
    return _profile(request)


@router.patch("/profile", response=OwnProfile)
@before_agreeing
def edit_profile(request: ApiRequest, body: ProfileChanges) -> OwnProfile:
    """Change one's own profile: the fields that are named, and no others."""
    changes = body.model_dump(exclude_unset=True, exclude={"skills"})
    if changes:
        actions.edit_profile(by=request.by, now=request.now, **changes)
    if "skills" in body.model_fields_set:
        skills = [(skill.name, skill.esco) for skill in body.skills]
        actions.set_skills(by=request.by, skills=skills, now=request.now)
    return _profile(request)


class Sample(Body):
    """A sample question, and how one would answer it."""

    question: Annotated[str, up_to(500, least=1)]
    answer: Annotated[str, up_to(2000, least=1)]


@router.post("/samples", response={201: SampleShown})
@before_agreeing
def save_sample(request: ApiRequest, body: Sample) -> SampleShown:
    """Answer a sample question, as evidence before the first conversation. The same question again replaces it."""
    sample = actions.save_sample_answer(by=request.by, question=body.question, answer=body.answer, now=request.now)
    return SampleShown.of(sample)


@router.delete("/samples/{uuid:sample_id}", response={204: None})
@before_agreeing
def forget_sample(request: ApiRequest, sample_id: UUID) -> None:
    """Take a sample answer away."""
    sample = SampleAnswer.objects.get(pk=sample_id, membership=request.membership)
    actions.forget_sample_answer(sample=sample, by=request.by, now=request.now)


class Mentoring(Shown):
    answers_questions: Yes


@router.put("/mentoring", response=Mentoring)
def become_mentor(request: ApiRequest) -> Mentoring:
    """Begin to answer questions."""
    return Mentoring(answers_questions=actions.become_mentor(by=request.by, now=request.now).answers_questions)


@router.delete("/mentoring", response={204: None})
@before_agreeing
def stop_answering(request: ApiRequest) -> None:
    """Answer no more questions; the profile stays."""
    actions.stop_answering(by=request.by, now=request.now)


class Stretch(Body):
    """For how long to be available."""

    minutes: Annotated[Whole, Field(json_schema_extra={"enum": list(AVAILABLE_MINUTES), "format": "int32"})]


class Availability(Shown):
    available_until: Moment | None


@router.put("/availability", response=Availability)
def become_available(request: ApiRequest, body: Stretch) -> Availability:
    """Be there for questions from now on, for some minutes."""
    membership = actions.become_available(by=request.by, minutes=body.minutes, now=request.now)
    return Availability(available_until=membership.available_until)


@router.delete("/availability", response={204: None})
@before_agreeing
def become_unavailable(request: ApiRequest) -> None:
    """Switch "available now" off."""
    actions.become_unavailable(by=request.by, now=request.now)


class PauseWish(Body):
    """How long to be offered nothing."""

    until: Moment | None = None
    """Null or missing: until the pause is ended."""


class PauseShown(Shown):
    id: Id
    until: Moment | None


@router.put("/pause", response=PauseShown)
@before_agreeing
def pause(request: ApiRequest, body: PauseWish) -> PauseShown:
    """Be offered nothing from now on."""
    begun = actions.pause(by=request.by, now=request.now, until=body.until)
    return PauseShown(id=begun.pk, until=begun.until_at)


@router.delete("/pause", response={204: None})
@before_agreeing
def resume(request: ApiRequest) -> None:
    """Be asked again."""
    actions.resume(by=request.by, now=request.now)


def _me(request: ApiRequest) -> Me:
    membership = Membership.objects.here().select_related("organisation").get(person=request.by)
    pause = Pause.objects.in_force(request.now).filter(membership=membership).first()
    return Me(
        id=request.by.pk,
        name=request.by.name[:120],
        email=request.by.email,
        membership=MembershipShown.of(membership),
        answers_questions=membership.answers_questions,
        available_until=membership.available_until if membership.is_available(request.now) else None,
        paused_until=pause.until_at if pause else None,
        is_paused=pause is not None,
    )


def _profile(request: ApiRequest) -> OwnProfile:
    profile = profile_for(viewer=request.by, person_id=request.by.pk, now=request.now)
    assert profile is not None, "members see themselves"
    return OwnProfile.of(profile)
