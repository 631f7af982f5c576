"""From process to process, behind three functions."""

import json
import re
from collections.abc import Callable
from typing import Protocol

Deliver = Callable[[str, str], None]
Gap = Callable[[], None]

# {"to": "room:1", "m": {...}} as `pushing.push` and the database's functions write it. The text inside goes on as
# it is; reading it and writing it again would cost more than the delivery.
_PAYLOAD = re.compile(r'\{"to" ?: ?"([^"\\]+)", ?"m" ?: ?(\{.*\})\}', re.DOTALL)


class Bus(Protocol):
    """Carries texts on named streams to every process, this one included, in one order."""

    is_up: bool

    def publish(self, stream: str, text: str) -> None:
        """Send a text that need not survive anything."""

    async def subscribe(self, deliver: Deliver, gap: Gap) -> None:
        """Hear every text from now on; `gap` is called when some may have been missed."""

    async def close(self) -> None:
        """Let go."""


def read_payload(payload: str) -> tuple[str, str] | None:
    """Return the stream and the text of a notification, or None when it is none of ours."""
    if found := _PAYLOAD.fullmatch(payload):
        return found[1], found[2]
    try:
        loose = json.loads(payload)
        return str(loose["to"]), json.dumps(loose["m"])
    except (ValueError, KeyError, TypeError):
        return None


def write_payload(stream: str, text: str) -> str:
    """Return the notification for a text."""
    return f'{{"to": "{stream}", "m": {text}}}'


class MemoryBus:
    """A bus within one process: for measuring, and for tests of what stands on it."""

    is_up = True

    def __init__(self) -> None:
        self._deliver: list[Deliver] = []

    def publish(self, stream: str, text: str) -> None:
        for deliver in self._deliver:
            deliver(stream, text)

    async def subscribe(self, deliver: Deliver, gap: Gap) -> None:
        self._deliver.append(deliver)

    async def close(self) -> None:
        self._deliver.clear()
