"""The one door where rows become the values that matching works on.

One index for each organisation is kept in each process: read whole when it is first asked for, or a little before,
then read on from where it stopped before every use, so that an answer counts within the next question.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from matchwell import Alike, Ask, Index, Limits, PastQuestion, PersonText, Ranked
from matchwell import Answer as PastAnswer
from matchwell.columns import Numbers
from matchwell.encoders import Encoder
from matchwell.ledger import Considered
from matchwell.likelihood import OF_SHARES, nearness
from momentor.asking.models import Answer, Question
from momentor.dispatch import rankers, stored
from momentor.dispatch.chances import Chance, chance
from momentor.dispatch.lists import ListRecord, fit_of, put_together
from momentor.dispatch.meanings import encoder_here, vector_of, vectors_of
from momentor.dispatch.models import Offer
from momentor.dispatch.reach import Reach, full_at, mentor_ids_for, reach_of, week_of_everybody
from momentor.foundation.prepared import prepared
from momentor.foundation.tenancy import acting_in, current_organisation_id
from momentor.people.fields import fields_in
from momentor.people.models import Membership, Organisation, SampleAnswer, Skill

VERSION = "votes-2"
DAY = 86_400.0
# Identifiers of a community without times span this many days, so that evidence ages in it, too.
SEQUENCE_SPAN = 3000.0
# Rows of a slow transaction become visible after those of a quick one, so reading on starts a little earlier.
OVERLAP = timedelta(seconds=30)
# What was deleted is gone from here as well after that long.
LOOK_BACK = timedelta(minutes=5)
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
KEPT = 8
# Seconds after which it is looked whether something was learned since.
LOOK_FOR_LEARNED = 60.0
# Questions told to an index twice, since their vectors were late, beyond which it is read anew.
MOST_TWICE = 1000
# Texts whose vectors are kept for the next list.
VECTORS = 256
# How far back an invitation counts when those who had many stand back a little.
LATELY = timedelta(days=28)
# How near the words of a newcomer must be to stand beside those who fit best: less is a word or two in common.
NEAR = 0.125

logger = logging.getLogger("momentor.dispatch")


@dataclass(kw_only=True)
class Kept:
    """One organisation's index and how far it has read."""

    index: Index = field(default_factory=Index)
    read_until: datetime = LONG_AGO
    # What was read of the stretch that is read again next time.
    known: dict[UUID, datetime] = field(default_factory=dict)
    sequences: tuple[int, int] | None = None
    newest: float = 0.0
    born: float = 0.0
    answers: int = 0
    people: set[UUID] = field(default_factory=set)
    looked_back_at: datetime = LONG_AGO
    is_begun: bool = False
    encoder: Encoder | None = None
    # Questions told without their vectors, which were still to be made; and told twice, since the vectors came later.
    unread: set[UUID] = field(default_factory=set)
    twice: int = 0
    # How many answers it had when it was put into files, 0 if it was not.
    stored: int = 0
    has_vectors: bool = False
    learned: UUID | None = None
    learned_looked_at: float = -inf
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start_over(self) -> None:
        """Forget everything, so that it is read anew."""
        self.answers, self.people = 0, set()
        self.index, self.read_until, self.known = Index(), LONG_AGO, {}
        self.sequences, self.newest, self.born = None, 0.0, 0.0
        self.is_begun, self.encoder, self.unread, self.twice, self.stored = False, None, set(), 0, 0
        self.looked_back_at = LONG_AGO
        self.has_vectors, self.learned, self.learned_looked_at = False, None, -inf


