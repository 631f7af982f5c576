"""What is known of an ask and of the people who could answer it, before it is made into features.

People stand in for each other: a clue is gathered for a few hundred candidates, those for whom most speaks at a first
look, and a feature says what share of it each of them has.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matchwell.best import best
from matchwell.columns import Array, Floats, Ints, totals
from matchwell.evidence import Evidence, Given
from matchwell.grouped import Taken
from matchwell.signals import freshness, tag_rows
from matchwell.state import NO_PERSON, State
from matchwell.values import Ask

CANDIDATES = 300
VOTERS = 100  # past questions of each list
OWN_ANSWERS = 256  # of each candidate, the newest
UNDER_A_TAG = 4096  # past questions of each tag, the newest
FUSION_PLACE = 20  # k of reciprocal rank fusion
FUSION_HALF_LIFE = 180.0
LATELY_HALF_LIFE = 60.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Voters:
    """Past questions near the ask, the nearest first, and the answers of eligible people to them.

    `rows` int32 [v], `near` float64 [v] from 0 to 1; `weight` float64 [a], one a given answer.
    """

    rows: Ints
    near: Floats
    given: Given
    weight: Floats

    @staticmethod
    def of(evidence: Evidence, nearness: Floats) -> "Voters":
        """Let the nearest answered questions vote, with exp(2 s), s being 1 for the nearest and 0 for the last."""
        rows = np.array(evidence.answered(nearness, VOTERS), np.int32)
        near = nearness[rows]
        spread = max(float(near[0] - near[-1]), 1e-9) if len(rows) else 1.0
        given = evidence.answers_to(rows)
        return Voters(rows=rows, near=near, given=given, weight=np.exp(2 * (near - near[-1:]) / spread)[given.owner])

    def aged(self, people: int) -> Floats:
        """Return the votes for each person, halved every 180 days, float64 [n]."""
        return totals(self.given.person, self.weight * freshness(self.given.age, FUSION_HALF_LIFE), people)


@dataclass(frozen=True, kw_only=True, eq=False)
class Clues:
    """Everything that features are made of, for one ask.

    By person number, float64 [n]: `fusion` and `lately`, which are rankings by themselves. By question row: `by_words`
    and `by_meaning` float64 [r], how near it is. `candidates` int32 [m], person numbers. Of their newest answers, one
    candidate after the other, the oldest first: `own`.
    """

    evidence: Evidence
    ask: Ask
    by_words: Floats
    by_meaning: Floats
    words: Voters
    meaning: Voters
    fusion: Floats
    lately: Floats
    tagged: Given
    tag_worth: Floats
    tagged_rows: Ints
    candidates: Ints
    own: Taken
    has_clock: bool
    _place: Ints = field(repr=False)

    @property
    def state(self) -> State:
        return self.evidence.state

    def per_candidate(self, person: Ints, weight: Floats) -> Floats:
        """Return the sum of weights of each candidate, float64 [m]; what belongs to others is left out."""
        place = self._place[person]
        kept = place >= 0
        return totals(place[kept], weight[kept], len(self.candidates))

    def sums(self, values: Array) -> Floats:
        """Return the sum over the newest answers of each candidate, float64 [m]; `values` [t] is one an answer."""
        return np.add.reduceat(values, self.own.starts) if len(values) else np.zeros(len(self.candidates))

    @cached_property
    def rows(self) -> Ints:
        """Return the question row of each own answer, int32 [t]; -1 for one that was removed or came later."""
        state = self.state
        rows = state.questions.rows_of(state.answers.question[self.own.rows])
        usable = self.evidence.usable
        return np.where((rows >= 0) & usable[np.maximum(rows, 0)], rows, -1) if len(usable) else rows

    @cached_property
    def days(self) -> Floats:
        """Return the age of each own answer in days, float64 [t]."""
        return self.evidence.at - self.state.answers.at[self.own.rows]

    @cached_property
    def turns(self) -> Floats:
        """Return the age of each own answer in answers that all have given since, float64 [t]."""
        return (self.evidence.until - self.own.rows).astype(np.float64)

    def of_rows(self, values: Floats) -> Floats:
        """Return a value of the question of each own answer, float64 [t]; zero where there is none."""
        if not len(values):
            return np.zeros(len(self.rows))
        found: Floats = np.where(self.rows >= 0, values[np.maximum(self.rows, 0)], 0.0)
        return found

    @cached_property
    def asker(self) -> int:
        """Return the number of who asks, NO_PERSON if they are not known."""
        return NO_PERSON if self.ask.asker is None else self.state.person_numbers.get(self.ask.asker, NO_PERSON)


def gather_clues(
    evidence: Evidence, ask: Ask, by_words: Floats, by_meaning: Floats, *, has_clock: bool, most: int = CANDIDATES
) -> Clues:
    """Look for candidates, and collect what there is to say about them. `by_meaning` is of zeros without vectors."""
    people = len(evidence.eligible)
    words, meaning = Voters.of(evidence, by_words), Voters.of(evidence, by_meaning)
    fusion = reciprocal(words.aged(people)) + reciprocal(meaning.aged(people))
    newest = evidence.lately()
    lately = totals(newest.person, freshness(newest.age, LATELY_HALF_LIFE), people)
    turns = freshness((evidence.until - newest.answer).astype(np.float64), 256.0)
    tagged, worth, tagged_rows = _tagged(evidence, ask)
    under_tags = totals(
        tagged.person, worth * freshness((evidence.until - tagged.answer).astype(float), 2048.0), people
    )
    first_look = 2 * fusion
    for speaks in (lately, totals(newest.person, turns, people), under_tags):
        first_look = first_look + reciprocal(speaks)
    first_look[evidence.experience == 0] = 0.0
    id_of = evidence.state.people.ids.__getitem__
    # By identifier: sums over all of them must not depend on who came first.
    candidates = np.array(sorted(best(first_look, most, id_of), key=id_of), np.int32)
    place = np.full(people, -1, np.int32)
    place[candidates] = np.arange(len(candidates))
    return Clues(
        evidence=evidence,
        ask=ask,
        by_words=by_words,
        by_meaning=by_meaning,
        words=words,
        meaning=meaning,
        fusion=fusion,
        lately=lately,
        tagged=tagged,
        tag_worth=worth,
        tagged_rows=tagged_rows,
        candidates=candidates,
        own=evidence.state.answers.by_person.take(candidates, until=evidence.until, most=OWN_ANSWERS),
        has_clock=has_clock,
        _place=place,
    )


def reciprocal(scores: Floats) -> Floats:
    """Return 1 / (k + place) of each score above zero, and zero of the others; equal scores share the better place.

    Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet" (2009).
    """
    found = np.flatnonzero(scores > 0)
    result = np.zeros(len(scores))
    result[found] = 1 / (FUSION_PLACE + 1 + places(scores[found]))
    return result


def places(scores: Floats) -> npt.NDArray[np.int64]:
    """Return how many scores are higher than each, int64 [n]."""
    ascending = np.sort(scores)
    return len(scores) - np.searchsorted(ascending, scores, "right")


def _tagged(evidence: Evidence, ask: Ask) -> tuple[Given, Floats, Ints]:
    """Return the answers under each of the asked tags, once a tag, what a tag is worth, and the question rows.

    A rare tag is worth more.
    """
    holding = tag_rows(evidence.state, ask.tags, evidence.usable)
    usable = int(np.count_nonzero(evidence.usable))
    rows: list[Array] = [_newest(evidence.state, np.flatnonzero(has), UNDER_A_TAG) for has in holding.values()]
    sizes = [int(np.count_nonzero(has)) for has in holding.values()]
    worth = [np.full(len(some), np.log1p((usable - n + 0.5) / (n + 0.5))) for some, n in zip(rows, sizes, strict=True)]
    flat = np.concatenate([np.empty(0, np.int32), *rows]).astype(np.int32)
    given = evidence.answers_to(flat)
    return given, np.concatenate([np.empty(0), *worth])[given.owner], flat


def _newest(state: State, rows: Array, most: int) -> Array:
    if len(rows) <= most:
        return rows
    at = state.questions.at[rows]
    newest: Array = rows[at >= np.partition(at, len(at) - most)[len(at) - most]]
    return newest
