"""Timers that were lost: what is late is read from the rows and done, what is not yet due is left alone."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Gap, Question
from momentor.dispatch.actions import (
    accept_offer,
    go_on,
    lapse_offer,
    leave_soon,
    look_after_promise,
    look_again,
    pass_offer,
    start_search,
    stop_search,
)
from momentor.dispatch.jobs import take_late_steps
from momentor.dispatch.models import Offer, Search
from momentor.foundation import jobs
from momentor.foundation.jobs import run_waiting
from momentor.foundation.models import EventRecord
from momentor.learning.actions import send_nudge, write_takeaway
from momentor.learning.jobs import send_late_nudges
from momentor.learning.models import Nudge
from momentor.people.models import Medium, Membership, Organisation, Person
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.jobs import open_late_rooms
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.actions import attend, close_if_over, hand_back, return_if_quiet
from momentor.sessions.jobs import end_late_sessions
from momentor.sessions.models import Message, Session
from tests.cast import NOW, make_mentor, make_person

pytestmark = pytest.mark.usefixtures("acting")

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"
EVERY_DAY = [(day, time(0), time(23, 59)) for day in range(7)]


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text=ASKED, language="en", now=NOW)


@pytest.fixture
def session(question: Question, amina: Person, ben: Person) -> Session:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    return accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)


def lose_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        return int(cursor.fetchone()[0])


def due_soon() -> datetime:
    """Return a time that is just still ahead: the clock of the database has reached it, the worker's has not."""
    return timezone.now() + timedelta(minutes=1)


# Sessions


def test_a_room_to_which_nobody_came_is_returned(session: Session) -> None:
    Session.objects.update(come_by=due_soon())
    end_late_sessions()
    session.refresh_from_db()
    early = session.state
    Session.objects.update(come_by=NOW)
    lose_jobs()

    end_late_sessions()

    session.refresh_from_db()
    assert early == Session.State.OPENING
    assert (session.state, session.end_reason) == (Session.State.RETURNED, Session.EndReason.MENTOR_ABSENT)


def test_those_who_booked_are_waited_for_from_the_booked_time_on(
    question: Question, amina: Person, ben: Person
) -> None:
    set_weekly_hours(by=ben, stretches=[(3, time(9), time(12))])
    slot = slots_of(Membership.objects.get(person=ben), minutes=10, now=NOW)[0]
    book_slot(question=question, by=amina, mentor=ben, starts_at=slot.starts, now=NOW)
    ahead = timezone.now() + timedelta(seconds=50)
    Booking.objects.update(during=(ahead, ahead + timedelta(minutes=10)))
    lose_jobs()

    open_late_rooms()

    assert Session.objects.get().come_by == ahead + timedelta(minutes=2)


def test_a_conversation_whose_time_is_over_is_ended_and_its_mentor_is_free_again(
    session: Session, amina: Person, ben: Person
) -> None:
    for person in (amina, ben):
        attend(session_id=session.pk, person_id=person.pk, now=NOW)
    Message.objects.create(session=session, seq=1, sender=ben, client_id="1", body="Lead one shift first.", sent_at=NOW)
    Session.objects.update(ends_at=due_soon() - timedelta(minutes=2))
    close_if_over(session_id=session.pk)  # too early
    end_late_sessions()
    session.refresh_from_db()
    early = session.state
    Session.objects.update(ends_at=NOW)
    lose_jobs()

    end_late_sessions()

    session.refresh_from_db()
    assert early == Session.State.RUNNING
    assert (session.state, session.end_reason) == (Session.State.ENDED, Session.EndReason.TIME)
    assert not Session.objects.live().visible_to(ben).exists()


@pytest.fixture
def thread(question: Question, amina: Person, ben: Person) -> Session:
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=NOW)
    return accept_offer(offer=Offer.objects.get(question=question), by=ben, now=NOW)


def test_a_written_question_whose_mentor_let_the_time_go_by_is_returned(thread: Session) -> None:
    Session.objects.update(next_move_until=due_soon())
    lose_jobs()
    end_late_sessions()
    thread.refresh_from_db()
    early = thread.state
    Session.objects.update(next_move_until=NOW)

    end_late_sessions()

    thread.refresh_from_db()
    assert early == Session.State.RUNNING
    assert (thread.state, thread.end_reason) == (Session.State.RETURNED, Session.EndReason.QUIET)


