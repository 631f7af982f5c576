"""BM25 over rows of a posting list, as it stood at a given moment.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf that is never
negative. How many rows hold a term, and their mean length, are counted over the usable rows only: what came later, or
was removed, has no say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Bools, Floats, Ints
from matchwell.postings import Found

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """How common the asked terms are: rows holding each, float64 [t]; rows in all; mean length in terms."""

    holding: Floats
    rows: int
    mean_length: float

    def idf(self) -> Floats:
        """Return the weight of each asked term, always above zero."""
        return np.log1p((self.rows - self.holding + 0.5) / (self.holding + 0.5))


def statistics(found: Sequence[Found], asked: int, usable: Bools, lengths: Ints) -> Statistics:
    """Count over the usable rows."""
    holding = np.zeros(asked)
    is_all = bool(usable.all())
    for part in found:
        holding[part.asked] += len(part.rows) if is_all else np.count_nonzero(usable[part.rows])
    rows = len(usable) if is_all else int(np.count_nonzero(usable))
    terms = float(lengths.sum(dtype=np.int64) if is_all else lengths[usable].sum(dtype=np.int64))
    return Statistics(holding, rows, max(terms / max(rows, 1), 1.0))


def scores(found: Sequence[Found], worth: Floats, usable: Bools, lengths: Ints, mean_length: float) -> Floats:
    """Return the score of every row, float64 [r], zero for what is not usable. `worth` [t] is what each term counts."""
    total = np.zeros(len(usable))
    if not found:
        return total
    longer = weakening(lengths, mean_length)
    for part in found:
        gains = _gains(part.counts, longer[part.rows], float(worth[part.asked]))
        total[part.rows] += gains
    if not usable.all():
        total[~usable] = 0.0
    return total


def gains_of(found: Sequence[Found], worth: Floats, row: int, length: int, mean_length: float) -> dict[int, float]:
    """Return what each asked term, by its place, adds to one row."""
    longer = weakening(np.array([length]), mean_length)
    gains = {}
    for part in found:
        place = int(part.rows.searchsorted(np.int32(row)))  # of the same type, or all rows would be converted
        if place < len(part.rows) and part.rows[place] == row:
            [gain] = _gains(part.counts[place : place + 1], longer, float(worth[part.asked])).tolist()
            gains[part.asked] = gain
    return gains


def weakening(lengths: Ints | Floats, mean_length: float) -> Floats:
    """Return what stands beside the count of a term below the line, float64 [r]: more for longer rows."""
    longer: Floats = K1 * (1 - B + B * lengths.astype(np.float64) / mean_length)
    return longer


def _gains(counts: Ints, longer: Floats, worth: float) -> Floats:
    gains: Floats = counts.astype(np.float64)
    gains *= K1 + 1
    gains /= counts + longer
    gains *= worth
    return gains


def saturation(counts: Floats, length: float, mean_length: float) -> Floats:
    """Return 1 for a term once in a row of mean length, more for more often, at most k1 + 1."""
    gains: Floats = counts * (K1 + 1) / (counts + weakening(np.array([length]), mean_length))
    return gains
