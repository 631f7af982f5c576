"""A soft plan: how much of each mentee would go to each mentor, spread by entropy; and the whole plan nearest to it.

Cuturi: Sinkhorn Distances (2013). Capacities are upper bounds and nobody must be matched, as in the partial transport
of Benamou, Carlier, Cuturi, Nenna, Peyré: Iterative Bregman Projections (2015). Prices are kept as logarithms, so that
a small softness does not underflow (Schmitzer: Stabilized Sparse Scaling Algorithms, 2019).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from matchwell.columns import Floats, totals
from matchwell.programme.market import market
from matchwell.programme.optimum import best_choice
from matchwell.programme.programmes import Programme
from matchwell.programme.values import Plan
from matchwell.programme.weighing import EVERY_PART_ONCE, Pairs, plan_at, weigh

LAST_RESORT = 9.0  # softnesses below the worst pair: what it is worth to stay unmatched
SOFTEST = 4.0  # deviations: where it begins
TOLERANCE = 1e-3
MOST_SWEEPS = 3000
WIDEST = 50.0  # logarithm
HIGHEST = 700.0  # logarithm that a float64 can hold
LEAST = 1e-300


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SoftPlan:
    """Shares of mentees, one pair a row: `mentee`, `mentor` identifiers and `share` float64 [p], read-only.

    The shares of a mentee add up to 1 at most, what is missing being the share that stays unmatched; those of a mentor
    to the capacity at most, both to within the tolerance. `error` is by how much of a mentee their sum was wrong, on
    average, when it stopped after `sweeps`.
    """

    mentee: tuple[str, ...]
    mentor: tuple[str, ...]
    share: Floats
    sweeps: int
    error: float
    has_converged: bool


def soften(
    programme: Programme,
    *,
    weights: Mapping[str, float] = EVERY_PART_ONCE,
    softness: float = 0.25,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> SoftPlan:
    """Return the plan in shares that has the most score and entropy together.

    `softness` is in standard deviations of the scores: near 0 it is the sum of scores that counts, at 1 and more the
    shares spread over everybody who would do. Stops when the shares of mentees are wrong by `tolerance` on average, or
    after `most_sweeps`; the smaller the softness and the scarcer the places, the more it takes.

    Raises ValueError for a softness or tolerance that is not above zero, or for weights as `assign` does.
    """
    pairs = weigh(programme, weights)
    share, sweeps, error = _shares(pairs, softness, tolerance, most_sweeps)
    share.flags.writeable = False
    mentees, mentors = [one.id for one in programme.mentees], [one.id for one in programme.mentors]
    return SoftPlan(
        mentee=tuple(mentees[place] for place in pairs.mentee.tolist()),
        mentor=tuple(mentors[place] for place in pairs.mentor.tolist()),
        share=share,
        sweeps=sweeps,
        error=error,
        has_converged=error <= tolerance,
    )


def spread(programme: Programme, *, weights: Mapping[str, float] = EVERY_PART_ONCE, softness: float = 0.25) -> Plan:
    """Return the whole plan that keeps most of the soft one: the most matches, and of those the largest shares.

    No mentor has more mentees than in the soft plan, rounded up, unless somebody would stay unmatched for that alone.

    Raises ValueError as `soften` does.
    """
    pairs = weigh(programme, weights)
    share, _, _ = _shares(pairs, softness, TOLERANCE, MOST_SWEEPS)
    loads = np.ceil(totals(pairs.mentor, share, len(pairs.capacity)) - TOLERANCE).astype(np.int32)
    level = replace(pairs, capacity=np.minimum(loads, pairs.capacity))
    plans = (plan_at(programme, weights, pairs, best_choice(market(these, share))) for these in (level, pairs))
    plan = next(plans)
    return max(plan, next(plans), key=lambda one: len(one.matches)) if plan.unmatched else plan


def _shares(pairs: Pairs, softness: float, tolerance: float, most_sweeps: int) -> tuple[Floats, int, float]:
    """Return the shares float64 [p], the sweeps they took, and the error at the last.

    Begins soft, where few sweeps do, and halves the softness from there, each time with the prices found so far.
    """
    if not (softness > 0 and tolerance > 0 and most_sweeps > 0):
        raise ValueError("Softness, tolerance and the number of sweeps start above zero.")
    deviation = float(pairs.score.std()) if len(pairs.score) else 0.0
    worth = (pairs.score - pairs.score.min(initial=np.inf)) / (softness * deviation if deviation else 1.0)
    softer = max(1.0, SOFTEST / softness)
    prices, sweeps = np.zeros(len(pairs.capacity)), 0
    while True:
        soft = _Soft(pairs, worth / softer, LAST_RESORT / softer, prices)
        error, more = soft.balance(tolerance, most_sweeps - sweeps)
        sweeps += more
        if softer == 1 or sweeps >= most_sweeps:
            return soft.shares(), sweeps, error if softer == 1 else np.inf
        less_soft = max(1.0, softer / 2)
        prices, softer = soft.prices() * softer / less_soft, less_soft


class _Soft:
    """Shares at prices that rise where too many come.

    A sweep sets the price of every mentor, so that their shares add up to the capacity at most (a price is never below
    zero, and above it only where every place is taken), then that of every mentee, so that theirs add up to 1 with what
    stays unmatched. Prices are logarithms; sweeps multiply the shares, and what that has come to goes into the prices
    before it grows too large for a float.
    """

    def __init__(self, pairs: Pairs, worth: Floats, last_resort: float, mentor_price: Floats) -> None:
        self._pairs, self._worth, self._last_resort = pairs, worth, last_resort
        self._ends = np.searchsorted(pairs.mentee, np.arange(pairs.mentees + 1))
        self._room = np.maximum(pairs.capacity, 1)  # those without a place are in no pair
        mentee_price = np.full(pairs.mentees, -last_resort)
        np.maximum.at(mentee_price, pairs.mentee, worth - mentor_price[pairs.mentor])
        self._by_mentee, self._by_mentor = np.ones(len(mentee_price)), np.ones(len(mentor_price))
        self._note(mentee_price, mentor_price)
        self._by_mentee = 1 / (self._at_prices.sum(axis=1) + self._unmatched)

    def balance(self, tolerance: float, most_sweeps: int) -> tuple[float, int]:
        """Sweep until the shares of mentees are right; return how wrong they were on average, and the sweeps."""
        error, sweeps = np.inf, 0
        while error > tolerance and sweeps < most_sweeps:
            if max(_widest(self._by_mentee), _widest(self._by_mentor)) > WIDEST:
                self._note(self._mentee_price - np.log(self._by_mentee), self.prices())
            self._fill_mentors()
            filled = self._at_prices @ self._by_mentor + self._unmatched
            error = float(np.abs(self._by_mentee * filled - 1).sum()) / max(len(filled), 1)
            self._by_mentee = 1 / filled
            sweeps += 1
        self._fill_mentors()
        return error, sweeps

    def shares(self) -> Floats:
        """Return the share of each pair, float64 [p]."""
        factor = self._by_mentee[self._pairs.mentee] * self._by_mentor[self._pairs.mentor]
        shares: Floats = factor * self._at_prices.data
        return shares

    def prices(self) -> Floats:
        """Return the price of each mentor, float64 [mentors]."""
        prices: Floats = self._mentor_price - np.log(self._by_mentor)
        return prices

    def _fill_mentors(self) -> None:
        wanted = np.maximum(self._at_prices.T @ self._by_mentee, LEAST)
        self._by_mentor = np.minimum(self._room / wanted, self._until_free)

    def _note(self, mentee_price: Floats, mentor_price: Floats) -> None:
        """Start from these prices, with nothing multiplied yet."""
        pairs = self._pairs
        self._mentee_price, self._mentor_price = mentee_price, mentor_price
        shares = np.exp(self._worth - mentee_price[pairs.mentee] - mentor_price[pairs.mentor])
        self._at_prices = csr_array((shares, pairs.mentor, self._ends), shape=(pairs.mentees, len(pairs.capacity)))
        self._unmatched = np.exp(-self._last_resort - mentee_price)
        self._until_free = np.exp(np.minimum(mentor_price, HIGHEST))
        self._by_mentee, self._by_mentor = np.ones(len(mentee_price)), np.ones(len(mentor_price))


def _widest(factors: Floats) -> float:
    return float(np.abs(np.log(factors)).max(initial=0))