_kept: "OrderedDict[UUID, Kept]" = OrderedDict()
_reading_ahead: set[UUID] = set()
_guard = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A mentor for a question: why, and how they can be reached."""

    membership: Membership
    ranked: Ranked
    reach: Reach
    chance: Chance

    @property
    def person_id(self) -> UUID:
        return self.membership.person_id


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """Who fits somebody's wish best: a score by person, the best first."""

    person_id: UUID
    scores: dict[UUID, float]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A shortlist, and the rankings it was put together from: of all who may be asked, how many they are."""

    suggested: list[Suggestion]
    may_be_asked: int
    take: int
    fitting: Considered
    first: UUID | None
    wanted: Considered | None
    others: Considered | None
    ranked: list[Ranked]

    def record(self) -> ListRecord:
        """Return what it takes to make it again."""
        shown = {str(one.person_id) for one in self.suggested}
        return ListRecord(
            take=self.take,
            first=str(self.first) if self.first else None,
            gone=tuple(one.person for one in self.ranked if one.person not in shown),
            fitting=self.fitting.record(),
            wanted=self.wanted.record() if self.wanted else None,
            others=self.others.record() if self.others else None,
        )


def shortlist(
    question: Question, *, now: datetime, take: int = 3, with_unclaimed: bool = True, first: UUID | None = None
) -> list[Suggestion]:
    """Return the mentors who fit best, best first; see `make_shortlist`."""
    return make_shortlist(question, now=now, take=take, with_unclaimed=with_unclaimed, first=first).suggested


def make_shortlist(
    question: Question, *, now: datetime, take: int = 3, with_unclaimed: bool = True, first: UUID | None = None
) -> Made:
    """Return the mentors who fit best, best first; those who cannot be asked yet only fill up what is left.

    `take` of them stand there by rank. Beyond these come a newcomer and somebody from a neighbouring field, where there
    is one: nobody who fits better gives way to them, and the mentee reads why they are there. `first` is whom the
    mentee came for: on top, whether or not anything else speaks for them.
    """
    able = mentor_ids_for(question, now=now)
    busy = _busy(now)
    beside = {"newcomer_places": (take + 1,), "newcomer_fit": NEAR, "neighbours_within": take + 2}
    fitting = considered(question, only=able, busy=busy, now=now, take=take + 2, places=beside)
    wanted, on_top = None, None
    if first in able:
        wanted = considered(question, only=[first], busy=busy, now=now, take=1)
        nothing_else = Ranked(person=str(first), score=0.0, reasons=(), is_newcomer=False)
        on_top = next(iter(wanted.ranked), nothing_else)
    ranked = put_together(fitting.ranked, first=on_top, take=take)
    others = None
    if len(ranked) < take:
        known = {one.person for one in ranked}
        rest = mentor_ids_for(question, now=now, with_unclaimed=with_unclaimed) - {UUID(one) for one in known}
        others = considered(question, only=rest, busy=replace(busy, full=frozenset()), now=now, take=take - len(ranked))
        ranked += others.ranked
    return Made(
        suggested=suggestions(ranked, reach_of((UUID(one.person) for one in ranked), now=now, taken=busy.taken)),
        may_be_asked=len(able),
        take=take,
        fitting=fitting,
        first=first if on_top else None,
        wanted=wanted,
        others=others,
        ranked=ranked,
    )


def suggestions(ranked: Iterable[Ranked], reach: dict[UUID, Reach]) -> list[Suggestion]:
    """Return ranked people with how they can be reached and what is expected of them."""
    ranked = [one for one in ranked if UUID(one.person) in reach]
    expected = chances({UUID(one.person): reach[UUID(one.person)].presence for one in ranked})
    return [
        Suggestion(
            membership=reach[UUID(one.person)].membership,
            ranked=one,
            reach=reach[UUID(one.person)],
            chance=expected[UUID(one.person)],
        )
        for one in ranked
    ]


@dataclass(frozen=True, kw_only=True)
class Busy:
    """How often mentors were invited lately, what their weeks hold, and who has no time left this week."""

    invited: Mapping[str, float]
    taken: Mapping[UUID, int]
    full: frozenset[str]


def considered(
    question: Question,
    *,
    only: Iterable[UUID],
    now: datetime,
    take: int,
    busy: Busy | None = None,
    places: Mapping[str, Any] | None = None,
) -> Considered:
    """Return the best fitting among these people, best first, and what that was made from; nobody who is full.

    `places` are weights that say for whom places are kept.
    """
    kept = fresh_index(now=now)
    busy = busy or _busy(now)
    limits = Limits(
        only=frozenset(str(person_id) for person_id in only),
        load=busy.invited,
        room=dict.fromkeys(busy.full, 0),
    )
    ask = _ask(kept, question, now, _vector_of(kept, question.text))
    weights = replace(kept.index.weights, **(places or {}))
    return kept.index.considered(ask, limits=limits, take=take, weights=weights)


def fit(ranked: Ranked) -> float:
    """Return how well somebody fits, above zero: a third of the best is a weak fit."""
    return fit_of(ranked.score, is_log=ranked.chance is not None)


def _busy(now: datetime) -> Busy:
    taken = week_of_everybody(now)
    full = frozenset(str(person_id) for person_id in full_at(now, taken))
    return Busy(invited=_invited_lately(now), taken=taken, full=full)


def _invited_lately(now: datetime) -> dict[str, float]:
    """Return how many offers mentors had in the last four weeks, whatever came of them, as it was at this time."""
    lately = Offer.objects.filter(made_at__gt=now - LATELY, made_at__lte=now)
    rows = lately.values("mentor_id").annotate(invitations=Count("id")).values_list("mentor_id", "invitations")
    return {str(mentor_id): float(invitations) for mentor_id, invitations in rows}


def by_fit(questions: Iterable[Question], *, person_id: UUID, now: datetime) -> list[Question]:
    """Return questions in the order in which one person fits them, the best fit first, else as they came."""
    kept = fresh_index(now=now)
    limits = Limits(only=frozenset({str(person_id)}))
    questions = list(questions)
    vectors = vectors_of([question.pk for question in questions], kept.encoder)
    asks = [_ask(kept, question, now, vectors.get(question.pk)) for question in questions]
    # What was learned says who of all is the one, and could not compare one question with another.
    ranked = [
        (kept.index.rank(ask, limits=limits, take=1, learned=False), question)
        for ask, question in zip(asks, questions, strict=True)
    ]
    return [question for found, question in sorted(ranked, key=lambda pair: -pair[0][0].score if pair[0] else 0.0)]


def nearest_to(wishes: Mapping[UUID, str], *, among: Iterable[UUID], now: datetime, take: int) -> Iterator[Nearest]:
    """Yield for each person who wishes for something the `take` of these who fit the words of it best.

    One after the other, so that memory holds one list at a time, however many they are.
    """
    kept = fresh_index(now=now)
    limits = Limits(only=frozenset(str(person_id) for person_id in among))
    for person_id, text in wishes.items():
        ranked = kept.index.rank(_wish(kept, person_id, text, now), limits=limits, take=take, learned=False)
        yield Nearest(person_id=person_id, scores={UUID(one.person): one.score for one in ranked})


def words_between(wish: str, *, of: UUID, to: UUID, now: datetime) -> list[str]:
    """Return the words of a wish for which somebody stands, as they are written there, the strongest first."""
    kept = fresh_index(now=now)
    ranked = kept.index.rank(
        _wish(kept, of, wish, now), limits=Limits(only=frozenset({str(to)})), take=1, learned=False
    )
    return list(dict.fromkeys(word for one in ranked for reason in one.reasons for word in reason.words))


def _wish(kept: Kept, person_id: UUID, text: str, now: datetime) -> Ask:
    return Ask(text=text, at=_now_in_days(kept, now), asker=str(person_id))


def _ask(kept: Kept, question: Question, now: datetime, vector: Numbers | None) -> Ask:
    return Ask(
        text=question.text,
        at=_now_in_days(kept, now),
        languages=frozenset(),  # a hard limit, kept by `only`
        tags=frozenset(topic.lower() for topic in question.topics),
        # Whom somebody has met would say who it is that stays anonymous.
        asker=None if question.is_anonymous or question.is_blind else str(question.mentee_id or "") or None,
        vector=vector,
    )


def _vector_of(kept: Kept, text: str) -> Numbers | None:
    """Return what a text means, read once for the lists that are made of it one after the other."""
    if kept.encoder is None or not kept.has_vectors:
        return None
    key = blake2b(f"{kept.encoder.name} {text}".encode(), digest_size=16).digest()  # words are not kept beyond theirs
    if key not in _vectors:
        _vectors[key] = vector_of(text, kept.encoder)
        while len(_vectors) > VECTORS:
            _vectors.pop(next(iter(_vectors)), None)
    return _vectors.get(key)


_vectors: dict[bytes, Numbers | None] = {}


def alike(text: str, *, now: datetime, take: int = 5) -> list[Alike]:
    """Return the past questions most like a text, most alike first."""
    return fresh_index(now=now).index.alike(text, take=take)


def nearness_of(near: Iterable[Alike]) -> dict[UUID, float]:
    """Return the chance that each of these questions is about the same matter as the text they are like."""
    near = list(near)
    chance = nearness([one.similarity for one in near], curves=OF_SHARES)
    return {UUID(one.question): float(of_one) for one, of_one in zip(near, chance, strict=True)}


def chances(presence: dict[UUID, str]) -> dict[UUID, Chance]:
    """Return what is expected of an offer to each of these people, from the offers they had."""
    rows: dict[UUID, tuple[int, int]] = {
        person_id: (made, taken)
        for person_id, made, taken in Offer.objects.filter(mentor_id__in=presence)
        .exclude(state__in=(Offer.State.WAITING, Offer.State.WITHDRAWN))
        .values("mentor_id")
        .annotate(made=Count("id"), taken=Count("id", filter=Q(state__in=(Offer.State.ACCEPTED, Offer.State.RETURNED))))
        .values_list("mentor_id", "made", "taken")
    }
    minutes: dict[UUID, list[float]] = {}
    for person_id, made_at, decided_at in (
        Offer.objects.filter(mentor_id__in=presence, state=Offer.State.ACCEPTED)
        .order_by("-made_at")
        .values_list("mentor_id", "made_at", "decided_at")[:500]
    ):
        if decided_at:
            minutes.setdefault(person_id, []).append((decided_at - made_at).total_seconds() / 60)
    return {
        person_id: chance(
            presence=present,
            made=rows.get(person_id, (0, 0))[0],
            taken=rows.get(person_id, (0, 0))[1],
            minutes=minutes.get(person_id, []),
        )
        for person_id, present in presence.items()
    }


def fresh_index(*, now: datetime) -> Kept:
    """Return the current organisation's index, read on to what is stored now."""
    kept = kept_here()
    # Whoever comes while it is being read waits here for the same reading.
    with kept.lock:
        try:
            if kept.read_until == LONG_AGO:
                stored.take_up(kept)
            _read_on(kept)
            if _has_lost_rows(kept):  # an index takes in and never gives back, so words that went are read around
                kept.start_over()
                stored.forget()
                _read_on(kept)
            stored.put_down(kept)
            _take_up_what_was_learned(kept)
        except BaseException:
            kept.start_over()  # what is read by half would be missing for ever
            raise
    return kept


