"""The best of many, ties to the lower identifier."""

from collections.abc import Callable

import numpy as np

from matchwell.columns import Floats


def best(scores: Floats, take: int, id_of: Callable[[int], str]) -> list[int]:
    """Return the places of the highest scores above zero, best first; at most `take`."""
    places = np.flatnonzero(scores > 0)
    if take <= 0:
        return []
    if take < len(places):
        least = np.partition(scores[places], len(places) - take)[len(places) - take]
        places = places[scores[places] >= least]
    ordered = sorted(places.tolist(), key=lambda place: (-scores[place], id_of(place)))
    return ordered[:take]
