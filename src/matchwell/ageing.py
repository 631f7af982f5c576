"""How fast a community's evidence ages: the half-life with which votes find those who then answered.

It is chosen on earlier questions, and taken only where it ranks the newest ones better, which had no say in the choice;
both by the split of `matchwell.learning`. A ranker learns more, and of more evidence: this is for weights alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from matchwell.best import best
from matchwell.columns import Array, Floats
from matchwell.evaluate.cases import Case, cases
from matchwell.evaluate.logs import Log
from matchwell.index import Index
from matchwell.learning import FEW_TESTED, FEWEST, HELD_BACK, MOST, WARM_UP, TooFewOutcomes
from matchwell.measures import FIRST, interval, ndcg
from matchwell.scoring import Reading, score
from matchwell.values import PastQuestion

HALF_LIVES = (30.0, 60.0, 90.0, 180.0, 365.0, 730.0, 3650.0)  # days
AT_ONCE = 100  # questions whose candidates are named at the same time

Progress = Callable[[int, int], None]


class TooFewVotes(TooFewOutcomes):
    """There are too few answered questions to learn a half-life from."""

    def __init__(self, found: int) -> None:
        ValueError.__init__(
            self,
            f"A half-life is learned from at least {FEWEST} questions whose answers came from people who had answered "
            f"before; there are {found}. Stay with the usual one until there are more.",
        )
        self.found = found


@dataclass(frozen=True, kw_only=True, slots=True)
class HalfLife:
    """What came of learning a half-life: `days` to rank by, and a sentence that says why.

    `candidate` is what did best on the earlier questions. `ndcg` is the mean nDCG@10 of each half-life on those held
    back, `low` and `high` the 95 % interval of what the candidate gains there. `questions` counts all, `tested` those
    held back.
    """

    days: float
    candidate: float
    reason: str
    questions: int
    tested: int
    low: float
    high: float
    ndcg: Mapping[float, float] = field(default_factory=dict)


def learn_half_life(
    index: Index,
    log: Log,
    *,
    until: float = inf,
    half_lives: Sequence[float] = HALF_LIVES,
    progress: Progress | None = None,
) -> HalfLife:
    """Say with which half-life (days) an index should rank, from what was asked and answered before `until`.

    `log` is what the index was told. That of the index's weights stays, unless another is surely better. Raises
    TooFewVotes, and ValueError for half-lives that are none.
    """
    usual = index.weights.half_life
    tried = sorted({*half_lives, usual})
    if not 0 < tried[0] <= tried[-1] < inf:
        raise ValueError("Half-lives are numbers of days above zero.")
    rows = list(_judged(index, log, until, tried, progress))
    if len(rows) < FEWEST:
        raise TooFewVotes(len(rows))
    at = np.array([at for at, _ in rows])
    values = np.array([row for _, row in rows])
    gains, candidate, held_back = _gains(values, at, _borders(log, until), tried, usual)
    low, high = interval(gains)
    days = candidate if candidate != usual and low > 0 else usual
    return HalfLife(
        days=days,
        candidate=candidate,
        reason=_reason(candidate, usual, len(gains), low),
        questions=len(rows),
        tested=len(gains),
        low=low,
        high=high,
        ndcg=dict(zip(tried, values[held_back].mean(axis=0).tolist(), strict=True)),
    )


def _past(log: Log, until: float) -> list[PastQuestion]:
    past = sorted((one for one in log.questions if one.at < until), key=lambda one: (one.at, one.id))
    return past[int(len(past) * WARM_UP) :][-MOST:]


def _borders(log: Log, until: float) -> tuple[float, float]:
    """Return since when questions are held back: at first, and where those are few."""
    past = _past(log, until)
    first, second = (past[int(len(past) * share)].at for share in (1 - HELD_BACK, 1 - 2 * HELD_BACK))
    return first, second


def _judged(
    index: Index, log: Log, until: float, tried: Sequence[float], progress: Progress | None
) -> Iterator[tuple[float, list[float]]]:
    """Yield for each past question when it was asked, and the nDCG@10 of each half-life."""
    past = _past(log, until)
    known = replace(log, answers=[answer for answer in log.answers if answer.at <= until])
    for begin in range(0, len(past), AT_ONCE):
        if progress is not None:
            progress(begin, len(past))
        for case in cases(known, past[begin : begin + AT_ONCE]):
            row = _judge(index, case, log, tried)
            if row is not None:
                yield case.ask.at, row


def _judge(index: Index, case: Case, log: Log, tried: Sequence[float]) -> list[float] | None:
    """Return the nDCG@10 of each half-life among those who had answered before; None if none of them was right."""
    state = index._state  # a friend, as in learning
    reading = Reading.of(state, index._with_vector(case.ask), log.limits, index.weights.enough_answers)
    has_answered = reading.evidence.eligible & (reading.evidence.experience > 0)
    right = {number for name in case.right if (number := state.person_numbers.get(name)) is not None}
    right = {number for number in right if number < len(has_answered) and has_answered[number]}
    if not right:
        return None
    row = []
    for half_life in tried:
        total = score(reading, replace(index.weights, half_life=half_life)).total
        first = best(np.where(has_answered, total, 0.0), FIRST, state.people.ids.__getitem__)
        row.append(ndcg([place for place, person in enumerate(first, start=1) if person in right], len(right)))
    return row


def _gains(
    values: Floats, at: Floats, borders: tuple[float, float], tried: Sequence[float], usual: float
) -> tuple[Floats, float, Array]:
    """Return what is gained on each question held back, what was chosen for the newest, and which were held back.

    What is held back never chooses. Where it is little, the stretch before it is judged as well, by what came before
    that.
    """
    first, second = borders
    stretches = [(at < first, at >= first)]
    if (at >= first).sum() < FEW_TESTED and (at < second).sum() >= FEWEST:
        stretches.append((at < second, (at >= second) & (at < first)))
    chosen = [_best(values[earlier], tried, usual) for earlier, _ in stretches]
    gains = [
        values[later, tried.index(one)] - values[later, tried.index(usual)]
        for one, (_, later) in zip(chosen, stretches, strict=True)
    ]
    held_back: Array = np.any([later for _, later in stretches], axis=0)
    return np.concatenate(gains), chosen[0], held_back


def _best(values: Floats, tried: Sequence[float], usual: float) -> float:
    """Return the half-life with the highest mean; of equal ones the usual, then the longer."""
    if not len(values):
        return usual
    means = np.round(values.mean(axis=0), 12)
    return max(zip(means.tolist(), tried, strict=True), key=lambda one: (one[0], one[1] == usual, one[1]))[1]


def _reason(candidate: float, usual: float, tested: int, low: float) -> str:
    if candidate == usual:
        return f"On the earlier questions no half-life does better than {usual:g} days."
    if low > 0:
        return f"On the newest {tested} questions {candidate:g} days do surely better than {usual:g}."
    return f"On the newest {tested} questions {candidate:g} days do not surely better than {usual:g}, which stay."
