"""How a plan treats the groups that people count themselves to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from zlib import crc32

import numpy as np

from matchwell.columns import Floats
from matchwell.programme.programmes import Programme
from matchwell.programme.values import Participant, Plan, Side

FEWEST = 5  # of fewer people an average tells too much about each, and too little about the group
DRAWS = 1000
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean over people, with the 95 % interval of the bootstrap; nan where there is nothing to average."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What a plan does for those of one side who gave the same label; None are those who gave none.

    `matched` is the share of them who are matched, `fit` the mean score of these (of a mentor, over their mentees).
    """

    side: Side
    label: str | None
    people: int
    matched: Estimate
    fit: Estimate


def by_group(programme: Programme, plan: Plan, *, seed: int = 0, fewest: int = FEWEST) -> tuple[Group, ...]:
    """Return how each group fares, mentees first, labels in alphabetical order, those without one last.

    Groups of less than `fewest` people are left out. A group's figures do not depend on which others there are. The
    bootstrap draws people anew from the group, so where all are matched its interval is a point: in a small group
    that is no proof. Where intervals overlap widely, see no difference.
    """
    mentee_fit, mentor_fit = _fits(plan, "mentee"), _fits(plan, "mentor")
    return (
        *_side("mentees", programme.mentees, mentee_fit, seed, fewest),
        *_side("mentors", programme.mentors, mentor_fit, seed, fewest),
    )


def _fits(plan: Plan, who: str) -> dict[str, list[float]]:
    """Return the scores of everybody who is matched."""
    fits: dict[str, list[float]] = {}
    for match in plan.matches:
        fits.setdefault(match.mentee if who == "mentee" else match.mentor, []).append(match.score)
    return fits


def _side(
    side: Side, people: Sequence[Participant], fits: dict[str, list[float]], seed: int, fewest: int
) -> list[Group]:
    members: dict[str | None, list[str]] = {}
    for one in people:
        members.setdefault(one.group, []).append(one.id)
    groups = []
    for label in sorted(members, key=lambda label: (label is None, label or "")):
        if len(members[label]) < fewest:
            continue
        fit = np.array([np.mean(fits[name]) if name in fits else nan for name in members[label]])
        chance = np.random.default_rng([seed, crc32(f"{side} {label}".encode())])
        matched, mean_fit = _estimates(fit, chance)
        groups.append(Group(side=side, label=label, people=len(fit), matched=matched, fit=mean_fit))
    return groups


def _estimates(fit: Floats, chance: np.random.Generator) -> tuple[Estimate, Estimate]:
    """Return the share of those with a fit, and the mean of the fits."""
    shares, means = np.empty(DRAWS), np.empty(DRAWS)
    for draw in range(DRAWS):
        shares[draw], means[draw] = _share_and_mean(fit[chance.integers(len(fit), size=len(fit))])
    share, mean = _share_and_mean(fit)
    return _estimate(share, shares), _estimate(mean, means[~np.isnan(means)])


def _share_and_mean(fit: Floats) -> tuple[float, float]:
    matched = fit[~np.isnan(fit)]
    return len(matched) / len(fit), float(matched.mean()) if len(matched) else nan


def _estimate(mean: float, draws: Floats) -> Estimate:
    low, high = np.percentile(draws, INTERVAL) if len(draws) else (nan, nan)
    return Estimate(mean=mean, low=float(low), high=float(high))
