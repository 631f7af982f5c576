"""The index: takes evidence in, ranks people for an ask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Self

from matchwell import ranking
from matchwell.columns import Numbers
from matchwell.encoders.checked import checked
from matchwell.encoders.encoder import Encoder
from matchwell.encoders.legible import encoded
from matchwell.growing import GrowingAnswers, GrowingPeople, GrowingQuestions
from matchwell.growing import Numbers as Numbered
from matchwell.ledger import Considered
from matchwell.ranker.model import Ranker
from matchwell.ranking import Manner
from matchwell.state import State
from matchwell.storing import DamagedIndex, Kept, write
from matchwell.storing import read as read_stored
from matchwell.tables import Table, read
from matchwell.values import Alike, Answer, Ask, Limits, PastQuestion, PersonText, Ranked
from matchwell.weights import Weights

EVERYBODY = Limits()
DEFAULT_WEIGHTS = Weights()


class Index:
    """People, past questions and answers, kept so that asks can be ranked quickly.

    May be read and written by several threads. A reader sees what was there when it started: each call that writes
    shows as a whole or not at all. In what order things are added makes no difference.

    With an `encoder` questions also meet in meaning, as far as they are in a language that it was made for (`language`,
    else what a detector makes of the text); vectors that the caller keeps are taken as they are. With a
    `profile_encoder` questions meet in meaning what people say of themselves, instead of by words. A `ranker`, which
    may be set at any time, ranks in the place of the `weights`. Without `has_clock` times tell the order and the day,
    but not the hour.
    """

    def __init__(
        self,
        *,
        weights: Weights = DEFAULT_WEIGHTS,
        encoder: Encoder | None = None,
        profile_encoder: Encoder | None = None,
        ranker: Ranker | None = None,
        has_clock: bool = True,
    ) -> None:
        self.weights = weights
        self.ranker = ranker
        self.has_clock = has_clock
        self.about: Mapping[str, Any] = {}  # what `save` was told, in an index that was loaded
        self._encoder = None if encoder is None else checked(encoder)
        self._profile_encoder = None if profile_encoder is None else checked(profile_encoder)
        self._writing = Lock()
        terms = Numbered()
        self._terms = terms
        self._people = GrowingPeople(terms, partial(encoded, self._profile_encoder))
        self._questions = GrowingQuestions(terms, self._people.numbers)
        self._answers = GrowingAnswers(self._questions.numbers, self._people.numbers)
        self._state = self._now()

    def fit(self, people: Table | None, questions: Table, answers: Table, *, now: float | date | None = None) -> Self:
        """Forget what was there, and take in three tables; `matchwell.tables` says what their columns are called.

        Without `people` everybody is one who answered. Of what is later than `now`, if that is given, nothing is
        taken. Raises WrongTable, WrongVector, and then everything is as it was.
        """
        found = read(people, questions, answers, now=now)
        new = Index(encoder=self._encoder, profile_encoder=self._profile_encoder)
        new.add_people(found.people)
        new.add_questions(found.questions)
        new.add_answers(found.answers)
        with self._writing:
            self._terms, self._people, self._questions, self._answers = (
                new._terms,
                new._people,
                new._questions,
                new._answers,
            )
            self._state = new._state
        return self

    def save(self, folder: Path, *, about: Mapping[str, Any] | None = None) -> None:
        """Store all of it under a folder. Whoever loads it meanwhile gets what was stored before, or this, whole.

        Weights, ranker and encoders are not stored, but for the names of the encoders. `about` is whatever its loader
        should know, ready for JSON.
        """
        kept = Kept()
        with self._writing:
            kept.told.update(terms=[*self._terms.ids], people=[*self._people.numbers.ids])
            kept.told.update(questions=[*self._questions.numbers.ids])
            for name, growing in (("q", self._questions), ("a", self._answers), ("p", self._people)):
                kept.put(name, growing.keep())
        names = {"encoder": _name(self._encoder), "profile_encoder": _name(self._profile_encoder)}
        write(folder, kept, {**names, "told": dict(about or {})})

    @classmethod
    def load(cls, folder: Path, *, thorough: bool = False, **settings: Any) -> "Index":
        """Return what `save` stored, with the `settings` of a new one; files are mapped, and grow in memory only.

        `thorough` also reads every file to see that it is what was written. Raises DamagedIndex for what is cut short,
        foreign, of another version or of another encoder; FileNotFoundError if there is no folder.
        """
        kept, about = read_stored(folder, thorough=thorough)
        index = cls(**settings)
        for name, encoder in (("encoder", index._encoder), ("profile_encoder", index._profile_encoder)):
            if None not in (about[name], encoder) and about[name] != _name(encoder):
                raise DamagedIndex(folder, f"its vectors are of the {name} {about[name]}, not of {_name(encoder)}")
        try:
            index._restore(kept)
        except (KeyError, ValueError, TypeError, IndexError) as damage:
            raise DamagedIndex(folder, "its parts do not belong together") from damage
        index.about = about.get("told", {})
        return index

    def _restore(self, kept: Kept) -> None:
        self._terms.restore(kept.told["terms"])
        self._people.numbers.restore(kept.told["people"])
        self._questions.numbers.restore(kept.told["questions"])
        self._questions.restore(kept.part("q"))
        self._answers.restore(kept.part("a"))
        self._people.restore(kept.part("p"))
        self._state = self._now()

    def rank(
        self,
        ask: Ask,
        *,
        limits: Limits = EVERYBODY,
        take: int = 10,
        weights: Weights | None = None,
        learned: bool = True,
    ) -> list[Ranked]:
        """Return at most `take` people, best first; nobody of whom nothing speaks for the ask.

        `weights` are for this list alone, in the place of those of the index. A ranker says who of those eligible is
        the one, so its scores of different asks cannot be compared; those of the weights, not `learned`, can.
        """
        return ranking.rank(self._state, self._with_vector(ask), limits, self._manner(weights, learned=learned), take)

    def considered(
        self, ask: Ask, *, limits: Limits = EVERYBODY, take: int = 10, weights: Weights | None = None
    ) -> Considered:
        """Return what `rank` returns (`ranked`), and what it was made from: `record()` can be kept, and replayed."""
        return ranking.consider(self._state, self._with_vector(ask), limits, self._manner(weights), take)

    def order(self, ask: Ask, *, limits: Limits = EVERYBODY, take: int = 10) -> list[str]:
        """Return who `rank` would return, without the reasons, which are most of the work for long lists."""
        return ranking.order(self._state, self._with_vector(ask), limits, self._manner(), take)

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
        """Add past questions, or replace those with the same identifier. Raises WrongVector, and then adds nothing."""
        with self._writing:
            new = self._questions.news(questions)
        vectors = self._vectors(new)
        with self._writing:
            self._questions.add(new, vectors)
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

    def _manner(self, weights: Weights | None = None, *, learned: bool = True) -> Manner:
        return Manner(
            weights=weights or self.weights, ranker=self.ranker if learned else None, has_clock=self.has_clock
        )

    def _with_vector(self, ask: Ask) -> Ask:
        if ask.vector is None and self._state.questions.meanings is not None:
            ask = replace(ask, vector=encoded(self._encoder, [ask.text])[0])
        if ask.profile_vector is None and self._state.people.meanings is not None:
            ask = replace(ask, profile_vector=encoded(self._profile_encoder, [ask.text])[0])
        return ask

    def _vectors(self, questions: Sequence[PastQuestion]) -> list[Numbers | None]:
        """Return the vector of each question, encoding those that came without."""
        vectors = [question.vector for question in questions]
        missing = [place for place, vector in enumerate(vectors) if vector is None]
        told = [questions[place] for place in missing]
        found = encoded(self._encoder, [one.text for one in told], [one.language for one in told])
        for place, vector in zip(missing, found, strict=True):
            vectors[place] = vector
        return vectors

    def _now(self) -> State:
        return State(
            questions=self._questions.state(),
            answers=self._answers.state(),
            people=self._people.state(),
            term_numbers=self._terms.of,
            question_numbers=self._questions.numbers.of,
            person_numbers=self._people.numbers.of,
        )


def _name(encoder: Encoder | None) -> str | None:
    return None if encoder is None else encoder.name
