"""Questions as JSON: drafting, reading, taking back, and showing their answers to others."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field

from momentor.asking import actions
from momentor.asking.models import LONGEST_QUESTION, Answer, Question
from momentor.asking.queries import answers_to, programmes_open_to
from momentor.foundation.api import (
    Body,
    Cursor,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    Tag,
    Whole,
    Yes,
    between,
    choice,
    page_of,
    unsaid,
    up_to,
)
from momentor.people.api import ApiRequest, MediumName, PersonShown
from momentor.people.models import TIME_BOXES, Medium, Programme

router = Router(tags=["questions"])
answers = Router(tags=["answers"])

StateName = Annotated[Question.State, choice(Question.State)]
StepName = Annotated[Question.Step, choice(Question.Step)]
AudienceName = Annotated[Question.Audience, choice(Question.Audience)]
QuestionText = Annotated[str, up_to(LONGEST_QUESTION, least=1)]
Topics = Annotated[list[Annotated[str, up_to(60, least=1)]], Field(max_length=8)]
TimeBox = Annotated[Literal[5, 10, 15, 20, 30, 45, 60], Field(json_schema_extra={"format": "int32"})]


class Draft(Body):
    """A question in its mentee's own words, and how they would like to talk about it."""

    text: QuestionText
    topics: Topics = []
    language: Tag | Literal[""] = ""
    """The language to talk in (BCP 47); "" for any that the mentee talks in."""
    medium: MediumName = Medium.CHAT
    time_box: TimeBox = 10
    """Minutes."""
    audience: AudienceName = Question.Audience.EVERYBODY
    is_anonymous: Yes = False
    """Whether mentors do not see who asks until one accepts."""
    programme: Id | None = None


class DraftChanges(Body):
    """The fields of a draft that change; what is not named stays."""

    text: QuestionText = unsaid()
    topics: Topics = unsaid()
    language: Tag | Literal[""] = unsaid()
    medium: MediumName = unsaid()
    time_box: TimeBox = unsaid()
    audience: AudienceName = unsaid()
    is_anonymous: Yes = unsaid()
    programme: Id | None = unsaid()


class QuestionShown(Shown):
    """A question, as its mentee and the mentor who has it see it."""

    id: Id
    state: StateName
    step: StepName | None
    """Where a waiting question stands on the way to somebody."""
    reason: Annotated[str, Field(max_length=60)]
    """Why it came into this state."""
    text: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    topics: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=8)]
    language: Annotated[str, Field(max_length=35)]
    medium: MediumName
    time_box: Annotated[Whole, between(1, 60)]
    audience: AudienceName
    is_anonymous: Yes
    is_mine: Yes
    programme: Id | None
    mentee: PersonShown | None
    mentor: PersonShown | None
    """Who has it, or had it."""
    answer_by: Moment | None
    asked_at: Moment | None
    changed_at: Moment

    @classmethod
    def of(cls, question: Question, request: ApiRequest) -> Self:
        is_mine = question.mentee_id == request.by.pk
        # A slot is booked, but the two have not met: who stays hidden until then is not in it.
        is_ahead = question.state == Question.State.SCHEDULED
        hides_other = is_ahead and (question.is_blind or (question.is_anonymous and not is_mine))
        return cls(
            id=question.pk,
            state=Question.State(question.state),
            step=Question.Step(question.step) if question.step else None,
            reason=question.reason,
            text=question.text,
            topics=question.topics,
            language=question.language,
            medium=Medium(question.medium),
            time_box=question.time_box,
            audience=Question.Audience(question.audience),
            is_anonymous=question.is_anonymous,
            is_mine=is_mine,
            programme=question.programme_id,
            mentee=PersonShown.of(None if hides_other and not is_mine else question.mentee),
            mentor=PersonShown.of(None if hides_other and is_mine else question.claimed_by),
            answer_by=question.answer_by,
            asked_at=None if question.state == Question.State.DRAFT else question.asked_at,
            changed_at=question.changed_at,
        )


@router.post("", response={201: QuestionShown})
def draft_question(request: ApiRequest, body: Draft) -> QuestionShown:
    """Keep a question that nobody else sees yet. A search asks it."""
    choices = _choices(body.model_dump(), request)
    question = actions.draft_question(by=request.by, now=request.now, **choices)
    return QuestionShown.of(question, request)


