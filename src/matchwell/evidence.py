"""What may be used to rank for an ask: who is eligible, and which answers count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Bools, Floats, Ints
from matchwell.state import People, State
from matchwell.values import Ask, Limits
from matchwell.words import primary


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Evidence:
    """The answers that count for an ask, and those who gave them.

    By person number: `eligible` bool [n], `experience` (answers so far) int64 [n]. By question row: `usable` bool [r],
    `answered` (by someone eligible) bool [r]. By answer that counts: `person`, `row` int32 [a], `age` in days float64.
    """

    eligible: Bools
    experience: np.ndarray[tuple[int], np.dtype[np.int64]]
    usable: Bools
    answered: Bools
    person: Ints
    row: Ints
    age: Floats


def gather(state: State, ask: Ask, limits: Limits) -> Evidence:
    """Collect the evidence from before the ask."""
    eligible = eligible_people(state, ask, limits)
    usable = state.questions.before(ask.at)
    answers = state.answers
    known = len(state.questions.row_of), len(eligible)
    counts = answers.is_here & (answers.at < ask.at) & (answers.question < known[0])
    counts &= answers.person < known[1]
    counts[counts] = eligible[answers.person[counts]]
    row = state.questions.row_of[answers.question[counts]]
    has_row = row >= 0
    has_row[has_row] = usable[row[has_row]]
    person, row = answers.person[counts][has_row], row[has_row]
    answered = np.zeros(len(usable), np.bool_)
    answered[row] = True
    return Evidence(
        eligible=eligible,
        experience=np.bincount(person, minlength=len(eligible)),
        usable=usable,
        answered=answered,
        person=person,
        row=row,
        age=ask.at - answers.at[counts][has_row],
    )


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
