"""From how near texts are to each other to groups of them."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from matchwell.columns import Array, Floats


def by_mean(nearness: Floats, least: float) -> list[Array]:
    """Return groups of rows whose members are at least so near on average, [n, n]; rows of no group are left out.

    Average linkage (Sokal and Michener, 1958): a group grows as long as the two halves are near enough on average.
    """
    if len(nearness) < 2:
        return []
    distance = nearness.max() - nearness
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    numbers = fcluster(tree, float(nearness.max() - least), "distance")
    return _groups(numbers)


def where_all(count: int, left: Array, right: Array, nearness: Floats) -> list[Array]:
    """Return groups of rows of which each is paired with each, from pairs given once, [p]; the nearest join first.

    Complete linkage: that a is like b and b like c does not bring a and c together.
    """
    paired = set(zip(left.tolist(), right.tolist(), strict=True))
    group_of = list(range(count))
    members: dict[int, list[int]] = {}
    for place in np.lexsort((right, left, -nearness)).tolist():
        one, other = group_of[left[place]], group_of[right[place]]
        ours, theirs = members.get(one, [one]), members.get(other, [other])
        if one != other and all((min(a, b), max(a, b)) in paired for a in ours for b in theirs):
            members[one] = sorted(ours + theirs)
            members.pop(other, None)
            for row in theirs:
                group_of[row] = one
    return sorted((np.array(rows) for rows in members.values()), key=lambda rows: int(rows[0]))


def _groups(numbers: Array) -> list[Array]:
    order = np.argsort(numbers, kind="stable")
    heads = np.flatnonzero(np.diff(numbers[order], prepend=0))
    found: Sequence[Array] = np.split(order, heads[1:])
    return sorted((rows for rows in found if len(rows) > 1), key=lambda rows: int(rows[0]))
