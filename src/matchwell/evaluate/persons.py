"""BM25 over one document a person, made of all that they have answered so far: the plain way to find an expert."""

from collections import Counter, defaultdict
from math import log1p

import numpy as np

from matchwell.bm25 import K1, B
from matchwell.words import person_terms, question_terms


class PersonDocuments:
    """Grows as time goes by: tell it what was answered, then ask."""

    def __init__(self) -> None:
        self._holding: dict[str, dict[str, int]] = defaultdict(dict)
        self._length: Counter[str] = Counter()

    def add(self, person: str, text: str, *, is_profile: bool = False) -> None:
        """Add a text to a person's document."""
        counts = Counter(person_terms(text) if is_profile else question_terms(text))
        for term, count in counts.items():
            holding = self._holding[term]
            holding[person] = holding.get(person, 0) + count
        self._length[person] += sum(counts.values())

    def scores(self, text: str, *, is_profile: bool = False) -> dict[str, float]:
        """Return the score of each person who shares a word with a question."""
        mean = max(float(np.mean(list(self._length.values()))), 1.0) if self._length else 1.0
        people = len(self._length)
        total: dict[str, float] = defaultdict(float)
        for term, times in Counter(question_terms(text)).items():
            holding = self._holding.get(term, {})
            worth = log1p((people - len(holding) + 0.5) / (len(holding) + 0.5)) * min(times, 2)
            for person, count in holding.items():
                total[person] += worth * count * (K1 + 1) / (count + K1 * (1 - B + B * self._length[person] / mean))
        return total
