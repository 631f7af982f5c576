"""What a mentor does with a question that was put to them."""

from datetime import datetime

from django.db import transaction

from momentor.asking.actions import locked, mark_claimed
from momentor.asking.models import Question
from momentor.dispatch import candidates
from momentor.dispatch.actions.refusals import AlreadyInSession, NothingWaiting, OfferGone
from momentor.dispatch.actions.rounds import HELD_FOR, hurry, lapse_offer, tell_mentee, withdraw_others
from momentor.dispatch.events import OfferAccepted, OfferPassed
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.reach import is_in_session, one_at_a_time, questions_for
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.people.models import Block, Medium, Membership, Person
from momentor.sessions.actions import open_session
from momentor.sessions.models import Session


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
    if not Membership.objects.mentors().filter(person=by).exists():
        raise OfferGone
    # One live conversation at a time: two accepted offers of one mentor meet here, from whatever organisations.
    one_at_a_time(by)
    if question.medium != Medium.ASYNC and is_in_session(by):
        raise AlreadyInSession

    offer.state = Offer.State.ACCEPTED
    offer.decided_at = now
    offer.save(update_fields=["state", "decided_at"])
    withdraw_others(question, now=now)
    Search.objects.filter(question=question, state=Search.State.RUNNING).update(state=Search.State.FOUND, ended_at=now)
    mark_claimed(question=question, by=by, now=now)
    session = open_session(question=question, mentor=by, now=now)
    announce(OfferAccepted(offer_id=offer.pk, session_id=session.pk, at=now))
    tell_mentee(question, "claimed", session_id=str(session.pk))
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
    hurry(offer.search, now=now)
    return offer


@transaction.atomic
def pull_question(*, by: Person, minutes: int, now: datetime) -> Offer:
    """Find the waiting question where this mentor helps most within these minutes, and hold it for them briefly.

    A question already offered to them and still open comes first. Raises NothingWaiting, AlreadyInSession.
    """
    membership = Membership.objects.mentors().filter(person=by).select_related("person").first()
    if membership is None:
        raise NothingWaiting
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
    waiting = questions_for(membership, minutes=minutes, now=now)
    for question in candidates.by_fit(waiting, person_id=by.pk, now=now):
        offer = _hold(question, by, now=now)
        if offer is not None:
            return offer
    raise NothingWaiting


def _hold(question: Question, mentor: Person, *, now: datetime) -> Offer | None:
    # Whoever decides on it at this moment keeps it: skipping their lock, two who pull never wait for each other.
    free = Question.objects.select_for_update(skip_locked=True).filter(pk=question.pk).first()
    if free is None or not free.may_be_claimed:
        return None
    search = _search_for(free, now=now)
    offer, is_new = Offer.objects.get_or_create(
        question=free,
        mentor=mentor,
        defaults={
            "search": search,
            "wave": search.wave,
            "made_at": now,
            "lapses_at": now + HELD_FOR,
            "reasons": [{"kind": "pulled", "weight": 0, "question": None, "words": []}],
        },
    )
    if not is_new:
        return None
    jobs.enqueue(lapse_offer, at=offer.lapses_at, offer_id=offer.pk)
    tell_mentee(free, "search")
    return offer


def _search_for(question: Question, *, now: datetime) -> Search:
    """Return the question's running search, or one that stands for a mentor's own pull."""
    search = Search.objects.filter(question=question, state=Search.State.RUNNING).first()
    return search or Search.objects.create(
        question=question, pace=Search.Pace.WRITTEN, state=Search.State.EMPTY, started_at=now, ended_at=now
    )


@transaction.atomic
def see_offer(*, offer: Offer, now: datetime) -> None:
    """Note that the mentor has the brief in front of them."""
    Offer.objects.filter(pk=offer.pk, seen_at=None).update(seen_at=now)


def _apart(question: Question, mentor: Person) -> bool:
    return question.mentee is None or Block.objects.between(question.mentee, mentor)
