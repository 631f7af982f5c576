"""The whole loop by actions alone: ask, search, accept, talk, take away, be nudged, tell what came of it."""

from datetime import timedelta

import pytest

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.dispatch.actions import OfferGone, accept_offer, pass_offer, start_search
from momentor.dispatch.models import LedgerEntry, Offer, Search
from momentor.foundation.jobs import run_waiting
from momentor.learning.actions import reply_to_nudge, write_takeaway
from momentor.learning.models import Nudge, Outcome
from momentor.people.models import Membership, Person
from momentor.sessions.actions import attend, end_session
from momentor.sessions.models import Message, Session
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("acting")

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text=ASKED, language="en", now=NOW)


def test_a_question_finds_its_mentor_and_comes_to_its_outcome(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    Membership.objects.filter(person=ben).update(available_until=NOW + timedelta(hours=1))

    search = start_search(question=question, by=amina, now=NOW)
    offer = Offer.objects.get(search=search, mentor=ben)
    session = accept_offer(offer=offer, by=ben, now=NOW)
    attend(session_id=session.pk, person_id=amina.pk, now=NOW)
    attend(session_id=session.pk, person_id=ben.pk, now=NOW)
    Message.objects.create(session=session, seq=1, sender=ben, client_id="1", body="Lead one shift first.", sent_at=NOW)
    takeaway = write_takeaway(
        session=session,
        by=amina,
        insight="Try it before deciding",
        plan_if="the next shift needs a lead",
        plan_then="I ask for it",
        check_on=(NOW + timedelta(days=7)).date(),
        now=NOW,
    )
    end_session(session=session, by=amina, now=NOW)
    reply_to_nudge(nudge=Nudge.objects.get(takeaway=takeaway), by=amina, reply="done", helped=True, now=NOW)

    question.refresh_from_db()
    session.refresh_from_db()
    assert question.state == Question.State.ANSWERED
    assert session.state == Session.State.ENDED
    assert Search.objects.get().state == Search.State.FOUND
    assert LedgerEntry.objects.filter(search=search).exists()
    assert Outcome.objects.get().was_applied


def test_only_one_mentor_gets_the_question(question: Question, amina: Person, ben: Person, emil: Person) -> None:
    search = start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    accept_offer(offer=Offer.objects.get(search=search, mentor=ben), by=ben, now=NOW)

    with pytest.raises(OfferGone):
        accept_offer(offer=Offer.objects.get(search=search, mentor=emil), by=emil, now=NOW)


def test_when_everybody_passes_the_question_goes_on_in_writing(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    search = start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=NOW)
    for offer in Offer.objects.filter(search=search):
        pass_offer(offer=offer, by=offer.mentor, reason="Not my field", now=NOW)

    question.refresh_from_db()
    search.refresh_from_db()
    assert search.state == Search.State.EMPTY
    assert question.state == Question.State.WAITING
    assert question.step


def test_who_does_not_come_loses_the_question_to_the_next_and_is_not_asked_again(
    question: Question, amina: Person, ben: Person, emil: Person
) -> None:
    search = start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    session = accept_offer(offer=Offer.objects.get(search=search, mentor=ben), by=ben, now=NOW)
    attend(session_id=session.pk, person_id=amina.pk, now=NOW)

    run_waiting(until=NOW + timedelta(minutes=3))

    session.refresh_from_db()
    question.refresh_from_db()
    assert session.end_reason == Session.EndReason.MENTOR_ABSENT
    assert question.state in (Question.State.SEARCHING, Question.State.WAITING)
    assert Offer.objects.get(mentor=ben).state == Offer.State.RETURNED
