"""The texts that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array
from matchwell.meanings import LONGEST
from matchwell.products import Bytes

AT_ONCE = 8192  # rows that are worked on together, so that no step needs more memory than a few of such blocks
_MOST = 127


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Texts:
    """Texts and what is known of them, one a row, in columns of equal length [n]; kept in the order of their ids.

    `vectors` are what an encoder made of them, [n, d], a row of zeros for a text that has none; `encoder` is its name.
    They are kept as whole numbers, int8 [n, d], which hold the direction to within a hundredth. `languages` are BCP 47
    tags, `writers` identify who wrote each; None where that is not known. Lists, arrays and columns of a data frame
    will do.

    Raises ValueError for columns of unequal length, an id that comes twice, a string in the place of several texts, or
    vectors that are none.
    """

    ids: Sequence[str]
    texts: Sequence[str]
    vectors: npt.ArrayLike | None = None
    encoder: str = ""
    languages: Sequence[str | None] | None = None
    writers: Sequence[str | None] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.texts, str) or isinstance(self.ids, str):
            raise ValueError("Give lists of ids and texts. Put the one text into a list.")
        order = sorted(range(len(self.ids)), key=list(self.ids).__getitem__)
        for name in ("ids", "texts", "languages", "writers"):
            column = getattr(self, name)
            if column is not None:
                object.__setattr__(self, name, _ordered(name, column, order))
        _refuse_twice(self.ids)
        if self.vectors is not None:
            object.__setattr__(self, "vectors", _whole_rows(np.asarray(self.vectors), order))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def meanings(self) -> Bytes | None:
        """The vectors as they are kept, int8 [n, d]."""
        return None if self.vectors is None else np.asarray(self.vectors, np.int8)

    def sample(self, most: int) -> npt.NDArray[np.int64]:
        """Return the places of at most so many texts, in order, drawn by their ids as if by lot.

        They are always the same ones, and when some texts come or go, few others take their places.
        """
        if len(self) <= most:
            return np.arange(len(self))
        lots = np.array([int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") for name in self.ids])
        return np.sort(np.argsort(lots, kind="stable")[:most])


def whole_rows(vectors: Array) -> Bytes:
    """Return vectors [n, d] in the same directions, but for rounding, in whole numbers from -127 to 127."""
    most = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True).astype(np.float64)
    scale = np.divide(_MOST, most, out=np.zeros_like(most), where=most > 0)
    rows: Bytes = np.rint(vectors.astype(np.float64) * scale).astype(np.int8)
    return rows


def _ordered(name: str, column: Sequence[Any], order: list[int]) -> tuple[Any, ...]:
    if len(column) != len(order):
        raise ValueError(f"There are {len(order)} ids, but {len(column)} {name}: give one for each text.")
    values = list(column)
    return tuple(values[place] for place in order)


def _refuse_twice(ids: Sequence[str]) -> None:
    for one, next_one in pairwise(ids):
        if one == next_one:
            raise ValueError(f"The id {one!r} stands there twice: give each text an id of its own.")


def _whole_rows(vectors: Array, order: list[int]) -> Bytes:
    if vectors.ndim != 2 or len(vectors) != len(order):
        raise ValueError(f"Vectors come one a text, [{len(order)}, d]; these have the shape {list(vectors.shape)}.")
    if vectors.shape[1] > LONGEST:
        raise ValueError(f"Vectors may have {LONGEST} entries at most, not {vectors.shape[1]}.")
    rows = np.empty(vectors.shape, np.int8)
    for first in range(0, len(order), AT_ONCE):
        block = vectors[order[first : first + AT_ONCE]]
        if not np.isfinite(block).all():
            raise ValueError("A vector has numbers that are not finite. Put zeros there, and repair its encoder.")
        rows[first : first + AT_ONCE] = whole_rows(block)
    rows.flags.writeable = False
    return rows
