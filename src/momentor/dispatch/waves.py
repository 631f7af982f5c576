"""Whom to disturb now: the smallest group of which one probably says yes. Pure sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# The chance of at least one yes that a wave aims for, and the people it may disturb for it.
TARGET = 0.8
MOST = 4
LIVE_WAVES = 5
WRITTEN_WAVES = 6


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could be asked, best fit first in a list of them."""

    person_id: UUID
    chance: float
    score: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a search moves."""

    wave_lasts: timedelta
    offer_lasts: timedelta
    waves: int


LIVE = Pace(wave_lasts=timedelta(seconds=45), offer_lasts=timedelta(minutes=3), waves=LIVE_WAVES)
WRITTEN = Pace(wave_lasts=timedelta(hours=6), offer_lasts=timedelta(hours=24), waves=WRITTEN_WAVES)


def next_wave(candidates: Sequence[Candidate], *, target: float = TARGET, most: int = MOST) -> list[Candidate]:
    """Return the fewest candidates, in their order, of whom one says yes with the target's chance; `most` at most."""
    wave: list[Candidate] = []
    nobody = 1.0
    for candidate in candidates:
        if len(wave) == most or nobody <= 1 - target:
            break
        wave.append(candidate)
        nobody *= 1 - candidate.chance
    return wave


def next_wave_at(pace: Pace, now: datetime) -> datetime:
    """Return when the next wave goes out, if nobody has said yes by then."""
    return now + pace.wave_lasts
