"""Weekly hours, free slots and bookings, by actions alone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from momentor.asking.actions import draft_question, withdraw_question
from momentor.asking.models import Question
from momentor.dispatch.actions import accept_offer, start_search
from momentor.dispatch.models import Offer
from momentor.foundation.jobs import run_waiting
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import pause, resume
from momentor.people.models import Enrolment, Medium, Membership, Organisation, Person, Programme
from momentor.scheduling.actions import (
    HoursBackwards,
    NotForThisQuestion,
    NotFree,
    NothingToBook,
    SlotTaken,
    TooManyStretches,
    book_slot,
    cancel_booking,
    set_weekly_hours,
)
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.queries import offered_by, slots_of
from momentor.sessions.actions import hand_back
from momentor.sessions.models import Session
from momentor.trust.actions import block
from tests.cast import NOW, make_member, make_mentor, make_organisation

pytestmark = pytest.mark.usefixtures("acting")

THURSDAY = 3


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text="Should I lead a crew of eight welders?", language="en", now=NOW)


@pytest.fixture
def morning(ben: Person) -> list[datetime]:
    """Ben's free slots on the day after NOW: nine to eleven in Berlin."""
    set_weekly_hours(by=ben, stretches=[(THURSDAY, time(9), time(11))])
    return starts_of(ben)


def starts_of(mentor: Person, *, minutes: int = 10) -> list[datetime]:
    membership = Membership.objects.here().select_related("person").get(person=mentor)
    return [slot.starts for slot in slots_of(membership, minutes=minutes, now=NOW)]


def state_of(question: Question) -> str:
    question.refresh_from_db()
    return question.state


def test_a_booked_slot_is_kept_for_the_two_and_the_question_waits_for_it(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    assert morning[0] == datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert booking.during.lower == morning[0]
    assert state_of(question) == Question.State.SCHEDULED
    assert morning[0] not in starts_of(ben)


def test_booking_the_same_slot_again_gives_the_same_booking(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    first = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    again = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    assert first == again
    with pytest.raises(NothingToBook):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[4], now=NOW)


def test_a_slot_that_is_gone_is_said_to_be_gone(
    question: Question, amina: Person, dana: Person, ben: Person, morning: list[datetime]
) -> None:
    other = draft_question(by=dana, text="Is the certificate worth it?", now=NOW)
    book_slot(question=other, by=dana, mentor=ben, starts_at=morning[0], now=NOW)

    with pytest.raises(SlotTaken):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    assert state_of(question) == Question.State.DRAFT or state_of(question) == Question.State.OPEN


@pytest.mark.parametrize("away", [timedelta(minutes=5), timedelta(days=1), timedelta(days=7), timedelta(days=-7)])
def test_a_time_that_was_not_offered_cannot_be_booked(
    question: Question, amina: Person, ben: Person, morning: list[datetime], away: timedelta
) -> None:
    with pytest.raises(NotFree):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0] + away, now=NOW)


