"""A large community made from a small one: its sentences put together anew, by a seed.

A question keeps about half of the sentences of one that was really asked and takes the rest from others. The texts of
the first `ENCODED` questions are encoded for real; every later question is a variation of one of those, and its vector
is that one's with noise. So words and vectors are distributed as in the real community, and only their number is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import split

import numpy as np
import numpy.typing as npt

from matchwell.bench.words import OPENINGS, SENTENCES, TAGS
from matchwell.columns import Array
from matchwell.evaluate.logs import read
from matchwell.values import Answer, Ask, PastQuestion, PersonText
from matchwell.words import QUESTION_LETTERS

ENCODED = 20_000  # texts that an encoder really reads
NOISE = 0.5  # of the length of a vector
DAYS = 1000.0
KEPT = 0.5  # of the sentences of a question
RUN = 12  # words that count as a sentence where a text has no signs
AT_ONCE = 10_000
ANSWERS = 2.5  # to a question, on average
AT_HOME = 0.6  # of the answers come from people whose matter it is
HOMES = 200  # matters that people have

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What a community is made of: the sentences of each question, and its tags."""

    name: str
    sentences: Sequence[tuple[str, ...]]
    tags: Sequence[frozenset[str]]

    @staticmethod
    def of(folder: Path | None) -> "Source":
        """Read a folder of logged questions, or take the few sentences that come with the library.

        Raises UnreadableFolder.
        """
        if folder is None:
            return _built_in()
        log = read(folder)
        questions = [(one, sentences) for one in log.questions if (sentences := _sentences(one.text))]
        return Source(
            name=log.name,
            sentences=[sentences for _, sentences in questions],
            tags=[one.tags for one, _ in questions],
        )


def _built_in() -> Source:
    chance = np.random.default_rng(0)
    sentences = [
        (opening, *(SENTENCES[place] for place in chance.choice(len(SENTENCES), 4, replace=False).tolist()))
        for opening in OPENINGS * 20
    ]
    return Source(
        name="built in",
        sentences=sentences,
        tags=[frozenset({TAGS[place % len(TAGS)]}) for place in range(len(sentences))],
    )


def _sentences(text: str) -> tuple[str, ...]:
    """Cut the first letters of a text at its signs, and long runs of words without any at every twelfth word."""
    parts = [part.split() for part in split(r"(?<=[.?!])\s+|\n+", text[:QUESTION_LETTERS])]
    runs = [words[first : first + RUN] for words in parts for first in range(0, len(words), RUN)]
    return tuple(" ".join(run) for run in runs if any(len(word) > 1 for word in run))


