"""What stays, as JSON: takeaway, feedback, thanks, nudges and outcomes."""

from typing import Annotated, Self
from uuid import UUID

from django.http import Http404
from ninja import Router
from pydantic import Field

from momentor.foundation.api import (
    Body,
    Cursor,
    Day,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    Whole,
    Yes,
    between,
    choice,
    page_of,
    up_to,
)
from momentor.learning import actions
from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway, Thanks
from momentor.people.api import ApiRequest
from momentor.sessions.api import visible_session

router = Router(tags=["takeaways"])
takeaways = Router(tags=["takeaways"])
nudges = Router(tags=["nudges"])

ReplyName = Annotated[Nudge.Reply, choice(Nudge.Reply)]


class Card(Body):
    """The takeaway: at least one of insight, first step and plan."""

    insight: Annotated[str, up_to(500)] = ""
    first_step: Annotated[str, up_to(300)] = ""
    plan_if: Annotated[str, up_to(200)] = ""
    plan_then: Annotated[str, up_to(200)] = ""
    check_on: Day | None = None
    """The day to ask what became of it."""


class CardShown(Shown):
    """The card of a session. Both of the two may write on it."""

    id: Id
    session: Id
    insight: Annotated[str, Field(max_length=500)]
    first_step: Annotated[str, Field(max_length=300)]
    plan_if: Annotated[str, Field(max_length=200)]
    plan_then: Annotated[str, Field(max_length=200)]
    check_on: Day | None
    written_by: Id | None
    written_at: Moment
    finished_at: Moment | None
    """When the plan came to its outcome."""

    @classmethod
    def of(cls, card: Takeaway) -> Self:
        return cls(
            id=card.pk,
            session=card.session_id,
            insight=card.insight,
            first_step=card.first_step,
            plan_if=card.plan_if,
            plan_then=card.plan_then,
            check_on=card.check_on,
            written_by=card.written_by_id,
            written_at=card.written_at,
            finished_at=card.finished_at,
        )


@takeaways.get("", response=Page[CardShown])
def list_takeaways(request: ApiRequest, cursor: Cursor = None, limit: Limit = 25) -> Page[CardShown]:
    """The cards of one's sessions, the newest first."""
    mine = Takeaway.objects.visible_to(request.by)
    return page_of(
        Page[CardShown], mine, cursor=cursor, limit=limit, show=lambda rows: [CardShown.of(row) for row in rows]
    )


@router.get("/{uuid:session_id}/takeaway", response=CardShown)
def show_takeaway(request: ApiRequest, session_id: UUID) -> CardShown:
    """The card of a session."""
    return CardShown.of(Takeaway.objects.get(session=visible_session(request, session_id)))


@router.put("/{uuid:session_id}/takeaway", response=CardShown)
def write_takeaway(request: ApiRequest, session_id: UUID, body: Card) -> CardShown:
    """Write on the card, as a whole: the last word stays. A plan with a day is asked about on that day."""
    session = visible_session(request, session_id)
    return CardShown.of(actions.write_takeaway(session=session, by=request.by, now=request.now, **body.model_dump()))


class FeedbackGiven(Body):
    """What one tells the product, in private. The other one never sees it."""

    moved: Annotated[Whole, between(1, 5)] | None = None
    """For the mentee: 1 not at all, 2 a little, 3 further, 4 a lot, 5 it changed what I am going to do."""
    likely: Annotated[Whole, between(0, 100)] | None = None
    """How likely you use it within a month, in percent."""
    right_person: Yes | None = None
    fitted_time: Yes | None = None
    words: Annotated[str, up_to(2000)] = ""


@router.put("/{uuid:session_id}/feedback", response=FeedbackGiven)
def give_feedback(request: ApiRequest, session_id: UUID, body: FeedbackGiven) -> FeedbackGiven:
    """Tell the product how it went; a second time replaces the first."""
    session = visible_session(request, session_id)
    return _feedback(actions.give_feedback(session=session, by=request.by, now=request.now, **body.model_dump()))


@router.get("/{uuid:session_id}/feedback", response=FeedbackGiven)
def show_feedback(request: ApiRequest, session_id: UUID) -> FeedbackGiven:
    """What one told the product oneself."""
    return _feedback(Feedback.objects.get(session=visible_session(request, session_id), by=request.by))


def _feedback(given: Feedback) -> FeedbackGiven:
    return FeedbackGiven.model_construct(
        moved=given.moved,
        likely=given.likely,
        right_person=given.right_person,
        fitted_time=given.fitted_time,
        words=given.words,
    )


