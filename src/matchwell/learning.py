"""How an index learns who answers: from its own past, and only as long as that helps.

Each past question is ranked from what came before it, and who answered it was right. The newest part is held back: only
where a ranker does better there than ranking without one, and than asking who answered lately, is it worth using.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from matchwell.best import best
from matchwell.columns import Bools, Floats
from matchwell.index import Index
from matchwell.measures import ndcg, sureness
from matchwell.ranker.features import Features, features
from matchwell.ranker.fitting import PAIRED, Examples, fit
from matchwell.ranker.model import Ranker
from matchwell.scoring import Reading, score
from matchwell.state import State
from matchwell.values import Ask, Limits, PastQuestion
from matchwell.weights import Weights

FEWEST = 100  # answered questions; with fewer what is learned is chance
MOST = 4000  # the newest; more take longer and change nothing
WARM_UP = 0.25  # of the questions come too early to have a past
MOST_ROWS = 500_000  # candidates of all questions together; where there are more, some are left out by lot
HELD_BACK = 0.2
SURE = 0.9  # how sure it must be, by paired bootstrap, that something does better than the weights
FEW_TESTED = 300  # held-back questions; with fewer an earlier stretch is held back, too
LATELY = Weights(answered=0, recent=1, tags=0, profile=0, sample=0, newcomer_places=())
_SEED = 7

Progress = Callable[[int, int], None]


class TooFewOutcomes(ValueError):
    """There are too few answered questions to learn from."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"A ranker learns from at least {FEWEST} questions whose answers came from people who had answered before; "
            f"there are {found}. Rank without it until there are more."
        )
        self.found = found


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What came of learning. `ranker` is None where ranking does better without.

    `held_back` is the mean nDCG@10 on the newest questions, by "ranker", "prior" (one learned elsewhere), "weights" and
    "lately"; `questions` how many were learned from, and how many of them were held back. `reason` is a sentence.
    """

    ranker: Ranker | None
    local: Ranker | None
    chosen: str
    reason: str
    questions: int
    tested: int
    held_back: Mapping[str, float] = field(default_factory=dict)


def learn(
    index: Index,
    questions: Iterable[PastQuestion],
    *,
    until: float = inf,
    limits: Limits = Limits(),  # noqa: B008  # a value
    answer_days: float = inf,
    prior: Ranker | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Learn from past questions of an index, asked before `until`, and say whether that is worth using.

    `questions` are the texts once more, which an index does not keep. Answers later than `answer_days` do not count.
    Raises TooFewOutcomes.
    """
    past = sorted((one for one in questions if one.at < until), key=lambda one: (one.at, one.id))
    past = past[int(len(past) * WARM_UP) :][-MOST:]
    border, doubtful = (
        past[int(len(past) * share)].at if past else 0.0 for share in (1 - HELD_BACK, 1 - 3 * HELD_BACK)
    )
    before: list[Lesson] = []
    after: list[Lesson] = []
    for done, question in enumerate(past):
        if progress is not None:
            progress(done, len(past))
        is_tested = question.at >= doubtful
        lesson = lesson_of(index, question, limits, min(question.at + answer_days, until), is_tested=is_tested)
        if lesson is not None:
            (after if question.at >= border else before).append(lesson)
    count = len(before) + len(after)
    if count < FEWEST or not after:
        raise TooFewOutcomes(count)
    tested = _tested(before, after, prior)
    chosen = _best(tested)
    paired = PAIRED if tested["products"].mean() > tested["ranker"].mean() else 0
    local = fit(examples_of([*before, *after]), paired=paired)
    return Learned(
        ranker={"ranker": local, "products": local, "prior": prior}.get(chosen),
        local=local,
        chosen={"products": "ranker"}.get(chosen, chosen),
        reason=_REASONS[chosen].format(count=len(tested["weights"])),
        questions=count,
        tested=len(tested["weights"]),
        held_back={name: float(values.mean()) for name, values in tested.items()},
    )


def _tested(before: Sequence["Lesson"], after: Sequence["Lesson"], prior: Ranker | None) -> dict[str, Floats]:
    """Return the nDCG@10 of each way of ranking on the held-back questions, learned from earlier ones alone.

    Where these are few, the stretch before them is held back as well, from what came before that.
    """
    middle = len(before) - len(after)
    stretches = [(before, after)]
    if len(after) < FEW_TESTED and middle >= FEWEST:
        stretches.append((before[:middle], before[middle:]))
    found: dict[str, list[float]] = defaultdict(list)
    for learned_from, judged in stretches:
        examples = examples_of(learned_from)
        for name, paired in (("ranker", 0), ("products", PAIRED)):
            ranker = fit(examples, paired=paired)
            found[name] += [lesson.judged_by(ranker) for lesson in judged]
        found["weights"] += [lesson.weights for lesson in judged]
        found["lately"] += [lesson.lately for lesson in judged]
        if prior is not None:
            found["prior"] += [lesson.judged_by(prior) for lesson in judged]
    return {name: np.array(values) for name, values in found.items()}


