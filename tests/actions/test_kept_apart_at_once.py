"""Blocking and leaving take effect at once, even where the jobs that tidy up after them have not run."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.foundation.tenancy import acting_in
from momentor.learning.actions import tell_outcome, thank_mentor, write_takeaway
from momentor.learning.queries import echoes
from momentor.notices.models import Notice
from momentor.people.actions import leave_organisation
from momentor.people.models import Organisation, Person
from momentor.scheduling.actions import book_slot, open_room, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.models import Message, Session
from momentor.sessions.posting import RoomOver
from momentor.trust.actions import block
from tests.cast import membership_of
from tests.talks import ASKED, end_talk, let_jobs_run, open_talk, say


def test_a_blocked_person_says_nothing_more_in_an_open_room(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Hello")
    with acting_in(organisation.pk, person_id=amina.pk):
        block(about=ben, by=amina, now=timezone.now())

    for person in (amina, ben):
        with pytest.raises(RoomOver):
            say(organisation, session, person, "One more thing")

    with acting_in(organisation.pk):
        assert [one.body for one in Message.objects.filter(session=session)] == ["Hello"]


def test_what_was_stored_before_a_block_keeps_its_number_when_it_is_sent_again(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    number = say(organisation, session, ben, "Hello")
    with acting_in(organisation.pk, person_id=amina.pk):
        block(about=ben, by=amina, now=timezone.now())

    assert say(organisation, session, ben, "Hello") == number


def test_who_left_says_nothing_more_in_an_open_room(organisation: Organisation, amina: Person, ben: Person) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    with acting_in(organisation.pk, person_id=ben.pk):
        leave_organisation(by=ben, now=timezone.now())

    with pytest.raises(RoomOver):
        say(organisation, session, ben, "Before I go")


def test_thanks_and_outcomes_of_a_blocked_mentee_do_not_reach_the_mentor(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    now = timezone.now()
    session = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, session, ben, "Hello")
    end_talk(organisation, session, amina)
    with acting_in(organisation.pk, person_id=amina.pk):
        card = write_takeaway(session=session, by=amina, first_step="Ask for a shift", now=now)
        block(about=amina, by=ben, now=now)
        thank_mentor(session=session, by=amina, words="You cannot get rid of me", now=now)
        tell_outcome(takeaway=card, by=amina, was_applied=True, words="Nor of this", now=now)
    let_jobs_run()

    with acting_in(organisation.pk, person_id=ben.pk):
        assert not Notice.objects.filter(person=ben, kind__in=("thanks", "outcome")).exists()
        assert echoes(ben) == []


def book(organisation: Organisation, amina: Person, ben: Person) -> Booking:
    now = timezone.now()
    set_weekly_hours(by=ben, stretches=[(day, time(0), time(23)) for day in range(7)])
    question = draft_question(by=amina, text=ASKED, language="en", now=now)
    slot = slots_of(membership_of(ben, organisation), minutes=10, now=now)[0]
    return book_slot(question=question, by=amina, mentor=ben, starts_at=slot.starts, now=now)


def test_no_booked_room_opens_for_two_of_whom_one_blocked_the_other(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        booking = book(organisation, amina, ben)
        block(about=ben, by=amina, now=timezone.now())

        open_room(booking_id=booking.pk)

        assert not Session.objects.exists()


def test_the_two_minutes_to_come_begin_at_the_time_that_was_booked(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        booking = book(organisation, amina, ben)

        open_room(booking_id=booking.pk)

        assert Session.objects.get(mentor=ben).state == Session.State.OPENING
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at from procrastinate_jobs where task_name like %s", ["%.return_if_absent"])
        assert cursor.fetchall() == [(booking.during.lower + timedelta(minutes=2),)]
