"""An ask, read: its terms with their numbers, and how each was written."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Floats, Ints
from matchwell.stopwords import COLOURLESS_WORDS
from matchwell.words import QUESTION_LETTERS, Token, fold, tokens

MOST_WORDS = 6  # words shown for one reason


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class AskedTerms:
    """The terms of a text, each once, in order of appearance.

    `numbers` int32 [t], -1 for a term that the index has never met; `times` float64 [t]; `text` is the text itself,
    `places` [t] the places in it.
    """

    text: str
    numbers: Ints
    times: Floats
    places: tuple[tuple[Token, ...], ...]

    @staticmethod
    def read(text: str, numbers: Mapping[str, int]) -> "AskedTerms":
        """Read the first letters of a text, as those of past questions were read."""
        by_term: dict[str, list[Token]] = {}
        for token in tokens(text[:QUESTION_LETTERS]):
            by_term.setdefault(token.term, []).append(token)
        return AskedTerms(
            text=text,
            numbers=np.array([numbers.get(term, -1) for term in by_term], np.int32),
            times=np.array([len(found) for found in by_term.values()], np.float64),
            places=tuple(tuple(found) for found in by_term.values()),
        )

    @property
    def length(self) -> float:
        """Return the number of terms, repetitions included."""
        return float(self.times.sum())

    def words(self, gains: Mapping[int, float]) -> tuple[str, ...]:
        """Return how the terms with these gains were first written, the strongest first.

        Terms that overlap in the text (parts of an identifier, pairs of characters) become one word. Words that say
        nothing by themselves are left out where others are left.
        """
        firsts = [(self.places[term][0], gain) for term, gain in gains.items()]
        merged: list[tuple[int, int, float]] = []
        for place, gain in sorted(firsts, key=lambda first: (first[0].start, first[0].end)):
            if merged and place.start < merged[-1][1]:
                start, end, so_far = merged.pop()
                merged.append((start, max(end, place.end), so_far + gain))
            else:
                merged.append((place.start, place.end, gain))
        strongest = sorted(merged, key=lambda span: (-span[2], span[0]))
        words = dict.fromkeys(self.text[start:end] for start, end, _ in strongest)
        telling = [word for word in words if fold(word) not in COLOURLESS_WORDS]
        return tuple(telling or words)[:MOST_WORDS]
