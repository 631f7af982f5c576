"""Rounds of a search: whom a wave asks, what time does, and the steps down the ladder when nobody takes it.

Everything here runs under the question's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from matchwell.ledger import Considered
from momentor.asking.actions import locked, mark_searching, mark_waiting, note_gap
from momentor.asking.models import Question
from momentor.dispatch import candidates, ledger
from momentor.dispatch.events import ChoiceLapsed, OfferLapsed, OfferMade, OfferWithdrawn, SearchEmpty, SearchStarted
from momentor.dispatch.lists import Askable, WaveRecord, in_order
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.reach import Reach, mentor_ids_for, reach_of
from momentor.dispatch.waves import LIVE, MOST, WRITTEN, Candidate, Pace, next_wave, next_wave_at
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.pushing import person_stream, push
from momentor.people.models import Medium

ANSWER_WITHIN = timedelta(days=3)
HELD_FOR = timedelta(minutes=2)
SOON_LASTS = timedelta(days=1)
LOOKS_AGAIN_AFTER = timedelta(days=1)
KEEPS_LOOKING = timedelta(days=14)
IN_CONVERSATION = timedelta(minutes=15)
CONSIDERED = 60

# The same as `is_undecided`, of rows.
UNDECIDED = Q(state=Question.State.OPEN) | Q(state=Question.State.WAITING, step=Question.Step.SOON)


def begin(
    question: Question,
    *,
    now: datetime,
    in_writing: bool,
    chosen: Sequence[UUID] = (),
    is_widened: bool = False,
    answer_by: datetime | None = None,
    takes_over: Search | None = None,
) -> Search:
    """Start a round for a question that nobody has, and ask the first few."""
    search = Search.objects.create(
        question=question,
        pace=Search.Pace.WRITTEN if in_writing else Search.Pace.LIVE,
        chosen=list(chosen),
        is_widened=is_widened,
        started_at=now,
    )
    if in_writing:
        _promise(question, answer_by, now=now)
    else:
        mark_searching(question=question, now=now)
    announce(SearchStarted(search_id=search.pk, at=now))
    if takes_over is not None:
        _give_more_time(takes_over, search, now=now)
    make_wave(search, now=now)
    return search


def write_instead(
    question: Question, *, now: datetime, answer_by: datetime | None = None, chosen: Sequence[UUID] = ()
) -> Search:
    """Ask for a written answer instead of a live one; where that is so already, promise the new time.

    `chosen` are those whom the mentee chose and who have not decided yet.
    """
    written = Search.objects.filter(question=question, pace=Search.Pace.WRITTEN, state=Search.State.RUNNING).first()
    if written is not None:
        _promise(question, answer_by, now=now)
        tell_mentee(question, "search")
        return written
    live = Search.objects.filter(question=question, pace=Search.Pace.LIVE).order_by("-started_at", "-pk").first()
    if live is not None:
        Search.objects.filter(pk=live.pk, state=Search.State.RUNNING).update(state=Search.State.STOPPED, ended_at=now)
    kept, is_widened = choice_of(question)
    return begin(
        question,
        now=now,
        in_writing=True,
        chosen=chosen or kept,
        is_widened=is_widened,
        answer_by=answer_by,
        takes_over=live,
    )


def choice_of(question: Question) -> tuple[Sequence[UUID], bool]:
    """Return whom later rounds may ask, and whether the mentee let others be asked as well.

    Where only chosen mentors may be asked, the choice outlives the round in which it was made.
    """
    last = Search.objects.filter(question=question).order_by("-started_at", "-pk").first()
    if last is None or question.audience != Question.Audience.CHOSEN:
        return (), False
    return last.chosen, last.is_widened


def make_wave(search: Search, *, now: datetime) -> None:
    """Offer the question to the next few people, or go down the ladder when there is nobody left to ask."""
    question = search.question
    if not question.may_be_claimed:
        stop_searches(question, now=now)
        return
    pace = WRITTEN if search.pace == Search.Pace.WRITTEN else LIVE
    found = _find(search, now=now)
    wave = next_wave([one.candidate for one in found.askable], best=found.best_busy)
    if not wave and found.is_worth_waiting:
        _wait(search, now=now)
        return
    if search.wave >= pace.waves or not wave:
        if not Offer.objects.waiting().filter(search=search, lapses_at__gt=now).exists():
            if search.wave == 0:
                _write_ledger(search, found, [], now=now)
            _come_up_empty(search, now=now)
            return
        wave = []  # those who were asked may still say yes
    # Of each search the ledger says how its first look came out, also where there was nobody to ask.
    asked = _write_ledger(search, found, wave, now=now) if search.wave == 0 or wave else []
    if search.wave == 0 or wave:
        search.wave += 1
    search.next_wave_at = next_wave_at(pace, now)
    search.save(update_fields=["wave", "next_wave_at"])
    for one in asked:
        _offer(search, one, pace=pace, now=now)
    jobs.enqueue(go_on, at=search.next_wave_at, search_id=search.pk, wave=search.wave)
    tell_mentee(question, "search")


def _wait(search: Search, *, now: datetime) -> None:
    """Look again soon: whoever could be asked in writing is in a conversation, where nobody is disturbed."""
    search.next_wave_at = now + IN_CONVERSATION
    search.save(update_fields=["next_wave_at"])
    jobs.enqueue(go_on, at=search.next_wave_at, search_id=search.pk, wave=search.wave)
    tell_mentee(search.question, "search")


def hurry(search: Search, *, now: datetime) -> None:
    """Send the next wave at once when nobody of this one is still deciding."""
    search = Search.objects.select_for_update().get(pk=search.pk)
    if search.is_running and not Offer.objects.waiting().filter(search=search, lapses_at__gt=now).exists():
        make_wave(search, now=now)
    else:
        tell_mentee(search.question, "search")


def stop_searches(question: Question, *, now: datetime) -> None:
    """End what runs for a question, and withdraw its offers that wait."""
    withdraw_others(question, now=now)
    Search.objects.filter(question=question, state=Search.State.RUNNING).update(
        state=Search.State.STOPPED, ended_at=now
    )


def is_undecided(question: Question) -> bool:
    """Return whether it is the mentee's turn to choose a next step."""
    return question.state == Question.State.OPEN or question.step == Question.Step.SOON


