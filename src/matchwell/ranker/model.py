"""A ranker: weights of features and of their products, and what it makes of an ask.

A conditional logit (McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974): the share of a
question that falls to a candidate grows with the exponential of a weighted sum. As a ranker it is ListNet with top-one
probabilities (Cao and others, "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats
from matchwell.ranker.features import Features
from matchwell.values import Signal

FURTHEST = 4.0  # standard deviations; what is further counts as that far

Matrix = npt.NDArray[np.floating[Any]]


class UnreadableRanker(ValueError):
    """A ranker was written by another version, or only in part. Train it again; until then do without."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Verdict:
    """What a ranker says of candidates: `score` float64 [m], the `parts` that add up to it, `chance` float64 [m].

    A score is a natural logarithm: who has one more is e times as likely to be the one. Zero is the mean candidate.
    `chance` is that of an answer, from 0 to 1.
    """

    score: Floats
    parts: Mapping[Signal, Floats]
    chance: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranker:
    """Weights [f] for features (`names`) that are `center`ed and divided by their `spread`; and for products of two.

    `pairs` are columns, `pair_weights` what their products count. `answers` is how many answers a question gets.
    """

    names: tuple[str, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[float, ...]
    pairs: tuple[tuple[int, int], ...] = ()
    pair_weights: tuple[float, ...] = ()
    answers: float = 1.0

    @property
    def version(self) -> str:
        """Return a name that another ranker does not have."""
        return f"logit-{sha256(self.to_json().encode()).hexdigest()[:12]}"

    def judge(self, features: Features) -> Verdict:
        """Score candidates. Raises UnreadableRanker if it was trained on other features."""
        if not len(features.values):
            return Verdict(score=np.empty(0), parts={}, chance=np.empty(0))
        if self.names != features.names:
            raise UnreadableRanker("The ranker was trained on other features. Train it again.")
        spread = standard(features.values, self.center, self.spread)
        made_of = spread * np.array(self.weights)
        if self.pairs:
            first, second = np.array(self.pairs).T
            halves = spread[:, first] * spread[:, second] * (np.array(self.pair_weights) / 2)
            for place, (one, other) in enumerate(self.pairs):
                made_of[:, one] += halves[:, place]
                made_of[:, other] += halves[:, place]
        made_of -= made_of.mean(axis=0)
        parts = {signal: _sum_of(made_of, features.signals, signal) for signal in dict.fromkeys(features.signals)}
        score = sum(parts.values(), np.zeros(len(made_of)))
        return Verdict(score=score, parts=parts, chance=-np.expm1(-self.answers * softmax(score)))

    def chance_beside(self, judged: Floats, score: Floats) -> Floats:
        """Return the chance of an answer, float64 [n], of each score if it alone stood beside those judged."""
        highest = max(float(judged.max()), float(score.max(initial=-np.inf)))
        others = float(np.exp(judged - highest).sum())
        own = np.exp(score - highest)
        chance: Floats = -np.expm1(-self.answers * own / (others + own))
        return chance

    def to_json(self) -> str:
        """Return the ranker as text, to be kept."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Ranker":
        """Read what `to_json` wrote. Raises UnreadableRanker."""
        try:
            kept = json.loads(text)
            kept["pairs"] = tuple((int(one), int(other)) for one, other in kept["pairs"])
            listed = {name: tuple(kept[name]) for name in ("names", "center", "spread", "weights", "pair_weights")}
            ranker = Ranker(**{**kept, **listed})
        except (ValueError, KeyError, TypeError) as fault:
            raise UnreadableRanker("This is no ranker, or only a part of one. Train it again.") from fault
        sizes = {len(ranker.center), len(ranker.spread), len(ranker.weights), len(ranker.names)}
        numbers = (*ranker.center, *ranker.spread, *ranker.weights, *ranker.pair_weights, ranker.answers)
        inside = all(0 <= column < len(ranker.names) for pair in ranker.pairs for column in pair)
        whole = len(sizes) == 1 and inside and len(ranker.pairs) == len(ranker.pair_weights)
        if not whole or not np.isfinite(numbers).all():
            raise UnreadableRanker("The ranker has lost some of its numbers. Train it again.")
        return ranker


def standard(values: Matrix, center: Sequence[float] | Floats, spread: Sequence[float] | Floats) -> Floats:
    """Return features in standard deviations from their mean, cut at the furthest that counts."""
    cut: Floats = np.clip((values - np.asarray(center)) / np.asarray(spread), -FURTHEST, FURTHEST)
    return cut


def softmax(score: Floats) -> Floats:
    """Return the share of each candidate, float64 [m], adding up to 1."""
    if not len(score):
        return score
    risen = np.exp(score - score.max())
    share: Floats = risen / risen.sum()
    return share


def _sum_of(made_of: Floats, signals: Sequence[Signal], signal: Signal) -> Floats:
    # Row by row, so that a person's sum does not depend on who stands beside them.
    columns = [place for place, one in enumerate(signals) if one == signal]
    whole: Floats = made_of[:, columns].copy().sum(axis=1)
    return whole
