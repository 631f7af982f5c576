"""What texts mean, as vectors in whole numbers, so that how near two are does not depend on what stands beside them.

A product of floating-point matrices adds up in an order that depends on their shape. With entries from -127 to 127 and
at most a thousand of them no sum is above 2^24, and so each is exact in float32, in whatever order it was added up.
Longer vectors have smaller entries, so that the same holds: 104 at most in 1,536 of them, 73 in 3,072.
"""

from dataclasses import dataclass
from math import isqrt

import numpy as np

from matchwell.columns import Array, Column, Numbers
from matchwell.products import Bytes, Singles, products
from matchwell.storing import Kept

LONGEST = 4096  # entries of a vector
_MOST = 127
_EXACT = 2**24  # whole numbers up to here are all there in float32


class WrongVector(ValueError):
    """A vector is not one: of another length than the others, or with numbers that are not finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """Vectors by row: whole numbers, int8, the `older` [o, d] and behind them the `newer` [r - o, d]; zero for none.

    `lengths` float32 [r] are theirs, zero where a row has no vector.
    """

    older: Bytes
    newer: Bytes
    lengths: Singles

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def dim(self) -> int:
        """Return how many entries a vector has."""
        return int(self.newer.shape[1])

    def vector(self, row: int) -> Singles:
        """Return the vector of a row, float32 [d]."""
        newer = row - len(self.older)
        vector: Singles = (self.older[row] if newer < 0 else self.newer[newer]).astype(np.float32)
        return vector

    def nearness(self, vector: Numbers) -> Singles:
        """Return the cosine of each row with a vector, float32 [r]; zero where either has no length."""
        asked = whole(vector)
        length = np.float32(np.sqrt(float(asked @ asked)))
        if not length:
            return np.zeros(len(self), np.float32)
        asked_bytes = asked.astype(np.int8)
        near = products(self.older, asked_bytes)
        if len(self.newer):
            near = np.concatenate([near, products(self.newer, asked_bytes)])
        lengths = self.lengths * length
        lengths[lengths == 0] = np.inf
        near /= lengths
        return near


class GrowingMeanings:
    """Takes vectors in, one a row; how long they are the first one says."""

    def __init__(self) -> None:
        self._older: Bytes | None = None
        self._newer: Column | None = None
        self._lengths = Column(np.float32)

    @property
    def dim(self) -> int | None:
        """Return the length of the vectors, None before there is any."""
        return None if self._newer is None else int(self._newer.view().shape[1])

    def keep(self) -> Kept:
        """Return what there is to store."""
        now = self.state()
        lengths: Array = self._lengths.view()
        return Kept({"lengths": (lengths,)} | ({} if now is None else {"vectors": (now.older, now.newer)}))

    def restore(self, kept: Kept) -> None:
        """Take what `keep` gave; new vectors come to stand behind it."""
        self._lengths = Column.of(kept.array("lengths"))
        if "vectors" in kept.arrays:
            self._older = kept.array("vectors")
            self._newer = Column(np.int8, self._older.shape[1])

    def check(self, vectors: list[Numbers | None]) -> None:
        """Raise WrongVector unless all could be added."""
        dim = self.dim
        for vector in vectors:
            if vector is None:
                continue
            dim = dim or len(vector)
            if vector.shape != (dim,) or dim > LONGEST:
                raise WrongVector(f"A vector has the shape {vector.shape}, where {(dim,)} was expected.")
            if not np.isfinite(vector).all():
                raise WrongVector("A vector has numbers that are not finite. Leave it out, and repair its encoder.")

    def add(self, vectors: list[Numbers | None]) -> None:
        """Add a row for each; None is a row without a vector."""
        dim = self.dim or next((len(vector) for vector in vectors if vector is not None), None)
        if dim is None:
            self._lengths.extend(np.zeros(len(vectors), np.float32))
            return
        if self._newer is None:
            self._newer = Column(np.int8, dim)
            self._newer.extend(np.zeros((len(self._lengths), dim), np.int8))
        rows = np.zeros((len(vectors), dim), np.float32)
        for place, vector in enumerate(vectors):
            if vector is not None:
                rows[place] = whole(vector)
        self._newer.extend(rows)
        self._lengths.extend(np.sqrt(np.einsum("rd,rd->r", rows, rows, dtype=np.float64)))

    def state(self) -> Meanings | None:
        """Return the vectors as they are now, None if there is none."""
        if self._newer is None:
            return None
        newer = self._newer.view()
        older = newer[:0] if self._older is None else self._older
        return Meanings(older, newer, self._lengths.view())


def whole(vector: Numbers) -> Singles:
    """Return a vector in the same direction, but for rounding, with small entries, float32 [d]."""
    most = float(np.abs(vector).max(initial=0.0))
    if most == 0:
        return np.zeros(len(vector), np.float32)
    scaled: Array = np.rint(vector.astype(np.float64) * (min(_MOST, isqrt(_EXACT // len(vector))) / most))
    return scaled.astype(np.float32)
