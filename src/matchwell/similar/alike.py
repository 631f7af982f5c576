"""Which texts are like a given one."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchwell.asked import AskedTerms
from matchwell.best import best
from matchwell.columns import Floats
from matchwell.likelihood import nearness
from matchwell.similar.cohort import cosines, standardised
from matchwell.similar.comparing import differ
from matchwell.similar.reading import Read, damped
from matchwell.similar.texts import AT_ONCE
from matchwell.words import primary, question_terms


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """A text near another one.

    `nearness` is the chance that both ask about the same matter, if one pair of texts in a hundred does. `words` stand
    in both, as they are written in the other one, the most telling first.
    """

    id: str
    nearness: float
    words: tuple[str, ...]


def alike(
    read: Read,
    text: str,
    *,
    vector: npt.ArrayLike | None = None,
    language: str | None = None,
    take: int = 5,
    least: float = 0.0,
    among: Collection[str] | None = None,
) -> list[Near]:
    """Return the texts nearest to this one, nearest first, ties by id: at most `take`, and none not above `least`.

    `vector` is what the same encoder made of it. Of its letters the first 800 count. Raises ValueError for a vector
    unlike those that were read.
    """
    asked = AskedTerms.read(text, read.number_of)
    words, meanings = compared(read, text, vector)
    chance = nearness(
        words,
        meanings,
        encoder=read.texts.encoder,
        in_two_languages=differ(np.array(_number(read, language)), read.languages),
    )
    if among is not None:
        chance = np.where([name in among for name in read.texts.ids], chance, 0.0)
    nearest = best(np.where(chance > least, chance, 0.0), take, read.texts.ids.__getitem__)
    return [
        Near(id=read.texts.ids[row], nearness=float(chance[row]), words=asked.words(_gains(read, asked, row)))
        for row in nearest
    ]


def compared(read: Read, text: str, vector: npt.ArrayLike | None) -> tuple[Floats, Floats | None]:
    """Return the cosine of the words of each text with this one's, and by how much the meanings are nearer than usual.

    Both float64 [n]; the latter nan for a text without a vector, None where there is none to compare.
    """
    return _words(read, text), _above(read, vector)


def _words(read: Read, text: str) -> Floats:
    """Return the cosine of the words of each text with those of this one, float64 [n]."""
    counts = Counter(question_terms(text))
    weights = {term: float(damped(times)) * _worth(read, term) for term, times in counts.items()}
    length = np.sqrt(sum(weight**2 for weight in weights.values()))
    products = np.zeros(len(read))
    for term in sorted(weights.keys() & read.number_of.keys()):
        number = read.number_of[term]
        holding = slice(*read.by_term.indptr[number : number + 2])
        products[read.by_term.indices[holding]] += weights[term] / length * read.by_term.data[holding]
    return np.minimum(products, 1.0)


def _worth(read: Read, term: str) -> float:
    number = read.number_of.get(term)
    return read.worth_of_new if number is None else float(read.worth[number])


def _above(read: Read, vector: npt.ArrayLike | None) -> Floats | None:
    """Return by how much the meanings are nearer than usual, float64 [n]; None where there is none to compare."""
    if vector is None:
        return None
    if read.cohort is None:
        raise ValueError("The texts were read without vectors: read them with theirs, or ask without one.")
    asked = read.cohort.of(np.asarray(vector))
    blocks = [read.cohort.at(slice(first, first + AT_ONCE)) for first in range(0, len(read), AT_ONCE)]
    parts = [standardised(cosines(asked, block), asked, block)[0] for block in blocks]
    return np.concatenate(parts) if parts else np.empty(0)


def _number(read: Read, language: str | None) -> int:
    return read.language_numbers.get(min(primary([language])), len(read.language_numbers)) if language else -1


def _gains(read: Read, asked: AskedTerms, row: int) -> dict[int, float]:
    """Return what each term of the text, by its place, has in common with a row."""
    held = slice(*read.weights.indptr[row : row + 2])
    gain_of = dict(zip(read.weights.indices[held].tolist(), read.weights.data[held].tolist(), strict=True))
    numbers = asked.numbers.tolist()
    return {place: gain_of[number] * read.worth[number] for place, number in enumerate(numbers) if number in gain_of}
