"""From parts to scores, and from chosen pairs to a plan that shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matchwell.columns import Array, Floats, Ints
from matchwell.programme.programmes import Programme
from matchwell.programme.values import MENTEE_WISH, MENTOR_WISH, Match, Plan

EVERY_PART_ONCE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pairs:
    """The pairs that may be matched, by mentee and then mentor, each a place in the ordered people.

    `mentee`, `mentor` int32 [p]; `score` float64 [p]; `capacity` int32 [mentors]; `row` int64 [p] among the candidates.
    """

    mentee: Ints
    mentor: Ints
    score: Floats
    row: Array
    mentees: int
    capacity: Ints


def weigh(programme: Programme, weights: Mapping[str, float] = EVERY_PART_ONCE) -> Pairs:
    """Return the pairs that may be matched with their scores.

    A score is the sum of weight times part; a part without a weight counts once. Raises ValueError for a weight that is
    below zero, not finite, or of no part, and for scores beyond the largest number.
    """
    known = {*programme.parts, MENTEE_WISH, MENTOR_WISH}
    for name, weight in weights.items():
        if name not in known:
            raise ValueError(f"There is no part {name!r} to weigh; there are {', '.join(sorted(known))}.")
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"The weight of {name!r} must be a number from 0, not {weight!r}.")
    candidates = programme.candidates
    row = np.flatnonzero(candidates.allowed)
    score = np.zeros(len(row))
    with np.errstate(over="ignore"):
        for name, points in candidates.parts.items():
            score += weights.get(name, 1.0) * points[row]
    if not np.isfinite(score).all():
        raise ValueError("The scores are too large to be told apart: give parts and weights of everyday size.")
    return Pairs(
        mentee=candidates.mentee[row],
        mentor=candidates.mentor[row],
        score=score,
        row=row,
        mentees=len(programme.mentees),
        capacity=programme.limits.capacity,
    )


def plan_at(programme: Programme, weights: Mapping[str, float], pairs: Pairs, where: Array) -> Plan:
    """Return the plan that puts each mentee at a place among the mentors, int64 [mentees]; any other is with nobody."""
    taken = np.flatnonzero(where[pairs.mentee] == pairs.mentor)
    mentees, mentors, parts = programme.mentees, programme.mentors, programme.candidates.parts
    weighed = {name: weights.get(name, 1.0) * points[pairs.row[taken]] for name, points in parts.items()}
    matches = tuple(
        Match(
            mentee=mentees[mentee].id,
            mentor=mentors[mentor].id,
            score=score,
            parts=_weightiest_first({name: float(points[place]) for name, points in weighed.items()}),
        )
        for place, (mentee, mentor, score) in enumerate(
            zip(pairs.mentee[taken].tolist(), pairs.mentor[taken].tolist(), pairs.score[taken].tolist(), strict=True)
        )
    )
    left_out = np.setdiff1d(np.arange(pairs.mentees), pairs.mentee[taken])
    return Plan(matches=matches, unmatched=tuple(mentees[place].id for place in left_out.tolist()))


def _weightiest_first(points: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    counting = [(name, one) for name, one in points.items() if one]
    return tuple(sorted(counting, key=lambda part: (-part[1], part[0])))
