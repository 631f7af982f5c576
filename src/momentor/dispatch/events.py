"""What happens on the way to somebody."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SearchStarted(Event):
    """A round of finding a mentor began."""

    search_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A question was put before a mentor."""

    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Event):
    """A mentor left a question to others."""

    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(Event):
    """A mentor did not decide in time."""

    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(Event):
    """An offer that still waited is gone: another was quicker, or the question or its search ended."""

    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """A mentor took a question, and a session opened."""

    offer_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class ChoiceLapsed(Event):
    """The mentee chose no next step for a day, so the question went on in writing."""

    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class SearchEmpty(Event):
    """Nobody took the question in this round; it stands on the next step of the ladder now."""

    search_id: UUID
