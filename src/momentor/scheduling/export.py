"""A person's hours and bookings."""

from collections.abc import Iterator
from typing import Any

from momentor.people.export import Part
from momentor.people.models import Membership, Person
from momentor.scheduling.models import Booking, WeeklyHours


def exported(person: Person) -> Iterator[Part]:
    """Return a person's weekly hours, and the slots they booked or that were booked with them."""
    membership = Membership.objects.here().filter(person=person).first()
    hours = WeeklyHours.objects.filter(membership=membership).order_by("weekday", "starts")
    yield Part(name="weekly_hours.json", rows=[dict(row) for row in hours.values("weekday", "starts", "ends")])
    yield Part(name="bookings.json", rows=_bookings(person))


def _bookings(person: Person) -> Iterator[dict[str, Any]]:
    for booking in Booking.objects.visible_to(person).order_by("id").iterator(chunk_size=500):
        yield {
            "id": booking.pk,
            "question_id": booking.question_id,
            "as": "mentee" if booking.mentee_id == person.pk else "mentor",
            "starts_at": booking.during.lower,
            "ends_at": booking.during.upper,
            "booked_at": booking.booked_at,
            "cancelled_at": booking.cancelled_at,
        }
