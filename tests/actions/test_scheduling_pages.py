"""The pages for booking a slot, for giving it back, and for a mentor's week."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.blind import key_of
from momentor.asking.models import Question
from momentor.dispatch.actions import start_search
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person, Programme
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.queries import slots_of
from momentor.trust.actions import block
from tests.cast import client_of, page

EVERY_DAY = [(day, time(8), time(18)) for day in range(7)]


@pytest.fixture
def question(organisation: Organisation, amina: Person) -> Question:
    with acting_in(organisation.pk):
        text = "Should I lead a crew of eight pipe welders?"
        return draft_question(by=amina, text=text, language="en", now=timezone.now())


@pytest.fixture
def starts_at(organisation: Organisation, ben: Person) -> str:
    """One of Ben's free slots tomorrow or later, as the form sends it."""
    with acting_in(organisation.pk):
        set_weekly_hours(by=ben, stretches=EVERY_DAY)
        member = Membership.objects.select_related("person").get(person=ben)
        return slots_of(member, minutes=10, now=timezone.now() + timedelta(days=1))[0].starts.isoformat()


@pytest.fixture
def booking(organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str) -> Booking:
    with acting_in(organisation.pk):
        starts = datetime.fromisoformat(starts_at)
        return book_slot(question=question, by=amina, mentor=ben, starts_at=starts, now=timezone.now())


def test_a_slot_is_booked_from_the_list(
    organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str
) -> None:
    address = page("scheduling:slots", question.pk, organisation=organisation)
    shown = client_of(amina).get(address, {"mentor": str(ben.pk)}).content.decode()

    response = client_of(amina).post(address, {"mentor": str(ben.pk), "starts_at": starts_at})

    with acting_in(organisation.pk):
        booking = Booking.objects.get()
    assert starts_at in shown
    assert "Ben Okafor" in shown
    assert response.status_code == 303
    assert response["Location"] == page("scheduling:booking", booking.pk, organisation=organisation)


def test_without_a_mentor_named_those_who_fit_best_are_shown(
    organisation: Organisation, amina: Person, question: Question, starts_at: str
) -> None:
    content = client_of(amina).get(page("scheduling:slots", question.pk, organisation=organisation)).content.decode()

    assert "Ben Okafor" in content
    assert "More times" not in content  # he is the only one


def test_somebody_who_has_the_question_in_front_of_them_can_be_booked_as_well(
    organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str
) -> None:
    with acting_in(organisation.pk):
        start_search(question=question, by=amina, chosen=[ben.pk], now=timezone.now())

    content = client_of(amina).get(page("scheduling:slots", question.pk, organisation=organisation)).content.decode()

    assert "Ben Okafor" in content


def test_no_free_slot_leads_on(organisation: Organisation, amina: Person, ben: Person, question: Question) -> None:
    content = client_of(amina).get(page("scheduling:slots", question.pk, organisation=organisation)).content.decode()

    assert "No free slot within a week" in content
    assert page("dispatch:shortlist", question.pk, organisation=organisation) in content


@pytest.mark.parametrize(
    ("sent", "status"),
    [("nonsense", 422), ("2026-03-04T10:00", 422), ("2020-03-04T10:00:00+00:00", 422), ("", 422)],
)
def test_a_time_that_is_none_comes_back_with_a_sentence(
    organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str, sent: str, status: int
) -> None:
    address = page("scheduling:slots", question.pk, organisation=organisation)

    response = client_of(amina).post(address, {"mentor": str(ben.pk), "starts_at": sent})

    assert response.status_code == status
    assert 'role="alert"' in response.content.decode()


def test_who_was_slower_is_told_so(
    organisation: Organisation, amina: Person, dana: Person, ben: Person, booking: Booking, starts_at: str
) -> None:
    with acting_in(organisation.pk):
        other = draft_question(by=dana, text="Is the certificate worth it?", language="en", now=timezone.now())

    response = client_of(dana).post(
        page("scheduling:slots", other.pk, organisation=organisation), {"mentor": str(ben.pk), "starts_at": starts_at}
    )

    assert response.status_code == 409
    assert "Somebody was quicker" in response.content.decode()


def test_the_two_see_the_booking_and_nobody_else(
    organisation: Organisation,
    other_organisation: Organisation,
    amina: Person,
    ben: Person,
    emil: Person,
    chloe: Person,
    booking: Booking,
) -> None:
    address = page("scheduling:booking", booking.pk, organisation=organisation)

    assert "Ben Okafor" in client_of(amina).get(address).content.decode()
    assert "Amina Yusuf" in client_of(ben).get(address).content.decode()
    assert client_of(emil).get(address).status_code == 404
    assert (
        client_of(chloe).get(page("scheduling:booking", booking.pk, organisation=other_organisation)).status_code == 404
    )
    cancellation = page("scheduling:cancellation", booking.pk, organisation=organisation)
    assert client_of(emil).post(cancellation).status_code == 404


def test_whoever_is_anonymous_stays_so_until_the_room_opens(
    organisation: Organisation, amina: Person, ben: Person, booking: Booking
) -> None:
    with acting_in(organisation.pk):
        Question.objects.update(is_anonymous=True)

    content = client_of(ben).get(page("scheduling:booking", booking.pk, organisation=organisation)).content.decode()

    assert "Amina" not in content
    assert str(amina.pk) not in content


