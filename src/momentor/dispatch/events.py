"""What happens on the way to somebody."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SearchStarted(Event):
    search_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferPassed(Event):
    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferLapsed(Event):
    offer_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
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
