"""Finding somebody as JSON: the coach, the shortlist, the search, offers, and a mentor's own pull."""

from typing import Annotated, Self
from uuid import UUID

from django.utils.translation import get_language
from ninja import Query, Router
from pydantic import Field

from momentor.asking.api import Topics, own_question
from momentor.asking.blind import people_behind
from momentor.asking.coaching import hints_of, open_medium
from momentor.asking.models import LONGEST_QUESTION
from momentor.asking.queries import asked_already
from momentor.dispatch import actions
from momentor.dispatch.actions.searches import MOST_CHOSEN
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.queries import (
    Brief,
    Progress,
    Proposed,
    advice_on,
    answered_already,
    briefs_of,
    search_progress,
)
from momentor.dispatch.reasons import Said
from momentor.foundation.api import (
    BIGGEST,
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
    up_to,
)
from momentor.foundation.text import clean
from momentor.people.api import ApiRequest, MediumName, PersonShown
from momentor.people.models import TIME_BOXES, Medium
from momentor.people.passing import as_kept
from momentor.sessions.api import SessionShown
from momentor.trust.queries import help_for

questions = Router(tags=["searches"])
offers = Router(tags=["offers"])
pulls = Router(tags=["offers"])
coach_router = Router(tags=["questions"])
answers = Router(tags=["answers"])

OfferState = Annotated[Offer.State, choice(Offer.State)]
SearchState = Annotated[Search.State, choice(Search.State)]
Pace = Annotated[Search.Pace, choice(Search.Pace)]
Words = Annotated[str, Field(max_length=200)]
Count = Annotated[Whole, between(0, BIGGEST)]


# Before asking


class Wording(Body):
    """A question in the making."""

    text: Annotated[str, up_to(LONGEST_QUESTION)]
    language: Tag | None = None


class Hint(Shown):
    """One thing to sharpen, and the beginning of a sentence that would do it."""

    code: Annotated[str, Field(max_length=40)]
    """`too_short`, `too_broad`, `no_goal`, `no_context` or `several_questions`."""
    text: Annotated[str, Field(max_length=300)]
    starter: Annotated[str, Field(max_length=300)]


class Help(Shown):
    """Whom to call or visit in a crisis."""

    name: Annotated[str, Field(max_length=200)]
    phone: Annotated[str, Field(max_length=60)]
    url: Annotated[str, Field(max_length=500)]


class Advice(Shown):
    """What would sharpen a question, and how to talk about it. Only advice: the words stay the mentee's own."""

    hints: Annotated[list[Hint], Field(max_length=10)]
    """The weightiest first."""
    time_box: Annotated[Whole, between(1, 60)]
    medium: MediumName
    topics: Topics
    help: Annotated[list[Help], Field(max_length=50)]
    """Where the text holds words of crisis: show this before everything else."""
    asked_already: Id | None
    """An open question of one's own that asks the same."""


@coach_router.post("", response=Advice)
def coach(request: ApiRequest, body: Wording) -> Advice:
    """Notice what makes a question hard to answer. Nothing is kept."""
    text = clean(body.text)
    language = body.language or next(iter(request.by.languages), "en")
    found = advice_on(text, language, now=request.now)
    same = asked_already(text, by=request.by)
    return Advice(
        hints=[
            Hint(code=hint.code, text=hint.text[:300], starter=hint.starter[:300])
            for hint in hints_of(found, language=language)
        ],
        time_box=found.time_box,
        medium=open_medium(found.medium),
        topics=[topic[:60] for topic in found.topics],
        help=[
            Help(name=one.get("name", "")[:200], phone=one.get("phone", "")[:60], url=one.get("url", "")[:500])
            for one in help_for(text, language, request.organisation)
        ],
        asked_already=same.pk if same else None,
    )


class AlikeShown(Shown):
    """A question that was answered before, where both agreed that others may read it."""

    answer: Id
    question: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    text: Annotated[str, Field(max_length=8000)]
    mentor: Annotated[str, Field(max_length=120)]
    """Their name, or "" for somebody who is not here."""
    given_at: Moment | None
    nearness: Annotated[float, Field(ge=0, le=1)]
    """The chance that it is about the same matter, if one question in a hundred is."""


@answers.get("", response=list[AlikeShown])
def list_alike(
    request: ApiRequest,
    like: Annotated[
        str, Query(min_length=1, max_length=1000, pattern=r"^[^\x00]*$", description="A question in the making.")
    ],
) -> list[AlikeShown]:
    """Answers to questions like this one that their people agreed to show; the most alike first, three at most."""
    return [
        AlikeShown(
            answer=one.answer_id,
            question=one.question,
            text=one.answer,
            mentor=one.mentor[:120],
            given_at=one.given_at,
            nearness=one.nearness,
        )
        for one in answered_already(like, viewer=request.by, now=request.now)
    ]


# The shortlist


class ReasonShown(Shown):
    """Why somebody was proposed."""

    text: Words
    quotes: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=10)]
    """Questions answered before that speak for it, where others may read them."""
    share: Annotated[Whole, between(0, 100)]

    @classmethod
    def of(cls, said: Said) -> Self:
        return cls(text=said.text[:200], quotes=list(said.quotes), share=min(100, max(0, said.share)))


