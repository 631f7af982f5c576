"""What an index knows at one moment. A reader takes one `State` and sees nothing that comes after.

Numbers stand for identifiers: people and questions have a number from the first mention on; a text of a question is a
row, and a changed text gets a new row, so that rows never change. `at` is in days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matchwell.columns import Bools, Floats, Ints
from matchwell.grouped import Grouped
from matchwell.meanings import Meanings
from matchwell.postings import Postings

NO_ROW = -1
NO_PERSON = -1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Questions:
    """Texts of past questions, one a row.

    `ids` [q] and `row_of` int32 [q] (NO_ROW: not known, or removed) are by question number; all else by row:
    `question` int32 [r], `at` float64 [r], `length` in terms int32 [r], `asker` int32 [r] (NO_PERSON: not known),
    `tags` [r]. `meanings` is None where no question has a vector.
    """

    ids: Sequence[str]
    row_of: Ints
    question: Ints
    at: Floats
    length: Ints
    asker: Ints
    tags: Sequence[frozenset[str]]
    words: Postings
    labels: Postings
    meanings: Meanings | None

    def rows_of(self, questions: Ints) -> Ints:
        """Return the row of each question number, int32, NO_ROW for one that is not known."""
        if not len(self.row_of):
            return np.full(len(questions), NO_ROW, np.int32)
        if not len(questions) or questions.max() < len(self.row_of):
            known: Ints = self.row_of[questions]
            return known
        inside = questions < len(self.row_of)
        rows: Ints = np.where(inside, self.row_of[np.where(inside, questions, 0)], NO_ROW)
        return rows

    def before(self, at: float) -> Bools:
        """Return which rows are current texts of questions asked before a time, bool [r]."""
        return self.current() & (self.at < at)

    def id_of_row(self, row: int) -> str:
        """Return the identifier of the question that a row belongs to."""
        return self.ids[int(self.question[row])]

    def current(self) -> Bools:
        """Return which rows are the current text of their question, bool [r]."""
        rows = self.row_of[self.row_of != NO_ROW]
        if len(rows) == len(self.question):  # nothing was removed or replaced
            return np.ones(len(rows), np.bool_)
        here = np.zeros(len(self.question), np.bool_)
        here[rows] = True
        return here


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Answers:
    """Who answered what, one pair a row, in the order of time: `question`, `person` int32 [a], `at` float64 [a]."""

    question: Ints
    person: Ints
    at: Floats
    by_question: Grouped
    by_person: Grouped

    def before(self, at: float) -> int:
        """Return how many were given before a time: the rows below that number."""
        return int(np.searchsorted(self.at, at, "left"))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class People:
    """People by number, and the texts about them by row.

    `ids` [n], `is_here` bool [n], `speaks` int32 [n] (place in `language_sets`), `background` int32 [n] (place in
    `background_sets`, of which the first is empty); by row: `person` int32 [r], `length` in terms int32 [r],
    `is_sample` bool [r], `is_current` bool [r]; `meanings` is None where no text has a vector.
    """

    ids: Sequence[str]
    is_here: Bools
    speaks: Ints
    language_sets: Sequence[frozenset[str]]
    background: Ints
    background_sets: Sequence[frozenset[str]]
    person: Ints
    length: Ints
    is_sample: Bools
    is_current: Bools
    words: Postings
    meanings: Meanings | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class State:
    """Everything, at one moment. The three dictionaries and the lists of ids only ever grow at the end."""

    questions: Questions
    answers: Answers
    people: People
    term_numbers: dict[str, int] = field(repr=False)
    question_numbers: dict[str, int] = field(repr=False)
    person_numbers: dict[str, int] = field(repr=False)

    def question_number(self, name: str) -> int | None:
        """Return the number of a question that this state knows of."""
        number = self.question_numbers.get(name)
        return number if number is not None and number < len(self.questions.row_of) else None