def withdraw_others(question: Question, *, now: datetime) -> None:
    """Withdraw the offers of this question that still wait, and only those."""
    waiting = Offer.objects.waiting().filter(question=question)
    gone = list(waiting.values_list("pk", "mentor_id"))
    waiting.update(state=Offer.State.WITHDRAWN, decided_at=now)
    for offer_id, mentor_id in gone:
        announce(OfferWithdrawn(offer_id=offer_id, at=now))
        tell(mentor_id, "offer_gone", offer_id=str(offer_id))


def tell_mentee(question: Question, what: str, **facts: str) -> None:
    """Tell the open pages of the one who asks that something moved."""
    if question.mentee_id:
        tell(question.mentee_id, what, question_id=str(question.pk), **facts)


def tell(person_id: UUID, what: str, **facts: str) -> None:
    """Tell a person's open pages."""
    push(to=person_stream(person_id), message={"t": what, **facts})


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
                make_wave(search, now=timezone.now())


@jobs.job
def lapse_offer(*, offer_id: UUID) -> None:
    """Let an offer lapse that nobody decided on."""
    now = timezone.now()
    offer = Offer.objects.filter(pk=offer_id, state=Offer.State.WAITING).select_related("search").first()
    if offer is None:
        return
    with transaction.atomic():
        locked(offer.question)
        lapsed = Offer.objects.waiting().filter(pk=offer_id, lapses_at__lte=now)
        if lapsed.update(state=Offer.State.LAPSED, decided_at=now):
            announce(OfferLapsed(offer_id=offer_id, at=now))
            tell(offer.mentor_id, "offer_gone", offer_id=str(offer.pk))
            hurry(offer.search, now=now)


@jobs.job
def leave_soon(*, question_id: UUID) -> None:
    """Go on in writing when a day has passed in which the mentee chose no next step, and say so."""
    now = timezone.now()
    question = Question.objects.filter(UNDECIDED, pk=question_id).first()
    if question is None:
        return
    with transaction.atomic():
        question = locked(question)
        if is_undecided(question) and now >= question.changed_at + SOON_LASTS:
            announce(ChoiceLapsed(question_id=question.pk, at=now))
            write_instead(question, now=now)


@jobs.job
def look_after_promise(*, question_id: UUID) -> None:
    """When the stated time has come without an answer: say so, note the gap, and keep looking."""
    now = timezone.now()
    question = Question.objects.filter(pk=question_id, state=Question.State.WAITING).first()
    if question is None or question.answer_by is None or question.answer_by > now:
        return
    with transaction.atomic():
        question = locked(question)
        is_promised = question.state == Question.State.WAITING and question.step == Question.Step.BY_TIME
        if is_promised and question.answer_by is not None and question.answer_by <= now:
            _nobody(question, now=now)


