"""Signals put together: the score of every person for an ask, and all that is needed to explain it."""

from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.columns import Bools, Floats
from matchwell.evidence import Evidence, gather
from matchwell.nearest import Nearest, nearest, strengths
from matchwell.portraits import Portraits, portraits
from matchwell.signals import Votes, activity, tag_rows, tag_strengths, votes
from matchwell.state import State
from matchwell.values import Ask, Kind, Limits
from matchwell.weights import Weights


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scores:
    """By person number: `total` float64 [n], the `parts` that add up to it, `is_newcomer` bool [n]."""

    total: Floats
    parts: dict[Kind, Floats]
    is_newcomer: Bools
    asked: AskedTerms
    evidence: Evidence
    near: Nearest
    topic: Votes
    tagged: Votes
    holding: dict[str, Bools]
    portraits: Portraits


def score(state: State, ask: Ask, limits: Limits, weights: Weights) -> Scores:
    """Score everybody who is eligible.

    A person's score depends on nobody else, but for which answered questions are among the nearest.
    """
    evidence = gather(state, ask, limits)
    asked = AskedTerms.read(ask.text, state.term_numbers)
    is_newcomer = evidence.eligible & (evidence.experience < weights.enough_answers)

    near = nearest(asked, state.questions, known=evidence.usable, wanted=evidence.usable)
    rows = evidence.answered(near.similarity, weights.nearest)
    strong = strengths(near.similarity, rows)
    topic = votes(evidence, np.array(rows, np.int32), strong, weights.half_life, weights.least_vote)
    holding = tag_rows(state, ask.tags, evidence.usable)
    tagged = votes(evidence, *tag_strengths(holding, evidence.usable), weights.half_life, weights.least_vote)
    seen = portraits(state.people, asked, in_questions=near.counted, wanted=is_newcomer)

    one = weights.one_answer
    parts: dict[Kind, Floats] = {
        "answered": weights.answered * np.log1p(one * topic.sums),
        "recent": weights.recent * np.log1p(activity(evidence, weights.recent_half_life)),
        "tags": weights.tags * np.log1p(one * tagged.sums),
        "profile": weights.profile * np.log1p(one * seen.profile),
        "sample": weights.sample * np.log1p(one * seen.sample),
    }
    held_back = _held_back(state, limits, weights)
    parts = {kind: part * held_back for kind, part in parts.items()}
    return Scores(
        total=sum(parts.values(), np.zeros(len(is_newcomer))),
        parts=parts,
        is_newcomer=is_newcomer,
        asked=asked,
        evidence=evidence,
        near=near,
        topic=topic,
        tagged=tagged,
        holding=holding,
        portraits=seen,
    )


def _held_back(state: State, limits: Limits, weights: Weights) -> Floats:
    """Return by how much load lets a score count, float64 [n]: 1 for people who were not invited lately."""
    factor = np.ones(len(state.people.is_here))
    for name, load in limits.load.items():
        number = state.person_numbers.get(name, len(factor))
        if number < len(factor):
            factor[number] = 1 / (1 + weights.load * np.log1p(max(load, 0.0)))
    return factor
