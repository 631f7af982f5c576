"""Products of many whole-number vectors with one: exact, so that whoever adds them up gets the same bits.

With the package numkong the processor multiplies bytes by bytes; without it numpy takes three times as long. Entries
run from -127 to 127, at most 1,024 of them, so that every sum is below 2^24 and exact in float32.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array
from matchwell.parts import in_parts

Bytes = npt.NDArray[np.int8]
Singles = npt.NDArray[np.float32]

_AT_ONCE = 2_048  # rows that numpy turns into float32 at a time: they stay in the cache


def products(rows: Bytes, asked: Bytes) -> Singles:
    """Return the product of each row [r, d] with a vector [d], float32 [r]."""
    found = np.empty(len(rows), np.float32)
    multiply = _by_bytes() or in_singles
    in_parts(len(rows), lambda first, last: multiply(rows[first:last], asked, found[first:last]))
    return found


def in_singles(rows: Bytes, asked: Bytes, found: Singles) -> None:
    """Write the products into `found`, by numpy."""
    wanted = asked.astype(np.float32)
    block = np.empty((min(_AT_ONCE, len(rows)), rows.shape[1]), np.float32)
    for first in range(0, len(rows), _AT_ONCE):
        some = block[: min(_AT_ONCE, len(rows) - first)]
        np.copyto(some, rows[first : first + len(some)])
        np.dot(some, wanted, out=found[first : first + len(some)])


@cache
def _by_bytes() -> Callable[[Bytes, Bytes, Singles], None] | None:
    """Return the same by numkong, None where it is not installed or does not multiply exactly."""
    try:
        distances: Callable[[Array, Array, str], Array] = import_module("numkong").cdist
    except (ImportError, AttributeError):
        return None

    def multiply(rows: Bytes, asked: Bytes, found: Singles) -> None:
        if len(rows):
            found[:] = np.asarray(distances(asked[None], rows, "dot"))[0]

    return multiply if _is_exact(multiply) else None


def _is_exact(multiply: Callable[[Bytes, Bytes, Singles], None]) -> bool:
    largest = np.full((3, 1024), 127, np.int8)
    largest[1] = -127
    largest[2, ::2] = -127
    found, expected = np.empty(3, np.float32), np.empty(3, np.float32)
    try:
        multiply(largest, largest[0], found)
    except (TypeError, ValueError, IndexError):
        return False
    in_singles(largest, largest[0], expected)
    return bool((found == expected).all())
