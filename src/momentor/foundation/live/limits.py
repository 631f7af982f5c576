"""How much one connection may ask of us."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The numbers of the live part, in one place."""

    frame_bytes: int = 32_768
    frames_a_second: float = 10
    frames_at_once: int = 60
    streams: int = 50
    connections_a_person: int = 20
    # A reader that is this far behind is closed, and reads on after it has come back.
    queued_frames: int = 500
    queued_characters: int = 1_000_000
    # After so many refusals for breaking the protocol, the connection is closed; each second forgives one.
    misuses: int = 20
    recheck_seconds: float = 60


class Bucket:
    """Tokens that come back with time; taking one when there is none says no."""

    __slots__ = ("_at", "_most", "_rate", "_tokens")

    def __init__(self, *, most: float, a_second: float) -> None:
        self._most = most
        self._rate = a_second
        self._tokens = float(most)
        self._at = time.monotonic()

    def take(self) -> bool:
        """Take a token if there is one."""
        now = time.monotonic()
        self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
