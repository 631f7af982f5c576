"""Texts that are alike: the nearest, groups, duplicates, clusters with a name. Start with `read(Texts(...))`."""

from matchwell.likelihood import nearness
from matchwell.similar.alike import Near, alike
from matchwell.similar.clusters import Cluster, Clusters, clusters
from matchwell.similar.duplicates import Duplicates, duplicates
from matchwell.similar.groups import Group, TooMany, groups
from matchwell.similar.labels import labels
from matchwell.similar.reading import Read, read
from matchwell.similar.texts import Texts

__all__ = [
    "Cluster",
    "Clusters",
    "Duplicates",
    "Group",
    "Near",
    "Read",
    "Texts",
    "TooMany",
    "alike",
    "clusters",
    "duplicates",
    "groups",
    "labels",
    "nearness",
    "read",
]
