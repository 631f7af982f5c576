"""Some texts compared with others, each with each or pair by pair."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array, Bools, Floats
from matchwell.likelihood import nearness
from matchwell.similar.cohort import cosines, standardised
from matchwell.similar.reading import Read

_PAIRS_AT_ONCE = 2**16


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Compared:
    """How near texts are, in arrays of one shape.

    `words` and `meanings` are cosines, the latter nan where one has no vector; `nearness` is the chance that the two
    belong together.
    """

    words: Floats
    meanings: Floats
    in_two_languages: Bools
    nearness: Floats


def each_with_each(read: Read, left: Array, right: Array) -> Compared:
    """Compare texts, given by their places, [l, r]."""
    words = (_exact(read, left) @ _exact(read, right).T).toarray()
    languages = read.languages[left][:, None], read.languages[right]
    if read.cohort is None:
        return _compared(read, words, np.full(words.shape, np.nan), None, *languages)
    ours, theirs = read.cohort.at(left), read.cohort.at(right)
    meanings = cosines(ours, theirs)
    return _compared(read, words, meanings, standardised(meanings, ours, theirs), *languages)


def pair_by_pair(read: Read, left: Array, right: Array) -> Compared:
    """Compare each text on the left with the one beside it, [p]."""
    parts = [_pairs(read, left[places], right[places]) for places in _blocks(len(left))]
    names = ("words", "meanings", "in_two_languages", "nearness")
    if not parts:
        nothing = np.empty(0)
        return Compared(words=nothing, meanings=nothing, in_two_languages=nothing > 0, nearness=nothing)
    return Compared(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def words_of_pairs(read: Read, left: Array, right: Array) -> Floats:
    """Return the cosine of the words of each text on the left with those of the one beside it, float64 [p]."""
    parts = [
        np.asarray(_exact(read, left[places]).multiply(_exact(read, right[places])).sum(axis=1)).ravel()
        for places in _blocks(len(left))
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _pairs(read: Read, left: Array, right: Array) -> Compared:
    words = words_of_pairs(read, left, right)
    languages = read.languages[left], read.languages[right]
    if read.cohort is None:
        return _compared(read, words, np.full(words.shape, np.nan), None, *languages)
    ours, theirs = read.cohort.at(left), read.cohort.at(right)
    products = np.einsum("pd,pd->p", ours.rows, theirs.rows, dtype=np.float64)
    lengths = ours.lengths * theirs.lengths
    meanings = np.divide(products, lengths, out=np.full(len(left), np.nan), where=lengths > 0)
    above = ((meanings - ours.usual) / ours.spread + (meanings - theirs.usual) / theirs.spread) / 2
    return _compared(read, words, meanings, above, *languages)


def _exact(read: Read, rows: Array) -> Any:
    return read.weights[rows].astype(np.float64)


def _compared(read: Read, words: Floats, meanings: Floats, above: Floats | None, left: Array, right: Array) -> Compared:
    in_two = differ(left, right)
    return Compared(
        words=np.minimum(words, 1.0),
        meanings=meanings,
        in_two_languages=in_two,
        nearness=nearness(words, above, encoder=read.texts.encoder, in_two_languages=in_two),
    )


def differ(left: Array, right: Array) -> Bools:
    """Return where two languages are known, and are not the same."""
    apart: npt.NDArray[np.bool_] = (left >= 0) & (right >= 0) & (left != right)
    return apart


def _blocks(size: int) -> Iterator[slice]:
    for first in range(0, size, _PAIRS_AT_ONCE):
        yield slice(first, first + _PAIRS_AT_ONCE)
