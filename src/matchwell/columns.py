"""Columns that grow at the end while others read them.

A view taken earlier never changes: appending writes behind its end, and changing a value copies first.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.floating[Any]]


class Column:
    """A growing array of one type: of numbers, or of rows with a given number of them."""

    def __init__(self, dtype: npt.DTypeLike, width: int | None = None) -> None:
        self._room: Array = np.empty(64 if width is None else (64, width), dtype)
        self._size = 0

    @classmethod
    def of(cls, values: Array) -> "Column":
        """Return a column that holds these values, without a copy. They are never written to."""
        column = cls(values.dtype)
        column._room, column._size = values, len(values)
        return column

    def take(self, values: Array) -> None:
        """Hold these values in the place of all others, without a copy. They are never written to."""
        if values.dtype != self._room.dtype or values.shape[1:] != self._room.shape[1:]:
            raise ValueError(f"A column of {self._room.dtype} cannot take values of {values.dtype}.")
        self._room, self._size = values, len(values)

    def __len__(self) -> int:
        return self._size

    def extend(self, values: npt.ArrayLike) -> None:
        """Append values. Costs their number, and now and then the length of the column."""
        new = np.asarray(values, self._room.dtype)
        if not len(new):  # there may be a file below, which nobody writes to
            return
        size = self._size + len(new)
        if size > len(self._room):
            more = np.empty((max(size, 64), *self._room.shape[1:]), self._room.dtype)
            self._room = np.concatenate([self.view(), more])
        self._room[self._size : size] = new
        self._size = size

    def put(self, places: list[int], value: npt.ArrayLike) -> None:
        """Change values in place for those who look from now on. Costs the length of the column."""
        if places:
            self._room = self._room.copy()
            self._room[places] = value

    def view(self) -> Array:
        """Return the column as it is now, and as this view will stay."""
        view = self._room[: self._size]
        view.flags.writeable = False
        return view


def totals(groups: Array, weights: Floats, size: int) -> Floats:
    """Return the sum of the weights of each group, float64 [size]."""
    return np.bincount(groups, weights, minlength=size).astype(np.float64, copy=False)


def runs(values: Floats) -> list[tuple[int, int]]:
    """Return where equal values stand beside each other, as (start, end)."""
    same = np.concatenate([[False], values[1:] == values[:-1], [False]])
    edges = np.flatnonzero(same[1:] != same[:-1])
    return [(int(start), int(end) + 1) for start, end in zip(edges[::2], edges[1::2], strict=True)]