def kept_here() -> Kept:
    """Return what this process keeps of the current organisation, as it was read last."""
    with _guard:
        kept = _kept.setdefault(current_organisation_id(), Kept())
        _kept.move_to_end(current_organisation_id())
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return kept


def read_ahead() -> None:
    """Read the current organisation's index in the background, unless somebody did or does.

    Begins after the transaction, in a thread with a connection of its own. In a large community this takes seconds:
    time enough while a question is being written, too long while its list is waited for.
    """
    organisation_id = current_organisation_id()
    with _guard:
        known = _kept.get(organisation_id)
        if organisation_id in _reading_ahead or (known is not None and known.read_until != LONG_AGO):
            return
    transaction.on_commit(partial(_start_reading_ahead, organisation_id))


def _start_reading_ahead(organisation_id: UUID) -> None:
    with _guard:
        if organisation_id in _reading_ahead:
            return
        _reading_ahead.add(organisation_id)
    threading.Thread(target=_read_whole, args=[organisation_id], name=f"index {organisation_id}", daemon=True).start()


def _read_whole(organisation_id: UUID) -> None:
    try:
        with acting_in(organisation_id):
            fresh_index(now=timezone.now())
    except Exception:
        logger.exception("an index could not be read ahead")  # whoever needs it reads it, or hears why not
    finally:
        connection.close()
        with _guard:
            _reading_ahead.discard(organisation_id)