@jobs.job
def look_again(*, question_id: UUID) -> None:
    """Ask those who have come since, once a day, while nobody could take the question."""
    now = timezone.now()
    question = Question.objects.filter(pk=question_id, step=Question.Step.NOBODY).first()
    if question is None:
        return
    with transaction.atomic():
        question = locked(question)
        if question.step != Question.Step.NOBODY or now < question.changed_at + LOOKS_AGAIN_AFTER:
            return
        if Search.objects.filter(question=question, state=Search.State.RUNNING).exists():
            _look_again_tomorrow(question, now=now)
            return
        chosen, is_widened = choice_of(question)
        begin(question, now=now, chosen=chosen, is_widened=is_widened, in_writing=True)


# Whom to ask


@dataclass(frozen=True, kw_only=True)
class Found:
    """Those who may be asked next, in the order of asking, and why; for some of the chosen nothing else speaks."""

    considered: Considered
    suggested: dict[UUID, candidates.Suggestion]
    askable: list[Askable]
    may_be_asked: int
    is_worth_waiting: bool
    best_busy: float  # how well the best fits among those worth waiting for


def _find(search: Search, *, now: datetime) -> Found:
    able = mentor_ids_for(search.question, now=now)
    if _is_for_the_chosen(search):
        able &= set(search.chosen)
    # Most are found among the best few; only where those are busy it is worth looking further.
    for take in (CONSIDERED, CONSIDERED * 10, len(able)):
        considered = candidates.considered(search.question, only=able, now=now, take=take)
        ranked = considered.ranked
        wanted = {UUID(one.person) for one in ranked} | (able & set(search.chosen))
        everybody = reach_of(wanted, now=now)
        reach = {person_id: one for person_id, one in everybody.items() if _may_ask(search, one)}
        if len(reach) >= MOST or len(ranked) < take:
            break
    suggested = {one.person_id: one for one in candidates.suggestions(ranked, reach)}
    is_written = search.pace == Search.Pace.WRITTEN
    busy = {person_id for person_id, one in everybody.items() if is_written and one.is_busy and one.has_room}
    return Found(
        considered=considered,
        suggested=suggested,
        askable=_in_order(search, suggested, reach, [UUID(one.person) for one in ranked]),
        may_be_asked=len(able),
        is_worth_waiting=bool(busy),
        best_busy=max((candidates.fit(one) for one in ranked if UUID(one.person) in busy), default=0.0),
    )


def _is_for_the_chosen(search: Search) -> bool:
    return not search.is_widened and bool(search.chosen or search.question.audience == Question.Audience.CHOSEN)


def _may_ask(search: Search, reach: Reach) -> bool:
    if search.pace == Search.Pace.WRITTEN:
        return reach.has_room and not reach.is_busy
    return reach.may_be_disturbed


def _in_order(
    search: Search, suggested: dict[UUID, candidates.Suggestion], reach: dict[UUID, Reach], ranked: Sequence[UUID]
) -> list[Askable]:
    """Return those to ask, in order: people the mentee chose whether or not anything speaks for them."""
    place_of = {person_id: place for place, person_id in enumerate(ranked, start=1)}
    unreasoned = {person_id: one.presence for person_id, one in reach.items() if person_id not in suggested}
    expected = candidates.chances(unreasoned)
    rows = [
        Askable(
            person=str(person_id),
            presence=one.reach.presence,
            chance=one.chance.of_yes,
            score=one.ranked.score,
            fit=candidates.fit(one.ranked),
            place=place_of[person_id],
            is_chosen=person_id in search.chosen,
        )
        for person_id, one in suggested.items()
    ]
    rows += [
        Askable(
            person=str(person_id),
            presence=presence,
            chance=expected[person_id].of_yes,
            is_chosen=person_id in search.chosen,
        )
        for person_id, presence in unreasoned.items()
    ]
    return in_order(rows, is_written=search.pace == Search.Pace.WRITTEN)