def test_a_mentee_with_an_answer_has_a_fortnight_and_no_job_is_queued_again_and_again(
    thread: Session, amina: Person, ben: Person
) -> None:
    now = timezone.now()
    Message.objects.create(session=thread, seq=1, sender=ben, client_id="1", body="Try one shift.", sent_at=now)
    Session.objects.update(next_move_by=amina, next_move_until=now - timedelta(days=3))
    return_if_quiet(session_id=thread.pk)  # looks again in time
    lose_jobs()

    end_late_sessions()
    thread.refresh_from_db()
    early, again = thread.state, queued()
    Session.objects.update(next_move_until=now - timedelta(days=12))
    end_late_sessions()

    thread.refresh_from_db()
    assert (early, again) == (Session.State.RUNNING, 0)
    assert (thread.state, thread.end_reason) == (Session.State.ENDED, Session.EndReason.QUIET)


# Searches and questions


def test_a_question_that_was_handed_back_unheard_goes_to_others(
    session: Session, question: Question, ben: Person, organisation: Organisation
) -> None:
    femi = make_person("Femi Ade", "femi@example.org", languages=["en"])
    make_mentor(organisation, femi, headline="Led a crew of pipe welders", skills=["leading a crew"])
    hand_back(session=session, by=ben, now=timezone.now())
    lose_jobs()
    take_late_steps()
    question.refresh_from_db()
    early = question.state
    Session.objects.update(ended_at=NOW)

    take_late_steps()
    take_late_steps()

    question.refresh_from_db()
    assert early == Question.State.CLAIMED
    assert (question.state, question.claimed_by) == (Question.State.SEARCHING, None)
    assert Offer.objects.get(mentor=ben).state == Offer.State.RETURNED
    assert Offer.objects.get(mentor=femi).state == Offer.State.WAITING


def test_an_offer_that_nobody_decided_on_lapses_and_the_search_goes_on(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=timezone.now())
    offer = Offer.objects.get(question=question)
    lapse_offer(offer_id=offer.pk)  # too early
    lose_jobs()
    take_late_steps()
    offer.refresh_from_db()
    early = offer.state
    Offer.objects.update(lapses_at=NOW)

    take_late_steps()

    offer.refresh_from_db()
    question.refresh_from_db()
    assert early == Offer.State.WAITING
    assert offer.search.pace == Search.Pace.WRITTEN  # nobody else could be asked live
    assert question.state == Question.State.WAITING


def test_the_next_wave_goes_out_once(question: Question, amina: Person, organisation: Organisation) -> None:
    for number in range(7):
        mentor = make_person(f"Mentor{number} Okoye", f"mentor{number}@example.org", languages=["en"])
        make_mentor(organisation, mentor, headline="Led a crew of pipe welders", skills=["leading a crew"])
    search = start_search(question=question, by=amina, now=timezone.now())
    lose_jobs()
    take_late_steps()
    early = Offer.objects.count()
    Search.objects.update(next_wave_at=NOW)

    take_late_steps()
    go_on(search_id=search.pk, wave=1)  # the lost job comes after all
    take_late_steps()

    search.refresh_from_db()
    assert (early, Offer.objects.count()) == (4, 7)
    assert search.wave == 2
    assert search.next_wave_at is not None
    assert search.next_wave_at > timezone.now()


def test_a_choice_that_nobody_made_goes_on_in_writing_after_a_day(amina: Person, ben: Person) -> None:
    question = draft_question(by=amina, text=ASKED, language="en", audience=Question.Audience.CHOSEN, now=NOW)
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    pass_offer(offer=Offer.objects.get(), by=ben, now=NOW)
    lose_jobs()
    Question.objects.update(changed_at=due_soon() - timedelta(days=1))
    leave_soon(question_id=question.pk)  # too early
    take_late_steps()
    question.refresh_from_db()
    early = question.step
    Question.objects.update(changed_at=NOW)

    take_late_steps()

    question.refresh_from_db()
    assert early == Question.Step.SOON
    assert question.medium == Medium.ASYNC
    assert question.step != Question.Step.SOON


def test_a_search_that_was_stopped_goes_on_in_writing_after_a_day(
    question: Question, amina: Person, ben: Person
) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    stop_search(question=question, by=amina, now=NOW)
    lose_jobs()

    take_late_steps()

    question.refresh_from_db()
    assert question.state == Question.State.WAITING
    assert question.medium == Medium.ASYNC


