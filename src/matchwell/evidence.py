"""What may be used to rank for an ask: who is eligible, and which answers count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from matchwell.best import best
from matchwell.columns import Bools, Floats, Ints
from matchwell.grouped import Places
from matchwell.state import NO_ROW, People, State
from matchwell.values import Ask, Limits
from matchwell.words import primary

LATELY = 2**16  # answers that may tell who was active lately


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Evidence:
    """The answers that count for an ask, and those who gave them.

    By person number: `eligible` bool [n], `experience` (answers so far) int64 [n]. By question row: `usable` bool [r].
    Answers below the row `until` were given before the ask.
    """

    state: State
    at: float
    eligible: Bools
    experience: Places
    usable: Bools
    until: int

    def answered(self, similarity: Floats, take: int) -> list[int]:
        """Return the rows nearest to an ask that somebody eligible has answered, nearest first; at most `take`."""
        questions = self.state.questions
        looked_at = 4 * take
        while True:
            rows = best(similarity, looked_at, questions.id_of_row)
            found = self.answers_to(rows)
            has_answer = np.bincount(found.owner, minlength=len(rows)) > 0
            kept = [row for row, has in zip(rows, has_answer.tolist(), strict=True) if has]
            if len(kept) >= take or len(rows) < looked_at:
                return kept[:take]
            looked_at *= 4

    def answers_to(self, rows: Sequence[int] | Ints) -> "Given":
        """Return the answers that eligible people gave to question rows before the ask, the oldest first."""
        state = self.state
        questions = state.questions.question[np.asarray(rows, np.int64)].astype(np.int32)
        taken = state.answers.by_question.take(questions, until=self.until)
        person = state.answers.person[taken.rows]
        kept = _known(self.eligible, person)
        order = np.argsort(taken.rows[kept], kind="stable")
        answers, owner, person = (values[kept][order] for values in (taken.rows, taken.owner, person))
        return Given(answer=answers, owner=owner, person=person, age=self.at - state.answers.at[answers])

    def lately(self) -> "Given":
        """Return the newest answers of eligible people before the ask, to whatever question, the oldest first."""
        answers = self.state.answers
        rows = np.arange(max(0, self.until - LATELY), self.until, dtype=np.int32)
        person = answers.person[rows]
        kept = _known(self.eligible, person) & _known(self.usable, self.state.questions.rows_of(answers.question[rows]))
        rows, person = rows[kept], person[kept]
        return Given(answer=rows, owner=person, person=person, age=self.at - answers.at[rows])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Given:
    """Some answers, oldest first: the row of each, whose it is, what it was found through; `age` in days.

    `answer`, `person` and `owner` int32 [a], `age` float64 [a]. `owner` is the place of the question in what was asked
    for.
    """

    answer: Ints
    person: Ints
    owner: Ints
    age: Floats


def gather(state: State, ask: Ask, limits: Limits) -> Evidence:
    """Collect the evidence from before the ask."""
    eligible = eligible_people(state, ask, limits)
    usable = state.questions.before(ask.at)
    until = state.answers.before(ask.at)
    waiting = _waiting(state, usable, until)
    experience = _answers_of_each(state, len(eligible), until)
    experience -= np.bincount(state.answers.person[waiting], minlength=len(eligible))
    if limits.active_days < inf:
        since = int(np.searchsorted(state.answers.at[:until], ask.at - limits.active_days, "left"))
        is_evidence = np.ones(until - since, np.bool_)
        is_evidence[waiting[waiting >= since] - since] = False
        was_active = np.zeros(len(eligible), np.bool_)
        was_active[state.answers.person[since:until][is_evidence]] = True
        eligible &= was_active | (experience == 0)
    return Evidence(
        state=state,
        at=ask.at,
        eligible=eligible,
        experience=np.where(eligible, experience, 0),
        usable=usable,
        until=until,
    )


def _answers_of_each(state: State, people: int, until: int) -> Places:
    """Return how many of the answers below a row each person gave, int64 [people]."""
    if until == len(state.answers.at):
        return state.answers.by_person.counts(people)
    return np.bincount(state.answers.person[:until], minlength=people)


def _waiting(state: State, usable: Bools, until: int) -> Ints:
    """Return the rows of answers, below a row, to questions that are not known, or not usable."""
    rows = state.questions.row_of
    is_known = rows != NO_ROW
    if not usable.all():
        is_known &= _known(usable, rows)
    unknown = np.flatnonzero(~is_known).astype(np.int32)
    return state.answers.by_question.take(unknown, until=until).rows


def eligible_people(state: State, ask: Ask, limits: Limits) -> Bools:
    """Return who may be ranked for an ask at all, bool [n]."""
    people = state.people
    eligible = people.is_here & _shares_a_language(people, ask.languages)
    if limits.only is not None:
        eligible &= _among(limits.only, state.person_numbers, len(eligible))
    eligible &= ~_among(limits.never, state.person_numbers, len(eligible))
    if ask.asker is not None:
        eligible &= ~_among([ask.asker], state.person_numbers, len(eligible))
    return eligible


def _shares_a_language(people: People, languages: frozenset[str]) -> Bools:
    wanted = primary(languages)
    fits = np.array([not wanted or not spoken or bool(wanted & spoken) for spoken in people.language_sets])
    if not len(fits):
        return np.zeros(len(people.is_here), np.bool_)
    shares: Bools = fits[people.speaks]
    return shares


def _among(ids: Iterable[str], numbers: Mapping[str, int], size: int) -> Bools:
    """Return a mask of the numbers of these identifiers, bool [size]."""
    mask = np.zeros(size, np.bool_)
    known = [number for name in ids if (number := numbers.get(name, size)) < size]
    mask[known] = True
    return mask


def _known(mask: Bools, numbers: Ints) -> Bools:
    """Return the mask's value for each number, False for those that it does not reach to, or below zero."""
    if len(mask) and len(numbers) and numbers.min() >= 0 and numbers.max() < len(mask):
        known: Bools = mask[numbers]
        return known
    inside = (numbers >= 0) & (numbers < len(mask))
    if not len(mask):
        return inside
    found: Bools = mask[np.where(inside, numbers, 0)] & inside
    return found
