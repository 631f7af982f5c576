"""The prices behind a choice: the proof that it is the best, and the key to all others that are as good.

A price is 0 or below: what a place takes from the gain of who has it. At the right prices, gain and price together are
the highest for everybody where they are. These are the dual values of the transportation problem, found as shortest
distances over all moves that could be made (Bellman, Ford).
"""

from dataclasses import dataclass

import numpy as np

from matchwell.columns import Array
from matchwell.programme.market import Market

FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Prices:
    """The price of a place with each mentor and, last, nobody, int64 [mentors + 1]; `free` is that of a spare one."""

    of: Array
    free: int


def prices(market: Market, where: Array) -> Prices:
    """Return prices at which nobody would rather be elsewhere than where they are, int64 [mentees].

    Raises ValueError if there are none, as then the choice is not the best.
    """
    by_mentor = np.argsort(market.mentor, kind="stable")
    mentee, mentor = market.mentee[by_mentor], market.mentor[by_mentor]
    to, first = np.unique(mentor, return_index=True)
    gained = market.gained(where)
    cost, came_from = gained[mentee] - market.gain[by_mentor], where[mentee]
    leaving = np.full(market.nobody + 1, FAR)
    np.minimum.at(leaving, where, gained)
    load = np.bincount(where, minlength=market.nobody + 1)
    has_room = np.append(load[:-1] < market.capacity, True)

    of, free = np.zeros(market.nobody + 1, np.int64), 0
    for _ in range(market.nobody + 3):
        before, free_before = of.copy(), free
        of[to] = np.minimum(of[to], np.minimum.reduceat(before[came_from] + cost, first))
        of[-1] = min(of[-1], int((before + leaving)[:-1].min(initial=FAR)))
        free = min(free, int(of[has_room].min()))
        of[load > 0] = np.minimum(of[load > 0], free)
        if free == free_before and np.array_equal(of, before):
            return Prices(of=of, free=free)
    raise ValueError("This is not the best choice: somebody could gain by a round of moves.")
