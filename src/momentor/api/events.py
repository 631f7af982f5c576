"""What happens to the keys of programs."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """Somebody made a token for a program of theirs."""

    token_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A token opens nothing any more."""

    token_id: UUID
    person_id: UUID
