"""Which of some questions belong together, and could be answered together."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Array
from matchwell.likelihood import log_odds
from matchwell.similar.comparing import each_with_each
from matchwell.similar.grouping import by_mean
from matchwell.similar.labels import labels
from matchwell.similar.reading import Read

MOST = 2_000  # texts: each is compared with each
LEAST = 0.1


class TooMany(ValueError):
    """There are too many texts to compare each with each."""

    def __init__(self, texts: int) -> None:
        super().__init__(f"{texts} texts are too many to compare each with each. Take {MOST}, or make clusters.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Texts that belong together, by id. `label` is a short name from their own words, "" where none may be shown."""

    label: str
    ids: tuple[str, ...]


def groups(
    read: Read, *, among: Collection[str] | None = None, least: float = LEAST, fewest_writers: int = 1
) -> list[Group]:
    """Return groups of texts that are about the same matter, the largest first, ties by id; who is alone is left out.

    Members of a group are at least `least` near on average (of the logarithm of the odds). Where only the texts `among`
    are grouped, the others still say which words are common, and what is usual. Labels as in `labels`.

    Raises TooMany.
    """
    rows = places(read, among)
    if len(rows) > MOST:
        raise TooMany(len(rows))
    near = log_odds(each_with_each(read, rows, rows).nearness)
    found = [rows[members] for members in by_mean(near, float(log_odds(least)))]
    found.sort(key=lambda members: (-len(members), int(members[0])))
    names = labels(read, found, fewest_writers=fewest_writers)
    return [
        Group(label=name, ids=tuple(read.texts.ids[row] for row in members))
        for name, members in zip(names, found, strict=True)
    ]


def places(read: Read, among: Collection[str] | None) -> Array:
    """Return the places of texts given by id, in order; of all for None. Ids that were not read are passed over."""
    if among is None:
        return np.arange(len(read))
    wanted = set(among)
    return np.array([place for place, name in enumerate(read.texts.ids) if name in wanted], np.int64)
