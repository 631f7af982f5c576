"""Past questions, growing."""

from collections.abc import Iterable

import numpy as np

from matchwell.columns import Column
from matchwell.growing.numbers import Numbers
from matchwell.postings import Postings
from matchwell.state import NO_ROW, Questions
from matchwell.values import PastQuestion
from matchwell.words import fold, question_terms


class GrowingQuestions:
    """Takes questions in and out; a changed question gets a new row and leaves its old one behind."""

    def __init__(self, terms: Numbers) -> None:
        self.numbers = Numbers()
        self._terms = terms
        self._row_of = Column(np.int32)
        self._question = Column(np.int32)
        self._at = Column(np.float64)
        self._length = Column(np.int32)
        self._tags: list[frozenset[str]] = []
        self._words = Postings()
        self._labels = Postings()
        self._here: dict[str, PastQuestion] = {}

    def add(self, questions: Iterable[PastQuestion]) -> None:
        """Add or replace by identifier; of two with the same the last counts."""
        latest = {question.id: question for question in questions}
        new = [question for question in latest.values() if self._here.get(question.id) != question]
        words = [self._terms.give_all(question_terms(question.text)) for question in new]
        labels = [self._terms.give_all([*map(fold, question.tags)]) for question in new]
        first = len(self._question)

        numbers = [self.numbers.give(question.id) for question in new]
        self._question.extend(numbers)
        self._at.extend([question.at for question in new])
        self._length.extend([len(bag) for bag in words])
        self._tags.extend(question.tags for question in new)
        self._grow()
        self._row_of.put(numbers, np.arange(first, first + len(new)))
        self._here.update({question.id: question for question in new})

        current = self.state().current()
        self._words = self._words.with_rows(first, words, current)
        self._labels = self._labels.with_rows(first, labels, current)

    def remove(self, ids: Iterable[str]) -> list[int]:
        """Forget these questions and return their numbers."""
        ids = list(ids)
        gone = self.numbers.known(ids)
        for name in ids:
            self._here.pop(name, None)
        self._grow()
        self._row_of.put(gone, NO_ROW)
        return gone

    def state(self) -> Questions:
        """Return the questions as they are now."""
        self._grow()
        return Questions(
            ids=self.numbers.ids,
            row_of=self._row_of.view(),
            question=self._question.view(),
            at=self._at.view(),
            length=self._length.view(),
            tags=self._tags,
            words=self._words,
            labels=self._labels,
        )

    def _grow(self) -> None:
        """Give a place to questions that so far only an answer has named."""
        self._row_of.extend(np.full(len(self.numbers.ids) - len(self._row_of), NO_ROW))