class ThanksWords(Body):
    words: Annotated[str, up_to(1000, least=1)]


class ThanksShown(Shown):
    id: Id
    session: Id
    words: Annotated[str, Field(max_length=1000)]
    given_at: Moment

    @classmethod
    def of(cls, thanks: Thanks) -> Self:
        return cls(id=thanks.pk, session=thanks.session_id, words=thanks.words, given_at=thanks.given_at)


@router.post("/{uuid:session_id}/thanks", response={201: ThanksShown})
def thank_mentor(request: ApiRequest, session_id: UUID, body: ThanksWords) -> ThanksShown:
    """Thank the mentor, once."""
    session = visible_session(request, session_id)
    return ThanksShown.of(actions.thank_mentor(session=session, by=request.by, words=body.words, now=request.now))


@router.get("/{uuid:session_id}/thanks", response=ThanksShown)
def show_thanks(request: ApiRequest, session_id: UUID) -> ThanksShown:
    """The thanks of a session's mentee."""
    return ThanksShown.of(Thanks.objects.get(session=visible_session(request, session_id)))


class OutcomeTold(Body):
    """What came of a plan."""

    was_applied: Yes
    helped: Yes | None = None
    words: Annotated[str, up_to(1000)] = ""
    """A word to the mentor."""


@router.put("/{uuid:session_id}/outcome", response=OutcomeTold)
def tell_outcome(request: ApiRequest, session_id: UUID, body: OutcomeTold) -> OutcomeTold:
    """Tell what came of a plan; the mentor hears of it."""
    takeaway = Takeaway.objects.get(session=visible_session(request, session_id))
    return _outcome(actions.tell_outcome(takeaway=takeaway, by=request.by, now=request.now, **body.model_dump()))


@router.get("/{uuid:session_id}/outcome", response=OutcomeTold)
def show_outcome(request: ApiRequest, session_id: UUID) -> OutcomeTold:
    """What came of the plan, for both."""
    return _outcome(Outcome.objects.get(takeaway__session=visible_session(request, session_id)))


def _outcome(outcome: Outcome) -> OutcomeTold:
    return OutcomeTold.model_construct(was_applied=outcome.was_applied, helped=outcome.helped, words=outcome.words)


class NudgeShown(Shown):
    """A reminder of a plan on its day."""

    id: Id
    session: Id
    number: Annotated[Whole, between(0, 100)]
    due_at: Moment
    sent_at: Moment | None
    reply: ReplyName | None
    replied_at: Moment | None
    takeaway: CardShown

    @classmethod
    def of(cls, nudge: Nudge) -> Self:
        return cls(
            id=nudge.pk,
            session=nudge.takeaway.session_id,
            number=nudge.number,
            due_at=nudge.due_at,
            sent_at=nudge.sent_at,
            reply=Nudge.Reply(nudge.reply) if nudge.reply else None,
            replied_at=nudge.replied_at,
            takeaway=CardShown.of(nudge.takeaway),
        )


@nudges.get("", response=Page[NudgeShown])
def list_nudges(
    request: ApiRequest, *, waiting: bool = False, cursor: Cursor = None, limit: Limit = 25
) -> Page[NudgeShown]:
    """The reminders of one's own plans, the newest first; with `waiting`, those that want a reply."""
    mine = Nudge.objects.filter(takeaway__session__mentee=request.by).select_related("takeaway")
    if waiting:
        mine = mine.filter(reply="", takeaway__finished_at=None, due_at__lte=request.now)
    return page_of(
        Page[NudgeShown], mine, cursor=cursor, limit=limit, show=lambda rows: [NudgeShown.of(row) for row in rows]
    )


class Reply(Body):
    """What became of a plan."""

    reply: ReplyName
    helped: Yes | None = None
    words: Annotated[str, up_to(1000)] = ""
    """A word to the mentor."""


@nudges.post("/{uuid:nudge_id}/reply", response=NudgeShown)
def reply_to_nudge(request: ApiRequest, nudge_id: UUID, body: Reply) -> NudgeShown:
    """Done and did-not-fit end the plan and reach the mentor; not-yet is asked again later."""
    nudge = _own_nudge(request, nudge_id)
    actions.reply_to_nudge(nudge=nudge, by=request.by, now=request.now, **body.model_dump())
    return NudgeShown.of(_own_nudge(request, nudge_id))


def _own_nudge(request: ApiRequest, nudge_id: UUID) -> Nudge:
    found = Nudge.objects.filter(takeaway__session__mentee=request.by).select_related("takeaway")
    nudge = found.filter(pk=nudge_id).first()
    if nudge is None:
        raise Http404
    return nudge
