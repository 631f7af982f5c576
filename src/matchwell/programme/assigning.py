"""The plan with the most matches and, of those, the most score or the fairest share of it."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from matchwell.columns import Floats
from matchwell.programme.market import market
from matchwell.programme.optimum import best_choice
from matchwell.programme.programmes import Programme
from matchwell.programme.values import Plan
from matchwell.programme.weighing import EVERY_PART_ONCE, Pairs, plan_at, weigh

Welfare = Literal["sum", "nash"]
NEXT_TO_NOTHING = 1e-6  # of a mentee's best score: what a score of zero counts as in a product


def assign(programme: Programme, *, weights: Mapping[str, float] = EVERY_PART_ONCE, welfare: Welfare = "sum") -> Plan:
    """Return the plan that matches as many mentees as can be and, of all such plans, has the highest welfare.

    As many as can be comes first because somebody without a mentor has nothing of a programme, however well the others
    fit; so no weight can change the number matched. `sum` adds up the scores. `nash` multiplies them (Nash social
    welfare; Caragiannis, Kurokawa, Moulin, Procaccia, Shah, Wang: The Unreasonable Fairness of Maximum Nash Welfare,
    2019): it rather lifts a low score than a high one, and does not care whose scores run high.

    Where plans are equally good, the first mentee by identifier has the lowest mentor that they have in any of them,
    then the second mentee, and so on. Scores count to nine digits of the largest.

    Raises ValueError for a weight that is below zero, not finite or of no part, and for `nash` if a score is below 0.
    """
    pairs = weigh(programme, weights)
    score = _logarithms(pairs) if welfare == "nash" else pairs.score
    where = best_choice(market(pairs, score))
    return plan_at(programme, weights, pairs, where)


def _logarithms(pairs: Pairs) -> Floats:
    """Return the logarithm of each score in proportion to the mentee's best, float64 [p]."""
    if pairs.score.min(initial=0.0) < 0:
        raise ValueError("Nash welfare multiplies scores, so none can be below zero: raise a part, or choose the sum.")
    best = np.zeros(pairs.mentees)
    np.maximum.at(best, pairs.mentee, pairs.score)
    share = np.divide(pairs.score, best[pairs.mentee], out=np.ones(len(pairs.score)), where=best[pairs.mentee] > 0)
    logarithms: Floats = np.log(np.maximum(share, NEXT_TO_NOTHING))
    return logarithms
