"""Booking a free slot, giving it back, and opening the room when its time comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.actions import ask_question, locked, mark_open, mark_scheduled
from momentor.asking.models import Question
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.people.models import Block, Medium, Membership, Person
from momentor.scheduling.events import BookingCancelled, BookingDue, SlotBooked
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.queries import slots_of
from momentor.scheduling.slots import Stretch
from momentor.sessions.actions import open_session

OPENS_EARLY = timedelta(minutes=1)


class SlotTaken(Refusal):
    message = _("Somebody was quicker: this slot is taken. Please choose another.")


class NotFree(Refusal):
    message = _("This is not one of the mentor's free times. Please choose one from the list.")
    status = 422


class HoursBackwards(Refusal):
    message = _("The end of a stretch must come after its beginning. One that goes over midnight is two stretches.")
    status = 422


class NothingToBook(Refusal):
    message = _("This question can no longer be booked: it is with a mentor, or closed.")


@transaction.atomic
def set_weekly_hours(*, by: Person, stretches: Sequence[Stretch]) -> None:
    """Replace a mentor's weekly hours. What is booked already stays booked. Raises HoursBackwards."""
    membership = Membership.objects.select_for_update().get(person=by)
    if any(ends <= starts for _weekday, starts, ends in stretches):
        raise HoursBackwards
    WeeklyHours.objects.filter(membership=membership).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(membership=membership, weekday=weekday, starts=starts, ends=ends)
        for weekday, starts, ends in sorted(set(stretches))
    )


@transaction.atomic
def book_slot(*, question: Question, by: Person, mentor: Person, starts_at: datetime, now: datetime) -> Booking:
    """Keep a free slot of a mentor for a question.

    Raises SlotTaken (another was quicker, or one of the two has something then), NotFree, NothingToBook.
    """
    if question.state == Question.State.DRAFT:
        ask_question(question=question, by=by, now=now)
    question = locked(question, mentee=by)
    if not question.may_be_claimed or Block.objects.between(by, mentor):
        raise NothingToBook
    membership = Membership.objects.mentors().filter(person=mentor).first()
    if membership is None or not any(
        slot.starts == starts_at for slot in slots_of(membership, minutes=question.time_box, now=now)
    ):
        raise NotFree
    medium = Medium.CHAT if question.medium == Medium.ASYNC else Medium(question.medium)
    during = DateTimeTZRange(starts_at, starts_at + timedelta(minutes=question.time_box))
    try:
        with transaction.atomic():
            booking = Booking.objects.create(
                question=question, mentee=by, mentor=mentor, medium=medium, during=during, booked_at=now
            )
    except IntegrityError as trouble:
        raise SlotTaken from trouble
    mark_scheduled(question=question, by=mentor, now=now)
    jobs.enqueue(open_room, at=starts_at - OPENS_EARLY, booking_id=booking.pk)
    announce(SlotBooked(booking_id=booking.pk, at=now))
    return booking


@transaction.atomic
def cancel_booking(*, booking: Booking, by: Person, now: datetime) -> Booking:
    """Give a booked slot back; the question is open again. Cancelling twice changes nothing.

    Raises Booking.DoesNotExist for anybody but the two, NothingToBook once the room is open.
    """
    question = locked(booking.question)
    booking = Booking.objects.visible_to(by).select_for_update().get(pk=booking.pk)
    if booking.cancelled_at is not None:
        return booking
    if booking.session_id is not None:
        raise NothingToBook
    _cancel(booking, by=by, now=now)
    if question.state == Question.State.SCHEDULED:
        mark_open(question=question, reason="booking_cancelled", now=now)
    announce(BookingCancelled(booking_id=booking.pk, by_id=by.pk, at=now))
    return booking


@jobs.job
def open_room(*, booking_id: UUID) -> None:
    """Open the room of a booking a minute before its time."""
    now = timezone.now()
    found = Booking.objects.standing().filter(pk=booking_id, session=None).select_related("question").first()
    if found is None:
        return
    question = locked(found.question)
    booking = Booking.objects.select_for_update().get(pk=booking_id)
    if booking.cancelled_at or booking.session_id or question.state != Question.State.SCHEDULED:
        return
    booking.session = open_session(question=question, mentor=booking.mentor, medium=booking.medium, now=now)
    booking.save(update_fields=["session"])
    announce(BookingDue(booking_id=booking.pk, session_id=booking.session.pk, at=now))


def release(*, question: Question, now: datetime) -> None:
    """Cancel what was booked for a question that went away."""
    for booking in Booking.objects.standing().filter(question=question, session=None):
        _cancel(booking, by=None, now=now)


def _cancel(booking: Booking, *, by: Person | None, now: datetime) -> None:
    booking.cancelled_at = now
    booking.cancelled_by = by
    booking.save(update_fields=["cancelled_at", "cancelled_by"])
