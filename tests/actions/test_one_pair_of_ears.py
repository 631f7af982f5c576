"""Somebody in several organisations is in one conversation at a time, whichever organisation it belongs to."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.dispatch.actions import AlreadyInSession, accept_offer, pull_question, start_search
from momentor.dispatch.models import Offer
from momentor.dispatch.reach import reach_of
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.models import Session
from tests.cast import make_mentor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(organisation: Organisation, amina: Person, ben: Person) -> Question:
    return asked(organisation, amina, ben)


@pytest.fixture
def there(other_organisation: Organisation, chloe: Person, ben: Person) -> Question:
    make_mentor(other_organisation, ben)
    return asked(other_organisation, chloe, ben)


def asked(organisation: Organisation, mentee: Person, mentor: Person) -> Question:
    with acting_in(organisation.pk):
        question = draft_question(
            by=mentee, text="Should I lead the crew of welders?", language="en", now=timezone.now()
        )
        start_search(question=question, by=mentee, chosen=[mentor.pk], now=timezone.now())
        return question


def accept(question: Question, mentor: Person) -> Session | Refusal:
    try:
        with acting_in(question.organisation_id, person_id=mentor.pk):
            return accept_offer(offer=Offer.objects.get(question=question), by=mentor, now=timezone.now())
    except Refusal as refusal:
        return refusal
    finally:
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()


def test_a_conversation_elsewhere_keeps_live_questions_away(here: Question, there: Question, ben: Person) -> None:
    accept(here, ben)

    with acting_in(there.organisation_id):
        assert reach_of([ben.pk], now=timezone.now())[ben.pk].is_busy
        with pytest.raises(AlreadyInSession):
            pull_question(by=ben, minutes=20, now=timezone.now())
    assert isinstance(accept(there, ben), AlreadyInSession)


def test_asking_who_is_busy_elsewhere_opens_nothing_else(here: Question, there: Question, ben: Person) -> None:
    accept(here, ben)

    with acting_in(there.organisation_id):
        reach_of([ben.pk], now=timezone.now())
        assert not Session.objects.exists()
        assert not Question.objects.filter(pk=here.pk).exists()


def test_two_offers_taken_at_the_same_instant_in_two_organisations_open_one_room(
    here: Question, there: Question, ben: Person
) -> None:
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda question: accept(question, ben), [here, there]))

    assert sorted(type(result).__name__ for result in results) == ["AlreadyInSession", "Session"]