Reasons = Annotated[list[ReasonShown], Field(max_length=20)]


class ProposedShown(Shown):
    """A mentor on a shortlist."""

    person: Id
    """Where the programme decides blind, a key that stands for them for this question alone."""
    name: Annotated[str, Field(max_length=120)]
    """Empty where the programme decides blind."""
    headline: Annotated[str, Field(max_length=120)]
    """Empty where the programme decides blind."""
    reasons: Reasons
    chance: Words
    """How likely they take it, in words."""
    usually: Words
    """How long it usually takes them, in words."""
    earliest_slot: Moment | None
    is_here: Yes
    is_busy: Yes
    may_be_asked: Yes

    @classmethod
    def of(cls, one: Proposed) -> Self:
        return cls(
            person=one.key,
            name=one.name[:120],
            headline=one.headline,
            reasons=[ReasonShown.of(said) for said in one.reasons],
            chance=one.chance,
            usually=one.usually,
            earliest_slot=one.slot.starts if one.slot else None,
            is_here=one.is_here,
            is_busy=one.is_busy,
            may_be_asked=one.may_be_asked,
        )


@questions.get("/{uuid:question_id}/shortlist", response=list[ProposedShown])
def show_shortlist(
    request: ApiRequest,
    question_id: UUID,
    take: Annotated[int, Query(ge=1, le=MOST_CHOSEN, description="How many of those who fit best, at most.")] = 3,
) -> list[ProposedShown]:
    """About three mentors for a question, best first, with reasons and the earliest way to each.

    Behind those who fit best may stand one who is new here and one from a neighbouring field: a reason says so.
    """
    shown = actions.show_list(question=own_question(request, question_id), now=request.now, take=take)
    return [ProposedShown.of(one) for one in shown.proposed]


# The search


class SearchWish(Body):
    """Whom to ask, and how."""

    chosen: Annotated[list[Id], Field(max_length=MOST_CHOSEN)] = []
    """The people to ask, as the shortlist names them; empty for whoever is first."""
    in_writing: Yes = False
    answer_by: Moment | None = None


class WaveShown(Shown):
    number: Count
    asked: Count
    waiting: Count
    passed: Count
    gone: Count


class SearchShown(Shown):
    """Where the search for a mentor stands."""

    state: SearchState | None
    """Null before the first search."""
    pace: Pace | None
    is_widened: Yes
    may_widen: Yes
    waves: Annotated[list[WaveShown], Field(max_length=100)]
    seconds_to_next: Count | None
    session: Id | None
    """The session, once a mentor has accepted."""

    @classmethod
    def of(cls, progress: Progress) -> Self:
        search = progress.search
        return cls(
            state=Search.State(search.state) if search else None,
            pace=Search.Pace(search.pace) if search else None,
            is_widened=bool(search and search.is_widened),
            may_widen=progress.may_widen,
            waves=[
                WaveShown(number=one.number, asked=one.asked, waiting=one.waiting, passed=one.passed, gone=one.gone)
                for one in progress.waves
            ],
            seconds_to_next=progress.seconds_to_next,
            session=progress.session.pk if progress.session else None,
        )


@questions.post("/{uuid:question_id}/search", response={201: SearchShown})
def start_search(request: ApiRequest, question_id: UUID, body: SearchWish) -> SearchShown:
    """Ask: put a question before mentors. Where a search runs already, that one is shown."""
    question = own_question(request, question_id)
    actions.start_search(
        question=question,
        by=request.by,
        now=request.now,
        chosen=people_behind(question, body.chosen),
        in_writing=body.in_writing,
        answer_by=body.answer_by,
    )
    return _progress(request, question_id)


@questions.get("/{uuid:question_id}/search", response=SearchShown)
def show_search(request: ApiRequest, question_id: UUID) -> SearchShown:
    """Where the search stands."""
    return _progress(request, question_id)


@questions.delete("/{uuid:question_id}/search", response={204: None})
def stop_search(request: ApiRequest, question_id: UUID) -> None:
    """End the running search. The question stays open; after a day without a next step it goes on in writing."""
    actions.stop_search(question=own_question(request, question_id), by=request.by, now=request.now)


@questions.post("/{uuid:question_id}/search/widening", response=SearchShown)
def widen_search(request: ApiRequest, question_id: UUID) -> SearchShown:
    """Let others than the chosen be asked, and ask them now."""
    actions.widen_search(question=own_question(request, question_id), by=request.by, now=request.now)
    return _progress(request, question_id)


class WritingWish(Body):
    answer_by: Moment | None = None


@questions.post("/{uuid:question_id}/search/writing", response=SearchShown)
def turn_into_writing(request: ApiRequest, question_id: UUID, body: WritingWish) -> SearchShown:
    """Stop waiting live: ask for an answer in writing, by a stated time."""
    actions.turn_into_writing(
        question=own_question(request, question_id), by=request.by, now=request.now, answer_by=body.answer_by
    )
    return _progress(request, question_id)


