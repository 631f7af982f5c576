"""Who answered what, growing."""

from collections.abc import Iterable, Sequence

import numpy as np

from matchwell.columns import Array, Bools, Column, Floats, Ints, runs
from matchwell.grouped import Grouped
from matchwell.growing.numbers import Numbers
from matchwell.state import Answers
from matchwell.storing import Kept
from matchwell.values import Answer


class GrowingAnswers:
    """Takes answers in and out, one a pair of question and person. They wait for both to be known.

    They lie in the order of time; what is later than all others is put behind them, and anything else sorts them anew.
    """

    def __init__(self, questions: Numbers, people: Numbers) -> None:
        self._questions = questions
        self._people = people
        self._start_over(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float64))

    def add(self, answers: Iterable[Answer]) -> None:
        """Add answers. Of two for the same pair the earlier counts, in whatever order they come."""
        earliest: dict[tuple[int, int], float] = {}
        for answer in answers:
            pair = (self._questions.give(answer.question), self._people.give(answer.person))
            earliest[pair] = min(answer.at, earliest.get(pair, answer.at))
        if not earliest:
            return
        question, person = np.array(list(earliest), np.int32).T
        at = np.array(list(earliest.values()))
        known = self._rows_of(question, person)
        is_known = known >= 0
        is_new = ~is_known
        is_new[is_known] = at[is_known] < self._now.at[known[is_known]]
        self._keep_only(_all_but(known[is_known & is_new], len(self._now.at)))
        self._append(question[is_new], person[is_new], at[is_new])

    def remove(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget the answers of these (question, person) pairs."""
        numbered = [
            (self._questions.of[question], self._people.of[person])
            for question, person in pairs
            if question in self._questions.of and person in self._people.of
        ]
        if numbered:
            rows = self._rows_of(*np.array(numbered, np.int32).T)
            self._keep_only(_all_but(rows[rows >= 0], len(self._now.at)))

    def remove_all(self, *, questions: Sequence[int] = (), people: Sequence[int] = ()) -> None:
        """Forget every answer to these questions and by these people, given by number."""
        now = self._now
        to = now.by_question.take(np.array(questions, np.int32), until=len(now.at)).rows
        by = now.by_person.take(np.array(people, np.int32), until=len(now.at)).rows
        self._keep_only(_all_but(np.concatenate([to, by]), len(now.at)))

    def keep(self) -> Kept:
        """Return what there is to store."""
        now = self._now
        kept = Kept({"question": (now.question,), "person": (now.person,), "at": (now.at,)})
        kept.put("by_question", now.by_question.keep())
        kept.put("by_person", now.by_person.keep())
        return kept

    def restore(self, kept: Kept) -> None:
        """Take what `keep` gave."""
        self._question, self._person, self._at = (Column.of(kept.array(name)) for name in ("question", "person", "at"))
        self._set(Grouped.restored(kept.part("by_question")), Grouped.restored(kept.part("by_person")))

    def state(self) -> Answers:
        """Return the answers as they are now."""
        return self._now

    def _rows_of(self, question: Ints, person: Ints) -> Ints:
        """Return the row of each pair, int32, -1 for one that is not there."""
        asked, place = np.unique(question, return_inverse=True)
        there = self._now.by_question.take(asked, until=len(self._now.at))
        known = zip(there.owner.tolist(), self._now.person[there.rows].tolist(), strict=True)
        row_of = dict(zip(known, there.rows.tolist(), strict=True))
        pairs = zip(place.tolist(), person.tolist(), strict=True)
        return np.array([row_of.get(pair, -1) for pair in pairs], np.int32)

    def _append(self, question: Ints, person: Ints, at: Floats) -> None:
        if not len(at):
            return
        order = self._in_time(question, person, at)
        question, person, at = question[order], person[order], at[order]
        now = self._now
        if not len(now.at) or at[0] > now.at[-1]:
            self._question.extend(question)
            self._person.extend(person)
            self._at.extend(at)
            question, person = self._question.view(), self._person.view()
            self._set(now.by_question.with_more(question), now.by_person.with_more(person))
            return
        question = np.concatenate([now.question, question])
        person = np.concatenate([now.person, person])
        at = np.concatenate([now.at, at])
        order = self._in_time(question, person, at)
        self._start_over(question[order], person[order], at[order])

    def _in_time(self, question: Ints, person: Ints, at: Floats) -> Array:
        """Return the order of time. Of those given at the same time the lower identifiers go first."""
        order = np.argsort(at, kind="stable")
        sorted_at = at[order]
        for start, end in runs(sorted_at):
            order[start:end] = sorted(
                order[start:end],
                key=lambda row: (self._questions.ids[int(question[row])], self._people.ids[int(person[row])]),
            )
        return order

    def _keep_only(self, kept: Bools) -> None:
        if kept.all():
            return
        self._start_over(self._now.question[kept], self._now.person[kept], self._now.at[kept])

    def _start_over(self, question: Ints, person: Ints, at: Floats) -> None:
        self._question, self._person, self._at = Column.of(question), Column.of(person), Column.of(at)
        self._set(Grouped.of(question), Grouped.of(person))

    def _set(self, by_question: Grouped, by_person: Grouped) -> None:
        self._now = Answers(
            question=self._question.view(),
            person=self._person.view(),
            at=self._at.view(),
            by_question=by_question,
            by_person=by_person,
        )


def _all_but(rows: Ints, size: int) -> Bools:
    kept = np.ones(size, np.bool_)
    kept[rows] = False
    return kept
