"""What happens to the keys of programs."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    token_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    token_id: UUID
    person_id: UUID
