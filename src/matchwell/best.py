"""The best of many, ties to the lower identifier."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats


def best(scores: Floats, take: int, id_of: Callable[[int], str]) -> list[int]:
    """Return the places of the highest scores above zero, best first; at most `take`."""
    return highest(scores, np.flatnonzero(scores > 0), take, id_of)


def highest(scores: Floats, among: npt.NDArray[np.intp], take: int, id_of: Callable[[int], str]) -> list[int]:
    """Return those of some places that have the highest scores, best first; at most `take`."""
    if take <= 0:
        return []
    if take < len(among):
        least = np.partition(scores[among], len(among) - take)[len(among) - take]
        among = among[scores[among] >= least]
    ordered = sorted(among.tolist(), key=lambda place: (-scores[place], id_of(place)))
    return ordered[:take]
