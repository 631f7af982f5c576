"""How the product moves: what follows what."""

from momentor.foundation.events import Event, Listener

WHEN: dict[type[Event], list[Listener]] = {}
