"""A state and an ask in, people in order out."""

import logging
from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.best import best
from matchwell.explaining import explain
from matchwell.nearest import nearest
from matchwell.ranker.model import Ranker, UnreadableRanker
from matchwell.scoring import Reading, Scores, judge, score
from matchwell.shortlist import shortlist
from matchwell.state import State
from matchwell.values import Alike, Ask, Limits, Ranked
from matchwell.weights import Weights

logger = logging.getLogger("matchwell")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How to rank: by a ranker where there is one, else by weights. `has_clock`: times tell the hour of the day."""

    weights: Weights
    ranker: Ranker | None = None
    has_clock: bool = True


def rank(state: State, ask: Ask, limits: Limits, manner: Manner, take: int) -> list[Ranked]:
    """Return the people who could answer, best first, with reasons."""
    scores = _scores(state, ask, limits, manner)
    return [explain(state, scores, person) for person in _order(state, scores, manner.weights, take)]


def order(state: State, ask: Ask, limits: Limits, manner: Manner, take: int) -> list[str]:
    """Return the same people in the same order, without reasons."""
    scores = _scores(state, ask, limits, manner)
    return [state.people.ids[person] for person in _order(state, scores, manner.weights, take)]


def _scores(state: State, ask: Ask, limits: Limits, manner: Manner) -> Scores:
    reading = Reading.of(state, ask, limits, manner.weights.enough_answers)
    if manner.ranker is not None:
        try:
            return judge(reading, manner.ranker, manner.weights, has_clock=manner.has_clock)
        except UnreadableRanker as fault:
            logger.warning("ranking without the ranker: %s", fault)
    return score(reading, manner.weights)


def _order(state: State, scores: Scores, weights: Weights, take: int) -> list[int]:
    own_words = scores.portraits.profile + scores.portraits.sample
    may_take_a_place = scores.is_newcomer & (own_words > 0)
    return shortlist(state, scores.strength, may_take_a_place, weights, take)


def alike(state: State, text: str, at: float | None, take: int, only: frozenset[str] | None) -> list[Alike]:
    """Return the past questions nearest to a text, of those asked before `at` and among `only`."""
    questions = state.questions
    known = questions.current() if at is None else questions.before(at)
    wanted = known.copy()
    if only is not None:
        rows = [questions.row_of[number] for name in only if (number := state.question_number(name)) is not None]
        among = np.zeros(len(known), np.bool_)
        among[[row for row in rows if row >= 0]] = True
        wanted &= among
    asked = AskedTerms.read(text, state.term_numbers)
    near = nearest(asked, questions, known=known, wanted=wanted)
    return [
        Alike(
            question=questions.id_of_row(row),
            similarity=float(near.similarity[row]),
            words=asked.words(near.gains(row)),
            tags=questions.tags[row],
        )
        for row in best(near.similarity, take, questions.id_of_row)
    ]