class Community:
    """So many questions and people, drawn by a seed. The same numbers always give the same community."""

    def __init__(self, source: Source, *, questions: int, people: int, seed: int = 0, encoded: int = ENCODED) -> None:
        self.questions = questions
        self.people = people
        self._source = source
        self._seed = seed
        self._pool = [sentence for sentences in source.sentences for sentence in sentences]
        self._models, self._of_log = self._drawn_models(min(encoded, questions))

    @property
    def texts(self) -> list[str]:
        """Return the texts that are really encoded: those of the first questions."""
        return [" ".join(sentences) for sentences in self._models]

    def batches(self, vectors: Vectors | None) -> Iterator[list[PastQuestion]]:
        """Yield the questions, ten thousand at a time. `vectors` [m, d] are those of `texts`, if there are any."""
        for first in range(0, self.questions, AT_ONCE):
            yield list(self._batch(first, min(first + AT_ONCE, self.questions), vectors))

    def answers(self) -> Iterator[list[Answer]]:
        """Yield the answers, in the order of time, a hundred thousand questions at a time."""
        for first in range(0, self.questions, 10 * AT_ONCE):
            chance = np.random.default_rng([self._seed, 3, first])
            asked = np.arange(first, min(first + 10 * AT_ONCE, self.questions))
            to = np.repeat(asked, 1 + chance.poisson(ANSWERS - 1, len(asked)))
            at = (to + chance.random(len(to))) * self._step
            who = self._answering(self._home(to), chance)
            order = np.argsort(at, kind="stable")
            yield [
                Answer(question=_question(question), person=_person(person), at=when)
                for question, person, when in zip(
                    to[order].tolist(), who[order].tolist(), at[order].tolist(), strict=True
                )
            ]

    def persons(self) -> Iterator[list[PersonText]]:
        """Yield the people, with a sentence each about themselves."""
        for first in range(0, self.people, AT_ONCE):
            chance = np.random.default_rng([self._seed, 4, first])
            numbers = range(first, min(first + AT_ONCE, self.people))
            said = chance.integers(len(self._pool), size=len(numbers)).tolist()
            yield [
                PersonText(id=_person(number), text=self._pool[place])
                for number, place in zip(numbers, said, strict=True)
            ]

    def asks(self, count: int, vectors: Vectors | None) -> list[Ask]:
        """Return asks from after all that happened, varied like the questions, but by chances of their own."""
        chance = np.random.default_rng([self._seed, 5])
        models = chance.integers(len(self._models), size=count).tolist()
        texts = self._varied(models, chance)
        noisy = _noisy(vectors, models, chance)
        return [
            Ask(
                text=text,
                at=DAYS + 1,
                tags=self._source.tags[self._of_log[model]],
                asker=_person(int(chance.integers(self.people))),
                vector=None if noisy is None else noisy[place],
            )
            for place, (model, text) in enumerate(zip(models, texts, strict=True))
        ]

    def later(self, count: int, vectors: Vectors | None) -> list[PastQuestion]:
        """Return questions asked after all others, to be added one by one."""
        return list(self._batch(self.questions, self.questions + count, vectors))

    @property
    def _step(self) -> float:
        return DAYS / self.questions

    def _drawn_models(self, count: int) -> tuple[list[tuple[str, ...]], Array]:
        of_log = np.random.default_rng([self._seed, 1]).integers(len(self._source.sentences), size=count)
        chance = np.random.default_rng([self._seed, 6])
        return [self._recombined(self._source.sentences[place], chance) for place in of_log.tolist()], of_log

    def _recombined(self, sentences: tuple[str, ...], chance: np.random.Generator) -> tuple[str, ...]:
        others = chance.integers(len(self._pool), size=len(sentences)).tolist()
        stays = (chance.random(len(sentences)) < KEPT).tolist()
        stays[0] = True  # the opening, which is the title
        return tuple(
            sentence if stay else self._pool[other]
            for sentence, stay, other in zip(sentences, stays, others, strict=True)
        )

    def _varied(self, models: list[int], chance: np.random.Generator) -> list[str]:
        return [" ".join(self._recombined(self._models[model], chance)) for model in models]

    def _batch(self, first: int, last: int, vectors: Vectors | None) -> Iterator[PastQuestion]:
        chance = np.random.default_rng([self._seed, 2, first])
        numbers = np.arange(first, last)
        models = self._model_of(numbers).tolist()
        real = len(self._models)
        varied = iter(
            self._varied([model for number, model in zip(numbers, models, strict=True) if number >= real], chance)
        )
        noisy = _noisy(vectors, models, chance)
        askers = chance.integers(self.people, size=len(models)).tolist()
        for place, (number, model) in enumerate(zip(numbers.tolist(), models, strict=True)):
            vector = None
            if noisy is not None and vectors is not None:
                vector = vectors[number] if number < real else noisy[place]
            yield PastQuestion(
                id=_question(number),
                text=" ".join(self._models[number]) if number < real else next(varied),
                at=number * self._step,
                tags=self._source.tags[self._of_log[model]],
                asker=_person(askers[place]),
                vector=vector,
            )

    def _model_of(self, numbers: Array) -> Array:
        """Return which of the first questions each is a variation of; those are variations of themselves."""
        mixed = (numbers * 2_654_435_761 + self._seed) % 2**32 % len(self._models)
        return np.where(numbers < len(self._models), numbers, mixed)

    def _home(self, numbers: Array) -> Array:
        """Return the matter of each question: questions made of the same one share it."""
        homes: Array = self._of_log[self._model_of(numbers)] % HOMES
        return homes

    def _answering(self, homes: Array, chance: np.random.Generator) -> Array:
        """Return who answers: a few a lot, most rarely; people of the matter, and others."""
        each = max(self.people // HOMES, 1)
        rank = (each * chance.random(len(homes)) ** 3).astype(np.int64)
        home = np.where(chance.random(len(homes)) < AT_HOME, homes, chance.integers(HOMES, size=len(homes)))
        return (rank * HOMES + home) % self.people


def _noisy(vectors: Vectors | None, models: list[int], chance: np.random.Generator) -> Vectors | None:
    if vectors is None or not len(models):
        return None
    drawn = chance.standard_normal((len(models), vectors.shape[1]), dtype=np.float32)
    noisy: Vectors = vectors[models] + drawn * np.float32(NOISE / np.sqrt(vectors.shape[1]))
    noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
    return noisy


def _question(number: int) -> str:
    return f"q{number:08}"


def _person(number: int) -> str:
    return f"p{number:07}"