@router.get("", response=Page[QuestionShown])
def list_questions(
    request: ApiRequest,
    role: Annotated[Literal["mentee", "mentor"] | None, Query(description="Only those one asked, or took.")] = None,
    state: Annotated[StateName | None, Query(description="Only those in this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[QuestionShown]:
    """The questions one asked or took, the newest first."""
    questions = Question.objects.visible_to(request.by).select_related("mentee", "claimed_by", "programme")
    if role:
        questions = questions.filter(Q(mentee=request.by) if role == "mentee" else Q(claimed_by=request.by))
    if state:
        questions = questions.filter(state=state)
    return page_of(
        Page[QuestionShown],
        questions,
        cursor=cursor,
        limit=limit,
        show=lambda rows: [QuestionShown.of(row, request) for row in rows],
    )


@router.get("/{uuid:question_id}", response=QuestionShown)
def show_question(request: ApiRequest, question_id: UUID) -> QuestionShown:
    """One question."""
    return QuestionShown.of(visible_question(request, question_id), request)


@router.patch("/{uuid:question_id}", response=QuestionShown)
def edit_question(request: ApiRequest, question_id: UUID, body: DraftChanges) -> QuestionShown:
    """Change a draft: the fields that are named, and no others."""
    question = own_question(request, question_id)
    changes = {"text": question.text} | _choices(body.model_dump(exclude_unset=True), request)
    question = actions.edit_question(question=question, by=request.by, now=request.now, **changes)
    return QuestionShown.of(question, request)


@router.post("/{uuid:question_id}/withdrawal", response=QuestionShown)
def withdraw_question(request: ApiRequest, question_id: UUID) -> QuestionShown:
    """Take a question back, from any state before its answer. Twice does no harm."""
    question = actions.withdraw_question(question=own_question(request, question_id), by=request.by, now=request.now)
    return QuestionShown.of(question, request)


class AnswerShown(Shown):
    """That somebody answered a question, and the words, where they may be kept."""

    id: Id
    mentor: PersonShown | None
    text: Annotated[str, Field(max_length=8000)]
    given_at: Moment | None
    is_shown: Yes
    """Whether others who ask the same may read it: both have agreed, and there are words."""
    mentee_agreed_at: Moment | None
    mentor_agreed_at: Moment | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls(
            id=answer.pk,
            mentor=PersonShown.of(answer.mentor),
            text=answer.text,
            given_at=answer.given_at,
            is_shown=answer.is_shown,
            mentee_agreed_at=answer.mentee_agreed_at,
            mentor_agreed_at=answer.mentor_agreed_at,
        )


@router.get("/{uuid:question_id}/answers", response=list[AnswerShown])
def list_answers(request: ApiRequest, question_id: UUID) -> list[AnswerShown]:
    """The answers to a question."""
    return [AnswerShown.of(answer) for answer in answers_to(visible_question(request, question_id))]


class Showing(Body):
    """The agreement to show an answer to others."""

    text: Annotated[str, up_to(8000, least=1)] | None = None
    """The words to show: for the mentor. The mentee is then asked again."""


@answers.put("/{uuid:answer_id}/agreement", response=AnswerShown)
def agree_to_show(request: ApiRequest, answer_id: UUID, body: Showing) -> AnswerShown:
    """Let others who ask the same read this answer; it shows once the mentee and the mentor have both agreed."""
    return AnswerShown.of(actions.agree_to_show(answer_id=answer_id, by=request.by, text=body.text, now=request.now))


@answers.delete("/{uuid:answer_id}/agreement", response={204: None})
def stop_showing(request: ApiRequest, answer_id: UUID) -> None:
    """Take the agreement back."""
    actions.stop_showing(answer_id=answer_id, by=request.by, now=request.now)


class ProgrammeShown(Shown):
    """Rules, people and goals under one name."""

    id: Id
    name: Annotated[str, Field(max_length=80)]
    goal: Annotated[str, Field(max_length=2000)]
    blind_accept: Yes
    matches_people: Yes
    """Whoever wants one is given a mentor of their own."""


programmes = Router(tags=["programmes"])


@programmes.get("", response=Page[ProgrammeShown])
def list_programmes(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[ProgrammeShown]:
    """The programmes one takes part in, the newest first: a question may belong to one of them."""
    return page_of(
        Page[ProgrammeShown],
        programmes_open_to(request.membership),
        cursor=cursor,
        limit=limit,
        show=lambda rows: [
            ProgrammeShown(
                id=one.pk,
                name=one.name,
                goal=one.goal,
                blind_accept=one.blind_accept,
                matches_people=one.matches_people,
            )
            for one in rows
        ],
    )


def visible_question(request: ApiRequest, question_id: UUID) -> Question:
    """Return a question that the caller asked or took. Raises Question.DoesNotExist."""
    found = Question.objects.visible_to(request.by).select_related("mentee", "claimed_by", "programme")
    return found.get(pk=question_id)


def own_question(request: ApiRequest, question_id: UUID) -> Question:
    """Return a question that the caller asked. Raises Question.DoesNotExist."""
    return Question.objects.select_related("mentee", "claimed_by", "programme").get(pk=question_id, mentee=request.by)


def _choices(given: dict[str, Any], request: ApiRequest) -> dict[str, Any]:
    if given.get("programme"):
        given["programme"] = Programme.objects.filter(pk=given["programme"]).first()
        if given["programme"] is None:
            raise actions.NotYourProgramme
    return given


assert TIME_BOXES == (5, 10, 15, 20, 30, 45, 60), "TimeBox names the same"
