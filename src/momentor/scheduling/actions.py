"""Booking a free slot, giving it back, and opening the room when its time comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from momentor.asking.actions import ask_question, locked, mark_claimed, mark_open, mark_scheduled, mark_waiting
from momentor.asking.models import Question
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.people.models import Block, Medium, Membership, Person
from momentor.people.standing import locked_member
from momentor.scheduling.events import BookingCancelled, BookingDue, SlotBooked
from momentor.scheduling.limits import is_understood, mentors_within
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.queries import is_taken, slots_of
from momentor.scheduling.slots import Stretch, merged
from momentor.sessions.actions import open_session

OPENS_EARLY = timedelta(minutes=1)
MOST_STRETCHES = 40


class SlotTaken(Refusal):
    message = _("Somebody was quicker: this slot is taken. Please choose another.")


class NotFree(Refusal):
    message = _("This is not one of the mentor's free times. Please choose one from the list.")
    status = 422


class NotForThisQuestion(Refusal):
    message = _(
        "This mentor cannot be booked for this question: they talk in other languages, are in another programme, or had"
        " it before. Please choose somebody else."
    )
    status = 422


class HoursBackwards(Refusal):
    message = _("The end of a stretch must come after its beginning. One that goes over midnight is two stretches.")
    status = 422


class NothingToBook(Refusal):
    message = _("This question can no longer be booked: it is with a mentor, or closed.")


class TooManyStretches(Refusal):
    message = _("Up to %(most)s stretches a week can be kept. Join some of them.")
    status = 422


@transaction.atomic
def set_weekly_hours(*, by: Person, stretches: Sequence[Stretch]) -> None:
    """Replace a mentor's weekly hours. What is booked already stays booked. Stretches that touch become one.

    Raises HoursBackwards, TooManyStretches, NotAMember.
    """
    membership = locked_member(by)
    if any(ends <= starts for _weekday, starts, ends in stretches):
        raise HoursBackwards
    kept = merged(stretches)
    if len(kept) > MOST_STRETCHES:
        raise TooManyStretches(most=MOST_STRETCHES)
    WeeklyHours.objects.filter(membership=membership).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(membership=membership, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in kept
    )


@transaction.atomic
def book_slot(*, question: Question, by: Person, mentor: Person, starts_at: datetime, now: datetime) -> Booking:
    """Keep a free slot of a mentor for a question. Booking the same slot again gives the same booking.

    The hard limits are those of offers. Raises SlotTaken (another was quicker, or one of the two has something then),
    NotFree, NothingToBook, NotForThisQuestion.
    """
    if question.state == Question.State.DRAFT:
        ask_question(question=question, by=by, now=now)
    question = locked(question, mentee=by)
    standing = Booking.objects.standing().filter(question=question, mentor=mentor, session=None).first()
    if standing is not None and standing.during.lower == starts_at:
        return standing
    if not question.may_be_claimed or mentor == by or Block.objects.between(by, mentor):
        raise NothingToBook
    medium = Medium.CHAT if question.medium == Medium.ASYNC else Medium(question.medium)
    membership = _kept_free(by, mentor)
    if membership is None or medium not in membership.mediums:
        raise NotFree
    if not mentors_within(question).filter(pk=membership.pk).exists() or not is_understood(question, mentor.languages):
        raise NotForThisQuestion
    free = slots_of(membership, minutes=question.time_box, now=now, mentee=by)
    if not any(slot.starts == starts_at for slot in free):
        # A slot that stands in the hours, and is not free, has just gone to somebody else.
        raise SlotTaken if is_taken((mentor, by), starts_at, minutes=question.time_box) else NotFree
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


def _kept_free(mentee: Person, mentor: Person) -> Membership | None:
    """Return the mentor's membership, with both people's locked.

    Everybody who books with one of the two, in whichever organisation, waits here: the exclusion constraints never
    see two at once, which they would answer with a deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(person, 0)) from unnest(%s::text[]) as person",
            [sorted(str(person.pk) for person in (mentee, mentor))],
        )
    both = Membership.objects.here().filter(person__in=(mentee, mentor)).order_by("pk")
    list(both.select_for_update())
    return Membership.objects.mentors().filter(person=mentor, person__is_claimed=True).select_related("person").first()


@transaction.atomic
def cancel_booking(*, booking: Booking, by: Person, now: datetime) -> Booking:
    """Give a booked slot back; its mentee has a day to choose the next step. Cancelling twice changes nothing.

    Raises Booking.DoesNotExist for anybody but the two, NothingToBook once the room is open.
    """
    question = locked(booking.question)
    booking = Booking.objects.visible_to(by).select_for_update().get(pk=booking.pk)
    if booking.cancelled_at is not None:
        return booking
    if booking.session_id is not None:
        raise NothingToBook
    _cancel(booking, by=by, now=now)
    if question.state == Question.State.SCHEDULED and by.pk == booking.mentor_id:
        # It was not the mentee's wish, so the question waits on its step and is looked after there.
        mark_waiting(question=question, step=Question.Step.SOON, reason="mentor_cancelled", now=now)
    elif question.state == Question.State.SCHEDULED:
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
    if Block.objects.between(booking.mentee, booking.mentor) or not _are_both_here(booking):
        return  # what cancels it for that reason is still on its way
    mark_claimed(question=question, by=booking.mentor, reason="time_has_come", now=now)
    booking.session = open_session(
        question=question, mentor=booking.mentor, medium=booking.medium, expected_at=booking.during.lower, now=now
    )
    booking.save(update_fields=["session"])
    announce(BookingDue(booking_id=booking.pk, session_id=booking.session.pk, at=now))


def _are_both_here(booking: Booking) -> bool:
    both = (booking.mentee_id, booking.mentor_id)
    return Membership.objects.here().active().filter(person_id__in=both).count() == len(both)


def release(*, question: Question, now: datetime) -> None:
    """Cancel what was booked for a question that went away."""
    for booking in Booking.objects.standing().filter(question=question, session=None):
        _cancel(booking, by=None, now=now)


def _cancel(booking: Booking, *, by: Person | None, now: datetime) -> None:
    booking.cancelled_at = now
    booking.cancelled_by = by
    booking.save(update_fields=["cancelled_at", "cancelled_by"])