def _has_lost_rows(kept: Kept) -> bool:
    """Say, once in a while, whether something that was read is gone: deleted, too old to be kept, or somebody left."""
    if kept.read_until - kept.looked_back_at < LOOK_BACK:
        return False
    kept.looked_back_at = kept.read_until
    _take_in_vectors(kept)
    if kept.twice > max(MOST_TWICE, kept.answers // 8):
        return True
    if Answer.objects.filter(mentor__isnull=False).count() < kept.answers:
        return True
    left = Membership.objects.here().exclude(state=Membership.State.ACTIVE).values_list("person_id", flat=True)
    return not kept.people.isdisjoint(left)


def _read_on(kept: Kept) -> None:
    """Read what was stored since the last time, but not again what is known of the stretch that is read twice."""
    began = timezone.now()
    since = kept.read_until - OVERLAP
    new_rows = [row for row in _stored(since=since) if kept.known.get(row[0]) != row[1]]
    answers = [row[2:] for row in new_rows]
    members = [member for member in _changed(since=since) if kept.known.get(member.pk) != member.changed_at]
    kept.known |= {row[0]: row[1] for row in new_rows} | {member.pk: member.changed_at for member in members}
    kept.known = {row_id: at for row_id, at in kept.known.items() if at > began - OVERLAP}
    kept.read_until = began
    if not answers and not members:
        return
    if not kept.is_begun:
        kept.is_begun, kept.sequences = True, _sequences()
        kept.born = Organisation.objects.get(pk=current_organisation_id()).created_at.timestamp() / DAY
        kept.encoder = encoder_here()
        kept.index = Index(has_clock=kept.sequences is None)
    kept.answers += len(answers)
    kept.people |= {member.person_id for member in members}
    kept.index.add_people(_people(members))
    kept.index.add_questions(_told(kept, {row[0] for row in answers}))
    kept.index.add_answers(_past_answer(kept, *row) for row in answers)


def past_answers(kept: Kept, answers: QuerySet[Answer]) -> list[PastAnswer]:
    """Return answers as an index is told of them."""
    rows = answers.values_list("question_id", "mentor_id", "given_at", "sequence")
    return [_past_answer(kept, *row) for row in rows.iterator(chunk_size=2000)]


def _past_answer(
    kept: Kept, question_id: UUID, mentor_id: UUID, given_at: datetime | None, sequence: int | None
) -> PastAnswer:
    return PastAnswer(question=str(question_id), person=str(mentor_id), at=_in_days(kept, given_at, sequence))


def _told(kept: Kept, question_ids: set[UUID]) -> list[PastQuestion]:
    """Return questions as the index is told of them, with vectors where they are made already."""
    if not question_ids:
        return []
    vectors = vectors_of(question_ids, kept.encoder)
    kept.has_vectors |= bool(vectors)
    if kept.encoder is not None:
        kept.unread |= question_ids - vectors.keys()
    return list(past_questions(kept, Question.objects.filter(pk__in=question_ids).order_by("pk"), vectors))


def past_questions(
    kept: Kept, questions: QuerySet[Question], vectors: Mapping[UUID, Numbers] | None = None
) -> Iterator[PastQuestion]:
    """Yield questions as an index is told of them."""
    vectors = vectors or {}
    wanted = questions.only("id", "text", "asked_at", "sequence", "topics", "language", "mentee_id")
    for question in wanted.iterator(chunk_size=2000):
        yield PastQuestion(
            id=str(question.pk),
            text=question.text,
            at=_in_days(kept, question.asked_at, question.sequence),
            tags=frozenset(topic.lower() for topic in question.topics),
            language=question.language or None,
            asker=str(question.mentee_id) if question.mentee_id else None,
            vector=vectors.get(question.pk),
        )


def _take_in_vectors(kept: Kept) -> None:
    """Tell the index once more of questions whose vectors were made after it had heard of them."""
    made = vectors_of(kept.unread, kept.encoder)
    if not made:
        return
    kept.has_vectors = True
    kept.unread -= made.keys()
    kept.twice += len(made)
    kept.index.add_questions(past_questions(kept, Question.objects.filter(pk__in=made).order_by("pk"), made))


def _take_up_what_was_learned(kept: Kept) -> None:
    """Rank by what was learned last; looked at once in a while."""
    if monotonic() - kept.learned_looked_at < LOOK_FOR_LEARNED:
        return
    newest = rankers.newest()
    if newest != kept.learned or kept.learned_looked_at == -inf:
        kept.index.ranker, kept.index.weights = rankers.taught_by(newest)
    kept.learned, kept.learned_looked_at = newest, monotonic()


@prepared
def _stored(since: datetime) -> "QuerySet[Answer, tuple[Any, ...]]":
    stored = Answer.objects.filter(stored_at__gt=since, mentor__isnull=False).order_by("pk")
    return stored.values_list("pk", "stored_at", "question_id", "mentor_id", "given_at", "sequence")


@prepared
def _changed(since: datetime) -> QuerySet[Membership]:
    return Membership.objects.mentors().filter(changed_at__gt=since).select_related("person").order_by("pk")


def _people(members: list[Membership]) -> list[PersonText]:
    skills: dict[UUID, list[str]] = {}
    for membership_id, name in (
        Skill.objects.filter(membership__in=members).order_by("name").values_list("membership_id", "name")
    ):
        skills.setdefault(membership_id, []).append(name)
    samples: dict[UUID, list[str]] = {}
    for sample in SampleAnswer.objects.filter(membership__in=members).order_by("pk"):
        samples.setdefault(sample.membership_id, []).append(f"{sample.question} {sample.answer}")
    return [
        PersonText(
            id=str(member.person_id),
            text="\n".join(part for part in _own_words(member) if part),
            skills=tuple(skills.get(member.pk, ())),
            languages=frozenset(member.person.languages),
            samples=tuple(samples.get(member.pk, ())),
            background=fields_in([member.headline, *skills.get(member.pk, ())]),
        )
        for member in members
    ]


def _own_words(member: Membership) -> tuple[str, ...]:
    """Return what a member wrote of themselves; an imported headline was made from answers, which speak already."""
    headline = member.headline if member.person.is_claimed else ""
    return headline, member.story, member.asked_about


def _sequences() -> tuple[int, int] | None:
    """Return the first and last number of a community that knows no times."""
    found = Question.objects.aggregate(first=Min("sequence"), last=Max("sequence"))
    return (found["first"], found["last"]) if found["last"] is not None else None


def _in_days(kept: Kept, at: datetime | None, sequence: int | None) -> float:
    if at is not None:
        days = at.timestamp() / DAY
    elif sequence is not None and kept.sequences is not None:
        first, last = kept.sequences
        days = kept.born - SEQUENCE_SPAN * (last - sequence) / max(last - first, 1)
    else:
        days = 0.0
    kept.newest = max(kept.newest, days)
    return days


def _now_in_days(kept: Kept, now: datetime) -> float:
    """Return the moment of asking: just after all evidence, where an import is newer than the clock."""
    return max(now.timestamp() / DAY, kept.newest + 1e-6)
