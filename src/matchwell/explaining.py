"""Why somebody has a place: the parts of a score, with the questions and words behind them."""

import numpy as np

from matchwell.scoring import Scores
from matchwell.state import State
from matchwell.values import Kind, Ranked, Reason

MOST_QUESTIONS = 5  # named for one person; the strongest also stand for the weaker ones


def explain(state: State, scores: Scores, person: int) -> Ranked:
    """Return a person's rank with its reasons, the weightiest first."""
    reasons = [
        *_answered(state, scores, person),
        *_recent(scores, person),
        *_tags(scores, person),
        *_portrait(state, scores, person, "profile"),
        *_portrait(state, scores, person, "sample"),
    ]
    return Ranked(
        person=state.people.ids[person],
        score=float(scores.total[person]),
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.weight)),
        is_newcomer=bool(scores.is_newcomer[person]),
    )


def _answered(state: State, scores: Scores, person: int) -> list[Reason]:
    """Share the part of past answers out to the questions that voted most."""
    mine = np.flatnonzero(scores.topic.person == person)
    row_of = dict(zip(mine.tolist(), scores.topic.row[mine].tolist(), strict=True))
    strongest = sorted(row_of, key=lambda vote: (-scores.topic.weight[vote], state.questions.id_of_row(row_of[vote])))[
        :MOST_QUESTIONS
    ]
    shown = float(scores.topic.weight[strongest].sum())
    part = float(scores.parts["answered"][person])
    if not part or not shown:
        return []
    return [
        Reason(
            kind="answered",
            weight=part * float(scores.topic.weight[vote]) / shown,
            question=state.questions.id_of_row(row_of[vote]),
            words=scores.asked.words(scores.near.gains(row_of[vote])),
        )
        for vote in strongest
    ]


def _recent(scores: Scores, person: int) -> list[Reason]:
    part = float(scores.parts["recent"][person])
    return [Reason(kind="recent", weight=part)] if part else []


def _tags(scores: Scores, person: int) -> list[Reason]:
    """Name the asked tags that the person has answered under, the most and latest answered first."""
    part = float(scores.parts["tags"][person])
    if not part:
        return []
    mine = np.flatnonzero(scores.tagged.person == person)
    rows, weight = scores.tagged.row[mine], scores.tagged.weight[mine]
    said = {tag: float(weight[held[rows]].sum()) for tag, held in scores.holding.items()}
    shared = sorted((tag for tag in said if said[tag] > 0), key=lambda tag: (-said[tag], tag))
    return [Reason(kind="tags", weight=part, words=tuple(shared))]


def _portrait(state: State, scores: Scores, person: int, kind: Kind) -> list[Reason]:
    part = float(scores.parts[kind][person])
    if not part:
        return []
    people, seen = state.people, scores.portraits
    rows = np.flatnonzero((people.person == person) & (people.is_sample == (kind == "sample")))
    row = int(rows[np.argmax(seen.nearest.similarity[rows])])
    return [Reason(kind=kind, weight=part, words=scores.asked.words(seen.nearest.gains(row)))]
