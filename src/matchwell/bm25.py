"""BM25 over rows of a posting list, as it stood at a given moment.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the idf that is never
negative. How many rows hold a term, and their mean length, are counted over the usable rows only: what came later, or
was removed, has no say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from matchwell.columns import Bools, Floats, Ints
from matchwell.parts import in_parts
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


def scores(found: Sequence[Found], worth: Floats, usable: Bools, mean_length: float) -> Floats:
    """Return the score of every row, float64 [r], zero for what is not usable. `worth` [t] is what each term counts.

    Many rows are shared out between threads. Each row adds up in the order of the terms, whoever adds.
    """
    total = np.zeros(len(usable))
    gains = _looked_up(found, worth, mean_length)
    in_parts(len(usable), lambda first, last: _add(found, gains, total, first, last))
    if not usable.all():
        total[~usable] = 0.0
    return total


def _looked_up(found: Sequence[Found], worth: Floats, mean_length: float) -> list[Floats]:
    """Return for each list what an occurrence of each of its pairs gains."""
    of_pairs: dict[int, Floats] = {}
    for part in found:
        if id(part.pairs) not in of_pairs:
            of_pairs[id(part.pairs)] = saturation(part.pairs[:, 0], part.pairs[:, 1], mean_length)
    return [of_pairs[id(part.pairs)] * worth[part.asked] for part in found]


def _add(found: Sequence[Found], gains: Sequence[Floats], total: Floats, first: int, last: int) -> None:
    """Add up the rows from the first to the one before the last."""
    edges = [part.rows.searchsorted(np.array([first, last], np.int32)).tolist() for part in found]
    ends = np.cumsum([0, *(end - begin for begin, end in edges)])
    rows, values = np.empty(ends[-1], np.int32), np.empty(ends[-1])
    for part, gain, (begin, end), at in zip(found, gains, edges, ends.tolist(), strict=False):
        here = slice(at, at + end - begin)
        np.subtract(part.rows[begin:end], first, out=rows[here])
        np.take(gain, part.codes[begin:end], out=values[here], mode="clip")
    if len(rows):
        lists = csc_array((values, rows, ends.astype(np.int32)), shape=(last - first, len(found)))
        total[first:last] = lists @ np.ones(len(found))


def gains_of(found: Sequence[Found], worth: Floats, row: int, mean_length: float) -> dict[int, float]:
    """Return what each asked term, by its place, adds to one row."""
    wanted = np.int32(row)  # of the type of the rows, or all of them would be converted
    gains = {}
    for part in found:
        place = part.rows.searchsorted(wanted)
        if place < len(part.rows) and part.rows[place] == wanted:
            count, length = part.pairs[part.codes[place]].tolist()
            weakened = K1 * (1 - B + B * length / mean_length)
            gains[part.asked] = count * (K1 + 1) / (count + weakened) * float(worth[part.asked])
    return gains


def saturation(counts: Ints | Floats, lengths: Ints | float, mean_length: float) -> Floats:
    """Return 1 for a term once in a row of mean length, more for more often, at most k1 + 1."""
    gains: Floats = counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / mean_length))
    return gains
