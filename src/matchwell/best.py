"""The best of many, ties to the lower identifier."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats, runs

_SAMPLE = 16_384  # scores that stand for all


def best(scores: Floats, take: int, id_of: Callable[[int], str]) -> list[int]:
    """Return the places of the highest scores above zero, best first; at most `take`."""
    return highest(scores, _promising(scores, take), take, id_of)


def _promising(scores: Floats, take: int) -> npt.NDArray[np.intp]:
    """Return places of scores above zero, among them all that may be of the highest `take`.

    Of many scores some at regular distances say above which there must be more than enough.
    """
    some = scores[:: max(len(scores) // _SAMPLE, 1)]
    rank = 4 * take * len(some) // max(len(scores), 1) + 8
    if len(scores) > 4 * _SAMPLE and rank < len(some):
        least = np.partition(some, len(some) - rank)[len(some) - rank]
        if least > 0:
            among = np.flatnonzero(scores >= least)
            if len(among) >= take:
                return among
    return np.flatnonzero(scores > 0)


def highest(scores: Floats, among: npt.NDArray[np.intp], take: int, id_of: Callable[[int], str]) -> list[int]:
    """Return those of some places that have the highest scores, best first; at most `take`."""
    if take <= 0:
        return []
    if take < len(among):
        least = np.partition(scores[among], len(among) - take)[len(among) - take]
        among = among[scores[among] >= least]
    among = among[np.argsort(-scores[among], kind="stable")]
    ordered: list[int] = among.tolist()
    for start, end in runs(scores[among]):
        ordered[start:end] = sorted(ordered[start:end], key=id_of)
    return ordered[:take]