def _progress(request: ApiRequest, question_id: UUID) -> SearchShown:
    return SearchShown.of(search_progress(own_question(request, question_id), now=request.now))


# Offers


class OfferShown(Shown):
    """A question put to one mentor: the brief. Who stays anonymous, or is met blind, is not in it."""

    id: Id
    state: OfferState
    is_open: Yes
    """Whether it can still be accepted."""
    question: Id
    text: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    """Empty once it was passed on, lapsed or was withdrawn."""
    topics: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=8)]
    language: Annotated[str, Field(max_length=80)]
    medium: MediumName
    time_box: Annotated[Whole, between(1, 60)]
    reasons: Reasons
    mentee: PersonShown | None
    """Null where the mentee stays anonymous, or the programme decides blind, until you accept."""
    hidden_because: Annotated[str, Field(max_length=20)]
    """`anonymous`, `blind` or ""."""
    programme: Annotated[str, Field(max_length=80)]
    pass_reasons: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=8)]
    made_at: Moment
    lapses_at: Moment
    answer_by: Moment | None

    @classmethod
    def of(cls, brief: Brief) -> Self:
        # Once it is no longer theirs to decide on, a question is no longer theirs to read.
        is_theirs = brief.state in (Offer.State.WAITING, Offer.State.ACCEPTED)
        return cls(
            id=brief.offer_id,
            state=Offer.State(brief.state),
            is_open=brief.is_open,
            question=brief.question_id,
            text=brief.text if is_theirs else "",
            topics=brief.topics if is_theirs else [],
            language=brief.language,
            medium=Medium(brief.medium),
            time_box=brief.minutes,
            reasons=[ReasonShown.of(said) for said in brief.reasons],
            mentee=_asker(brief) if is_theirs else None,
            hidden_because=brief.hidden_because,
            programme=brief.programme,
            pass_reasons=brief.pass_reasons,
            made_at=brief.made_at,
            lapses_at=brief.lapses_at,
            answer_by=brief.answer_by,
        )


def _asker(brief: Brief) -> PersonShown | None:
    return PersonShown(id=brief.asker.person_id, name=brief.asker.name[:120]) if brief.asker else None


@offers.get("", response=Page[OfferShown])
def list_offers(
    request: ApiRequest,
    state: Annotated[Offer.State, Query(description="Those in this state."), choice(Offer.State)] = Offer.State.WAITING,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[OfferShown]:
    """The offers made to oneself, the newest first: without a state, those that wait."""
    mine = Offer.objects.visible_to(request.by).select_related("question__mentee", "question__programme")
    mine = mine.filter(state=state)
    return page_of(Page[OfferShown], mine, cursor=cursor, limit=limit, show=lambda rows: _briefs(rows, request))


@offers.get("/{uuid:offer_id}", response=OfferShown)
def show_offer(request: ApiRequest, offer_id: UUID) -> OfferShown:
    """One offer. Reading it notes that you have seen it."""
    offer = _own_offer(request, offer_id)
    if offer.seen_at is None:
        actions.see_offer(offer=offer, now=request.now)
    return _briefs([offer], request)[0]


@offers.post("/{uuid:offer_id}/acceptance", response={201: SessionShown})
def accept_offer(request: ApiRequest, offer_id: UUID) -> SessionShown:
    """Take the question, and open a room for the two. Accepting twice gives the same session."""
    session = actions.accept_offer(offer=_own_offer(request, offer_id), by=request.by, now=request.now)
    return SessionShown.of(session, request)


class PassWords(Body):
    """Why somebody passes, if they like to say."""

    reason: Annotated[str, up_to(60)] = ""


@offers.post("/{uuid:offer_id}/pass", response=OfferShown)
def pass_offer(request: ApiRequest, offer_id: UUID, body: PassWords) -> OfferShown:
    """Leave the question to others. Nobody is told who passed."""
    actions.pass_offer(offer=_own_offer(request, offer_id), by=request.by, now=request.now, reason=as_kept(body.reason))
    return _briefs([_own_offer(request, offer_id)], request)[0]


class FreeMinutes(Body):
    minutes: Annotated[Whole, between(5, 60)] = 10
    """How long you have."""


@pulls.post("", response={201: OfferShown})
def pull_question(request: ApiRequest, body: FreeMinutes) -> OfferShown:
    """ "I have ten minutes": find the waiting question where you help most, held for you briefly."""
    offer = actions.pull_question(by=request.by, minutes=body.minutes, now=request.now)
    return _briefs([_own_offer(request, offer.pk)], request)[0]


def _own_offer(request: ApiRequest, offer_id: UUID) -> Offer:
    mine = Offer.objects.visible_to(request.by).select_related("question__mentee", "question__programme")
    return mine.get(pk=offer_id)


def _briefs(rows: list[Offer], request: ApiRequest) -> list[OfferShown]:
    language = get_language() or "en"
    return [OfferShown.of(brief) for brief in briefs_of(rows, now=request.now, page_language=language)]


assert max(TIME_BOXES) == 60, "FreeMinutes says as much"
