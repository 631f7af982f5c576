"""Pairs of vectors that are near each other, among so many that not each can be compared with each."""

from collections.abc import Iterator

import numpy as np

from matchwell.columns import Array
from matchwell.similar.middles import middles
from matchwell.similar.reading import Read
from matchwell.similar.space import Points

EACH_WITH_EACH = 4_096
_SEEDS = 16  # vectors a cell, on average, from which the cells are found
_TURNS = 5
_CELLS_EACH = 3  # of every vector: near ones rarely have none in common
_AT_ONCE = 1_024


def neighbours(read: Read, rows: Array, *, least: float) -> Iterator[tuple[Array, Array]]:
    """Yield pairs of rows with a cosine of at least `least`, the lower on the left; some of them more than once.

    Among more than 4,096 the vectors are put into cells around centres (k-means from a fixed start, as in an inverted
    file: Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor Search", 2011), each into its nearest
    three, and compared within a cell.
    """
    assert read.cohort is not None
    rows = rows[read.cohort.at(rows).lengths > 0]
    if len(rows) <= EACH_WITH_EACH:
        yield from _within(read, rows, least)
        return
    for members in _cells(read, rows):
        yield from _within(read, members, least)


def _within(read: Read, rows: Array, least: float) -> Iterator[tuple[Array, Array]]:
    assert read.cohort is not None
    all_of_them = read.cohort.at(rows)
    for first in range(0, len(rows), _AT_ONCE):
        block = slice(first, first + _AT_ONCE)
        lengths = all_of_them.lengths[block, None] * all_of_them.lengths[first:]
        near = all_of_them.rows[block] @ all_of_them.rows[first:].T >= least * lengths
        left, right = np.nonzero(np.triu(near, 1))
        yield rows[left + first], rows[right + first]


def _cells(read: Read, rows: Array) -> Iterator[Array]:
    assert read.cohort is not None
    count = int(np.sqrt(len(rows)))
    chosen = np.intersect1d(read.texts.sample(count * _SEEDS), rows)
    seeds = read.cohort.at(chosen)
    units: Points = (seeds.rows / seeds.lengths[:, None]).astype(np.float32)
    centres: Points = units[:: max(1, len(units) // count)][:count]
    for _ in range(_TURNS):
        centres = middles(units, (units @ centres.T).argmax(axis=1), len(centres), otherwise=centres)
    blocks = (rows[first : first + _AT_ONCE] for first in range(0, len(rows), _AT_ONCE))
    cell_of = np.concatenate([_nearest(read.cohort.at(block).rows @ centres.T) for block in blocks])
    for cell in range(len(centres)):
        yield rows[(cell_of == cell).any(axis=1)]


def _nearest(products: Array) -> Array:
    places: Array = np.argpartition(-products, _CELLS_EACH, axis=1)[:, :_CELLS_EACH].astype(np.int32)
    return places
