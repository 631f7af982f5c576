"""Texts, read: which words they have in common and how telling these are, and what they mean to each other."""

from array import array
from collections import Counter
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from matchwell.columns import Floats, Ints
from matchwell.similar.cohort import Cohort
from matchwell.similar.texts import Texts
from matchwell.words import primary, question_terms

# As if there were so many other texts, with other words: what all of a handful say is not common yet.
OTHERS = 50
_MOST_TIMES = 255


class Read:
    """Texts that can be compared; made by `read`. Values that never change; may be used by several threads.

    `terms` are all terms in alphabetical order, and `worth` float64 [m] says how telling each is. `weights` is what
    each term weighs in each text, float32 [n, m], rows of unit length (none for a text without a word). `languages`
    int32 [n] are numbers of primary languages, -1 where none is known.
    """

    def __init__(self, texts: Texts) -> None:
        counts, self.terms = _counted(texts)
        self.texts = texts
        self.number_of = {term: number for number, term in enumerate(self.terms)}
        self.worth = _worth(np.bincount(counts.indices, minlength=len(self.terms)), len(texts))
        self.weights = _weighed(counts, self.worth)
        self.language_numbers, self.languages = _languages(texts)
        self.cohort = None if texts.meanings is None else Cohort(texts)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def worth_of_new(self) -> float:
        """How telling a term is that stands in none of the texts."""
        return float(_worth(np.zeros(1, np.int64), len(self))[0])

    @cached_property
    def by_term(self) -> Any:
        """The same weights, term by term."""
        return csc_array(self.weights)

    def has_words(self) -> npt.NDArray[np.bool_]:
        """Return which texts have a word in them, bool [n]."""
        held: npt.NDArray[np.bool_] = np.diff(self.weights.indptr) > 0
        return held


def read(texts: Texts) -> Read:
    """Read the first 800 letters of each text. A fifth of a millisecond a text, on one thread."""
    return Read(texts)


def damped(times: npt.ArrayLike) -> Floats:
    """Return what a term weighs that stands so many times in a text: twice is not twice as much."""
    weight: Floats = 1 + np.log(np.asarray(times, np.float64))
    return weight


def _counted(texts: Texts) -> tuple[Any, list[str]]:
    """Return how often each term stands in each text, uint8 [n, m], and the terms in order."""
    number_of: dict[str, int] = {}
    columns, times, starts = array("i"), array("B"), array("q", [0])
    for text in texts.texts:
        for term, count in Counter(question_terms(text)).items():
            columns.append(number_of.setdefault(term, len(number_of)))
            times.append(min(count, _MOST_TIMES))
        starts.append(len(columns))
    terms = sorted(number_of)
    place_of = np.empty(len(terms), np.int32)
    place_of[[number_of[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    indices: Ints = place_of[np.frombuffer(columns, np.int32)] if columns else np.empty(0, np.int32)
    data = np.frombuffer(times, np.uint8) if times else np.empty(0, np.uint8)
    counts = csr_array((data.copy(), indices, np.frombuffer(starts, np.int64)), shape=(len(texts), len(terms)))
    counts.sort_indices()
    return counts, terms


def _languages(texts: Texts) -> tuple[dict[str, int], Ints]:
    spoken = [min(primary([tag])) if tag else None for tag in texts.languages or [None] * len(texts)]
    numbers = {language: number for number, language in enumerate(sorted(filter(None, set(spoken))))}
    return numbers, np.array([numbers.get(language or "", -1) for language in spoken], np.int32)


def _worth(holding: npt.NDArray[np.int64], texts: int) -> Floats:
    worth: Floats = np.log1p((texts + OTHERS - holding + 0.5) / (holding + 0.5))
    return worth


def _weighed(counts: Any, worth: Floats) -> Any:
    weights = (
        (damped(np.arange(1, _MOST_TIMES + 1)).astype(np.float32)[counts.data - 1])
        * worth.astype(np.float32)[counts.indices]
    )
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights.astype(np.float64) ** 2, minlength=counts.shape[0]))
    return csr_array((weights / lengths.astype(np.float32)[row_of], counts.indices, counts.indptr), shape=counts.shape)
