"""The index: takes evidence in, ranks people for an ask."""

from collections.abc import Iterable
from threading import Lock

from matchwell import ranking
from matchwell.growing import GrowingAnswers, GrowingPeople, GrowingQuestions, Numbers
from matchwell.state import State
from matchwell.values import Alike, Answer, Ask, Limits, PastQuestion, PersonText, Ranked
from matchwell.weights import Weights

EVERYBODY = Limits()
DEFAULT_WEIGHTS = Weights()


class Index:
    """People, past questions and answers, kept so that asks can be ranked quickly.

    May be read and written by several threads. A reader sees what was there when it started: each call that writes
    shows as a whole or not at all. In what order things are added makes no difference.
    """

    def __init__(self, *, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self.weights = weights
        self._writing = Lock()
        terms = Numbers()
        self._terms = terms
        self._people = GrowingPeople(terms)
        self._questions = GrowingQuestions(terms, self._people.numbers)
        self._answers = GrowingAnswers(self._questions.numbers, self._people.numbers)
        self._state = self._now()

    def rank(self, ask: Ask, *, limits: Limits = EVERYBODY, take: int = 10) -> list[Ranked]:
        """Return at most `take` people, best first; nobody of whom nothing speaks for the ask."""
        return ranking.rank(self._state, ask, limits, self.weights, take)

    def order(self, ask: Ask, *, limits: Limits = EVERYBODY, take: int = 10) -> list[str]:
        """Return who `rank` would return, without the reasons, which are most of the work for long lists."""
        return ranking.order(self._state, ask, limits, self.weights, take)

    def alike(
        self, text: str, *, at: float | None = None, take: int = 5, only: frozenset[str] | None = None
    ) -> list[Alike]:
        """Return the past questions nearest to a text, nearest first: those before `at`, and among `only`."""
        return ranking.alike(self._state, text, at, take, only)

    def add_people(self, people: Iterable[PersonText]) -> None:
        """Add people, or replace what was known of those with the same identifier."""
        people = list(people)
        with self._writing:
            self._people.add(people)
            self._state = self._now()

    def add_questions(self, questions: Iterable[PastQuestion]) -> None:
        """Add past questions, or replace those with the same identifier."""
        questions = list(questions)
        with self._writing:
            new = self._questions.news(questions)
            self._questions.add(new, [question.vector for question in new])
            self._state = self._now()

    def add_answers(self, answers: Iterable[Answer]) -> None:
        """Add answers. They may come before their question and person, and count once both are known."""
        answers = list(answers)
        with self._writing:
            self._answers.add(answers)
            self._state = self._now()

    def remove_people(self, ids: Iterable[str]) -> None:
        """Forget people, their texts and their answers. Unknown ones are passed over."""
        ids = list(ids)
        with self._writing:
            self._answers.remove_all(people=self._people.remove(ids))
            self._state = self._now()

    def remove_questions(self, ids: Iterable[str]) -> None:
        """Forget questions and the answers to them. Unknown ones are passed over."""
        ids = list(ids)
        with self._writing:
            self._answers.remove_all(questions=self._questions.remove(ids))
            self._state = self._now()

    def remove_answers(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget answers, given as (question, person). Unknown ones are passed over."""
        pairs = list(pairs)
        with self._writing:
            self._answers.remove(pairs)
            self._state = self._now()

    def _now(self) -> State:
        return State(
            questions=self._questions.state(),
            answers=self._answers.state(),
            people=self._people.state(),
            term_numbers=self._terms.of,
            question_numbers=self._questions.numbers.of,
            person_numbers=self._people.numbers.of,
        )
