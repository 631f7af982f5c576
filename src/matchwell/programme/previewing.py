"""What a plan would do, before it does: who with whom, who is left and why, loads, and the effect of each weight."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, Protocol

import numpy as np

from matchwell.programme.assigning import assign
from matchwell.programme.limits import ALLOWED, LIMITS, Limit
from matchwell.programme.programmes import Programme
from matchwell.programme.values import Plan
from matchwell.programme.weighing import EVERY_PART_ONCE, weigh

Why = Limit | Literal["no_fit", "places_taken"]
FACTORS = (0.0, 0.5, 2.0)


class Way(Protocol):
    """A way to make a plan: `assign`, `stable`, `spread`, or one of them with its options filled in (`partial`)."""

    def __call__(self, programme: Programme, *, weights: Mapping[str, float]) -> Plan: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmatched:
    """A mentee who gets nobody, and why.

    `places_taken`: there are mentors for them, `open` many, and all of their places go to others. Otherwise nobody is
    left who could be matched with them: `no_fit` when no pair was ever named, else the limit that rules out most of
    those named (of everybody, where none was). `ruled_out` counts the pairs named by what rules them out.
    """

    mentee: str
    why: Why
    open: int
    ruled_out: tuple[tuple[Limit, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """The mentees planned for a mentor."""

    mentor: str
    capacity: int
    mentees: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What happens if the weight of a part is multiplied by `factor`.

    `total` is the score of the plan made so, by the weights that are now in force, to be set beside the plan's own;
    `own_total` is its score by the changed weights. `changed` counts mentees who get another mentor, or one where they
    had none, or none where they had one.
    """

    part: str
    factor: float
    matched: int
    total: float
    own_total: float
    changed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A plan, and what a coordinator should see before it takes effect. Everything in the order of identifiers."""

    plan: Plan
    unmatched: tuple[Unmatched, ...]
    loads: tuple[Load, ...]
    effects: tuple[Effect, ...]


def preview(
    programme: Programme,
    *,
    weights: Mapping[str, float] = EVERY_PART_ONCE,
    way: Way = assign,
    factors: Sequence[float] = FACTORS,
) -> Preview:
    """Return the plan made in a certain way, and what it means. Nothing takes effect.

    Plans anew for each part that counts and each factor; without `factors` it plans once. Raises ValueError as the way
    does.
    """
    plan = way(programme, weights=weights)
    return Preview(
        plan=plan,
        unmatched=_unmatched(programme, plan),
        loads=_loads(programme, plan),
        effects=_effects(programme, plan, weights, way, factors),
    )


def _unmatched(programme: Programme, plan: Plan) -> tuple[Unmatched, ...]:
    place_of = {one.id: place for place, one in enumerate(programme.mentees)}
    return tuple(_left_out(programme, place_of[name]) for name in plan.unmatched)


def _left_out(programme: Programme, mentee: int) -> Unmatched:
    candidates = programme.candidates
    rows = slice(*np.searchsorted(candidates.mentee, [mentee, mentee + 1]).tolist())
    named = candidates.limit[rows]
    may_meet = int(np.count_nonzero(named == ALLOWED))
    everybody = np.arange(len(programme.mentors), dtype=np.int32)
    limits = named if len(named) else programme.limits.of(np.full_like(everybody, mentee), everybody)
    why: Why = "no_fit"
    if may_meet:
        why = "places_taken"
    elif len(limits) and not np.any(limits == ALLOWED):
        why = _counted(limits)[0][0]
    return Unmatched(mentee=programme.mentees[mentee].id, why=why, open=may_meet, ruled_out=_counted(named))


def _counted(limits: np.ndarray[tuple[int], np.dtype[np.int8]]) -> tuple[tuple[Limit, int], ...]:
    """Return how many pairs each limit rules out, the most first."""
    counts = Counter(LIMITS[limit] for limit in limits.tolist() if limit != ALLOWED)
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], LIMITS.index(one[0]))))


def _loads(programme: Programme, plan: Plan) -> tuple[Load, ...]:
    mentees: dict[str, list[str]] = {one.id: [] for one in programme.mentors}
    for match in plan.matches:
        mentees[match.mentor].append(match.mentee)
    return tuple(
        Load(mentor=one.id, capacity=one.capacity, mentees=tuple(mentees[one.id])) for one in programme.mentors
    )


def _effects(
    programme: Programme, plan: Plan, weights: Mapping[str, float], way: Way, factors: Sequence[float]
) -> tuple[Effect, ...]:
    effects = []
    now = plan.mentor_of()
    allowed = programme.candidates.allowed
    for part, points in programme.candidates.parts.items():
        if not weights.get(part, 1.0) or not points[allowed].any():
            continue
        for factor in factors:
            changed = {**weights, part: weights.get(part, 1.0) * factor}
            other = way(programme, weights=changed)
            then = other.mentor_of()
            effects.append(
                Effect(
                    part=part,
                    factor=factor,
                    matched=len(other.matches),
                    total=_total(programme, other, weights),
                    own_total=other.total,
                    changed=sum(now.get(one.id) != then.get(one.id) for one in programme.mentees),
                )
            )
    return tuple(effects)


def _total(programme: Programme, plan: Plan, weights: Mapping[str, float]) -> float:
    """Return the score of a plan by these weights, whatever it was made by."""
    pairs = weigh(programme, weights)
    mentor_place = {one.id: place for place, one in enumerate(programme.mentors)}
    given = plan.mentor_of()
    where = np.array([mentor_place.get(given.get(one.id, ""), -1) for one in programme.mentees])
    return fsum(pairs.score[where[pairs.mentee] == pairs.mentor].tolist())
