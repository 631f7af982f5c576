"""What scheduling does when others' facts arrive."""

from momentor.asking.events import QuestionWithdrawn
from momentor.asking.models import Question
from momentor.people.events import AccountClosed, PersonLeft
from momentor.people.models import Person
from momentor.scheduling.actions import cancel_booking, release
from momentor.scheduling.models import Booking
from momentor.trust.events import PersonBlocked


def give_slot_back(event: QuestionWithdrawn) -> None:
    """Cancel the booking of a question that was withdrawn."""
    release(question=Question.objects.get(pk=event.question_id), now=event.at)


def cancel_between(event: PersonBlocked) -> None:
    """Cancel what the two had booked, in the name of the one who blocked."""
    pair = (event.by_id, event.about_id)
    by = Person.objects.get(pk=event.by_id)
    between = Booking.objects.standing().filter(mentee_id__in=pair, mentor_id__in=pair, session=None)
    for booking in between.select_related("question").order_by("question_id"):
        cancel_booking(booking=booking, by=by, now=event.at)


def cancel_bookings_of(event: PersonLeft | AccountClosed) -> None:
    """Give back every slot of somebody who left, or whose account was closed."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is None:
        return
    theirs = Booking.objects.standing().visible_to(person).filter(session=None)
    for booking in theirs.select_related("question").order_by("question_id"):
        cancel_booking(booking=booking, by=person, now=event.at)
