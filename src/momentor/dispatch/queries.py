"""Reads about searches and offers: what a mentee watches, what a mentor decides on, where a question stands."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from matchwell import Alike
from matchwell.coach import Advice, coach
from matchwell.words import tokens
from momentor.asking.blind import key_of
from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates
from momentor.dispatch.candidates import read_ahead
from momentor.dispatch.ladder import ladder_of, story_of, usual_times
from momentor.dispatch.ledger import reasons_as_json
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.plain import chance_in_words, time_in_words
from momentor.dispatch.reach import taken_this_week
from momentor.dispatch.reasons import Said, said_of, titles_of
from momentor.people.models import Block, Membership, Pause, Person
from momentor.people.passing import USUAL, in_words
from momentor.people.tongues import language_name
from momentor.scheduling.queries import HORIZON, free_times
from momentor.scheduling.slots import Span
from momentor.sessions.models import Session

# What a mentor sees of the one who asks, before they accept.
HIDDEN_BY_MENTEE = "anonymous"
HIDDEN_BY_PROGRAMME = "blind"
MOST_OFFERS = 20
# The chance that two questions are about the same matter: below it they share little more than common words.
ALIKE_ENOUGH = 0.04
NEARLY_THE_SAME = 0.9
# How many of the questions most like a text are looked at for answers that are shown.
MOST_ALIKE = 100
NEAR_ENOUGH = 0.1
MOST_TOPICS = 3
# Why a place was kept for somebody, in words for the mentee. Functions, since the language is the reader's.
PLACES: dict[str, Callable[[], str]] = {
    "newcomer": lambda: _("New here: few have asked them yet"),
    "neighbour": lambda: _("From a neighbouring field: another view of your question"),
}

__all__ = [
    "Brief",
    "Desk",
    "Progress",
    "Proposed",
    "Readable",
    "advice_on",
    "answered_already",
    "as_proposed",
    "asked_about",
    "brief_of",
    "briefs_for",
    "desk_of",
    "ladder_of",
    "proposed_for",
    "read_ahead",
    "search_progress",
    "story_of",
    "topics_near",
    "usual_times",
]


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A mentor on a shortlist, as the mentee sees them."""

    person_id: UUID
    key: UUID  # stands for them before the mentee: their id, or what blind.py makes of it
    name: str  # empty where the programme decides blind, as is the headline
    headline: str
    reasons: list[Said]
    chance: str
    usually: str
    slot: Span | None
    is_here: bool
    is_busy: bool
    has_joined: bool
    has_room: bool

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""

    @property
    def may_be_asked(self) -> bool:
        return self.has_joined and self.has_room


def proposed_for(question: Question, *, now: datetime, take: int = 3, first: UUID | None = None) -> list[Proposed]:
    """Return about three mentors for a question, best first, with reasons and the earliest way to each.

    `first` is whom the mentee came for.
    """
    return as_proposed(candidates.shortlist(question, now=now, take=take, first=first), question, now=now, first=first)


def as_proposed(
    found: Sequence[candidates.Suggestion], question: Question, *, now: datetime, first: UUID | None = None
) -> list[Proposed]:
    """Return mentors as the mentee of this question sees them."""
    reasons = {one.person_id: reasons_as_json(one.ranked) for one in found}
    # Answers that may be read name who gave them, so where it is decided blind they speak without their titles.
    quoted = () if question.is_blind else reasons.values()
    titles = titles_of(reason for of_one in quoted for reason in of_one)
    bookable = [one.membership for one in found if one.membership.person.is_claimed]
    slots = free_times(
        bookable, minutes=question.time_box, now=now, until=now + HORIZON, most=1, mentee=question.mentee
    )
    return [
        Proposed(
            person_id=one.person_id,
            key=key_of(question, one.person_id),
            name="" if question.is_blind else str(one.membership.person),
            headline="" if question.is_blind else one.membership.headline,
            reasons=[
                *([Said(text=_("You came from their profile"))] if one.person_id == first else []),
                *([Said(text=PLACES[one.ranked.why]())] if one.ranked.why in PLACES else []),
                *said_of(reasons[one.person_id], titles, is_blind=question.is_blind),
            ],
            chance=chance_in_words(one.chance.of_yes),
            usually=time_in_words(one.chance.minutes),
            slot=next(iter(slots.get(one.membership.pk, [])), None),
            is_here=one.reach.presence == "available" and not one.reach.is_busy,
            is_busy=one.reach.is_busy,
            has_joined=one.membership.person.is_claimed,
            has_room=one.reach.has_room,
        )
        for one in found
    ]


