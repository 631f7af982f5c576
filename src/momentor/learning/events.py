"""What happens after conversations."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanMade(Event):
    takeaway_id: UUID


@dataclass(frozen=True, kw_only=True)
class NudgeDue(Event):
    nudge_id: UUID


@dataclass(frozen=True, kw_only=True)
class OutcomeTold(Event):
    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorThanked(Event):
    thanks_id: UUID


@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(Event):
    session_id: UUID
    by_id: UUID
