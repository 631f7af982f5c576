"""How good a ranking is, when it is known who was right; and how sure one can be that one is better than another."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from matchwell.columns import Floats

FIRST = 10
ROUNDS = 1000
_SEED = 20_26


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """Of one ranking: 1 / place of the first who is right; nDCG and recall of ten; recall of fifty; any among ten.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with gains of 0 and 1.
    """

    mrr: float
    ndcg: float
    r10: float
    r50: float
    s10: float


def measure(places: Sequence[int], right: int) -> Measures:
    """Return the measures of a ranking by the places, from 1 and ascending, of those `right` whom it ranked."""
    first_ten = sum(place <= FIRST for place in places)
    return Measures(
        mrr=1 / places[0] if places else 0.0,
        ndcg=ndcg(places, right),
        r10=first_ten / right,
        r50=sum(place <= 50 for place in places) / right,
        s10=float(first_ten > 0),
    )


def ndcg(places: Sequence[int], right: int) -> float:
    """Return the normalised discounted cumulative gain of the first ten places."""
    gained = sum(1 / log2(place + 1) for place in places if place <= FIRST)
    return gained / sum(1 / log2(place + 1) for place in range(1, min(FIRST, right) + 1))


def interval(values: Floats, *, share: float = 0.95) -> tuple[float, float]:
    """Return the bootstrap interval of the mean (Efron 1979, percentiles of 1,000 rounds from a fixed seed)."""
    if not len(values):
        return 0.0, 0.0
    low, high = np.quantile(_means(values), [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def sureness(better: Floats, worse: Floats) -> float:
    """Return the share of bootstrap rounds over the same questions in which one has the higher mean, 0 to 1."""
    if not len(better):
        return 0.0
    return float((_means(better - worse) > 0).mean())


def _means(values: Floats) -> Floats:
    chosen = np.random.default_rng(_SEED).integers(0, len(values), (ROUNDS, len(values)))
    means: Floats = values[chosen].mean(axis=1)
    return means