def test_a_promise_that_was_not_kept_is_a_gap(question: Question, amina: Person, ben: Person) -> None:
    start_search(question=question, by=amina, chosen=[ben.pk], in_writing=True, now=timezone.now())
    lose_jobs()
    Question.objects.update(answer_by=due_soon())
    look_after_promise(question_id=question.pk)  # too early
    take_late_steps()
    early = Gap.objects.count()
    Question.objects.update(answer_by=NOW)

    take_late_steps()

    question.refresh_from_db()
    assert early == 0
    assert question.step == Question.Step.NOBODY
    assert Gap.objects.get().question_id == question.pk


def test_newcomers_are_asked_what_nobody_could_take_once_a_day(
    amina: Person, ben: Person, organisation: Organisation
) -> None:
    question = draft_question(by=amina, text=ASKED, language="fr", now=timezone.now())
    start_search(question=question, by=amina, now=timezone.now())
    lose_jobs()
    Person.objects.filter(pk=ben.pk).update(languages=["fr"])
    look_again(question_id=question.pk)  # too early
    take_late_steps()
    early = Search.objects.count()
    Question.objects.update(changed_at=timezone.now() - timedelta(days=1))

    take_late_steps()
    look_again(question_id=question.pk)  # the lost job comes after all
    take_late_steps()

    assert early == 2  # live, then in writing
    assert Offer.objects.get().mentor == ben
    assert Search.objects.count() == 3


def test_after_a_fortnight_nobody_is_looked_for_by_the_sweep_either(amina: Person, ben: Person) -> None:
    question = draft_question(by=amina, text=ASKED, language="fr", now=NOW)
    start_search(question=question, by=amina, now=NOW)
    lose_jobs()
    Person.objects.filter(pk=ben.pk).update(languages=["fr"])

    take_late_steps()

    assert not Offer.objects.exists()


# Bookings and nudges


def test_the_room_of_a_booking_opens(question: Question, amina: Person, ben: Person) -> None:
    set_weekly_hours(by=ben, stretches=EVERY_DAY)
    now = timezone.now()
    slot = slots_of(Membership.objects.get(person=ben), minutes=10, now=now)[0]
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=slot.starts, now=now)
    lose_jobs()
    open_late_rooms()
    early = Session.objects.count()
    Booking.objects.update(during=(now, now + timedelta(minutes=10)))

    open_late_rooms()
    open_late_rooms()

    booking.refresh_from_db()
    assert early == 0
    assert booking.session == Session.objects.get()


def test_a_nudge_is_sent_once_on_its_day(session: Session, amina: Person) -> None:
    write_takeaway(
        session=session,
        by=amina,
        first_step="Ask for a shift",
        check_on=(timezone.now() + timedelta(days=7)).date(),
        now=timezone.now(),
    )
    nudge = Nudge.objects.get()
    send_nudge(nudge_id=nudge.pk)  # too early
    lose_jobs()
    send_late_nudges()
    nudge.refresh_from_db()
    early = nudge.sent_at
    Nudge.objects.update(due_at=NOW)

    send_late_nudges()
    send_late_nudges()

    nudge.refresh_from_db()
    assert early is None
    assert nudge.sent_at is not None
    assert EventRecord.objects.filter(name="NudgeDue").count() == 1


# The sweep itself


@jobs.job
def note_or_fail(*, number: int) -> None:
    EventRecord.objects.create(name=f"Note{number}", facts={}, at=NOW)
    if number == 2:
        raise ValueError("my own words")


@jobs.catch_up("0 0 1 1 *")
def note_late_ones() -> Iterator[jobs.Late]:
    for number in (1, 2, 3):
        yield partial(note_or_fail, number=number)


def test_one_that_fails_stops_no_other_and_leaves_nothing_half_done(caplog: pytest.LogCaptureFixture) -> None:
    note_late_ones()

    assert list(EventRecord.objects.order_by("name").values_list("name", flat=True)) == ["Note1", "Note3"]
    assert [record.getMessage() for record in caplog.records if record.name == "momentor.worker"] == ["late job failed"]


def test_every_sweep_rings_in_every_organisation_and_comes_to_its_end(
    session: Session, other_organisation: Organisation
) -> None:
    lose_jobs()
    sweeps = [timer for timer in jobs.timers() if timer.function in SWEEPS]

    for timer in sweeps:
        timer.ring()
    run_waiting(until=timezone.now())

    session.refresh_from_db()
    assert len(sweeps) == len(SWEEPS)
    assert session.state == Session.State.RETURNED


SWEEPS = (end_late_sessions, take_late_steps, open_late_rooms, send_late_nudges)
