"""What happens to bookings."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SlotBooked(Event):
    """A mentee booked a free time of a mentor."""

    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):
    """One of the two gave a booked time back."""

    booking_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingDue(Event):
    """The booked time has come and the room is open."""

    booking_id: UUID
    session_id: UUID