def test_nobody_books_themselves_or_somebody_they_are_kept_apart_from(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    block(about=amina, by=ben, now=NOW)

    for mentor in (ben, amina):
        with pytest.raises(NothingToBook):
            book_slot(question=question, by=amina, mentor=mentor, starts_at=morning[0], now=NOW)


def test_a_mentor_who_does_not_talk_that_way_cannot_be_booked(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    Membership.objects.filter(person=ben).update(mediums=[Medium.ASYNC])

    with pytest.raises(NotFree):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)


def test_a_pause_leaves_no_slot_for_as_long_as_it_lasts(ben: Person, morning: list[datetime]) -> None:
    pause(by=ben, until=morning[0] + timedelta(hours=1), now=NOW)
    in_the_pause = starts_of(ben)
    resume(by=ben, now=NOW)
    pause(by=ben, now=NOW)

    assert in_the_pause == [slot for slot in morning if slot >= morning[0] + timedelta(hours=1)]
    assert starts_of(ben) == []


def test_a_full_week_leaves_no_slot(question: Question, amina: Person, ben: Person, morning: list[datetime]) -> None:
    Membership.objects.filter(person=ben).update(capacity_per_week=1)

    book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    assert starts_of(ben) == []


def test_conversations_of_the_last_days_count_towards_the_week_of_a_slot(
    question: Question, amina: Person, ben: Person
) -> None:
    set_weekly_hours(by=ben, stretches=[(day, time(9), time(10)) for day in range(7)])
    Membership.objects.filter(person=ben).update(capacity_per_week=1)
    Session.objects.create(
        question=question,
        mentee=amina,
        mentor=ben,
        medium="chat",
        time_box=10,
        state=Session.State.ENDED,
        opened_at=NOW - timedelta(days=3),
    )

    assert min(starts_of(ben)) >= NOW + timedelta(days=4)


def test_what_the_mentor_has_booked_as_a_mentee_is_no_free_time(
    question: Question, ben: Person, emil: Person, morning: list[datetime]
) -> None:
    set_weekly_hours(by=emil, stretches=[(THURSDAY, time(9), time(11))])
    own = draft_question(by=ben, text="How do I sell a small firm?", language="en", now=NOW)

    book_slot(question=own, by=ben, mentor=emil, starts_at=morning[0], now=NOW)

    assert morning[0] not in starts_of(ben)


def take(person: Person, starts_at: datetime, *, elsewhere: Organisation, by: Person) -> None:
    """Book ten minutes of a mentor in another organisation."""
    make_mentor(elsewhere, person)
    with acting_in(elsewhere.pk):
        question = Question.objects.create(mentee=by, text="Which knife for fish?", asked_at=NOW)
        during = (starts_at, starts_at + timedelta(minutes=10))
        Booking.objects.create(
            question=question, mentee=by, mentor=person, medium=Medium.CHAT, during=during, booked_at=NOW
        )


def test_what_a_mentor_has_booked_in_another_organisation_is_no_free_time(
    question: Question,
    amina: Person,
    ben: Person,
    chloe: Person,
    other_organisation: Organisation,
    morning: list[datetime],
) -> None:
    take(ben, morning[0], elsewhere=other_organisation, by=chloe)

    assert morning[0] not in starts_of(ben)
    assert set(starts_of(ben)) < set(morning)
    with pytest.raises(SlotTaken):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    assert not Booking.objects.exists()


def test_what_is_booked_elsewhere_does_not_count_towards_the_week_here(
    ben: Person, chloe: Person, other_organisation: Organisation, morning: list[datetime]
) -> None:
    Membership.objects.here().filter(person=ben).update(capacity_per_week=1)

    take(ben, morning[0], elsewhere=other_organisation, by=chloe)

    assert len(starts_of(ben)) == len(morning) - 1


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_mentee_is_not_offered_what_overlaps_with_their_own_bookings(
    question: Question,
    amina: Person,
    ben: Person,
    emil: Person,
    chloe: Person,
    other_organisation: Organisation,
    morning: list[datetime],
    is_elsewhere: bool,
) -> None:
    if is_elsewhere:
        take(chloe, morning[0], elsewhere=make_organisation("Third Place", "third"), by=amina)
        make_member(Organisation.objects.get(slug="third"), amina)
    else:
        set_weekly_hours(by=emil, stretches=[(THURSDAY, time(9), time(11))])
        other = draft_question(by=amina, text="And the night shifts?", language="en", now=NOW)
        book_slot(question=other, by=amina, mentor=emil, starts_at=morning[0], now=NOW)

    [offered] = offered_by(
        [Membership.objects.here().select_related("person").get(person=ben)],
        question=question,
        zone="Europe/Berlin",
        most=200,
        now=NOW,
    )

    starts = {slot.starts for day in offered.days for slot in day.slots}
    assert starts == set(morning) - {morning[0]}
    with pytest.raises(SlotTaken):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)


