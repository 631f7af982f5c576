"""Whom to disturb now: the smallest group of which one probably says yes. Pure sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# The chance of at least one yes that a wave aims for, and the people it may disturb for it.
TARGET = 0.8
MOST = 4
# Below this part of the best score a fit is weak.
WEAK = 1 / 3
LIVE_WAVES = 5
WRITTEN_WAVES = 6


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could be asked, best fit first in a list of them."""

    person_id: UUID
    chance: float
    score: float = 0.0
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a search moves."""

    wave_lasts: timedelta
    offer_lasts: timedelta
    waves: int


LIVE = Pace(wave_lasts=timedelta(seconds=45), offer_lasts=timedelta(minutes=3), waves=LIVE_WAVES)
WRITTEN = Pace(wave_lasts=timedelta(hours=6), offer_lasts=timedelta(hours=24), waves=WRITTEN_WAVES)


def next_wave(
    candidates: Sequence[Candidate], *, best: float = 0.0, target: float = TARGET, most: int = MOST
) -> list[Candidate]:
    """Return the fewest candidates, in their order, of whom one says yes with the target's chance; `most` at most.

    Weak fits are asked when nobody stronger is left, however present they are, and the mentee need not say so: a wave
    is rather too small than filled up with them, since the next one comes soon, and a poor match costs two people
    more than those seconds. Nobody is too weak whom the mentee chose. `best` is the score of somebody stronger who
    is worth waiting for.
    """
    wave: list[Candidate] = []
    nobody = 1.0
    for candidate in strong(candidates, best):
        if len(wave) == most or nobody <= 1 - target:
            break
        wave.append(candidate)
        nobody *= 1 - candidate.chance
    return wave


def strong(candidates: Sequence[Candidate], best: float) -> list[Candidate]:
    """Return those strong enough to be asked beside somebody of the best score, in their order."""
    least = WEAK * max([best, *(one.score for one in candidates)])
    return [one for one in candidates if one.is_chosen or one.score >= least]


def next_wave_at(pace: Pace, now: datetime) -> datetime:
    """Return when the next wave goes out, if nobody has said yes by then."""
    return now + pace.wave_lasts
