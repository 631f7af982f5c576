"""A state and an ask in, people in order out."""

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.best import best
from matchwell.explaining import explain
from matchwell.nearest import nearest
from matchwell.scoring import Scores, score
from matchwell.shortlist import shortlist
from matchwell.state import State
from matchwell.values import Alike, Ask, Limits, Ranked
from matchwell.weights import Weights


def rank(state: State, ask: Ask, limits: Limits, weights: Weights, take: int) -> list[Ranked]:
    """Return the people who could answer, best first, with reasons."""
    scores = score(state, ask, limits, weights)
    return [explain(state, scores, person) for person in _order(state, scores, weights, take)]


def order(state: State, ask: Ask, limits: Limits, weights: Weights, take: int) -> list[str]:
    """Return the same people in the same order, without reasons."""
    scores = score(state, ask, limits, weights)
    return [state.people.ids[person] for person in _order(state, scores, weights, take)]


def _order(state: State, scores: Scores, weights: Weights, take: int) -> list[int]:
    own_words = scores.parts["profile"] + scores.parts["sample"]
    may_take_a_place = scores.is_newcomer & (own_words > 0)
    return shortlist(state, scores.total, may_take_a_place, weights, take)


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
