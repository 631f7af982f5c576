"""Locks are taken in one order, so that two who act at once never wait for each other in a circle."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from momentor.asking.actions import agree_to_show, draft_question, stop_showing
from momentor.asking.listeners import withdraw_questions_of
from momentor.asking.models import Answer, Question
from momentor.foundation.events import Event, Listener
from momentor.people.events import PersonLeft
from momentor.people.models import Person
from momentor.scheduling.listeners import cancel_between, cancel_bookings_of
from momentor.scheduling.models import Booking
from momentor.sessions.listeners import end_all_of, end_between
from momentor.sessions.models import Session
from momentor.trust.events import PersonBlocked
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("acting")

LOCKED = re.compile(r'FROM "asking_question" WHERE .*"asking_question"."id" = \'([0-9a-f-]+)\'::uuid.* FOR UPDATE')


@pytest.fixture
def questions(amina: Person, ben: Person) -> list[Question]:
    """Four questions with an open session and a booking each, which lie in the reverse of the order of their ids."""
    with connection.cursor() as cursor:  # rows come as they lie
        cursor.execute("set local enable_indexscan = off; set local enable_bitmapscan = off")
    found = [draft_question(by=amina, text=f"Question {number}?", now=NOW) for number in range(4)]
    for place, question in enumerate(reversed(found)):
        Question.objects.filter(pk=question.pk).update(state=Question.State.SCHEDULED)
        Session.objects.create(question=question, mentee=amina, mentor=ben, medium="chat", time_box=10, opened_at=NOW)
        starts = NOW + timedelta(days=1, hours=place)
        Booking.objects.create(
            question=question,
            mentee=amina,
            mentor=ben,
            medium="chat",
            during=(starts, starts + timedelta(minutes=10)),
            booked_at=NOW,
        )
    return found


def locked_by(listener: Listener, event: Event) -> list[UUID]:
    """Return the questions that a listener locks, each once, in the order in which it does."""
    with CaptureQueriesContext(connection) as asked:
        listener(event)
    ids = [UUID(found.group(1)) for one in asked if (found := LOCKED.search(one["sql"]))]
    return list(dict.fromkeys(ids))


def test_who_leaves_is_parted_from_their_questions_in_one_order(questions: list[Question], amina: Person) -> None:
    left = PersonLeft(person_id=amina.pk, membership_id=amina.pk, why="left", at=NOW)

    for listener in (end_all_of, cancel_bookings_of, withdraw_questions_of):
        assert locked_by(listener, left) == sorted(one.pk for one in questions), listener


def test_who_is_blocked_is_parted_in_the_same_order(questions: list[Question], amina: Person, ben: Person) -> None:
    blocked = PersonBlocked(by_id=amina.pk, about_id=ben.pk, at=NOW)

    for listener in (end_between, cancel_between):
        assert locked_by(listener, blocked) == sorted(one.pk for one in questions), listener


def test_agreeing_to_show_an_answer_locks_no_question_after_it(amina: Person, ben: Person) -> None:
    question = draft_question(by=amina, text="Should I lead a crew?", now=NOW)
    answer = Answer.objects.create(question=question, mentor=ben, given_at=NOW)

    with CaptureQueriesContext(connection) as asked:
        agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=NOW)
        stop_showing(answer_id=answer.pk, by=ben, now=NOW)

    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert len(locks) == 2
    assert all(lock.endswith('FOR UPDATE OF "asking_answer"') for lock in locks)
