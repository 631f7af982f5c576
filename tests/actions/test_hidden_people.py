"""Who stays anonymous, or is met blind, is hidden until the two meet: on pages, in notices, mails and the API."""

from datetime import time
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.dispatch.actions import start_search
from momentor.foundation.tenancy import acting_in
from momentor.notices.models import Notice
from momentor.notices.queries import told
from momentor.people.models import Membership, Organisation, Person, Programme
from momentor.scheduling.actions import book_slot, cancel_booking, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.trust.actions import report
from momentor.trust.models import Report
from tests.api_client import Program
from tests.cast import client_of, membership_of, page
from tests.talks import ASKED, let_jobs_run


@pytest.fixture
def booked(organisation: Organisation, amina: Person, ben: Person) -> Any:
    """Book one of Ben's slots for a question of Amina's, and let everybody hear of it."""

    def book(*, is_blind: bool = False, **choices: Any) -> Booking:
        now = timezone.now()
        with acting_in(organisation.pk, person_id=amina.pk):
            if is_blind:
                choices["programme"] = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)
            set_weekly_hours(by=ben, stretches=[(day, time(0), time(23)) for day in range(7)])
            question = draft_question(by=amina, text=ASKED, language="en", now=now, **choices)
            slot = slots_of(membership_of(ben, organisation), minutes=10, now=now)[0]
            booking = book_slot(question=question, by=amina, mentor=ben, starts_at=slot.starts, now=now)
        let_jobs_run()
        return booking

    return book


def sentences(organisation: Organisation, person: Person) -> list[str]:
    with acting_in(organisation.pk, person_id=person.pk):
        return [one.sentence for one in told(list(Notice.objects.filter(person=person).order_by("made_at")))]


def read_by(organisation: Organisation, person: Person, booking: Booking) -> str:
    """Return everything that tells this person of a booking."""
    browser, program = client_of(person), Program(organisation, person)
    with acting_in(organisation.pk):
        facts = list(Notice.objects.filter(person=person).values_list("facts", flat=True))
    pages = [
        browser.get(page("web:home", organisation=organisation)).content.decode(),
        browser.get(page("scheduling:booking", booking.pk, organisation=organisation)).content.decode(),
    ]
    replies = [
        program.get("/bookings"),
        program.get(f"/bookings/{booking.pk}"),
        program.get("/questions"),
        program.get(f"/questions/{booking.question_id}"),
    ]
    return f"{pages} {replies} {facts} {sentences(organisation, person)}"


def test_a_mentor_does_not_learn_from_a_booking_who_asks_anonymously(
    organisation: Organisation, amina: Person, ben: Person, booked: Any
) -> None:
    booking = booked(is_anonymous=True)

    known = read_by(organisation, ben, booking)

    assert "Amina" not in known
    assert str(amina.pk) not in known
    assert sentences(organisation, ben) == ["Somebody booked a time with you."]
    assert [one.subject for one in mail.outbox if one.to == [ben.email]] == ["Somebody booked a time with you."]


def test_an_anonymous_booking_that_is_given_back_still_tells_no_name(
    organisation: Organisation, amina: Person, ben: Person, booked: Any
) -> None:
    booking = booked(is_anonymous=True)
    with acting_in(organisation.pk, person_id=amina.pk):
        cancel_booking(booking=booking, by=amina, now=timezone.now())
    let_jobs_run()

    assert sentences(organisation, ben)[-1] == "Somebody cancelled the booked time."
    assert str(amina.pk) not in f"{Program(organisation, ben).get('/bookings')}"


def test_in_a_blind_programme_neither_learns_from_a_booking_who_the_other_is(
    organisation: Organisation, amina: Person, ben: Person, booked: Any
) -> None:
    booking = booked(is_blind=True)

    assert "Amina" not in read_by(organisation, ben, booking)
    assert "Okafor" not in read_by(organisation, amina, booking)


def test_an_ordinary_booking_names_the_two(organisation: Organisation, amina: Person, ben: Person, booked: Any) -> None:
    booking = booked()

    assert "Amina Yusuf" in read_by(organisation, ben, booking)
    assert "Ben Okafor" in read_by(organisation, amina, booking)
    assert sentences(organisation, ben) == ["Amina Yusuf booked a time with you."]


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_blocking_with_a_report_never_names_who_asked_anonymously(
    organisation: Organisation, amina: Person, ben: Person, is_anonymous: bool
) -> None:
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        question = draft_question(by=amina, text=ASKED, language="en", is_anonymous=is_anonymous, now=now)
        start_search(question=question, by=amina, chosen=[ben.pk], now=now)
    browser, address = client_of(ben), page("trust:report", organisation=organisation)

    form = browser.get(address, {"kind": "question", "id": str(question.pk)}).content.decode()
    sent = {"kind": "question", "id": str(question.pk), "reason": Report.Reason.SELLING, "block": "on"}
    assert browser.post(address, sent).status_code == 303
    blocks = browser.get(page("trust:blocks", organisation=organisation)).content.decode()

    assert ('name="block"' in form) is not is_anonymous
    assert ("Amina" in blocks) is not is_anonymous


def test_a_moderator_does_not_learn_from_a_report_of_their_own_who_asked_anonymously(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        Membership.objects.filter(person=ben).update(roles=[Membership.Role.MODERATOR])
        question = draft_question(by=amina, text=ASKED, language="en", is_anonymous=True, now=now)
        start_search(question=question, by=amina, chosen=[ben.pk], now=now)
    with acting_in(organisation.pk, person_id=ben.pk):
        made = report(kind="question", subject_id=question.pk, reason="selling", words="Look at it.", by=ben, now=now)
    let_jobs_run()
    queue, one = (
        page("trust:queue", organisation=organisation),
        page("trust:decide", made.pk, organisation=organisation),
    )

    read = [client_of(ben).get(address) for address in (queue, f"{queue}?show=closed", one)]
    decided = client_of(ben).post(one, {"decision": "nothing", "words": ""})
    by_another = client_of(dana).get(one)

    for response in (*read, decided):
        assert "Amina" not in response.content.decode()
        assert str(amina.pk) not in response.content.decode()
    assert (read[2].status_code, decided.status_code) == (403, 403)
    assert "1 report that you made waits for another moderator." in read[0].content.decode()
    assert "Another moderator has to decide" in read[2].content.decode()
    assert "Amina Yusuf" in by_another.content.decode()
    with acting_in(organisation.pk):
        assert list(Notice.objects.filter(kind="report_made").values_list("person", flat=True)) == [dana.pk]
