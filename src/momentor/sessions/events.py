"""What happens in sessions."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SessionOpened(Event):
    """A room is open for the two."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    """Both have come, and the clock runs."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionExtended(Event):
    """Both wanted more minutes."""

    session_id: UUID
    minutes: int


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """A session is over."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionReturned(Event):
    """The question goes back to the search, since somebody did not come or handed it back."""

    session_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class MovePassed(Event):
    """In a written conversation, it is another one's move."""

    session_id: UUID
    person_id: UUID