def _write_ledger(search: Search, found: Found, wave: Sequence[Candidate], *, now: datetime) -> list[ledger.Asked]:
    """Keep how a wave came about, and return whom it asks, and why."""
    askable = {UUID(one.person): one for one in found.askable}
    asked = [
        ledger.asked_as(found.suggested[one.person_id])
        if one.person_id in found.suggested
        else ledger.Asked(
            person_id=one.person_id,
            score=0.0,
            fit=0.0,
            presence=askable[one.person_id].presence,
            chance=one.chance,
            reasons=[],
        )
        for one in wave
    ]
    is_written = search.pace == Search.Pace.WRITTEN
    kept = WaveRecord.of(found.considered, found.askable, best=found.best_busy, is_written=is_written)
    ledger.write_wave(search=search, kept=kept, asked=asked, may_be_asked=found.may_be_asked, now=now)
    return asked


def _offer(search: Search, one: ledger.Asked, *, pace: Pace, now: datetime) -> None:
    offer, is_new = Offer.objects.get_or_create(
        question=search.question,
        mentor_id=one.person_id,
        defaults={
            "search": search,
            "wave": search.wave,
            "score": one.fit,
            "reasons": one.reasons or [ledger.NO_REASON],
            "made_at": now,
            "lapses_at": now + pace.offer_lasts,
        },
    )
    if not is_new:
        return
    jobs.enqueue(lapse_offer, at=offer.lapses_at, offer_id=offer.pk)
    announce(OfferMade(offer_id=offer.pk, at=now))
    tell(one.person_id, "offer", offer_id=str(offer.pk))


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
            tell(offer.mentor_id, "offer", offer_id=str(offer.pk))


# Down the ladder


def _come_up_empty(search: Search, *, now: datetime) -> None:
    """Go one step down the ladder: from live to writing, from writing to nobody yet. It never just ends."""
    search.state = Search.State.EMPTY
    search.ended_at = now
    search.save(update_fields=["state", "ended_at"])
    question = locked(search.question)
    announce(SearchEmpty(search_id=search.pk, at=now))
    is_written = search.pace == Search.Pace.WRITTEN
    is_strict = question.audience == Question.Audience.CHOSEN
    if is_written and (is_strict or not _is_for_the_chosen(search)):
        _nobody(question, now=now)
    elif not _is_for_the_chosen(search):
        write_instead(question, now=now)
    elif is_written or is_strict or not _has_somebody_away(search):
        # Their choice is kept: others are asked only when they say so, or have said nothing for a day.
        mark_waiting(question=question, step=Question.Step.SOON, reason="chosen_did_not_answer", now=now)
        jobs.enqueue(leave_soon, at=now + SOON_LASTS, question_id=question.pk)
    else:
        write_instead(question, now=now, chosen=search.chosen)
    tell_mentee(question, "search")


def _has_somebody_away(search: Search) -> bool:
    """Return whether some of the chosen have not decided: they were not reached, or let it lapse."""
    undecided = (Offer.State.WAITING, Offer.State.LAPSED)
    decided = Offer.objects.filter(question=search.question, mentor_id__in=search.chosen).exclude(state__in=undecided)
    return bool(set(search.chosen) - set(decided.values_list("mentor_id", flat=True)))


def _promise(question: Question, answer_by: datetime | None, *, now: datetime) -> None:
    """Say by when an answer comes: the time that was stated, as long as it lies ahead.

    A question for which nobody could be found is looked after without a new promise.
    """
    if question.medium != Medium.ASYNC:
        question.medium = Medium.ASYNC
        question.save(update_fields=["medium"])
    if question.step == Question.Step.NOBODY and answer_by is None:
        return
    stated = question.answer_by if question.answer_by and question.answer_by > now else None
    promised = answer_by or stated or now + ANSWER_WITHIN
    mark_waiting(question=question, step=Question.Step.BY_TIME, reason="in_writing", answer_by=promised, now=now)
    jobs.enqueue(look_after_promise, at=promised, question_id=question.pk)


def _nobody(question: Question, *, now: datetime) -> None:
    mark_waiting(question=question, step=Question.Step.NOBODY, reason="nobody_yet", now=now)
    note_gap(question=question, now=now)
    _look_again_tomorrow(question, now=now)
    tell_mentee(question, "search")


def _look_again_tomorrow(question: Question, *, now: datetime) -> None:
    if question.asked_at is not None and now < question.asked_at + KEEPS_LOOKING:
        tomorrow = now + LOOKS_AGAIN_AFTER
        jobs.enqueue(look_again, at=tomorrow, once=f"look again for {question.pk}", question_id=question.pk)
