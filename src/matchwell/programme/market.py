"""A whole programme in whole numbers: what each mentee would gain with each mentor."""

from dataclasses import dataclass
from math import ceil, log10

import numpy as np

from matchwell.columns import Array, Floats, Ints
from matchwell.programme.weighing import Pairs

DIGITS = 9  # of the largest score; decimals, so that scores such as 0.1 and 0.3 add up to what two of 0.2 do
MOST_DIGITS = 15  # of the gains of all mentees together, so that they stay exact in float64
LARGEST_POWER = 300  # of ten that a float64 can hold


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Market:
    """Pairs by mentee and then mentor, each a place in the ordered people.

    `mentee`, `mentor` int32 [p]; `gain` int64 [p], one more match gaining more than all scores of a plan together can;
    `capacity` int32 [mentors]. Staying unmatched is to be with `nobody`, the place after the last mentor: it gains
    nothing and has room for all.
    """

    mentee: Ints
    mentor: Ints
    gain: Array
    mentees: int
    capacity: Ints

    @property
    def nobody(self) -> int:
        """The place of those who are not matched."""
        return len(self.capacity)

    def gained(self, where: Array) -> Array:
        """Return what each mentee gains at their place, int64 [mentees]."""
        here = where[self.mentee] == self.mentor
        gained = np.zeros(self.mentees, np.int64)
        gained[self.mentee[here]] = self.gain[here]
        return gained


def market(pairs: Pairs, score: Floats) -> Market:
    """Return the market of some pairs by a score of theirs, float64 [p]."""
    points = whole(score, min(DIGITS, MOST_DIGITS - len(str(2 * pairs.mentees))))
    points -= points.min(initial=0)
    a_match = pairs.mentees * int(points.max(initial=0)) + 1
    return Market(
        mentee=pairs.mentee,
        mentor=pairs.mentor,
        gain=points + a_match,
        mentees=pairs.mentees,
        capacity=pairs.capacity,
    )


def whole(score: Floats, digits: int = DIGITS) -> Array:
    """Return scores as whole numbers of so many digits, int64: sums of them are exact, so ties are ties."""
    most = float(np.abs(score).max(initial=0.0))
    power = min(digits - ceil(log10(most)), LARGEST_POWER) if most else 0
    points: Array = np.rint(score * 10.0**power).astype(np.int64)
    return points
