"""Which texts are near an ask."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.bm25 import Statistics, gains_of, saturation, scores, statistics
from matchwell.columns import Bools, Floats
from matchwell.postings import Found
from matchwell.state import Questions

MOST_REPEATS = 2.0  # a word counts at most twice in an ask: a pasted log must not drown the question


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Nearest:
    """How near each row is: `similarity` float64 [r] from 0 to 1 (the same words), and what made it so.

    `counted` says how telling the asked terms are, `worth` float64 [t] what each of them counts in this ask.
    """

    similarity: Floats
    counted: Statistics
    worth: Floats
    found: Sequence[Found]

    def gains(self, row: int) -> dict[int, float]:
        """Return what each asked term, by its place, gave to a row that was wanted."""
        return gains_of(self.found, self.worth, row, self.counted.mean_length)


def nearest(asked: AskedTerms, questions: Questions, *, known: Bools, wanted: Bools) -> Nearest:
    """Compare an ask to the `wanted` questions; how telling a word is, the `known` ones say. Both bool [r]."""
    found = questions.words.find(asked.numbers)
    counted = statistics(found, len(asked.numbers), known, questions.length)
    return compare(found, asked, counted, wanted)


def compare(found: Sequence[Found], asked: AskedTerms, counted: Statistics, wanted: Bools) -> Nearest:
    """Score the `wanted` rows, bool [r], as a share of what the ask itself would score."""
    worth = counted.idf() * np.minimum(asked.times, MOST_REPEATS)
    whole = float((worth * saturation(asked.times, asked.length, counted.mean_length)).sum())
    similarity = scores(found, worth, wanted, counted.mean_length)
    if whole > 0:
        similarity /= whole
        np.minimum(similarity, 1.0, out=similarity)
    return Nearest(similarity=similarity, counted=counted, worth=worth, found=found)


def strengths(similarity: Floats, rows: Sequence[int]) -> Floats:
    """Return how strongly each of these rows, nearest first, may vote, float64 [s].

    The square of its nearness in relation to the nearest of all rows, so that the near ones lead; times the root of how
    near the nearest is, so that a question unlike any before leaves more to the other signals.
    """
    near = similarity[list(rows)]
    top = similarity.max(initial=0.0)
    strong: Floats = (near / top) ** 2 * np.sqrt(top) if len(near) else near
    return strong
