"""Why somebody has a place: the parts of a score, with the questions and words behind them."""

from dataclasses import replace
from math import exp

import numpy as np

from matchwell.columns import Ints
from matchwell.likelihood import OF_SHARES, nearness
from matchwell.scoring import Scores
from matchwell.shortlist import Place
from matchwell.state import NO_PERSON, State
from matchwell.values import Kind, Ranked, Reason

UNKNOWN = "unknown"  # what made the vectors an index does not keep
MOST_QUESTIONS = 5  # named for one person; the strongest also stand for the weaker ones


def explain(state: State, scores: Scores, place: Place) -> Ranked:
    """Return a place with the reasons for it, the weightiest first.

    What invitations take from a strength, they take from each reason alike; from a logarithm, as a reason of its own.
    """
    person = place.person
    reasons = [
        reason
        for kind, part in scores.parts.items()
        if part[person]
        for reason in _reasons(state, scores, person, kind, float(part[person]))
    ]
    if place.held_back and scores.is_log:
        reasons.append(Reason(kind="load", weight=-place.held_back))
    elif place.held_back:
        reasons = [replace(reason, weight=reason.weight * exp(-place.held_back)) for reason in reasons]
    return Ranked(
        person=state.people.ids[person],
        score=place.score,
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.weight)),
        is_newcomer=bool(scores.is_newcomer[person]),
        chance=None if scores.chance is None else float(scores.chance[person]),
        why=place.why,
    )


def _reasons(state: State, scores: Scores, person: int, kind: Kind, part: float) -> list[Reason]:
    match kind:
        case "answered":
            return _answered(state, scores, person, part)
        case "tags":
            return [Reason(kind=kind, weight=part, words=_tags(scores, person))]
        case "profile" | "sample":
            return [Reason(kind=kind, weight=part, words=_own_words(state, scores, person, kind))]
        case "recent":
            return [Reason(kind=kind, weight=part, days=_days_since(scores, person))]
        case "experience":
            return [Reason(kind=kind, weight=part, count=int(scores.evidence.experience[person]))]
        case "met":
            return [Reason(kind=kind, weight=part, count=_met(scores, person))]
        case _:
            return [Reason(kind=kind, weight=part)]


def _answered(state: State, scores: Scores, person: int, part: float) -> list[Reason]:
    """Share the part of past answers out to the questions that voted most."""
    mine = np.flatnonzero(scores.topic.person == person)
    row_of = dict(zip(mine.tolist(), scores.topic.row[mine].tolist(), strict=True))
    strongest = sorted(row_of, key=lambda vote: (-scores.topic.weight[vote], state.questions.id_of_row(row_of[vote])))[
        :MOST_QUESTIONS
    ]
    shown = float(scores.topic.weight[strongest].sum())
    nearnesses = _nearness(scores, [row_of[vote] for vote in strongest])
    if not shown:
        return [Reason(kind="answered", weight=part)]
    return [
        Reason(
            kind="answered",
            weight=part * float(scores.topic.weight[vote]) / shown,
            question=state.questions.id_of_row(row_of[vote]),
            words=scores.asked.words(scores.near.gains(row_of[vote])),
            nearness=near,
        )
        for vote, near in zip(strongest, nearnesses, strict=True)
    ]


def _nearness(scores: Scores, rows: list[int]) -> list[float]:
    """Return the chance that each question is about the same matter, beside all that count."""
    usual, spread = scores.meaning.usual
    here = scores.meaning.near[rows]
    above = np.where(here > 0, (here - usual) / spread, np.nan) if spread > 0 else None
    chances = nearness(scores.near.similarity[rows], above, encoder=UNKNOWN, curves=OF_SHARES)
    return [float(chance) for chance in chances]


def _days_since(scores: Scores, person: int) -> float | None:
    rows = _answers_of(scores, person)
    return scores.evidence.at - float(scores.evidence.state.answers.at[rows].max()) if len(rows) else None


def _met(scores: Scores, person: int) -> int:
    state = scores.evidence.state
    asked = state.questions.rows_of(state.answers.question[_answers_of(scores, person)])
    return int((state.questions.asker[asked] == scores.asker).sum()) if scores.asker != NO_PERSON else 0


def _answers_of(scores: Scores, person: int) -> Ints:
    """Return the rows of a person's answers that count."""
    evidence = scores.evidence
    rows = evidence.state.answers.by_person.take(np.array([person], np.int32), until=evidence.until).rows
    asked = evidence.state.questions.rows_of(evidence.state.answers.question[rows])
    return rows[(asked >= 0) & evidence.usable[asked]]


def _tags(scores: Scores, person: int) -> tuple[str, ...]:
    """Name the asked tags that the person has answered under, the most and latest answered first."""
    mine = np.flatnonzero(scores.tagged.person == person)
    rows, weight = scores.tagged.row[mine], scores.tagged.weight[mine]
    said = {tag: float(weight[held[rows]].sum()) for tag, held in scores.holding.items()}
    return tuple(sorted((tag for tag in said if said[tag] > 0), key=lambda tag: (-said[tag], tag)))


def _own_words(state: State, scores: Scores, person: int, kind: Kind) -> tuple[str, ...]:
    people, seen = state.people, scores.portraits
    rows = np.flatnonzero((people.person == person) & (people.is_sample == (kind == "sample")))
    row = int(rows[np.argmax(seen.fit[rows])])
    return scores.asked.words(seen.nearest.gains(row))
