"""Of all choices that are equally good, the one that goes by identifiers.

At the right prices a best choice can only put people where they are as well off as anywhere: their options. Two best
choices differ by rounds of moves from option to option, so it is enough to look for rounds. Sets of places are the bits
of whole numbers, as there are many and they are large.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from matchwell.columns import Array, Bools
from matchwell.programme.market import Market
from matchwell.programme.prices import Prices


def settle(market: Market, where: Array, prices: Prices) -> Array:
    """Return the best choice that gives the first mentee the lowest place, then the second, and so on."""
    options = _options(market, where, prices)
    rounds = _Rounds(market, where, options, is_loose=prices.of == prices.free)
    for mentee in sorted(options):
        rounds.fix(mentee)
    return np.array(rounds.where, np.int64)


def _options(market: Market, where: Array, prices: Prices) -> dict[int, int]:
    """Return the options of each mentee who has more than one."""
    mentee = np.append(market.mentee, np.arange(market.mentees))
    place = np.append(market.mentor, np.full(market.mentees, market.nobody))
    gain = np.append(market.gain, np.zeros(market.mentees, np.int64))
    well_off = market.gained(where) + prices.of[where]
    is_option = gain + prices.of[place] == well_off[mentee]
    is_option &= np.bincount(mentee[is_option], minlength=market.mentees)[mentee] > 1
    options: dict[int, int] = {}
    for who, one in zip(mentee[is_option].tolist(), place[is_option].tolist(), strict=True):
        options[who] = options.get(who, 0) | 1 << one
    return options


class _Rounds:
    """Mentees at their places, those with options still free to move, and the rounds in which they can.

    Loose places may be empty or full in a best choice; they exchange with `spare`, a place that stands for all the room
    left over. `_together` says for each place which others a round through it can reach.
    """

    def __init__(self, market: Market, where: Array, options: Mapping[int, int], *, is_loose: Bools) -> None:
        self.where: list[int] = where.tolist()
        self._options = options
        self._spare = market.nobody + 1
        self._load: list[int] = np.bincount(where, minlength=self._spare).tolist()
        self._capacity: list[int] = [*market.capacity.tolist(), market.mentees]
        self._is_loose: list[bool] = is_loose.tolist()
        self._free: list[set[int]] = [set() for _ in self._load]
        for mentee in options:
            self._free[self.where[mentee]].add(mentee)
        self._reached: list[int | None] = [None] * (self._spare + 1)
        self._together = [(1 << self._spare + 1) - 1] * (self._spare + 1)

    def fix(self, mentee: int) -> None:
        """Give a mentee the lowest place that they have in a best choice, those fixed before staying, for good."""
        left = self.where[mentee]
        self._free[left].discard(mentee)
        self._reached[left] = None
        while lower := self._options[mentee] & self._together[left] & (1 << left) - 1:
            place = next(_members(lower))
            came_from = self._way(place, left)
            if came_from:
                self._move_along(came_from, place, left)
                self._put(mentee, left, place)
                return

    def _way(self, start: int, end: int) -> dict[int, int]:
        """Return from where each place was reached on the shortest way of moves from start to end; empty if none.

        What can be reached without reaching the end is never left again, so no round goes in or out of it any more.
        """
        came_from: dict[int, int] = {}
        reached, together = 1 << start, self._together[start]
        edge = [start]
        while edge:
            beyond: list[int] = []
            for place in edge:
                new = self._next(place) & together & ~reached
                came_from.update(dict.fromkeys(_members(new), place))
                if new >> end & 1:
                    return came_from
                reached |= new
                beyond.extend(_members(new))
            edge = beyond
        for place in _members(together):
            self._together[place] = reached if reached >> place & 1 else together ^ reached
        return {}

    def _next(self, place: int) -> int:
        """Return the places to which somebody could move from here, or the spare one if there is room to spare."""
        found = self._reached[place]
        if found is None:
            if place == self._spare:
                found = sum(1 << other for other, load in enumerate(self._load) if load and self._is_loose[other])
            else:
                has_room = self._is_loose[place] and self._load[place] < self._capacity[place]
                found = 1 << self._spare if has_room else 0
                for mentee in self._free[place]:
                    found |= self._options[mentee]
            self._reached[place] = found
        return found

    def _move_along(self, came_from: Mapping[int, int], start: int, end: int) -> None:
        to = end
        while to != start:
            place = came_from[to]
            if self._spare not in (place, to):
                mentee = min(who for who in self._free[place] if self._options[who] >> to & 1)
                self._free[place].discard(mentee)
                self._free[to].add(mentee)
                self._put(mentee, place, to)
            to = place

    def _put(self, mentee: int, place: int, to: int) -> None:
        self.where[mentee] = to
        self._load[place] -= 1
        self._load[to] += 1
        for changed in (place, to, self._spare):
            self._reached[changed] = None


def _members(places: int) -> Iterator[int]:
    """Yield the places of a set, the lowest first."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest
