"""Finding somebody: searches, waves, offers, and the steps down the ladder when nobody takes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.actions import (
    ask_question,
    locked,
    mark_claimed,
    mark_open,
    mark_searching,
    mark_waiting,
    note_gap,
)
from momentor.asking.models import Question
from momentor.dispatch import candidates
from momentor.dispatch.events import OfferAccepted, OfferLapsed, OfferMade, OfferPassed, SearchEmpty, SearchStarted
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.reach import Reach, is_in_session, mentors_for, written_only
from momentor.dispatch.waves import LIVE, WRITTEN, Candidate, Pace, next_wave, next_wave_at
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.pushing import person_stream, push
from momentor.foundation.refusals import Refusal
from momentor.people.models import Block, Medium, Membership, Person
from momentor.sessions.actions import open_session
from momentor.sessions.models import Session

ANSWER_WITHIN = timedelta(days=3)
HELD_FOR = timedelta(minutes=2)
KEEPS_LOOKING = timedelta(days=14)
CONSIDERED = 60


class OfferGone(Refusal):
    message = _("Somebody else has taken this question, or it is no longer needed. Thank you for looking.")


class AlreadyInSession(Refusal):
    message = _("You are in a conversation right now. Finish it, then take the next question.")


class NotSearching(Refusal):
    message = _("There is no search running for this question. Reload the page to see where it stands.")


class NobodyChosen(Refusal):
    message = _("Choose at least one mentor, or “whoever is first”.")
    status = 422


class NothingWaiting(Refusal):
    message = _("No question is waiting that fits you right now. We will tell you when one comes.")
    status = 404


# Asking


@transaction.atomic
def start_search(
    *, question: Question, by: Person, now: datetime, chosen: Sequence[UUID] = (), in_writing: bool = False
) -> Search:
    """Put a question before mentors: those chosen, or whoever is first; live, or in writing over days.

    Starting twice gives the search that runs. Raises TooManyOpenQuestions, QuestionMovedOn, NotSearching,
    NobodyChosen.
    """
    if question.state == Question.State.DRAFT:
        ask_question(question=question, by=by, now=now)
    question = locked(question, mentee=by)
    running = Search.objects.filter(question=question, state=Search.State.RUNNING).first()
    if running is not None:
        return running
    if not question.may_be_claimed:
        raise NotSearching
    if question.audience == Question.Audience.CHOSEN and not chosen:
        raise NobodyChosen
    return _begin(question, now=now, chosen=chosen, in_writing=in_writing or written_only(question))


@transaction.atomic
def widen_search(*, question: Question, by: Person, now: datetime) -> Search:
    """Let others than the chosen be asked, and ask them now. Raises NotSearching."""
    search = _running_search(question, by=by)
    search.is_widened = True
    search.save(update_fields=["is_widened"])
    _make_wave(search, now=now)
    return search


@transaction.atomic
def turn_into_writing(
    *, question: Question, by: Person | None, now: datetime, answer_by: datetime | None = None
) -> Search:
    """Stop waiting live: ask for a written answer, by a stated time, from a wider circle.

    Raises NotSearching once somebody has it.
    """
    question = locked(question)
    if by is not None and question.mentee_id != by.pk:
        raise NotSearching
    if not question.may_be_claimed:
        raise NotSearching
    live = Search.objects.filter(question=question, pace=Search.Pace.LIVE).order_by("-started_at").first()
    question.medium = Medium.ASYNC
    question.save(update_fields=["medium"])
    mark_waiting(
        question=question,
        step=Question.Step.BY_TIME,
        reason="in_writing",
        answer_by=answer_by or now + ANSWER_WITHIN,
        now=now,
    )
    if live is None:
        return _begin(question, now=now, chosen=(), in_writing=True)
    Search.objects.filter(pk=live.pk, state=Search.State.RUNNING).update(state=Search.State.STOPPED, ended_at=now)
    keeps_choice = question.audience == Question.Audience.CHOSEN and not live.is_widened
    return _begin(
        question, now=now, chosen=live.chosen if keeps_choice else (), in_writing=True, takes_over=live
    )


@transaction.atomic
def stop_search(*, question: Question, by: Person, now: datetime) -> None:
    """End the live round; the question stays open, and its mentee chooses the next step. Raises NotSearching."""
    search = _running_search(question, by=by)
    question = locked(question)
    _stop_searches(question, now=now)
    if question.state == Question.State.SEARCHING:
        mark_open(question=question, reason="search_stopped", now=now)
    _tell_mentee(search.question, "search")


# Deciding


@transaction.atomic
def accept_offer(*, offer: Offer, by: Person, now: datetime) -> Session:
    """Give the question to this mentor and open a room for the two of them.

    Accepting twice gives the same session. Raises OfferGone, AlreadyInSession.
    """
    # Lock the question, not the offer: two mentors hold different offers to the same question.
    question = locked(offer.question)
    offer = Offer.objects.get(pk=offer.pk, mentor=by)
    if offer.state == Offer.State.ACCEPTED:
        session = Session.objects.unended().filter(question=question, mentor=by).first()
        if session is not None:
            return session
    if not (question.may_be_claimed and offer.is_open(now)) or _apart(question, by):
        raise OfferGone
    # One live conversation at a time: two accepted offers of one mentor meet at this lock.
    Membership.objects.select_for_update().get(person=by)
    if question.medium != Medium.ASYNC and is_in_session(by):
        raise AlreadyInSession

    offer.state = Offer.State.ACCEPTED
    offer.decided_at = now
    offer.save(update_fields=["state", "decided_at"])
    _withdraw_others(question, now=now)
    Search.objects.filter(question=question, state=Search.State.RUNNING).update(state=Search.State.FOUND, ended_at=now)
    mark_claimed(question=question, by=by, now=now)
    session = open_session(question=question, mentor=by, now=now)
    announce(OfferAccepted(offer_id=offer.pk, session_id=session.pk, at=now))
    _tell_mentee(question, "claimed", session_id=str(session.pk))
    return session


@transaction.atomic
def pass_offer(*, offer: Offer, by: Person, now: datetime, reason: str = "") -> Offer:
    """Leave the question to others; they are asked at once when everybody of this wave has decided.

    Raises OfferGone when it is no longer this mentor's to pass on.
    """
    locked(offer.question)
    offer = Offer.objects.select_related("search").get(pk=offer.pk, mentor=by)
    if offer.state == Offer.State.PASSED:
        return offer
    if offer.state != Offer.State.WAITING:
        raise OfferGone
    offer.state = Offer.State.PASSED
    offer.pass_reason = reason[:60]
    offer.decided_at = now
    offer.save(update_fields=["state", "pass_reason", "decided_at"])
    announce(OfferPassed(offer_id=offer.pk, at=now))
    _hurry(offer.search, now=now)
    return offer


@transaction.atomic
def pull_question(*, by: Person, minutes: int, now: datetime) -> Offer:
    """Find the waiting question where this mentor helps most within these minutes, and hold it for them briefly.

    A question already offered to them and still open comes first. Raises NothingWaiting, AlreadyInSession.
    """
    membership = Membership.objects.select_related("person").get(person=by)
    if is_in_session(by):
        raise AlreadyInSession
    held = (
        Offer.objects.waiting()
        .filter(mentor=by, lapses_at__gt=now, question__time_box__lte=minutes)
        .select_related("question")
        .order_by("-score", "made_at")
        .first()
    )
    if held is not None:
        return held
    for question in _waiting_for(membership, minutes=minutes, now=now):
        question = locked(question)
        if not question.may_be_claimed:
            continue
        search = _search_for(question, now=now)
        offer, is_new = Offer.objects.get_or_create(
            question=question,
            mentor=by,
            defaults={
                "search": search,
                "wave": search.wave,
                "made_at": now,
                "lapses_at": now + HELD_FOR,
                "reasons": [{"kind": "pulled", "weight": 0, "question": None, "words": []}],
            },
        )
        if is_new:
            jobs.enqueue(lapse_offer, at=offer.lapses_at, offer_id=offer.pk)
            return offer
    raise NothingWaiting


@transaction.atomic
def see_offer(*, offer: Offer, now: datetime) -> None:
    """Note that the mentor has the brief in front of them."""
    Offer.objects.filter(pk=offer.pk, seen_at=None).update(seen_at=now)


# What time does


@jobs.job
def go_on(*, search_id: UUID, wave: int) -> None:
    """Send the next wave of a search, unless somebody accepted or it has moved on already."""
    found = Search.objects.filter(pk=search_id, state=Search.State.RUNNING, wave=wave).first()
    if found is not None:
        with transaction.atomic():
            locked(found.question)
            search = Search.objects.select_for_update().get(pk=search_id)
            if search.is_running and search.wave == wave:
                _make_wave(search, now=timezone.now())


@jobs.job
def lapse_offer(*, offer_id: UUID) -> None:
    """Let an offer lapse that nobody decided on."""
    now = timezone.now()
    offer = Offer.objects.filter(pk=offer_id, state=Offer.State.WAITING).select_related("search").first()
    if offer is None:
        return
    with transaction.atomic():
        locked(offer.question)
        if Offer.objects.waiting().filter(pk=offer_id, lapses_at__lte=now).update(state=Offer.State.LAPSED, decided_at=now):
            announce(OfferLapsed(offer_id=offer_id, at=now))
            _tell(offer.mentor_id, "offer_gone", offer_id=str(offer.pk))
            _hurry(offer.search, now=now)


@jobs.job
def look_after_promise(*, question_id: UUID) -> None:
    """When the stated time has come without an answer: say so, note the gap, and keep looking."""
    now = timezone.now()
    question = Question.objects.filter(pk=question_id, state=Question.State.WAITING).first()
    if question is None or question.answer_by is None or question.answer_by > now:
        return
    with transaction.atomic():
        question = locked(question)
        if question.state == Question.State.WAITING and question.step != Question.Step.NOBODY:
            _nobody(question, now=now)


@jobs.job
def look_again(*, question_id: UUID) -> None:
    """Ask those who have come since, once a day, while nobody could take the question."""
    question = Question.objects.filter(pk=question_id, state=Question.State.WAITING).first()
    if question is None or question.step != Question.Step.NOBODY:
        return
    with transaction.atomic():
        question = locked(question)
        if question.may_be_claimed and not Search.objects.filter(question=question, state="running").exists():
            _begin(question, now=timezone.now(), chosen=(), in_writing=True)


# Steps that other domains take through facts


def search_again(*, question: Question, mentor: Person | None, reason: str, now: datetime) -> None:
    """Put a returned question before others; nobody is offered it twice.

    When it was the mentee who did not come, nobody is made to wait for them: it goes on in writing.
    """
    question = locked(question)
    if question.state not in (Question.State.CLAIMED, Question.State.IN_SESSION, Question.State.SCHEDULED):
        return
    if mentor is not None:
        Offer.objects.filter(question=question, mentor=mentor, state=Offer.State.ACCEPTED).update(
            state=Offer.State.RETURNED
        )
    mark_open(question=question, reason=reason, now=now)
    if reason == Session.EndReason.MENTEE_ABSENT:
        turn_into_writing(question=question, by=None, now=now)
        return
    _begin(question, now=now, chosen=(), in_writing=written_only(question))


def drop_question(*, question: Question, now: datetime) -> None:
    """End every search and offer of a question that went away."""
    question = locked(question)
    _stop_searches(question, now=now)


def part(*, one: Person, other: Person, now: datetime) -> None:
    """Withdraw what is on offer between two people of whom one blocked the other."""
    for offer in Offer.objects.waiting().filter(mentor__in=(one, other), question__mentee__in=(one, other)):
        locked(offer.question)
        if Offer.objects.waiting().filter(pk=offer.pk).update(state=Offer.State.WITHDRAWN, decided_at=now):
            _tell(offer.mentor_id, "offer_gone", offer_id=str(offer.pk))


def _begin(
    question: Question, *, now: datetime, chosen: Sequence[UUID], in_writing: bool, takes_over: Search | None = None
) -> Search:
    search = Search.objects.create(
        question=question,
        pace=Search.Pace.WRITTEN if in_writing else Search.Pace.LIVE,
        chosen=list(chosen),
        started_at=now,
    )
    if in_writing:
        if question.state != Question.State.WAITING:
            mark_waiting(
                question=question,
                step=Question.Step.BY_TIME,
                reason="in_writing",
                answer_by=question.answer_by or now + ANSWER_WITHIN,
                now=now,
            )
        assert question.answer_by is not None
        jobs.enqueue(look_after_promise, at=question.answer_by, question_id=question.pk)
    else:
        mark_searching(question=question, now=now)
    announce(SearchStarted(search_id=search.pk, at=now))
    if takes_over is not None:
        _give_more_time(takes_over, search, now=now)
    _make_wave(search, now=now)
    return search


def _give_more_time(live: Search, written: Search, *, now: datetime) -> None:
    """Let those who were away when it was live answer in writing: the same offer, with a day instead of minutes."""
    undecided = Offer.objects.filter(search=live, state__in=(Offer.State.WAITING, Offer.State.LAPSED))
    for offer in undecided.order_by("made_at"):
        lapsed = offer.state == Offer.State.LAPSED
        offer.search = written
        offer.state = Offer.State.WAITING
        offer.decided_at = None
        offer.lapses_at = now + WRITTEN.offer_lasts
        offer.save(update_fields=["search", "state", "decided_at", "lapses_at"])
        jobs.enqueue(lapse_offer, at=offer.lapses_at, offer_id=offer.pk)
        if lapsed:
            announce(OfferMade(offer_id=offer.pk, at=now))
            _tell(offer.mentor_id, "offer", offer_id=str(offer.pk))


def _make_wave(search: Search, *, now: datetime) -> None:
    """Offer the question to the next few people, or go down the ladder when there is nobody left to ask."""
    question = search.question
    pace = WRITTEN if search.pace == Search.Pace.WRITTEN else LIVE
    reach = _askable(search, now=now)
    ranked = candidates.rank(question, only=reach.keys(), now=now, take=CONSIDERED)
    suggested = candidates.suggestions(ranked, reach)
    ordered = _in_order(search, suggested, reach)
    wave = next_wave(ordered)
    if search.wave >= pace.waves or not wave:
        if not Offer.objects.waiting().filter(search=search, lapses_at__gt=now).exists():
            _come_up_empty(search, now=now)
            return
        wave = []  # those who were asked may still say yes
    if search.wave == 0 or wave:
        search.wave += 1
    search.next_wave_at = next_wave_at(pace, now)
    search.save(update_fields=["wave", "next_wave_at"])
    if wave:
        picked = {one.person_id for one in wave}
        candidates.write_ledger(
            question=question,
            search=search,
            suggested=[one for one in suggested if one.person_id in picked],
            considered=len(reach),
            now=now,
        )
        reasons = {one.person_id: candidates.reasons_as_json(one.ranked) for one in suggested}
        for one in wave:
            _offer(search, one, reasons.get(one.person_id, []), pace=pace, now=now)
    jobs.enqueue(go_on, at=search.next_wave_at, search_id=search.pk, wave=search.wave)
    _tell_mentee(question, "search")


def _askable(search: Search, *, now: datetime) -> dict[UUID, Reach]:
    reach = mentors_for(search.question, now=now)
    if search.chosen and not search.is_widened:
        reach = {person_id: one for person_id, one in reach.items() if person_id in search.chosen}
    if search.pace == Search.Pace.WRITTEN:
        return {person_id: one for person_id, one in reach.items() if one.has_room}
    return {person_id: one for person_id, one in reach.items() if one.may_be_disturbed}


def _in_order(
    search: Search, suggested: list[candidates.Suggestion], reach: dict[UUID, Reach]
) -> list[Candidate]:
    """Return those to ask: the present before those who are merely reachable, the best fit first among equals.

    People the mentee chose are asked whether or not anything speaks for them; others only with a reason.
    """
    fits = {one.person_id: one for one in suggested}
    chosen = [person_id for person_id in search.chosen if person_id in reach and person_id not in fits]
    expected = candidates.chances({person_id: reach[person_id].presence for person_id in chosen})
    unreasoned = [Candidate(person_id=person_id, chance=expected[person_id].of_yes) for person_id in chosen]
    tiers = {"available": 0, "hours": 1, "reachable": 2}
    ordered = [
        Candidate(person_id=one.person_id, chance=one.chance.of_yes, score=one.ranked.score)
        for one in sorted(suggested, key=lambda one: (tiers[one.reach.presence], -one.ranked.score, str(one.person_id)))
    ]
    if search.pace == Search.Pace.WRITTEN:
        ordered.sort(key=lambda one: (-one.score, str(one.person_id)))
    return [*unreasoned, *ordered]


def _offer(search: Search, one: Candidate, reasons: list[dict[str, object]], *, pace: Pace, now: datetime) -> None:
    offer, is_new = Offer.objects.get_or_create(
        question=search.question,
        mentor_id=one.person_id,
        defaults={
            "search": search,
            "wave": search.wave,
            "score": one.score,
            "reasons": reasons,
            "made_at": now,
            "lapses_at": now + pace.offer_lasts,
        },
    )
    if not is_new:
        return
    jobs.enqueue(lapse_offer, at=offer.lapses_at, offer_id=offer.pk)
    announce(OfferMade(offer_id=offer.pk, at=now))
    _tell(one.person_id, "offer", offer_id=str(offer.pk))


def _hurry(search: Search, *, now: datetime) -> None:
    """Send the next wave at once when nobody of this one is still deciding."""
    search = Search.objects.select_for_update().get(pk=search.pk)
    if search.is_running and not Offer.objects.waiting().filter(search=search, lapses_at__gt=now).exists():
        _make_wave(search, now=now)
    else:
        _tell_mentee(search.question, "search")


def _come_up_empty(search: Search, *, now: datetime) -> None:
    """Go one step down the ladder: from live to writing, from writing to nobody yet. It never just ends."""
    search.state = Search.State.EMPTY
    search.ended_at = now
    search.save(update_fields=["state", "ended_at"])
    question = locked(search.question)
    if not question.may_be_claimed:
        return
    announce(SearchEmpty(search_id=search.pk, at=now))
    if search.pace == Search.Pace.WRITTEN:
        _nobody(question, now=now)
    elif question.audience == Question.Audience.CHOSEN and not search.is_widened:
        # Their choice is kept: others are asked only when they say so.
        mark_waiting(question=question, step=Question.Step.SOON, reason="chosen_did_not_answer", now=now)
    else:
        turn_into_writing(question=question, by=None, now=now)
    _tell_mentee(question, "search")


def _nobody(question: Question, *, now: datetime) -> None:
    mark_waiting(question=question, step=Question.Step.NOBODY, reason="nobody_yet", now=now)
    note_gap(question=question, now=now)
    if question.asked_at is not None and now < question.asked_at + KEEPS_LOOKING:
        jobs.enqueue(look_again, at=now + timedelta(days=1), question_id=question.pk)
    _tell_mentee(question, "search")


def _running_search(question: Question, *, by: Person) -> Search:
    locked(question, mentee=by)
    search = Search.objects.select_for_update().filter(question=question, state=Search.State.RUNNING).first()
    if search is None:
        raise NotSearching
    return search


def _search_for(question: Question, *, now: datetime) -> Search:
    """Return the question's running search, or one that stands for a mentor's own pull."""
    search = Search.objects.filter(question=question, state=Search.State.RUNNING).first()
    return search or Search.objects.create(
        question=question, pace=Search.Pace.WRITTEN, state=Search.State.EMPTY, started_at=now, ended_at=now
    )


def _waiting_for(membership: Membership, *, minutes: int, now: datetime) -> list[Question]:
    """Return the questions that wait and that this mentor may be asked, best fit first, fifty at most."""
    waiting = (
        Question.objects.filter(
            state__in=(Question.State.SEARCHING, Question.State.WAITING, Question.State.OPEN), time_box__lte=minutes
        )
        .exclude(mentee=membership.person)
        .exclude(audience=Question.Audience.CHOSEN)
        .select_related("mentee", "programme")
        .order_by("asked_at")[:50]
    )
    fitting: list[tuple[float, Question]] = []
    for question in waiting:
        if membership.person_id not in mentors_for(question, now=now):
            continue
        ranked = candidates.rank(question, only=[membership.person_id], now=now, take=1)
        fitting.append((ranked[0].score if ranked else 0.0, question))
    return [question for _score, question in sorted(fitting, key=lambda pair: (-pair[0], str(pair[1].pk)))]


def _stop_searches(question: Question, *, now: datetime) -> None:
    _withdraw_others(question, now=now)
    Search.objects.filter(question=question, state=Search.State.RUNNING).update(
        state=Search.State.STOPPED, ended_at=now
    )


def _withdraw_others(question: Question, *, now: datetime) -> None:
    """Withdraw the offers of this question that still wait, and only those."""
    waiting = Offer.objects.waiting().filter(question=question)
    gone = list(waiting.values_list("pk", "mentor_id"))
    waiting.update(state=Offer.State.WITHDRAWN, decided_at=now)
    for offer_id, mentor_id in gone:
        _tell(mentor_id, "offer_gone", offer_id=str(offer_id))


def _apart(question: Question, mentor: Person) -> bool:
    return question.mentee is None or Block.objects.between(question.mentee, mentor)


def _tell_mentee(question: Question, what: str, **facts: str) -> None:
    if question.mentee_id:
        _tell(question.mentee_id, what, question_id=str(question.pk), **facts)


def _tell(person_id: UUID, what: str, **facts: str) -> None:
    push(to=person_stream(person_id), message={"t": what, **facts})