def test_asking_when_people_are_taken_elsewhere_opens_nothing_else(
    ben: Person, chloe: Person, organisation: Organisation, other_organisation: Organisation, morning: list[datetime]
) -> None:
    take(ben, morning[0], elsewhere=other_organisation, by=chloe)

    starts_of(ben)

    assert not Booking.objects.exists()
    assert not Membership.objects.filter(organisation=other_organisation).exists()
    assert not Person.objects.filter(pk=chloe.pk).exists()


def test_the_mentee_gives_a_slot_back_and_chooses_again(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    cancel_booking(booking=booking, by=amina, now=NOW)
    cancel_booking(booking=booking, by=amina, now=NOW)

    assert state_of(question) == Question.State.OPEN
    assert morning[0] in starts_of(ben)
    book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    assert Booking.objects.count() == 2


def test_a_slot_that_the_mentee_gave_back_goes_on_in_writing_after_a_day(
    question: Question, amina: Person, ben: Person, emil: Person, morning: list[datetime]
) -> None:
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    cancel_booking(booking=booking, by=amina, now=NOW)
    run_waiting(until=NOW + timedelta(hours=23))
    before = state_of(question)
    run_waiting(until=NOW + timedelta(hours=25))

    assert before == Question.State.OPEN
    assert state_of(question) == Question.State.WAITING
    assert question.medium == Medium.ASYNC


def test_a_question_whose_mentor_gave_the_slot_back_is_looked_after(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    from momentor.dispatch.actions import leave_soon

    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    cancel_booking(booking=booking, by=ben, now=NOW)
    waiting = state_of(question), question.step, question.reason
    run_waiting(until=NOW)
    leave_soon(question_id=question.pk)  # a day later

    assert waiting == (Question.State.WAITING, Question.Step.SOON, "mentor_cancelled")
    assert state_of(question) == Question.State.WAITING
    assert question.medium == Medium.ASYNC


def test_nobody_else_gives_a_slot_back(
    question: Question, amina: Person, ben: Person, emil: Person, morning: list[datetime]
) -> None:
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    with pytest.raises(Booking.DoesNotExist):
        cancel_booking(booking=booking, by=emil, now=NOW)


def test_the_room_opens_when_the_time_has_come_and_once(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    from momentor.scheduling.actions import open_room

    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    run_waiting(until=morning[0] - timedelta(minutes=1))
    open_room(booking_id=booking.pk)

    session = Session.objects.get()
    booking.refresh_from_db()
    assert booking.session == session
    assert (session.mentee, session.mentor, session.time_box) == (amina, ben, 10)
    assert state_of(question) == Question.State.CLAIMED
    with pytest.raises(NothingToBook):
        cancel_booking(booking=booking, by=amina, now=NOW)


def test_no_room_opens_for_a_slot_that_was_given_back(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    booking = book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    cancel_booking(booking=booking, by=amina, now=NOW)

    run_waiting(until=morning[0])

    assert not Session.objects.exists()


def test_withdrawing_and_blocking_give_the_slot_back(amina: Person, ben: Person, morning: list[datetime]) -> None:
    first = draft_question(by=amina, text="Should I lead a crew?", now=NOW)
    second = draft_question(by=amina, text="And the night shifts?", now=NOW)
    book_slot(question=first, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    book_slot(question=second, by=amina, mentor=ben, starts_at=morning[4], now=NOW)

    withdraw_question(question=first, by=amina, now=NOW)
    block(about=ben, by=amina, now=NOW)
    run_waiting(until=NOW)

    assert not Booking.objects.standing().exists()


def test_leaving_gives_every_slot_back(question: Question, amina: Person, ben: Person, morning: list[datetime]) -> None:
    from momentor.people.actions import leave_organisation

    book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)

    leave_organisation(by=ben, now=NOW)
    run_waiting(until=NOW)

    assert not Booking.objects.standing().exists()
    assert state_of(question) == Question.State.WAITING


def test_hours_go_forward_and_stay_within_reason(ben: Person) -> None:
    with pytest.raises(HoursBackwards):
        set_weekly_hours(by=ben, stretches=[(0, time(12), time(9))])
    with pytest.raises(TooManyStretches):
        set_weekly_hours(by=ben, stretches=[(day, time(h), time(h, 30)) for day in range(7) for h in range(8)])


def test_hours_that_touch_become_one_and_give_each_slot_once(ben: Person) -> None:
    set_weekly_hours(
        by=ben,
        stretches=[
            (3, time(9), time(10)),
            (3, time(9, 30), time(11)),
            (3, time(11), time(12)),
            (3, time(14), time(15)),
        ],
    )

    assert list(WeeklyHours.objects.order_by("starts").values_list("starts", "ends")) == [
        (time(9), time(12)),
        (time(14), time(15)),
    ]
    assert starts_of(ben) == sorted(set(starts_of(ben)))


def test_somebody_in_two_organisations_keeps_hours_in_each(
    ben: Person, organisation: Organisation, other_organisation: Organisation
) -> None:
    make_mentor(other_organisation, ben)

    with acting_in(organisation.pk, person_id=ben.pk):  # as a page does, which sees Ben's places elsewhere, too
        set_weekly_hours(by=ben, stretches=[(3, time(9), time(10))])

    with acting_in(other_organisation.pk, person_id=ben.pk):
        assert not WeeklyHours.objects.exists()


def test_slots_are_told_in_the_readers_days_with_the_mentors_clock_beside(ben: Person) -> None:
    set_weekly_hours(by=ben, stretches=[(THURSDAY, time(9), time(10))])
    member = Membership.objects.select_related("person").get(person=ben)

    in_tokyo, in_berlin = (
        offered_by([member], question=Question(time_box=10), zone=zone, most=2, now=NOW)[0]
        for zone in ("Asia/Tokyo", "Europe/Copenhagen")
    )

    assert [(slot.label, slot.theirs) for slot in in_tokyo.days[0].slots] == [("17:00", "09:00"), ("17:15", "09:15")]
    assert in_tokyo.their_zone == "Europe/Berlin"
    assert in_berlin.their_zone == ""
    assert in_berlin.days[0].slots[0].theirs == ""


# The hard limits of offers hold for bookings


def test_only_mentors_of_the_programme_can_be_booked_where_only_they_may_be_asked(
    amina: Person, ben: Person, morning: list[datetime]
) -> None:
    welding = Programme.objects.create(name="Welding")
    Enrolment.objects.create(programme=welding, membership=Membership.objects.get(person=amina))
    question = draft_question(
        by=amina, text="Should I lead?", programme=welding, audience=Question.Audience.PROGRAMME, now=NOW
    )

    with pytest.raises(NotForThisQuestion):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
    Enrolment.objects.create(programme=welding, membership=Membership.objects.get(person=ben))

    assert book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW).mentor == ben


def test_a_mentor_who_does_not_talk_in_its_language_cannot_be_booked(
    amina: Person, ben: Person, morning: list[datetime]
) -> None:
    question = draft_question(by=amina, text="Czy mam zostać brygadzistką?", language="pl", now=NOW)

    with pytest.raises(NotForThisQuestion):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)


def test_a_mentor_who_handed_the_question_back_is_not_booked_for_it(
    question: Question, amina: Person, ben: Person, morning: list[datetime]
) -> None:
    search = start_search(question=question, by=amina, chosen=[ben.pk], now=NOW)
    session = accept_offer(offer=Offer.objects.get(search=search), by=ben, now=NOW)
    hand_back(session=session, by=ben, now=NOW)
    run_waiting(until=NOW)

    question.refresh_from_db()
    with pytest.raises(NotForThisQuestion):
        book_slot(question=question, by=amina, mentor=ben, starts_at=morning[0], now=NOW)
