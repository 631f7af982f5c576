"""How a ranker finds its weights: the most likely ones, given who answered, held back by a penalty on large ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchwell.columns import Bools, Floats
from matchwell.grouped import Places
from matchwell.ranker.model import Ranker, standard

PENALTY = 30.0  # of squared weights, beside a loss summed over questions
PAIRED = 24  # features whose products are looked at: those that weigh most by themselves
TURNS = 20
ENOUGH = 1e-7  # of the loss: what a further step would gain
_CHUNK = 2**14

Singles = npt.NDArray[np.float32]
Pairs = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Examples:
    """Past questions and their candidates, one behind the other.

    `values` float32 [n, f] are features by candidate, `is_right` bool [n] says who answered; `starts` int64 [q] where
    each question begins. Each has somebody who answered.
    """

    names: tuple[str, ...]
    values: Singles
    is_right: Bools
    starts: Places

    def part(self, begin: int, end: int) -> "Examples":
        """Return the questions from one place to before another."""
        edges = np.append(self.starts, len(self.values))
        rows = slice(edges[begin], edges[end])
        return Examples(
            names=self.names,
            values=self.values[rows],
            is_right=self.is_right[rows],
            starts=self.starts[begin:end] - self.starts[begin] if end > begin else self.starts[:0],
        )

    def __len__(self) -> int:
        return len(self.starts)


def fit(examples: Examples, *, penalty: float = PENALTY, paired: int = PAIRED) -> Ranker:
    """Find the weights of features, then those of the features and of products of the weightiest."""
    center = examples.values.mean(axis=0, dtype=np.float64)
    spread = examples.values.std(axis=0, dtype=np.float64)
    spread = np.where(spread > 1e-6, spread, 1.0)  # what is always the same says nothing
    values = np.empty_like(examples.values)
    for rows in _chunks(len(values)):
        values[rows] = standard(examples.values[rows], center, spread)
    weights = _most_likely(values, examples, np.empty((0, 2), np.int64), np.zeros(values.shape[1]), penalty)
    strongest = np.sort(np.argsort(-np.abs(weights), kind="stable")[:paired])
    pairs = np.array([(one, other) for one in strongest for other in strongest if one <= other]).reshape(-1, 2)
    if len(pairs):
        weights = _most_likely(values, examples, pairs, np.append(weights, np.zeros(len(pairs))), penalty)
    own = values.shape[1]
    return Ranker(
        names=examples.names,
        center=tuple(center.tolist()),
        spread=tuple(spread.tolist()),
        weights=tuple(weights[:own].tolist()),
        pairs=tuple((int(one), int(other)) for one, other in pairs),
        pair_weights=tuple(weights[own:].tolist()),
        answers=float(examples.is_right.sum() / len(examples)),
    )


def _most_likely(values: Singles, examples: Examples, pairs: Pairs, start: Floats, penalty: float) -> Floats:
    """Return the weights of least loss, by Newton's method; the loss is convex, so there is one such place."""
    sums = _Sums(values, examples, pairs)
    weights = start
    loss, slope, curve = sums.at(weights)
    held = penalty / len(examples)
    loss += held / 2 * float(weights @ weights)
    for _ in range(TURNS):
        slope = slope + held * weights
        step = np.linalg.solve(curve + held * np.eye(len(weights)), slope).astype(np.float64)
        promised = float(slope @ step)
        if promised < ENOUGH:
            break
        weights, loss = _downhill(sums, weights, step, loss, promised, held)
        _, slope, curve = sums.at(weights)
    return weights


def _downhill(
    sums: "_Sums", weights: Floats, step: Floats, loss: float, promised: float, held: float
) -> tuple[Floats, float]:
    """Take the step, or a part of it that keeps a little of what it promised."""
    size = 1.0
    while True:
        tried = weights - size * step
        found = sums.loss(tried) + held / 2 * float(tried @ tried)
        if found <= loss - 1e-4 * size * promised or size < 1e-6:
            return tried, found
        size /= 2


class _Sums:
    """Sums over all questions, for given weights."""

    def __init__(self, values: Singles, examples: Examples, pairs: Pairs) -> None:
        self._values, self._pairs, self._starts = values, pairs, examples.starts
        count = np.diff(np.append(examples.starts, len(values)))
        self._question = np.repeat(np.arange(len(count)), count)
        right = np.add.reduceat(examples.is_right.astype(np.float64), examples.starts)
        self._wanted = examples.is_right / right[self._question]

    def loss(self, weights: Floats) -> float:
        """Return how unlikely the answers are, as the mean negative logarithm over questions."""
        return self._shares(weights)[0]

    def at(self, weights: Floats) -> tuple[float, Floats, Floats]:
        """Return the loss, its slope float64 [f] and its curvature float64 [f, f]."""
        loss, share = self._shares(weights)
        questions = len(self._starts)
        slope = np.zeros(len(weights))
        curve = np.zeros((len(weights), len(weights)))
        means = np.zeros((questions, len(weights)), np.float32)
        for rows, columns in self._chunks():
            weighed = columns * share[rows, None].astype(np.float32)
            slope += (share[rows] - self._wanted[rows]).astype(np.float32) @ columns
            curve += weighed.T @ columns
            first = int(self._question[rows.start])
            heads = np.flatnonzero(np.diff(self._question[rows], prepend=-1))
            means[first : first + len(heads)] += np.add.reduceat(weighed, heads)
        return loss, slope / questions, (curve - means.T @ means) / questions

    def _shares(self, weights: Floats) -> tuple[float, Floats]:
        score = np.empty(len(self._values))
        single = weights.astype(np.float32)
        for rows, columns in self._chunks():
            score[rows] = columns @ single
        score -= np.maximum.reduceat(score, self._starts)[self._question]
        risen = np.exp(score)
        whole = np.add.reduceat(risen, self._starts)[self._question]
        return float((self._wanted * (np.log(whole) - score)).sum()) / len(self._starts), risen / whole

    def _chunks(self) -> Iterator[tuple[slice, Singles]]:
        """Go through features and products a chunk at a time: all at once they would not fit into memory."""
        one, other = self._pairs.T
        for rows in _chunks(len(self._values)):
            chunk = self._values[rows]
            yield rows, np.hstack([chunk, chunk[:, one] * chunk[:, other]]) if len(one) else chunk


def _chunks(size: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _CHUNK, size)) for begin in range(0, size, _CHUNK))
