"""What happens when people of a programme are matched."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class PreviewStarted(Event):
    """A coordinator wants to see what matching everybody in a programme would come to."""

    preview_id: UUID
    programme_id: UUID
    by_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PreviewReady(Event):
    """A preview can be looked at, after it was worked on for some seconds."""

    preview_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class PreviewDiscarded(Event):
    """A coordinator put a preview aside; nothing of it takes effect."""

    preview_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PreviewConfirmed(Event):
    """A coordinator confirmed a preview, and so many people are matched from now on."""

    preview_id: UUID
    by_id: UUID | None
    matched: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class MatchEnded(Event):
    """One of two who were matched, or a coordinator, ended it. Nobody is asked why."""

    match_id: UUID
    by_id: UUID