def _best(tested: Mapping[str, Floats]) -> str:
    """Return what ranked best; the weights, unless something else did so surely."""
    best = max(sorted(tested), key=lambda name: (float(tested[name].mean()), name == "weights"))
    return best if sureness(tested[best], tested["weights"]) >= SURE else "weights"


_REASONS = {
    "ranker": "On the newest {count} questions what was learned here does best.",
    "products": "On the newest {count} questions what was learned here does best.",
    "prior": "On the newest {count} questions what was learned elsewhere does better than what was learned here.",
    "weights": "On the newest {count} questions no ranker surely does better than ranking without one.",
    "lately": "On the newest {count} questions nothing does better than asking who answered lately.",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Lesson:
    """A past question: candidates, who of them answered, of how many; and how ranking without a ranker did.

    `fusion` float64 [m] is the plain score of each candidate; `weights` and `lately` are nDCG@10, where it was tested.
    """

    features: Features
    is_right: Bools
    right: int
    fusion: Floats
    weights: float = 0.0
    lately: float = 0.0

    def judged_by(self, ranker: Ranker) -> float:
        """Return the nDCG@10 of a ranker."""
        return self.of(ranker.judge(self.features).score)

    def of(self, scores: Floats) -> float:
        """Return the nDCG@10 of the candidates in the order of their scores."""
        order = np.argsort(-scores, kind="stable")
        return ndcg((np.flatnonzero(self.is_right[order]) + 1).tolist(), self.right)


def lesson_of(
    index: Index, question: PastQuestion, limits: Limits, until: float, *, is_tested: bool = False
) -> Lesson | None:
    """Return what a question and its answers before `until` teach; None if nobody answered who had answered before."""
    state = index._state  # a friend: learning is the other half of an index
    number = state.question_number(question.id)
    if number is None or state.questions.row_of[number] < 0:
        return None
    answers = state.answers.by_question.take(np.array([number], np.int32), until=len(state.answers.at)).rows
    row = int(state.questions.row_of[number])
    reading = Reading.of(state, _ask(state, question, row), limits, index.weights.enough_answers)
    has_answered = reading.evidence.eligible & (reading.evidence.experience > 0)
    who = state.answers.person[answers[state.answers.at[answers] <= until]]
    right = np.zeros(len(has_answered), np.bool_)
    right[who[who < len(right)]] = True
    right &= has_answered
    if not right.any():
        return None
    clues = reading.clues(has_clock=index.has_clock)
    lesson = Lesson(
        features=features(clues),
        is_right=right[clues.candidates],
        right=int(right.sum()),
        fusion=clues.fusion[clues.candidates],
    )
    if not is_tested:
        return lesson if lesson.is_right.any() else None
    scored = [score(reading, weights).total for weights in (index.weights, LATELY)]
    measured = [_ndcg_of(state, np.where(has_answered, total, 0.0), right) for total in scored]
    return replace(lesson, weights=measured[0], lately=measured[1])


def _ask(state: State, question: PastQuestion, row: int) -> Ask:
    meanings = state.questions.meanings
    vector = None if meanings is None or not meanings.lengths[row] else meanings.vector(row)
    return Ask(text=question.text, at=question.at, tags=question.tags, asker=question.asker, vector=vector)


def _ndcg_of(state: State, total: Floats, right: Bools) -> float:
    order = best(total, 10, state.people.ids.__getitem__)
    return ndcg([place for place, person in enumerate(order, start=1) if right[person]], int(right.sum()))


def examples_of(lessons: Sequence[Lesson]) -> Examples:
    """Put lessons together: candidates who answered, and those who did not, or as many of them by lot as there is room.

    There must be a lesson.
    """
    lot = np.random.default_rng(_SEED)
    most = MOST_ROWS // len(lessons)
    values, right, sizes = [], [], []
    for lesson in lessons:
        if not lesson.is_right.any():
            continue
        others = np.flatnonzero(~lesson.is_right)
        if len(others) > most:
            others = lot.choice(others, most, replace=False)
        kept = np.sort(np.concatenate([np.flatnonzero(lesson.is_right), others]))
        values.append(lesson.features.values[kept].astype(np.float32))
        right.append(lesson.is_right[kept])
        sizes.append(len(kept))
    return Examples(
        names=lessons[0].features.names,
        values=np.concatenate(values),
        is_right=np.concatenate(right),
        starts=np.cumsum([0, *sizes[:-1]]),
    )
