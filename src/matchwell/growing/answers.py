"""Who answered what, growing."""

from collections.abc import Iterable

import numpy as np

from matchwell.columns import Column
from matchwell.growing.numbers import Numbers
from matchwell.state import Answers
from matchwell.values import Answer


class GrowingAnswers:
    """Takes answers in and out, one a pair of question and person. They wait for both to be known."""

    def __init__(self, questions: Numbers, people: Numbers) -> None:
        self._questions = questions
        self._people = people
        self._question = Column(np.int32)
        self._person = Column(np.int32)
        self._at = Column(np.float64)
        self._is_here = Column(np.bool_)
        self._earliest: dict[tuple[int, int], float] = {}
        self._row: dict[tuple[int, int], int] = {}

    def add(self, answers: Iterable[Answer]) -> None:
        """Add answers. Of two for the same pair the earlier counts, in whatever order they come."""
        new: dict[tuple[int, int], float] = {}
        for answer in answers:
            pair = (self._questions.give(answer.question), self._people.give(answer.person))
            known = min(new.get(pair, answer.at), self._earliest.get(pair, answer.at))
            if answer.at == known and self._earliest.get(pair) != known:
                new[pair] = known
        changed = {self._row[pair]: at for pair, at in new.items() if pair in self._row}
        self._at.put(list(changed), list(changed.values()))
        self._is_here.put(list(changed), value=True)
        self._append({pair: at for pair, at in new.items() if pair not in self._row})
        self._earliest.update(new)

    def remove(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget the answers of these (question, person) pairs."""
        numbered = [
            (self._questions.of[question], self._people.of[person])
            for question, person in pairs
            if question in self._questions.of and person in self._people.of
        ]
        self._forget([self._row[pair] for pair in numbered if pair in self._row])

    def remove_all(self, *, questions: list[int] | None = None, people: list[int] | None = None) -> None:
        """Forget every answer to these questions and by these people, given by number."""
        to = np.isin(self._question.view(), questions or [])
        by = np.isin(self._person.view(), people or [])
        self._forget([int(row) for row in np.flatnonzero(to | by)])

    def state(self) -> Answers:
        """Return the answers as they are now."""
        return Answers(
            question=self._question.view(),
            person=self._person.view(),
            at=self._at.view(),
            is_here=self._is_here.view(),
        )

    def _append(self, new: dict[tuple[int, int], float]) -> None:
        first = len(self._at)
        self._row.update({pair: first + place for place, pair in enumerate(new)})
        self._question.extend([question for question, _ in new])
        self._person.extend([person for _, person in new])
        self._at.extend(list(new.values()))
        self._is_here.extend(np.ones(len(new), np.bool_))

    def _forget(self, rows: list[int]) -> None:
        question, person = self._question.view(), self._person.view()
        for row in rows:
            self._earliest.pop((int(question[row]), int(person[row])), None)
        self._is_here.put(rows, value=False)
