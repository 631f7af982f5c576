"""What happens when people keep each other away, or call a moderator."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonBlocked(Event):
    """One person keeps another away from now on. Nobody is told; what connects the two ends."""

    by_id: UUID
    about_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonUnblocked(Event):
    """Somebody lets a person near again."""

    by_id: UUID
    about_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    """Somebody called a moderator."""

    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportClosed(Event):
    """A moderator decided on a report."""

    report_id: UUID
    decision: str
