"""How well a clustering agrees with what is known of the texts."""

from collections.abc import Hashable, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.special import gammaln

from matchwell.columns import Array, Floats


def adjusted_mutual_information(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return how much two groupings of the same things tell of each other: 1 for all, 0 for what chance would do.

    Vinh, Epps and Bailey, "Information Theoretic Measures for Clusterings Comparison" (2010); the mean of the two
    entropies is the most it could be. 0 where one of them tells nothing. Raises ValueError for unequal lengths.
    """
    if len(one) != len(other):
        raise ValueError(f"Two groupings of the same things are equally long, not {len(one)} and {len(other)}.")
    left, right = _numbers(one), _numbers(other)
    size, sizes = len(left), (np.bincount(left), np.bincount(right))
    both = csr_array((np.ones(size), (left, right))).tocoo()
    both.sum_duplicates()
    expected_cell = sizes[0][both.row] * sizes[1][both.col]
    shared = float((both.data / size * np.log(size * both.data / expected_cell)).sum())
    by_chance = _expected(size, *sizes)
    most = (_entropy(sizes[0]) + _entropy(sizes[1])) / 2
    return (shared - by_chance) / (most - by_chance) if most - by_chance > 1e-12 else 0.0


def purity(groups: Sequence[Sequence[frozenset[str]]]) -> float:
    """Return the share of things that have the tag which most of their group have; nan without any."""
    counts = [_most_common(group) for group in groups]
    size = sum(map(len, groups))
    return sum(counts) / size if size else float("nan")


def _most_common(group: Sequence[frozenset[str]]) -> int:
    tags = [tag for tags in group for tag in tags]
    return max((tags.count(tag) for tag in set(tags)), default=0)


def _numbers(labels: Sequence[Hashable]) -> Array:
    number_of: dict[Hashable, int] = {}
    return np.array([number_of.setdefault(label, len(number_of)) for label in labels], np.int64)


def _entropy(sizes: Array) -> float:
    shares = sizes / sizes.sum()
    return -float((shares * np.log(shares)).sum())


def _expected(size: int, left: Array, right: Array) -> float:
    """Return the mutual information to expect from two groupings of these sizes, drawn by chance."""
    (ours, our_times), (theirs, their_times) = (np.unique(sizes, return_counts=True) for sizes in (left, right))
    return sum(
        int(times) * float(their_times @ [_cell(size, int(mine), int(other)) for other in theirs])
        for mine, times in zip(ours, our_times, strict=True)
    )


def _cell(size: int, mine: int, other: int) -> float:
    both: Floats = np.arange(max(1, mine + other - size), min(mine, other) + 1, dtype=np.float64)
    if not len(both):
        return 0.0
    ways = gammaln(mine + 1) + gammaln(other + 1) + gammaln(size - mine + 1) + gammaln(size - other + 1)
    ways -= gammaln(size + 1) + gammaln(both + 1) + gammaln(mine - both + 1) + gammaln(other - both + 1)
    ways -= gammaln(size - mine - other + both + 1)
    return float((both / size * np.log(size * both / (mine * other)) * np.exp(ways)).sum())