def asked_about(question: Question) -> list[UUID]:
    """Return the mentors who have a question in front of them, or let it lapse: a slot of theirs may still do."""
    undecided = Offer.objects.filter(question=question, state__in=(Offer.State.WAITING, Offer.State.LAPSED))
    return list(undecided.order_by("-score", "pk").values_list("mentor_id", flat=True)[:5])


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One wave of a search: how many were asked, and what they decided."""

    number: int
    asked: int
    waiting: int
    passed: int
    gone: int  # lapsed, or handed back
    is_last: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A question's search as its mentee watches it."""

    question: Question
    search: Search | None
    waves: list[Wave] = field(default_factory=list)
    seconds_to_next: int | None = None
    session: Session | None = None

    @property
    def is_running(self) -> bool:
        return self.search is not None and self.search.is_running

    @property
    def is_live(self) -> bool:
        return self.search is not None and self.search.pace == Search.Pace.LIVE

    @property
    def asked(self) -> int:
        return sum(wave.asked for wave in self.waves)

    @property
    def waiting(self) -> int:
        return sum(wave.waiting for wave in self.waves)

    @property
    def passed(self) -> int:
        return sum(wave.passed for wave in self.waves)

    @property
    def stage(self) -> str:
        """Return a word that changes when more of the page changes than the numbers."""
        search = f"{self.search.pk.hex}-{self.search.state}" if self.search else "none"
        return f"{self.question.state}-{self.question.step}-{search}"

    @property
    def may_widen(self) -> bool:
        """Return whether others than the chosen could be asked."""
        return bool(self.is_running and self.search and self.search.chosen and not self.search.is_widened)


def search_progress(question: Question, *, now: datetime) -> Progress:
    """Return where the search for a mentor stands. Three queries."""
    session = Session.objects.unended().filter(question=question).first()
    searches = list(Search.objects.filter(question=question).order_by("-started_at", "-pk")[:20])
    search = next((one for one in searches if one.is_running), next(iter(searches), None))
    if search is None:
        return Progress(question=question, search=None, session=session)
    decided = Counter(Offer.objects.filter(search=search).values_list("wave", "state"))
    numbers = sorted({wave for wave, _state in decided})
    waves = [
        Wave(
            number=place,
            asked=sum(count for (wave, _state), count in decided.items() if wave == number),
            waiting=decided[number, Offer.State.WAITING],
            passed=decided[number, Offer.State.PASSED],
            gone=decided[number, Offer.State.LAPSED] + decided[number, Offer.State.RETURNED],
            is_last=number == numbers[-1],
        )
        for place, number in enumerate(numbers, start=1)
    ]
    left = (search.next_wave_at - now).total_seconds() if search.is_running and search.next_wave_at else None
    return Progress(
        question=question,
        search=search,
        waves=waves,
        seconds_to_next=None if left is None else max(0, round(left)),
        session=session,
    )


@dataclass(frozen=True, kw_only=True)
class Asker:
    """The one who asks, where the mentor may know."""

    person_id: UUID
    name: str
    headline: str


@dataclass(frozen=True, kw_only=True)
class Brief:
    """An offer as a mentor reads it in fifteen seconds."""

    offer_id: UUID
    question_id: UUID
    state: str
    is_open: bool
    text: str
    topics: list[str]
    minutes: int
    medium: str
    medium_name: str
    language: str
    reasons: list[Said]
    asker: Asker | None
    hidden_because: str
    programme: str
    made_at: datetime
    lapses_at: datetime
    answer_by: datetime | None
    seconds_left: int
    pass_reasons: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
            for name, value in asdict(self).items()
            if name != "asker"
        } | {"asker": {"id": str(self.asker.person_id), "name": self.asker.name} if self.asker else None}


def brief_of(offer: Offer, *, now: datetime, page_language: str = "en") -> Brief:
    """Return an offer's brief. Whoever stays anonymous, or is met blind, is not in it at all."""
    return briefs_of([offer], now=now, page_language=page_language)[0]


def briefs_for(mentor: Person, *, now: datetime, page_language: str = "en") -> list[Brief]:
    """Return what waits for a mentor's decision, what ends first on top."""
    offers = (
        Offer.objects.waiting()
        .filter(mentor=mentor, lapses_at__gt=now)
        .select_related("question__mentee", "question__programme")
        .order_by("lapses_at", "pk")[:MOST_OFFERS]
    )
    return briefs_of(list(offers), now=now, page_language=page_language)


def briefs_of(offers: list[Offer], *, now: datetime, page_language: str) -> list[Brief]:
    titles = titles_of(reason for offer in offers for reason in offer.reasons)
    askers = {
        offer.question.mentee_id for offer in offers if offer.question.mentee_id and not _hidden_because(offer.question)
    }
    headlines = (
        dict(Membership.objects.here().filter(person_id__in=askers).values_list("person_id", "headline"))
        if askers
        else {}
    )
    return [_brief(offer, titles, headlines, now=now, page_language=page_language) for offer in offers]


