"""What a community asks about: clusters of its questions, each with a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array
from matchwell.similar.labels import labels
from matchwell.similar.middles import by_joining, middles, moved, nearest
from matchwell.similar.reading import Read
from matchwell.similar.space import LEARNED_FROM, Points, Space

BEGUN_WITH = 3_000  # texts of which each is compared with each
MOST_CLUSTERS = 200
FEWEST = 3  # texts: fewer are no cluster
LOOSE = 0.3  # cosine with the middle: what is farther belongs to none
_REMEMBERED = 50  # texts of an earlier cluster that say where it was

NOWHERE = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Texts about one matter, by id. `label` names it in their own words; `typical` is the one in its middle."""

    label: str
    ids: tuple[str, ...]
    typical: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Clusters:
    """Clusters, the largest first, ties by id; and the texts that are in none."""

    clusters: tuple[Cluster, ...]
    alone: tuple[str, ...]

    def label_of(self) -> dict[str, str]:
        """Return the label of each text that is in a cluster."""
        return {name: cluster.label for cluster in self.clusters for name in cluster.ids}


def clusters(
    read: Read,
    *,
    count: int | None = None,
    earlier: Clusters | None = None,
    fewest: int = FEWEST,
    fewest_writers: int = 1,
) -> Clusters:
    """Return clusters of texts: about `count` of them, or the root of half the number of texts, at most 200.

    They are found on at most 20,000 of the texts, drawn by their ids, and the others go to the nearest; what is near to
    none, or would be with less than `fewest`, stays alone. With what was found `earlier` the clusters go on from where
    they were, and keep their names while these still fit, so that a few texts more change little. Labels as in
    `labels`.

    Raises ValueError for a count below one.
    """
    if count is not None and count < 1:
        raise ValueError(f"There must be at least one cluster, not {count}.")
    wanted = count or min(MOST_CLUSTERS, max(1, round(sqrt(len(read) / 2))))
    space = Space(read)
    start, names = _start(read, space, wanted, earlier)
    if not len(start):
        return Clusters(clusters=(), alone=tuple(read.texts.ids))
    members, near, kept = _filled(read, space, start, fewest)
    chosen = labels(read, members, fewest_writers=fewest_writers, keep=[names.get(place, "") for place in kept])
    outside = np.setdiff1d(np.arange(len(read)), np.concatenate([*members, np.empty(0, np.int64)]))
    return Clusters(
        clusters=tuple(_told(read, rows, near, label) for rows, label in zip(members, chosen, strict=True)),
        alone=tuple(read.texts.ids[row] for row in outside),
    )


def _start(read: Read, space: Space, wanted: int, earlier: Clusters | None) -> tuple[Points, Mapping[int, str]]:
    """Return where clusters begin, and the names of those that were there before."""
    sample = read.texts.sample(BEGUN_WITH)
    points = space.points(sample)
    points = points[points.any(axis=1)]
    if earlier is None:
        return by_joining(points, wanted), {}
    before, names = _remembered(read, space, earlier)
    if not len(before):
        return by_joining(points, wanted), {}
    elsewhere = points[nearest(points, before)[1] < LOOSE]
    more = min(wanted - len(before), len(elsewhere) // FEWEST)
    return (np.vstack([before, by_joining(elsewhere, more)]) if more > 0 else before), names


def _filled(read: Read, space: Space, start: Points, fewest: int) -> tuple[list[Array], Array, list[int]]:
    """Return the members of each cluster, how near each text is to its middle, and where each cluster began.

    Those of clusters that are too small go to the nearest of the others.
    """
    found = moved(space.points(read.texts.sample(LEARNED_FROM)), start)
    sizes = np.bincount(_placed(read, space, found)[0] + 1, minlength=len(found) + 1)[1:]
    large = np.flatnonzero(sizes >= max(fewest, 1))
    cluster_of, near = _placed(read, space, found[large])
    members = [np.flatnonzero(cluster_of == cluster) for cluster in range(len(large))]
    order = sorted(range(len(large)), key=lambda cluster: (-len(members[cluster]), int(members[cluster][0])))
    return [members[cluster] for cluster in order], near, [int(large[cluster]) for cluster in order]


def _remembered(read: Read, space: Space, earlier: Clusters) -> tuple[Points, Mapping[int, str]]:
    place_of = {name: place for place, name in enumerate(read.texts.ids)}
    rows: list[int] = []
    cluster_of: list[int] = []
    names: dict[int, str] = {}
    for cluster in earlier.clusters:
        still_here = [place_of[name] for name in cluster.ids if name in place_of]
        if still_here:
            some = still_here[:: max(1, len(still_here) // _REMEMBERED)]
            rows += some
            cluster_of += [len(names)] * len(some)
            names[len(names)] = cluster.label
    found = middles(space.points(np.array(rows, np.int64)), np.array(cluster_of, np.int64), len(names))
    return found, names


def _placed(read: Read, space: Space, found: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    cluster_of, near = np.full(len(read), NOWHERE), np.zeros(len(read), np.float32)
    if not len(found):
        return cluster_of, near
    for rows, points in space.blocks():
        cluster_of[rows], near[rows] = nearest(points, found)
    cluster_of[near < LOOSE] = NOWHERE
    return cluster_of, near


def _told(read: Read, rows: Array, near: Array, label: str) -> Cluster:
    ids = tuple(read.texts.ids[row] for row in rows)
    return Cluster(label=label, ids=ids, typical=ids[int(near[rows].argmax())])
