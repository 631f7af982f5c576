"""Time as JSON: weekly hours, free slots, bookings."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from momentor.asking.api import own_question
from momentor.asking.blind import people_behind
from momentor.asking.models import Question
from momentor.foundation.api import (
    Body,
    Cursor,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    WallTime,
    Whole,
    Yes,
    before_agreeing,
    between,
    page_of,
)
from momentor.people.api import ApiRequest, MediumName, PersonShown
from momentor.people.api.shapes import member_with
from momentor.people.models import Medium, Membership
from momentor.scheduling import actions
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.queries import slots_of

hours = Router(tags=["me"])
slots = Router(tags=["bookings"])
bookings = Router(tags=["bookings"])


class StretchOfWeek(Body):
    """A stretch of the week in the mentor's own time zone."""

    weekday: Annotated[Whole, between(0, 6)]
    """0 is Monday."""
    starts: WallTime
    ends: WallTime


Week = Annotated[list[StretchOfWeek], Field(max_length=100)]


class WeeklyHoursShown(Body):
    stretches: Week


@hours.get("/weekly-hours", response=WeeklyHoursShown)
def show_weekly_hours(request: ApiRequest) -> WeeklyHoursShown:
    """When slots of one's time may be booked."""
    return _hours(request)


@hours.put("/weekly-hours", response=WeeklyHoursShown)
@before_agreeing
def set_weekly_hours(request: ApiRequest, body: WeeklyHoursShown) -> WeeklyHoursShown:
    """Replace one's weekly hours. What is booked stays booked."""
    stretches = [
        (one.weekday, one.starts.replace(tzinfo=None), one.ends.replace(tzinfo=None)) for one in body.stretches
    ]
    actions.set_weekly_hours(by=request.by, stretches=stretches)
    return _hours(request)


def _hours(request: ApiRequest) -> WeeklyHoursShown:
    rows = WeeklyHours.objects.filter(membership=request.membership).order_by("weekday", "starts")
    return WeeklyHoursShown(
        stretches=[StretchOfWeek(weekday=row.weekday, starts=row.starts, ends=row.ends) for row in rows]
    )


class SlotShown(Shown):
    starts_at: Moment
    ends_at: Moment


@slots.get("/{uuid:person_id}/slots", response=list[SlotShown])
def list_slots(
    request: ApiRequest,
    person_id: UUID,
    *,
    minutes: Annotated[Literal["5", "10", "15", "20", "30", "45", "60"], Query(description="How long.")] = "10",
    question: Annotated[
        UUID | None,
        Query(description="The question on whose shortlist they stand: needed where its programme is blind."),
    ] = None,
) -> list[SlotShown]:
    """A mentor's free slots within a week, the earliest first."""
    membership = _mentor(request, own_question(request, question) if question else None, person_id)
    if not _may_be_booked(membership):
        return []
    found = slots_of(membership, minutes=int(minutes), now=request.now, mentee=request.by)
    return [SlotShown(starts_at=slot.starts, ends_at=slot.ends) for slot in found]


def _mentor(request: ApiRequest, question: Question | None, key: UUID) -> Membership:
    """Return whom this id, or a key of this question, stands for."""
    person_id = people_behind(question, [key])[0] if question else key
    return member_with(person_id, request.by)


def _may_be_booked(membership: Membership) -> bool:
    return membership.answers_questions and membership.person.is_active and membership.person.is_claimed


class SlotWish(Body):
    """A free slot to keep for a question."""

    question: Id
    mentor: Id
    """As the shortlist names them."""
    starts_at: Moment


class BookingShown(Shown):
    """A slot of a mentor's time that is kept for one mentee and one question."""

    id: Id
    question: Id
    mentee: PersonShown | None
    mentor: PersonShown | None
    medium: MediumName
    starts_at: Moment
    ends_at: Moment
    is_cancelled: Yes
    session: Id | None
    """The session, once its room is open."""

    @classmethod
    def of(cls, booking: Booking, request: ApiRequest) -> Self:
        other = booking.other_than(request.by)
        is_mentee = booking.mentee_id == request.by.pk
        starts, ends = booking.during.lower, booking.during.upper
        assert isinstance(starts, datetime)
        assert isinstance(ends, datetime)
        return cls(
            id=booking.pk,
            question=booking.question_id,
            mentee=PersonShown.of(booking.mentee if is_mentee else other),
            mentor=PersonShown.of(other if is_mentee else booking.mentor),
            medium=Medium(booking.medium),
            starts_at=starts,
            ends_at=ends,
            is_cancelled=booking.cancelled_at is not None,
            session=booking.session_id,
        )


@bookings.post("", response={201: BookingShown})
def book_slot(request: ApiRequest, body: SlotWish) -> BookingShown:
    """Keep a free slot for a question. The same slot again gives the same booking."""
    question = own_question(request, body.question)
    mentor = _mentor(request, question, body.mentor).person
    booking = actions.book_slot(
        question=question,
        by=request.by,
        mentor=mentor,
        starts_at=body.starts_at,
        now=request.now,
    )
    return BookingShown.of(booking, request)


@bookings.get("", response=Page[BookingShown])
def list_bookings(
    request: ApiRequest,
    *,
    ahead: Annotated[bool, Query(description="Only those that are still before you.")] = False,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[BookingShown]:
    """What one has booked, or what was booked with one, the newest first."""
    mine = Booking.objects.visible_to(request.by).select_related("mentee", "mentor", "question__programme")
    if ahead:
        mine = mine.filter(cancelled_at=None, session=None, during__endswith__gt=request.now)
    return page_of(
        Page[BookingShown],
        mine,
        cursor=cursor,
        limit=limit,
        show=lambda rows: [BookingShown.of(row, request) for row in rows],
    )


@bookings.get("/{uuid:booking_id}", response=BookingShown)
def show_booking(request: ApiRequest, booking_id: UUID) -> BookingShown:
    """One booking."""
    return BookingShown.of(_visible(request, booking_id), request)


@bookings.post("/{uuid:booking_id}/cancellation", response=BookingShown)
def cancel_booking(request: ApiRequest, booking_id: UUID) -> BookingShown:
    """Give a slot back. Twice does no harm."""
    return BookingShown.of(
        actions.cancel_booking(booking=_visible(request, booking_id), by=request.by, now=request.now), request
    )


def _visible(request: ApiRequest, booking_id: UUID) -> Booking:
    mine = Booking.objects.visible_to(request.by).select_related("mentee", "mentor", "question__programme")
    return mine.get(pk=booking_id)
