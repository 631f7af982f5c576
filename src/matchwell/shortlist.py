"""From scores to places: who stands where, and the places kept for some of the newcomers."""

import numpy as np

from matchwell.best import best
from matchwell.columns import Bools, Floats
from matchwell.state import State
from matchwell.weights import Weights


def shortlist(state: State, total: Floats, may_take_a_place: Bools, weights: Weights, take: int) -> list[int]:
    """Return person numbers, best first, at most `take`; people with a score of zero are left out.

    At each reserved place the best newcomer who stands further down moves up, unless the list up to there holds as many
    newcomers as places were reserved for them.
    """
    ordered = best(total, take, state.people.ids.__getitem__)
    newcomers = best(np.where(may_take_a_place, total, 0.0), take, state.people.ids.__getitem__)
    for reserved, place in enumerate(sorted(set(weights.newcomer_places)), start=1):
        if place > len(ordered) or sum(bool(may_take_a_place[who]) for who in ordered[:place]) >= reserved:
            continue
        waiting = [who for who in newcomers if who not in ordered[:place]]
        if waiting:
            ordered = _moved(ordered, waiting[0], place - 1)[:take]
    return ordered


def _moved(ordered: list[int], who: int, place: int) -> list[int]:
    rest = [other for other in ordered if other != who]
    return [*rest[:place], who, *rest[place:]]
