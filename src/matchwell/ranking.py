"""A state and an ask in, people in order out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.best import best
from matchwell.columns import Floats
from matchwell.explaining import explain
from matchwell.ledger import Considered
from matchwell.nearest import nearest
from matchwell.ranker.model import Ranker, UnreadableRanker
from matchwell.scoring import Reading, Scores, judge, score
from matchwell.shortlist import Scored, shortlist
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
    people = _people(state, scores, limits)
    return [explain(state, scores, place) for place in shortlist(people, manner.weights, take)]


def consider(state: State, ask: Ask, limits: Limits, manner: Manner, take: int) -> Considered:
    """Return the same, with what it was made from. Everybody is scored once."""
    scores = _scores(state, ask, limits, manner)
    people = _people(state, scores, limits)
    return Considered(
        ranked=[explain(state, scores, place) for place in shortlist(people, manner.weights, take)],
        people=people,
        parts=scores.parts,
        chance=scores.chance,
        weights=manner.weights,
        take=take,
        ranker=manner.ranker.version if manner.ranker is not None and scores.is_log else None,
    )


def order(state: State, ask: Ask, limits: Limits, manner: Manner, take: int) -> list[str]:
    """Return the same people in the same order, without reasons."""
    scores = _scores(state, ask, limits, manner)
    places = shortlist(_people(state, scores, limits), manner.weights, take)
    return [state.people.ids[place.person] for place in places]


def _scores(state: State, ask: Ask, limits: Limits, manner: Manner) -> Scores:
    reading = Reading.of(state, ask, limits, manner.weights.enough_answers)
    if manner.ranker is not None:
        try:
            return judge(reading, manner.ranker, manner.weights, has_clock=manner.has_clock)
        except UnreadableRanker as fault:
            logger.warning("ranking without the ranker: %s", fault)
    return score(reading, manner.weights)


def _people(state: State, scores: Scores, limits: Limits) -> Scored:
    who = np.flatnonzero(scores.strength > 0).astype(np.int32)
    return Scored(
        ids=state.people.ids,
        person=who,
        score=scores.total[who],
        is_newcomer=scores.is_newcomer[who],
        own_words=np.maximum(scores.portraits.profile, scores.portraits.sample)[who],
        load=_by_person(state, limits.load, 0.0)[who],
        room=_by_person(state, limits.room, np.inf)[who],
        background=state.people.background[who],
        backgrounds=state.people.background_sets,
        is_log=scores.is_log,
    )


def _by_person(state: State, given: Mapping[str, float], otherwise: float) -> Floats:
    """Return what is given for some people, by person number, float64 [n]."""
    values = np.full(len(state.people.is_here), otherwise)
    for name, value in given.items():
        number = state.person_numbers.get(name, len(values))
        if number < len(values):
            values[number] = value
    return values


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