def test_where_a_programme_decides_blind_slots_and_bookings_have_no_names(
    organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str
) -> None:
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True, blind_accept=True)
        Question.objects.update(programme=programme)
    address = page("scheduling:slots", question.pk, organisation=organisation)

    with acting_in(organisation.pk):
        key = str(key_of(Question.objects.select_related("programme").get(), ben.pk))
    shown = client_of(amina).get(address, {"mentor": key}).content.decode()
    booked = client_of(amina).post(address, {"mentor": key, "starts_at": starts_at}, follow=True).content.decode()

    assert "A mentor" in shown
    assert "Okafor" not in shown
    assert "Okafor" not in booked


def test_giving_a_slot_back_leads_on(organisation: Organisation, amina: Person, booking: Booking) -> None:
    address = page("scheduling:cancellation", booking.pk, organisation=organisation)

    response = client_of(amina).post(address)
    again = client_of(amina).post(address)

    assert response["Location"] == page("asking:question", booking.question_id, organisation=organisation)
    assert again.status_code == 303


def test_blocked_people_do_not_see_each_others_slots(
    organisation: Organisation, amina: Person, ben: Person, question: Question, starts_at: str
) -> None:
    with acting_in(organisation.pk):
        block(about=amina, by=ben, now=timezone.now())
    address = page("scheduling:slots", question.pk, organisation=organisation)

    assert client_of(amina).get(address, {"mentor": str(ben.pk)}).status_code == 404
    assert client_of(amina).post(address, {"mentor": str(ben.pk), "starts_at": starts_at}).status_code == 404


# Weekly hours


def rows(*stretches: tuple[str, str, str], initial: int = 0) -> dict[str, str]:
    sent = {"form-TOTAL_FORMS": str(len(stretches)), "form-INITIAL_FORMS": str(initial)}
    for number, (weekday, starts, ends) in enumerate(stretches):
        sent |= {f"form-{number}-weekday": weekday, f"form-{number}-starts": starts, f"form-{number}-ends": ends}
    return sent


def test_hours_are_kept_joined_and_removed(organisation: Organisation, ben: Person) -> None:
    client, address = client_of(ben), page("scheduling:hours", organisation=organisation)

    client.post(address, rows(("0", "09:00", "10:00"), ("0", "10:00", "11:00"), ("2", "20:00", "23:59"), ("", "", "")))
    with acting_in(organisation.pk):
        kept = [str(one) for one in WeeklyHours.objects.order_by("weekday")]
    client.post(address, rows(("", "09:00", "11:00"), ("2", "20:00", "23:59"), initial=2))

    with acting_in(organisation.pk):
        left = [str(one) for one in WeeklyHours.objects.all()]
    assert kept == ["Monday 09:00–11:00", "Wednesday 20:00–24:00"]
    assert left == ["Wednesday 20:00–24:00"]
    assert "20:00" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("0", "12:00", "09:00"), "The end of a stretch must come after its beginning"),
        (("0", "12:00", ""), "Say from when until when on this day"),
        (("9", "12:00", "13:00"), "Please look at the rows with a mark"),
        (("0", "noon", "13:00"), "Please look at the rows with a mark"),
    ],
)
def test_hours_that_cannot_be_come_back_with_a_sentence(
    organisation: Organisation, ben: Person, row: tuple[str, str, str], said: str
) -> None:
    response = client_of(ben).post(page("scheduling:hours", organisation=organisation), rows(row))

    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_forged_number_of_rows_does_no_harm(organisation: Organisation, ben: Person) -> None:
    sent = {"form-TOTAL_FORMS": "999999", "form-INITIAL_FORMS": "0"}

    response = client_of(ben).post(page("scheduling:hours", organisation=organisation), sent)

    assert response.status_code in (303, 422)


def book_many(organisation: Organisation, mentee: Person, mentor: Person, *, count: int, days: int) -> None:
    """Book times on as many days, beginning in so many days."""
    now = timezone.now()
    with acting_in(organisation.pk):
        for number in range(count):
            starts = now + timedelta(days=days + number)
            asked = Question.objects.create(mentee=mentee, text=f"Question {days + number}?", state="scheduled")
            Booking.objects.create(
                question=asked,
                mentee=mentee,
                mentor=mentor,
                medium="chat",
                booked_at=now,
                during=(starts, starts + timedelta(minutes=10)),
            )


def test_every_booking_ahead_is_on_a_page_the_soonest_first(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    book_many(organisation, amina, ben, count=21, days=1)
    where, browser = page("scheduling:bookings", organisation=organisation), client_of(amina)

    home = browser.get(page("web:home", organisation=organisation)).content.decode()
    first = browser.get(where)
    second = browser.get(where + first.context["later"])

    assert f'href="{where}"' in home
    assert "Question 6?" in home
    assert "Question 7?" not in home
    assert [one.question.text for one in first.context["rows"]] == [f"Question {day}?" for day in range(1, 21)]
    assert [one.question.text for one in second.context["rows"]] == ["Question 21?"]
    assert "Ben Okafor" in second.content.decode()
    assert "Sooner" in second.content.decode()


def test_what_a_mentor_asked_does_not_push_what_was_booked_with_them_off_the_desk(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    book_many(organisation, ben, emil, count=21, days=1)
    book_many(organisation, amina, ben, count=1, days=30)

    desk = client_of(ben).get(page("dispatch:desk", organisation=organisation)).content.decode()

    assert "Question 30?" in desk
    assert "Question 1?" not in desk
    assert f'href="{page("scheduling:bookings", organisation=organisation)}"' in desk


def test_the_list_of_bookings_shows_ones_own_alone_and_leads_on_when_empty(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, booking: Booking
) -> None:
    where = page("scheduling:bookings", organisation=organisation)

    shown, empty = (client_of(one).get(where).content.decode() for one in (ben, emil))

    assert booking.question.title in shown
    assert "Amina" in shown
    assert booking.question.title not in empty
    assert "Nothing is booked" in empty
