"""Signals put together: the score of every person for an ask, and all that is needed to explain it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.columns import Bools, Floats, Ints, totals
from matchwell.evidence import Evidence, gather
from matchwell.nearest import Nearest, nearest, strengths
from matchwell.portraits import Portraits, portraits
from matchwell.products import Singles
from matchwell.ranker.clues import Clues, gather_clues
from matchwell.ranker.features import features
from matchwell.ranker.model import Ranker
from matchwell.signals import Votes, activity, freshness, tag_rows, tag_strengths, votes
from matchwell.state import NO_PERSON, State
from matchwell.values import Ask, Kind, Limits
from matchwell.weights import Weights

AGED = 4096.0  # answers given since, after which a learned vote is shown as half


@dataclass(frozen=True, kw_only=True, eq=False)
class Meant:
    """How near each question is in meaning, by row, float64 [r] from 0 to 1; zero where that is not known."""

    near: Floats
    usable: Bools

    @cached_property
    def usual(self) -> tuple[float, float]:
        """Return how near those that count are on average, and by how much that varies (standard deviation)."""
        known = self.near[self.usable & (self.near > 0)]
        return (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scores:
    """By person number: `total` float64 [n], the `parts` that add up to it, `is_newcomer` bool [n].

    `strength` float64 [n] orders people as `total` does, and is zero for those who are not ranked. `chance` float64 [n]
    is None without a ranker; with one, `total` is the natural logarithm of a strength (`is_log`).
    """

    total: Floats
    strength: Floats
    parts: Mapping[Kind, Floats]
    is_newcomer: Bools
    asked: AskedTerms
    evidence: Evidence
    near: Nearest
    meaning: Meant
    topic: Votes
    tagged: Votes
    holding: Mapping[str, Bools]
    portraits: Portraits
    asker: int = NO_PERSON
    chance: Floats | None = None
    is_log: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """An ask beside the evidence: how near it is to each past question, float64 [r], by words and in meaning."""

    state: State
    ask: Ask
    limits: Limits
    evidence: Evidence
    asked: AskedTerms
    near: Nearest
    meaning: Floats
    is_newcomer: Bools

    @staticmethod
    def of(state: State, ask: Ask, limits: Limits, enough_answers: int) -> "Reading":
        evidence = gather(state, ask, limits)
        asked = AskedTerms.read(ask.text, state.term_numbers)
        return Reading(
            state=state,
            ask=ask,
            limits=limits,
            evidence=evidence,
            asked=asked,
            near=nearest(asked, state.questions, known=evidence.usable, wanted=evidence.usable),
            meaning=by_meaning(state, ask, evidence.usable),
            is_newcomer=evidence.eligible & (evidence.experience < enough_answers),
        )

    @cached_property
    def portraits(self) -> Portraits:
        """Return how near the texts about newcomers are."""
        return portraits(
            self.state.people,
            self.asked,
            self.ask.profile_vector,
            in_questions=self.near.counted,
            wanted=self.is_newcomer,
        )

    def clues(self, *, has_clock: bool) -> Clues:
        """Return what features are made of."""
        return gather_clues(self.evidence, self.ask, self.near.similarity, self.meaning, has_clock=has_clock)


def by_meaning(state: State, ask: Ask, usable: Bools) -> Floats:
    """Return how near each usable row is in meaning, float64 [r], from 0 to 1; zeros without vectors."""
    meanings = state.questions.meanings
    if meanings is None or ask.vector is None or len(ask.vector) != meanings.dim:
        return np.zeros(len(usable))
    near: Singles = np.maximum(meanings.nearness(ask.vector), 0.0)
    return np.multiply(near, usable, dtype=np.float64)


def score(reading: Reading, weights: Weights) -> Scores:
    """Score everybody who is eligible, by weights alone.

    A person's score depends on nobody else, but for which answered questions are among the nearest.
    """
    evidence, near, seen = reading.evidence, reading.near, reading.portraits
    topic = _topic(reading, weights)
    holding, tagged = _tagged(reading, weights)

    one = weights.one_answer
    parts: dict[Kind, Floats] = {
        "answered": weights.answered * np.log1p(one * topic.sums),
        "recent": weights.recent * np.log1p(activity(evidence, weights.recent_half_life)),
        "tags": weights.tags * np.log1p(one * tagged.sums),
        "profile": weights.profile * np.log1p(one * seen.profile),
        "sample": weights.sample * np.log1p(one * seen.sample),
    }
    total = sum(parts.values(), np.zeros(len(reading.is_newcomer)))
    return Scores(
        total=total,
        strength=total,
        parts=parts,
        is_newcomer=reading.is_newcomer,
        asked=reading.asked,
        evidence=evidence,
        near=near,
        meaning=Meant(near=reading.meaning, usable=reading.evidence.usable),
        topic=topic,
        tagged=tagged,
        holding=holding,
        portraits=seen,
    )


def judge(reading: Reading, ranker: Ranker, weights: Weights, *, has_clock: bool) -> Scores:
    """Score those who have answered before by a ranker, and put newcomers among them where the weights would.

    Where fewer have answered before than `enough_judged`, the weights alone rank. Raises UnreadableRanker if the ranker
    was trained on other features.
    """
    seen = reading.portraits
    clues = reading.clues(has_clock=has_clock)
    verdict = ranker.judge(features(clues))
    if len(clues.candidates) < weights.enough_judged:
        return score(reading, weights)
    people = len(reading.is_newcomer)
    parts: dict[Kind, Floats] = {kind: _spread(part, clues.candidates, people) for kind, part in verdict.parts.items()}
    chance = _spread(verdict.chance, clues.candidates, people)
    judged = np.zeros(people, np.bool_)
    judged[clues.candidates] = True

    by_words: dict[Kind, Floats] = {"profile": weights.profile * seen.profile, "sample": weights.sample * seen.sample}
    own_words = by_words["profile"] + by_words["sample"]
    fits = reading.is_newcomer & (own_words > 0)
    new = np.flatnonzero(fits).astype(np.int32)
    by_weights = score(reading, weights) if len(new) else None
    if by_weights is not None:
        plain = by_weights.total
        lowest = float(verdict.score.min()) - 1.0
        own = np.where(judged, _spread(verdict.score, clues.candidates, people), lowest)[new]
        lifted = np.maximum(own, _among(verdict.score, plain[clues.candidates], plain[new]))
        parts["experience"] = np.where(fits & ~judged, lowest, parts["experience"])
        for kind, words in by_words.items():
            parts[kind] = _spread((lifted - own) * words[new] / own_words[new], new, people)
        chance[new] = ranker.chance_beside(verdict.score, lifted)
    total = sum(parts.values(), np.zeros(people))

    holding, tagged = (by_weights.holding, by_weights.tagged) if by_weights else _tagged(reading, weights)
    return Scores(
        total=total,
        strength=np.where(judged | fits, np.exp(total), 0.0),
        parts=parts,
        is_newcomer=reading.is_newcomer,
        asked=reading.asked,
        evidence=reading.evidence,
        near=reading.near,
        meaning=Meant(near=reading.meaning, usable=reading.evidence.usable),
        topic=_shown_votes(clues),
        tagged=tagged,
        holding=holding,
        portraits=seen,
        asker=clues.asker,
        chance=chance,
        is_log=True,
    )


def _among(judged: Floats, judged_plain: Floats, plain: Floats) -> Floats:
    """Return scores, float64 [n], that put newcomers behind as many of the judged as have a higher plain score.

    Between two of the judged, or above or below all of them, newcomers stand in the order of their plain scores. So
    what is said of a newcomer depends on no other one.
    """
    best_first = -np.sort(-judged)
    places = np.concatenate([[best_first[0] + 1.0], best_first, [best_first[-1] - 1.0]])
    before = len(judged) - np.searchsorted(np.sort(judged_plain), plain, side="right")
    above, below = places[before], places[before + 1]
    scores: Floats = below + (above - below) * plain / (1 + plain)
    return scores


def _topic(reading: Reading, weights: Weights) -> Votes:
    """Let the past questions vote that are nearest by words, and those nearest in meaning."""
    strong: dict[int, float] = {}
    for similarity in (reading.near.similarity, reading.meaning):
        rows = reading.evidence.answered(similarity, weights.nearest)
        for row, strength in zip(rows, strengths(similarity, rows).tolist(), strict=True):
            strong[row] = strong.get(row, 0.0) + strength
    voting, strength = np.array([*strong], np.int32), np.array([*strong.values()], np.float64)
    return votes(reading.evidence, voting, strength, weights.half_life, weights.least_vote)


def _tagged(reading: Reading, weights: Weights) -> tuple[Mapping[str, Bools], Votes]:
    """Return which rows hold each asked tag, and the votes of these rows."""
    evidence = reading.evidence
    holding = tag_rows(reading.state, reading.ask.tags, evidence.usable)
    return holding, votes(evidence, *tag_strengths(holding, evidence), weights.half_life, weights.least_vote)


def _shown_votes(clues: Clues) -> Votes:
    """Return the votes behind a learned score, to be shown as shares of it: one a person and question."""
    both = (clues.words, clues.meaning)
    person = np.concatenate([voters.given.person for voters in both]).astype(np.int64)
    row = np.concatenate([voters.rows[voters.given.owner] for voters in both]).astype(np.int64)
    turns = [(clues.evidence.until - voters.given.answer).astype(np.float64) for voters in both]
    weight = np.concatenate([voters.weight * freshness(age, AGED) for voters, age in zip(both, turns, strict=True)])
    pairs, place = np.unique((person << 32) | row, return_inverse=True)
    return Votes(
        sums=np.zeros(len(clues.fusion)),
        person=(pairs >> 32).astype(np.int32),
        row=(pairs & 0xFFFFFFFF).astype(np.int32),
        weight=totals(place, weight, len(pairs)),
    )


def _spread(values: Floats, places: Ints, size: int) -> Floats:
    spread = np.zeros(size)
    spread[places] = values
    return spread
