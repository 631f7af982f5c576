"""Rows by what they belong to: the answers to a question, the answers of a person."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchwell.columns import Ints
from matchwell.storing import Kept

Places = npt.NDArray[np.int64]

_COLUMNS = ("starts", "rows", "newer_groups", "newer_rows")
_JOIN_AT = 1024  # newer rows, or a sixteenth of the older ones if that is more


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """The rows of some groups, group after group, each from the lowest up.

    `rows` and `owner` int32 [t], `owner` being the place of the group in what was asked for; `starts` int64 [g], where
    each group begins; `counts` int64 [g], how many rows each has, those that were not taken included.
    """

    rows: Ints
    owner: Ints
    starts: Places
    counts: Places


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Rows 0 to n - 1, sorted into groups. Values: adding gives a new one, and the old stays as it was.

    Group g holds `rows[starts[g]:starts[g + 1]]`, int32, and those of `newer_rows` [k] that stand beside a g in
    `newer_groups` [k], which is sorted. So rows that come one at a time cost little.
    """

    starts: Places
    rows: Ints
    newer_groups: Ints
    newer_rows: Ints

    @staticmethod
    def of(groups: Ints) -> "Grouped":
        """Sort rows into groups: row i belongs to `groups[i]`."""
        starts = np.concatenate([[0], np.cumsum(np.bincount(groups))]) if len(groups) else np.zeros(1)
        rows = np.argsort(groups, kind="stable").astype(np.int32)
        return Grouped(starts.astype(np.int64), rows, _NONE, _NONE)

    @staticmethod
    def restored(kept: Kept) -> "Grouped":
        """Return what `keep` gave."""
        return Grouped(*map(kept.array, _COLUMNS))

    def keep(self) -> Kept:
        """Return what there is to store."""
        return Kept({name: (getattr(self, name),) for name in _COLUMNS})

    def __len__(self) -> int:
        return len(self.rows) + len(self.newer_rows)

    def with_more(self, groups: Ints) -> "Grouped":
        """Return the same with further rows behind, `groups` being those of all rows, old and new."""
        older = len(self.rows)
        if len(groups) - older > max(_JOIN_AT, older // 16):
            return Grouped.of(groups)
        newer = groups[older:]
        order = np.argsort(newer, kind="stable")
        return Grouped(self.starts, self.rows, newer[order], (older + order).astype(np.int32))

    def take(self, groups: Ints, *, until: int, most: int | None = None) -> Taken:
        """Return the rows below `until` of some groups, of each at most the `most` highest."""
        known = np.minimum(groups, len(self.starts) - 2) if len(self.starts) > 1 else np.zeros_like(groups)
        begin = self.starts[known]
        end = self.starts[known + 1] if len(self.starts) > 1 else begin
        begin = np.where(groups == known, begin, end)
        newer_begin = np.searchsorted(self.newer_groups, groups, "left")
        newer_end = np.searchsorted(self.newer_groups, groups, "right")
        if until < len(self):
            end = _first_not_below(self.rows, begin, end, until)
            newer_end = _first_not_below(self.newer_rows, newer_begin, newer_end, until)
        older_count, newer_count = end - begin, newer_end - newer_begin
        counts = older_count + newer_count
        if most is not None:
            newer_count = np.minimum(newer_count, most)
            older_count = np.minimum(older_count, most - newer_count)
        sizes = older_count + newer_count
        if not len(self.newer_rows):
            rows = self.rows[_ranges(end - older_count, older_count)]
        else:
            both = np.stack([end - older_count, len(self.rows) + newer_end - newer_count], 1).ravel()
            places = _ranges(both, np.stack([older_count, newer_count], 1).ravel())
            is_newer = places >= len(self.rows)
            rows = np.empty(len(places), np.int32)
            rows[~is_newer] = self.rows[places[~is_newer]]
            rows[is_newer] = self.newer_rows[places[is_newer] - len(self.rows)]
        owner = np.repeat(np.arange(len(groups), dtype=np.int32), sizes)
        return Taken(rows, owner, np.cumsum(sizes) - sizes, counts)

    def first(self, groups: Ints) -> Ints:
        """Return the lowest row of some groups, int32. Each must have one."""
        newer = np.minimum(np.searchsorted(self.newer_groups, groups, "left"), max(len(self.newer_rows) - 1, 0))
        known = np.minimum(groups, max(len(self.starts) - 2, 0))
        is_old = (groups == known) & (self.starts[known] < self.starts[np.minimum(known + 1, len(self.starts) - 1)])
        first = np.empty(len(groups), np.int32)
        first[is_old] = self.rows[self.starts[known[is_old]]]
        first[~is_old] = self.newer_rows[newer[~is_old]]
        return first

    def counts(self, size: int) -> Places:
        """Return how many rows each of the groups 0 to size - 1 has, int64 [size]."""
        counts = np.zeros(size, np.int64)
        known = np.diff(self.starts)[:size]
        counts[: len(known)] = known
        newer = np.bincount(self.newer_groups[self.newer_groups < size], minlength=size)
        return (counts + newer).astype(np.int64)


def _ranges(starts: Places, sizes: Places) -> Places:
    """Return start, start + 1, ... of each range, one behind the other."""
    offsets = np.cumsum(sizes) - sizes
    places: Places = np.arange(int(sizes.sum())) + np.repeat(starts - offsets, sizes)
    return places


def _first_not_below(rows: Ints, begin: Places, end: Places, until: int) -> Places:
    """Return for each slice of ascending rows the first place whose row is not below `until`, by halving."""
    low, high = begin.copy(), end.copy()
    while (low < high).any():
        middle = (low + high) // 2
        below = (low < high) & (rows[np.minimum(middle, len(rows) - 1)] < until)
        low, high = np.where(below, middle + 1, low), np.where(below, high, np.minimum(middle, high))
    return low


_NONE: Ints = np.empty(0, np.int32)
