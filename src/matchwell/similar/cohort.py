"""How near a text is to others anyway, so that a cosine says the same of a long text and a short one.

The symmetric normalisation of speaker verification (Kenny, "Bayesian Speaker Verification with Heavy-Tailed Priors",
2010): a cosine in standard deviations above what is usual for the one and for the other, the mean of the two. Of the
moments, all that is needed are the sum of the vectors and of their products, so nothing is compared one by one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array, Floats, Numbers
from matchwell.products import Bytes
from matchwell.similar.texts import AT_ONCE, Texts, whole_rows

COHORT = 20_000  # texts that say what is usual
PRIOR = 50  # as many more, of the usual kind, so that a handful of texts does not decide it
# Mean and deviation of the cosines of unrelated questions, in five communities.
USUAL: dict[str, tuple[float, float]] = {"minilm": (0.15, 0.12), "universal": (0.32, 0.11)}
_NARROWEST = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Vectors in whole numbers, float32 [r, d], their lengths, and what is usual for each, float64 [r].

    A text without a vector has the length 0.
    """

    rows: npt.NDArray[np.float32]
    lengths: Floats
    usual: Floats
    spread: Floats


class Cohort:
    """The vectors of texts, and what cosines are usual among them."""

    def __init__(self, texts: Texts) -> None:
        assert texts.meanings is not None
        self._rows: Bytes = texts.meanings
        kind = texts.encoder.partition("-")[0]
        mean, deviation = USUAL.get(kind, USUAL["universal"])
        self._prior = np.array([mean, deviation**2 + mean**2])
        self._count, self._sum, self._products = _moments(self._rows, texts.sample(COHORT))
        blocks = [self._block(slice(first, first + AT_ONCE)) for first in range(0, len(texts), AT_ONCE)]
        self._lengths = _joined([block.lengths for block in blocks])
        self._usual = _joined([block.usual for block in blocks])
        self._spread = _joined([block.spread for block in blocks])

    @property
    def dim(self) -> int:
        """How long a vector is."""
        return int(self._rows.shape[1])

    def at(self, places: Array | slice) -> Directions:
        """Return the vectors of some texts."""
        rows = self._rows[places].astype(np.float32)
        return Directions(rows, self._lengths[places], self._usual[places], self._spread[places])

    def of(self, vector: Numbers) -> Directions:
        """Return another vector as one of theirs.

        Raises ValueError for one of another length, or with numbers that are not finite.
        """
        if vector.shape != (self.dim,) or not np.isfinite(vector).all():
            raise ValueError(f"The vector must be {self.dim} finite numbers, as those of the other texts are.")
        return self._placed(whole_rows(vector[None]))

    def _block(self, places: slice) -> Directions:
        return self._placed(self._rows[places])

    def _placed(self, whole: Bytes) -> Directions:
        rows = whole.astype(np.float32)
        lengths = np.sqrt(np.einsum("rd,rd->r", rows, rows, dtype=np.float64))
        units = np.divide(rows, lengths[:, None], out=np.zeros(rows.shape), where=lengths[:, None] > 0)
        first = units @ self._sum
        second = np.einsum("rd,rd->r", units @ self._products, units)
        moments = (np.stack([first, second]) + PRIOR * self._prior[:, None]) / (self._count + PRIOR)
        spread = np.sqrt(np.maximum(moments[1] - moments[0] ** 2, _NARROWEST**2))
        return Directions(rows, lengths, moments[0], spread)


def cosines(left: Directions, right: Directions) -> Floats:
    """Return the cosine of each with each, float64 [l, r]; nan where one has no vector.

    Products of whole numbers are exact, so a cosine does not depend on what else is compared at the same time.
    """
    lengths = left.lengths[:, None] * right.lengths
    products = (left.rows @ right.rows.T).astype(np.float64)
    near: Floats = np.divide(products, lengths, out=np.full(products.shape, np.nan), where=lengths > 0)
    return near


def standardised(cosine: Floats, left: Directions, right: Directions) -> Floats:
    """Return how many standard deviations a cosine lies above what is usual, the mean of both sides, [l, r]."""
    by_left = (cosine - left.usual[:, None]) / left.spread[:, None]
    by_right = (cosine - right.usual) / right.spread
    return (by_left + by_right) / 2


def _moments(rows: Bytes, places: Array) -> tuple[int, Floats, Floats]:
    """Return how many have a vector, the sum of these as unit vectors [d], and of their products with themselves."""
    count, total, products = 0, np.zeros(rows.shape[1]), np.zeros((rows.shape[1], rows.shape[1]))
    for first in range(0, len(places), AT_ONCE):
        block = rows[places[first : first + AT_ONCE]].astype(np.float64)
        lengths = np.sqrt(np.einsum("rd,rd->r", block, block))
        units = block[lengths > 0] / lengths[lengths > 0, None]
        count += len(units)
        total += units.sum(axis=0)
        products += units.T @ units
    return count, total, products


def _joined(blocks: list[Floats]) -> Floats:
    return np.concatenate(blocks) if blocks else np.empty(0)