def _brief(
    offer: Offer, titles: dict[str, str], headlines: dict[UUID, str], *, now: datetime, page_language: str
) -> Brief:
    question = offer.question
    hidden = _hidden_because(question)
    asker = None
    if question.mentee is not None and not hidden:
        headline = headlines.get(question.mentee.pk, "")
        asker = Asker(person_id=question.mentee.pk, name=str(question.mentee), headline=headline)
    return Brief(
        offer_id=offer.pk,
        question_id=question.pk,
        state=offer.state,
        is_open=offer.is_open(now) and question.may_be_claimed,
        text=question.text,
        topics=question.topics,
        minutes=question.time_box,
        medium=question.medium,
        medium_name=str(question.get_medium_display()),
        language=language_name(question.language, page_language) if question.language else "",
        reasons=said_of(offer.reasons, titles, to_mentor=True),
        asker=asker,
        hidden_because=hidden,
        programme=question.programme.name if question.programme else "",
        made_at=offer.made_at,
        lapses_at=offer.lapses_at,
        answer_by=question.answer_by,
        seconds_left=max(0, round((offer.lapses_at - now).total_seconds())),
        pass_reasons=in_words(question.programme.pass_reasons if question.programme else USUAL),
    )


def _hidden_because(question: Question) -> str:
    if question.is_anonymous:
        return HIDDEN_BY_MENTEE
    return HIDDEN_BY_PROGRAMME if question.is_blind else ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A mentor's side: what waits, and how much of the week is left."""

    briefs: list[Brief]
    available_until: datetime | None
    pause: Pause | None
    capacity: int
    taken: int
    live_session: Session | None

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.taken)


def desk_of(membership: Membership, *, person: Person, now: datetime, page_language: str) -> Desk:
    """Return a mentor's desk."""
    return Desk(
        briefs=briefs_for(person, now=now, page_language=page_language),
        available_until=membership.available_until if membership.is_available(now) else None,
        pause=Pause.objects.in_force(now).filter(membership=membership).first(),
        capacity=membership.capacity_per_week,
        taken=taken_this_week(person, now=now),
        live_session=Session.objects.visible_to(person).live().order_by("opened_at").first(),
    )


@dataclass(frozen=True, kw_only=True)
class Readable:
    """An answered question that its two people let others read."""

    answer_id: UUID
    title: str
    question: str
    answer: str
    mentor: str
    given_at: datetime | None
    nearness: float  # the chance that it is about the same matter

    @property
    def is_nearly_the_same(self) -> bool:
        return self.nearness >= NEARLY_THE_SAME


def answered_already(text: str, *, viewer: Person, now: datetime, take: int = 3) -> list[Readable]:
    """Return shown answers to questions like this text, the most alike first; none of people who are kept apart."""
    # What is alike comes first, then what of it is shown: few are asked for, however many answers are shown.
    nearness = candidates.nearness_of(candidates.alike(text, now=now, take=MOST_ALIKE))
    near = {question_id: chance for question_id, chance in nearness.items() if chance >= ALIKE_ENOUGH}
    if not near:
        return []
    shown = Answer.objects.shown().filter(question_id__in=near).exclude(question__mentee=viewer)
    apart = list(Block.objects.apart_from(viewer))
    if apart:
        shown = shown.exclude(mentor_id__in=apart).exclude(question__mentee_id__in=apart)
    answers = shown.select_related("question", "mentor").order_by("given_at", "pk")
    first: dict[UUID, Answer] = {}
    for answer in answers:
        first.setdefault(answer.question_id, answer)
    return [
        Readable(
            answer_id=answer.pk,
            title=answer.question.title,
            question=answer.question.text,
            answer=answer.text,
            mentor=str(answer.mentor) if answer.mentor and answer.mentor.is_claimed else "",
            given_at=answer.given_at,
            nearness=near[answer.question_id],
        )
        for answer in sorted(first.values(), key=lambda answer: -near[answer.question_id])[:take]
    ]


def advice_on(text: str, language: str, *, now: datetime) -> Advice:
    """Return what the question coach says, with topics from questions that were asked here."""
    return replace(coach(text, language or None), topics=topics_near(candidates.alike(text, now=now, take=10)))


def topics_near(near: Iterable[Alike]) -> tuple[str, ...]:
    """Return the topics that two or more of the questions near a text have in common, the nearest first.

    One near question alone proves little: in a small community it often shares no more than common words. So does one
    word alone, unless it names the topic.
    """
    weights: dict[str, float] = {}
    votes: Counter[str] = Counter()
    for one in near:
        if one.similarity >= NEAR_ENOUGH:
            for topic in one.tags:
                if len(one.words) > 1 or _names(topic, one.words):
                    votes[topic] += 1
                    weights[topic] = weights.get(topic, 0.0) + one.similarity
    shared = [topic for topic in votes if votes[topic] > 1]
    return tuple(sorted(shared, key=lambda topic: (-weights[topic], topic))[:MOST_TOPICS])


def _names(topic: str, words: Iterable[str]) -> bool:
    """Return whether one of these words stands in the name of a topic, in any form."""
    named = {token.term for token in tokens(topic)}
    return any(token.term in named for word in words for token in tokens(word))
