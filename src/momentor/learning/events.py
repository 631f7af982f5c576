"""What happens after conversations."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TakeawayWritten(Event):
    """One of the two wrote on the card of a session, for the first time or over what stood there."""

    takeaway_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanMade(Event):
    """A takeaway has a plan with a day to look at it."""

    takeaway_id: UUID


@dataclass(frozen=True, kw_only=True)
class NudgeDue(Event):
    """The day to look at a plan has come."""

    nudge_id: UUID


@dataclass(frozen=True, kw_only=True)
class OutcomeTold(Event):
    """A mentee told what came of a plan."""

    outcome_id: UUID


@dataclass(frozen=True, kw_only=True)
class MentorThanked(Event):
    """A mentee said thank you."""

    thanks_id: UUID


@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(Event):
    """One of the two told the product, in private, how it went."""

    session_id: UUID
    by_id: UUID
