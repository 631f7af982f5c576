"""Where texts lie, so that those about the same matter lie near each other: by their words, and by their vectors.

The words are brought down to a few directions (latent semantic analysis); both parts are moved so that the mean lies at
zero, and count alike. Together they were better than either, in five communities.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array
from matchwell.encoders.latent import directions
from matchwell.similar.reading import Read
from matchwell.similar.texts import AT_ONCE

DIRECTIONS = 64
LEARNED_FROM = 20_000  # texts

Points = npt.NDArray[np.float32]


class Space:
    """Places of texts: rows of length one, of zeros for a text in which nothing can be read."""

    def __init__(self, read: Read) -> None:
        self._read = read
        sample = read.texts.sample(LEARNED_FROM)
        some = read.weights[sample]
        with_words = some[np.diff(some.indptr) > 0]
        self._directions = _directions(with_words)
        self._middle_of_words = _mean(with_words @ self._directions)
        self._middle_of_vectors = None if read.cohort is None else _mean(_vectors(read, sample))

    def points(self, rows: Array) -> Points:
        """Return where texts lie, float32 [r, k]."""
        weights = self._read.weights[rows]
        words = np.asarray(weights @ self._directions, np.float32) - self._middle_of_words
        words[np.diff(weights.indptr) == 0] = 0.0
        parts = [_units(words)]
        if self._middle_of_vectors is not None:
            vectors = _vectors(self._read, rows)
            moved = vectors - self._middle_of_vectors
            moved[~vectors.any(axis=1)] = 0.0
            parts.append(_units(moved))
        return _units(np.hstack(parts))

    def blocks(self) -> Iterator[tuple[slice, Points]]:
        """Yield where all texts lie, some at a time."""
        for first in range(0, len(self._read), AT_ONCE):
            rows = slice(first, min(first + AT_ONCE, len(self._read)))
            yield rows, self.points(np.arange(rows.start, rows.stop))


def _directions(some: Array) -> Points:
    if not some.shape[0]:
        return np.zeros((some.shape[1], 1), np.float32)
    found: Points = directions(some.astype(np.float64), DIRECTIONS)
    return found


def _vectors(read: Read, rows: Array) -> Points:
    assert read.cohort is not None
    held = read.cohort.at(rows)
    lengths = held.lengths[:, None].astype(np.float32)
    return np.divide(held.rows, lengths, out=np.zeros_like(held.rows), where=lengths > 0)


def _mean(points: Array) -> Points:
    if not len(points):
        return np.zeros(1, np.float32)
    mean: Points = np.asarray(points, np.float64).mean(axis=0).astype(np.float32)
    return mean


def _units(points: Points) -> Points:
    lengths = np.sqrt(np.einsum("rd,rd->r", points, points, dtype=np.float64))[:, None].astype(np.float32)
    units: Points = np.divide(points, lengths, out=np.zeros_like(points), where=lengths > 1e-6)
    return units
