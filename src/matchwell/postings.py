"""Which rows hold which term, how often: inverted lists in a few segments.

A batch of new rows becomes a segment of its own; a segment that is not much larger than the one behind it is joined
with it. So a new row costs little, and a reader meets only a handful of segments, as in a log-structured merge tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Array, Bools, Ints
from matchwell.storing import Kept

_FEW = 2**16  # pairs that a code of two bytes can tell apart
_COLUMNS = ("terms", "starts", "rows", "codes", "pairs")


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Inverted lists of some rows. List i holds `rows[starts[i]:starts[i + 1]]`, ascending, and `codes` beside it.

    `terms` is sorted, int32 [t]; `starts` int64 [t + 1]; `rows` int32 [p]. What an occurrence is worth depends on how
    often the term is in its row and how many terms that has: `codes` uint16 or int32 [p] say which of the `pairs` of
    the two, int32 [k, 2], it is. There are few of them, so that a score is looked up and not worked out.
    """

    terms: Ints
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    rows: Ints
    codes: Array
    pairs: Ints

    @staticmethod
    def of(terms: Ints, rows: Ints, codes: Array, pairs: Ints) -> "Segment":
        """Build from parallel arrays of occurrences; rows ascend among those of a term."""
        order = np.argsort(terms, kind="stable")
        ordered = terms[order]
        heads = np.flatnonzero(np.diff(ordered, prepend=-1))
        starts = np.append(heads, len(ordered)).astype(np.int64)
        kind = np.uint16 if len(pairs) <= _FEW else np.int32
        return Segment(ordered[heads], starts, rows[order], codes[order].astype(kind), pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The occurrences of one asked term in one segment: `rows` int32 [p], ascending, with `codes` [p] for its `pairs`.

    `asked` is the place of the term in the question put to `find`.
    """

    asked: int
    rows: Ints
    codes: Array
    pairs: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """All segments, the large ones first. Values: adding gives a new one, and the old stays as it was."""

    segments: tuple[Segment, ...] = ()

    @staticmethod
    def restored(kept: Kept) -> "Postings":
        """Return what `keep` gave."""
        parts = (kept.part(str(number)) for number in range(kept.told["segments"]))
        return Postings(tuple(Segment(*map(part.array, _COLUMNS)) for part in parts))

    def keep(self) -> Kept:
        """Return what there is to store."""
        kept = Kept(told={"segments": len(self.segments)})
        for number, segment in enumerate(self.segments):
            kept.put(str(number), Kept({name: (getattr(segment, name),) for name in _COLUMNS}))
        return kept

    def with_rows(self, first: int, bags: Sequence[Sequence[int]], alive: Bools) -> "Postings":
        """Add rows `first`, `first + 1`, ... holding these terms; lists joined on the way lose rows not `alive`."""
        sizes = [len(bag) for bag in bags]
        flat = np.array([term for bag in bags for term in bag], np.int64)
        if not len(flat):
            return self
        rows = np.repeat(np.arange(first, first + len(bags), dtype=np.int64), sizes)
        keys, counts = np.unique((rows << 32) | flat, return_counts=True)
        row = (keys >> 32).astype(np.int32)
        pairs, codes = _coded(np.stack([counts, np.array(sizes)[row - first]], 1))
        new = Segment.of((keys & 0xFFFFFFFF).astype(np.int32), row, codes, pairs)
        segments = [*self.segments, new]
        while len(segments) > 1 and len(segments[-2].rows) <= 2 * len(segments[-1].rows):
            segments[-2:] = [_joined(segments[-2], segments[-1], alive)]
        return Postings(tuple(segments))

    def find(self, asked: Ints) -> list[Found]:
        """Return the occurrences of the asked terms, segment by segment, in the order asked; without a copy.

        A term of -1 occurs nowhere.
        """
        return [found for segment in self.segments for found in _find(segment, asked)]


def _joined(left: Segment, right: Segment, alive: Bools) -> Segment:
    terms = np.concatenate([_term_of_each(left), _term_of_each(right)])
    rows = np.concatenate([left.rows, right.rows])
    pairs, new_codes = _coded(np.concatenate([left.pairs, right.pairs]))
    codes = np.concatenate([new_codes[left.codes], new_codes[right.codes.astype(np.int64) + len(left.pairs)]])
    kept = alive[rows]
    return Segment.of(terms[kept], rows[kept], codes[kept], pairs)


def _coded(pairs: Array) -> tuple[Ints, Ints]:
    """Return the different pairs, int32 [k, 2], and which of them each is, int32."""
    keys, codes = np.unique((pairs[:, 0].astype(np.int64) << 32) | pairs[:, 1], return_inverse=True)
    return np.stack([keys >> 32, keys & 0xFFFFFFFF], 1).astype(np.int32), codes.astype(np.int32)


def _term_of_each(segment: Segment) -> Ints:
    return np.repeat(segment.terms, np.diff(segment.starts))


def _find(segment: Segment, asked: Ints) -> list[Found]:
    if not len(segment.terms):
        return []
    places = np.minimum(np.searchsorted(segment.terms, asked), len(segment.terms) - 1)
    hits = np.flatnonzero(segment.terms[places] == asked)
    lists = [slice(segment.starts[place], segment.starts[place + 1]) for place in places[hits]]
    return [
        Found(asked_for, segment.rows[part], segment.codes[part], segment.pairs)
        for asked_for, part in zip(hits.tolist(), lists, strict=True)
    ]
