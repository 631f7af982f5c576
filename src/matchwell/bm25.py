"""BM25 over rows of a posting list, as it stood at a given moment.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf that is never
negative. How many rows hold a term, and their mean length, are counted over the usable rows only: what came later, or
was removed, has no say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Bools, Floats, Ints, totals
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


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What each occurrence of an asked term adds to its row: parallel arrays [p]."""

    asked: Ints
    rows: Ints
    gains: Floats

    def scores(self, rows: int) -> Floats:
        """Return the score of every row, float64 [rows]."""
        return totals(self.rows, self.gains, rows)


def statistics(found: Sequence[Found], asked: int, usable: Bools, lengths: Ints) -> Statistics:
    """Count over the usable rows."""
    holding = np.zeros(asked)
    for part in found:
        holding += np.bincount(part.asked[usable[part.rows]], minlength=asked)
    rows = int(np.count_nonzero(usable))
    terms = float(lengths[usable].sum())
    return Statistics(holding, rows, max(terms / max(rows, 1), 1.0))


def matches(found: Sequence[Found], worth: Floats, usable: Bools, lengths: Ints, mean_length: float) -> Matches:
    """Weigh the occurrences in usable rows. `worth` is what each asked term counts, float64 [t]."""
    kept = [Found(*(a[usable[part.rows]] for a in (part.asked, part.rows, part.counts))) for part in found]
    asked = _concatenated([part.asked for part in kept])
    rows = _concatenated([part.rows for part in kept])
    counts = _concatenated([part.counts for part in kept])
    return Matches(asked, rows, worth[asked] * saturation(counts, lengths[rows], mean_length))


def saturation(counts: Ints | Floats, lengths: Ints | float, mean_length: float) -> Floats:
    """Return 1 for a term once in a row of mean length, more for more often, at most k1 + 1."""
    gains: Floats = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / mean_length))
    return gains


def _concatenated(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, np.int32)
