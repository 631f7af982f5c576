"""What happens to bookings."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SlotBooked(Event):
    booking_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):
    booking_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingDue(Event):
    """The booked time has come and the room is open."""

    booking_id: UUID
    session_id: UUID
