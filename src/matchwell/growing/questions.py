"""Past questions, growing."""

from collections.abc import Iterable

import numpy as np

from matchwell.columns import Column
from matchwell.columns import Numbers as Vector
from matchwell.growing.numbers import Numbers, mark
from matchwell.meanings import GrowingMeanings
from matchwell.postings import Postings
from matchwell.state import NO_PERSON, NO_ROW, Questions
from matchwell.storing import Kept
from matchwell.values import PastQuestion
from matchwell.words import fold, question_terms


class GrowingQuestions:
    """Takes questions in and out; a changed question gets a new row and leaves its old one behind."""

    def __init__(self, terms: Numbers, people: Numbers) -> None:
        self.numbers = Numbers()
        self._terms = terms
        self._people = people
        self._row_of = Column(np.int32)
        self._mark = Column(np.int64)
        self._question = Column(np.int32)
        self._at = Column(np.float64)
        self._length = Column(np.int32)
        self._asker = Column(np.int32)
        self._tags: list[frozenset[str]] = []
        self._same_tags: dict[frozenset[str], frozenset[str]] = {}
        self._words = Postings()
        self._labels = Postings()
        self._meanings = GrowingMeanings()

    def news(self, questions: Iterable[PastQuestion]) -> list[PastQuestion]:
        """Return those that would change something; of two with the same identifier the last."""
        latest = {question.id: question for question in questions}
        return [question for question in latest.values() if not self._is_known(question)]

    def add(self, new: list[PastQuestion], vectors: list[Vector | None]) -> None:
        """Add or replace by identifier. Raises WrongVector, and then adds nothing."""
        self._meanings.check(vectors)
        words = [self._terms.give_all(question_terms(question.text)) for question in new]
        labels = [self._terms.give_all([*map(fold, question.tags)]) for question in new]
        first = len(self._question)

        numbers = [self.numbers.give(question.id) for question in new]
        self._question.extend(numbers)
        self._at.extend([question.at for question in new])
        self._length.extend([len(bag) for bag in words])
        self._asker.extend([NO_PERSON if one.asker is None else self._people.give(one.asker) for one in new])
        self._tags.extend(self._same_tags.setdefault(question.tags, question.tags) for question in new)
        self._meanings.add(vectors)
        self._grow()
        self._row_of.put(numbers, np.arange(first, first + len(new)))
        self._mark.put(numbers, [_mark(question) for question in new])

        current = self.state().current()
        self._words = self._words.with_rows(first, words, current)
        self._labels = self._labels.with_rows(first, labels, current)

    def remove(self, ids: Iterable[str]) -> list[int]:
        """Forget these questions and return their numbers."""
        gone = self.numbers.known(ids)
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
            asker=self._asker.view(),
            tags=self._tags,
            words=self._words,
            labels=self._labels,
            meanings=self._meanings.state(),
        )

    def keep(self) -> Kept:
        """Return what there is to store, the identifiers and terms aside."""
        self._grow()
        number_of = {tags: number for number, tags in enumerate(self._same_tags)}
        kept = Kept({name: (column.view(),) for name, column in self._columns().items()})
        kept.arrays["tags"] = (np.array([number_of[tags] for tags in self._tags], np.int32),)
        kept.told["tags"] = [sorted(tags) for tags in self._same_tags]
        for name, part in (("words", self._words), ("labels", self._labels), ("meanings", self._meanings)):
            kept.put(name, part.keep())
        return kept

    def restore(self, kept: Kept) -> None:
        """Take what `keep` gave."""
        for name, column in self._columns().items():
            column.take(kept.array(name))
        sets = [frozenset(tags) for tags in kept.told["tags"]]
        self._same_tags = {tags: tags for tags in sets}
        self._tags = [sets[number] for number in kept.array("tags").tolist()]
        self._words = Postings.restored(kept.part("words"))
        self._labels = Postings.restored(kept.part("labels"))
        self._meanings.restore(kept.part("meanings"))

    def _columns(self) -> dict[str, Column]:
        return {
            "row_of": self._row_of,
            "mark": self._mark,
            "question": self._question,
            "at": self._at,
            "length": self._length,
            "asker": self._asker,
        }

    def _is_known(self, question: PastQuestion) -> bool:
        number = self.numbers.of.get(question.id)
        if number is None or number >= len(self._row_of) or self._row_of.view()[number] == NO_ROW:
            return False
        return bool(self._mark.view()[number] == _mark(question))

    def _grow(self) -> None:
        """Give a place to questions that so far only an answer has named."""
        missing = len(self.numbers.ids) - len(self._row_of)
        self._row_of.extend(np.full(missing, NO_ROW))
        self._mark.extend(np.zeros(missing, np.int64))


def _mark(question: PastQuestion) -> int:
    told = (question.text, question.at, sorted(question.tags), question.language, question.asker)
    vector = b"" if question.vector is None else question.vector.tobytes()
    return mark(repr(told).encode() + vector)
