"""Judge ways of ranking on logged questions and answers, by time.

A question is ranked from what came before it; right is who then answered. Labels say who did answer, not who could
have: compare methods, and do not read the numbers as quality.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from matchwell import ageing
from matchwell.columns import Floats
from matchwell.encoders.encoder import Encoder
from matchwell.evaluate.cases import Case, cases
from matchwell.evaluate.logs import Log, lot
from matchwell.evaluate.persons import PersonDocuments
from matchwell.index import Index
from matchwell.learning import Learned, TooFewOutcomes, learn
from matchwell.measures import Measures, interval, measure, sureness
from matchwell.ranker.model import Ranker
from matchwell.ranking import Manner, order, rank
from matchwell.scoring import Reading
from matchwell.values import PastQuestion
from matchwell.weights import Weights

METHODS = ("answered_lately", "bm25_person", "bm25_votes", "fusion", "ranker", "product")
TIMED = 100  # questions, spread over the window

Progress = Callable[[str, int, int], None]
Scored = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How a method did: the mean of each measure, the interval of nDCG@10, and what a question costs in CPU time.

    `beats` says for other methods in which share of bootstrap rounds over the same questions this one is better, and
    `differences` gives the interval of the difference in nDCG@10: above zero it is "apart".
    """

    means: Measures
    low: float
    high: float
    cpu_ms: float
    beats: Mapping[str, float]
    differences: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One set of questions: how many could be judged, how many nobody could have got right, and each method's verdict.

    A method that there is not has None. `chosen` and `reason` say what the product ranks by.
    """

    name: str
    queries: int
    left_out: int
    methods: Mapping[str, Verdict | None]
    chosen: str
    reason: str


def judge_log(
    log: Log,
    asked: Sequence[PastQuestion],
    *,
    encoder: Encoder | None,
    prior: Ranker | None,
    local_training: bool,
    progress: Progress,
) -> Judged:
    """Judge the ways of ranking people by what they answered before."""
    index = log.index()
    wanted = cases(log, asked)
    learned, reason = _learned(index, log, asked, prior, local_training=local_training, progress=progress)
    chosen = "weights" if learned is None else learned.chosen
    index.ranker = None if learned is None else learned.ranker
    if learned is not None and learned.ranker is None:
        index.weights = replace(index.weights, half_life=_half_life(index, log, asked, progress))
    if not local_training and prior is not None:
        index.ranker, chosen = prior, "prior"
    ranker = None if learned is None else learned.local
    documents = _Documents(log)
    rows: dict[str, list[Measures]] = {method: [] for method in METHODS}
    for done, case in enumerate(wanted):
        progress("asking", done, len(wanted))
        for method, scored in _scores(index, case, log, documents, ranker).items():
            rows[method].append(measured(scored, case))
    costs = _costs(index, wanted, log, encoder, ranker)
    return Judged(
        name=log.name,
        queries=len(wanted),
        left_out=len(asked) - len(wanted),
        methods=verdicts(rows, costs),
        chosen=chosen,
        reason=reason,
    )


def _learned(
    index: Index,
    log: Log,
    asked: Sequence[PastQuestion],
    prior: Ranker | None,
    *,
    local_training: bool,
    progress: Progress,
) -> tuple[Learned | None, str]:
    if not local_training:
        return None, "Nothing may be learned from this community's own outcomes."
    try:
        learned = learn(
            index,
            log.questions,
            until=min((question.at for question in asked), default=0.0),
            limits=log.limits,
            answer_days=log.answer_days,
            prior=prior,
            progress=lambda done, of: progress("learning", done, of),
        )
    except TooFewOutcomes as refusal:
        return None, str(refusal)
    return learned, learned.reason


def _half_life(index: Index, log: Log, asked: Sequence[PastQuestion], progress: Progress) -> float:
    """Return the half-life that weights alone rank by, learned before the first question asked about."""
    until = min(question.at for question in asked)
    try:
        return ageing.learn_half_life(
            index, log, until=until, progress=lambda done, of: progress("ageing", done, of)
        ).days
    except TooFewOutcomes:
        return index.weights.half_life


class _Documents:
    """One document a person, as far as time has come. Asks must come in the order of time."""

    def __init__(self, log: Log) -> None:
        self._texts = {question.id: question.text for question in log.questions}
        self._coming = sorted(log.answers, key=lambda answer: answer.at)
        self._next = 0
        self.documents = PersonDocuments()

    def until(self, at: float) -> PersonDocuments:
        while self._next < len(self._coming) and self._coming[self._next].at < at:
            answer = self._coming[self._next]
            self.documents.add(answer.person, self._texts.get(answer.question, ""))
            self._next += 1
        return self.documents


def _scores(
    index: Index, case: Case, log: Log, documents: _Documents, ranker: Ranker | None
) -> dict[str, Sequence[str] | Scored]:
    """Return for each method the scores of people, or people in order."""
    state = index._state  # a friend, as in learning
    limits = log.limits
    reading = Reading.of(state, case.ask, limits, index.weights.enough_answers)
    clues = reading.clues(has_clock=log.has_clock)
    ids = state.people.ids

    def named(values: Floats) -> Scored:
        return {ids[person]: float(values[person]) for person in np.flatnonzero(values).tolist()}

    votes = np.zeros(len(ids))
    np.add.at(votes, clues.words.given.person, clues.words.weight)
    found: dict[str, Sequence[str] | Scored] = {
        "answered_lately": named(clues.lately),
        "bm25_person": documents.until(case.ask.at).scores(case.ask.text),
        "bm25_votes": named(votes),
        "fusion": named(clues.fusion),
    }
    everybody = len(case.candidates)
    if ranker is not None:
        found["ranker"] = order(state, case.ask, limits, _by_rank(ranker, log), everybody)
    found["product"] = index.order(case.ask, limits=limits, take=everybody)
    return found


def _by_rank(ranker: Ranker, log: Log) -> Manner:
    return Manner(weights=Weights(newcomer_places=()), ranker=ranker, has_clock=log.has_clock)


def measured(scored: Sequence[str] | Scored, case: Case) -> Measures:
    """Return the measures of a ranking of all candidates; who is not ranked follows in a fixed order by chance."""
    if isinstance(scored, Mapping):
        ordered = sorted((p for p in scored if p in case.candidates), key=lambda person: (-scored[person], person))
    else:
        ordered = [person for person in scored if person in case.candidates]
    rest = sorted(case.candidates.difference(ordered), key=lot)
    places = [place for place, person in enumerate([*ordered, *rest], start=1) if person in case.right]
    return measure(places, len(case.right))


def _costs(
    index: Index, wanted: Sequence[Case], log: Log, encoder: Encoder | None, ranker: Ranker | None
) -> dict[str, float]:
    """Return the CPU milliseconds of a question by method, each measured by itself."""
    state = index._state

    def reading(case: Case) -> Reading:
        return Reading.of(state, case.ask, log.limits, index.weights.enough_answers)

    encoding = 0.0 if encoder is None else timed(wanted, lambda case: encoder.encode([case.ask.text]))
    clues = timed(wanted, lambda case: reading(case).clues(has_clock=log.has_clock))
    documents = _Documents(log)
    costs = {
        "answered_lately": timed(wanted, lambda case: reading(case).evidence.lately()),
        "bm25_person": timed(wanted, lambda case: documents.until(case.ask.at).scores(case.ask.text)),
        "bm25_votes": timed(wanted, reading),
        "fusion": encoding + clues,
        "product": encoding + timed(wanted, lambda case: index.rank(case.ask, limits=log.limits)),
    }
    if ranker is not None:
        manner = _by_rank(ranker, log)
        costs["ranker"] = encoding + timed(wanted, lambda case: rank(state, case.ask, log.limits, manner, 10))
    return costs


def timed(wanted: Sequence[Case], work: Callable[[Case], object]) -> float:
    """Return the CPU milliseconds that work takes a question, over some spread over all."""
    some = wanted[:: max(1, len(wanted) // TIMED)][:TIMED]
    began = process_time()
    for case in some:
        work(case)
    return 1000 * (process_time() - began) / max(len(some), 1)


def verdicts(rows: Mapping[str, list[Measures]], costs: Mapping[str, float]) -> dict[str, Verdict | None]:
    """Return each method's verdict from its measures, one a question; None for one without."""
    ndcg = {method: np.array([one.ndcg for one in ones]) for method, ones in rows.items() if ones}
    found: dict[str, Verdict | None] = {}
    for method, ones in rows.items():
        if not ones:
            found[method] = None
            continue
        low, high = interval(ndcg[method])
        found[method] = Verdict(
            means=Measures(
                mrr=float(np.mean([one.mrr for one in ones])),
                ndcg=float(ndcg[method].mean()),
                r10=float(np.mean([one.r10 for one in ones])),
                r50=float(np.mean([one.r50 for one in ones])),
                s10=float(np.mean([one.s10 for one in ones])),
            ),
            low=low,
            high=high,
            cpu_ms=costs.get(method, 0.0),
            beats={other: sureness(ndcg[method], values) for other, values in ndcg.items() if other != method},
            differences={other: interval(ndcg[method] - values) for other, values in ndcg.items() if other != method},
        )
    return found
