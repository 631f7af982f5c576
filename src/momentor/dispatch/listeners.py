"""What dispatch does when others' facts arrive."""

from django.conf import settings

from momentor.asking.events import QuestionAsked, QuestionWithdrawn
from momentor.asking.models import Question
from momentor.dispatch import ledger
from momentor.dispatch.actions import drop_question, part, search_again, take_offers_back, wait_for_choice
from momentor.dispatch.studying import read_question
from momentor.foundation import jobs
from momentor.people.events import AccountClosed, PersonLeft
from momentor.people.models import Person
from momentor.scheduling.events import BookingCancelled, SlotBooked
from momentor.scheduling.models import Booking
from momentor.sessions.events import SessionReturned
from momentor.sessions.models import Session
from momentor.trust.events import PersonBlocked


def read_what_it_means(event: QuestionAsked) -> None:
    """Read in the background what a question means."""
    if settings.READ_MEANING:
        jobs.enqueue(read_question, question_id=event.question_id)


def look_for_another(event: SessionReturned) -> None:
    """Put a returned question before others."""
    session = Session.objects.select_related("question", "mentor").get(pk=event.session_id)
    search_again(question=session.question, mentor=session.mentor, reason=event.reason, now=event.at)


def forget_question(event: QuestionWithdrawn) -> None:
    """End the search for a question that was withdrawn."""
    drop_question(question=Question.objects.get(pk=event.question_id), now=event.at)


def stop_looking(event: SlotBooked) -> None:
    """End the search for a question that has its slot."""
    drop_question(question=Booking.objects.select_related("question").get(pk=event.booking_id).question, now=event.at)


def let_choose_again(event: BookingCancelled) -> None:
    """See to it that a question whose slot was given back goes on."""
    wait_for_choice(question=Booking.objects.select_related("question").get(pk=event.booking_id).question, now=event.at)


def keep_apart(event: PersonBlocked) -> None:
    """Withdraw what is on offer between the two."""
    part(one=Person.objects.get(pk=event.by_id), other=Person.objects.get(pk=event.about_id), now=event.at)


def ask_others_instead(event: PersonLeft | AccountClosed) -> None:
    """Put before others what somebody who left, or cannot come in, had still to decide on."""
    mentor = Person.objects.filter(pk=event.person_id).first()
    if mentor is not None:
        take_offers_back(mentor=mentor, now=event.at)


def forget_signals_of(event: PersonLeft) -> None:
    """Forget what the match ledger says of somebody who left."""
    ledger.forget_signals_of(event.person_id)
