"""Judge ranking by what people say of themselves, and by nothing else."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from matchwell.encoders import best_installed, load_installed
from matchwell.encoders.encoder import Encoder
from matchwell.evaluate.cases import Case, cases
from matchwell.evaluate.judging import METHODS, Judged, measured, timed, verdicts
from matchwell.evaluate.logs import Log
from matchwell.evaluate.persons import PersonDocuments
from matchwell.index import Index
from matchwell.measures import Measures
from matchwell.ranker.clues import reciprocal
from matchwell.values import Limits, PastQuestion


def judge_profiles(log: Log, asked: Sequence[PastQuestion], *, progress: Callable[[str, int, int], None]) -> Judged:
    """Judge among people with a profile, who had joined when a question was asked.

    `fusion` joins words and the encoder for questions; methods that need histories are None.
    """
    profile_encoder = profile_reader()
    index = Index(profile_encoder=profile_encoder)
    index.add_people(log.people)
    documents = PersonDocuments()
    for person in log.people:
        documents.add(person.id, person.text, is_profile=True)
    meanings = best_installed({"en"}).encoder
    meant = _Meant(log, meanings) if meanings is not None else None
    wanted = cases(log, asked, by_profile=True)

    def by_words(case: Case) -> dict[str, float]:
        return documents.scores(case.ask.text, is_profile=True)

    def product(case: Case) -> list[str]:
        return index.order(case.ask, limits=Limits(only=case.candidates), take=len(case.candidates))

    methods: dict[str, Callable[[Case], Sequence[str] | Mapping[str, float]]] = {
        "bm25_person": by_words,
        "product": product,
    }
    if meant is not None:
        methods["fusion"] = lambda case: meant.fused(case, by_words(case))
    rows: dict[str, list[Measures]] = {method: [] for method in METHODS}
    for done, case in enumerate(wanted):
        progress("profiles", done, len(wanted))
        for method, ranked in methods.items():
            rows[method].append(measured(ranked(case), case))
    return Judged(
        name=f"{log.name}:profiles",
        queries=len(wanted),
        left_out=len(asked) - len(wanted),
        methods=verdicts(rows, {method: timed(wanted, ranked) for method, ranked in methods.items()}),
        chosen="profiles",
        reason="Nothing else is known of people here.",
    )


def profile_reader() -> Encoder | None:
    """Return the encoder that profiles are read with: a table of words where it is installed, which did best."""
    return load_installed("wordtable").encoder


class _Meant:
    """Profiles as vectors of the encoder for questions."""

    def __init__(self, log: Log, encoder: Encoder) -> None:
        self._encoder = encoder
        self._ids = [person.id for person in log.people]
        self._vectors = encoder.encode([person.text for person in log.people])

    def fused(self, case: Case, by_words: dict[str, float]) -> dict[str, float]:
        """Return reciprocal rank fusion of words and meaning, by person."""
        near = self._vectors @ self._encoder.encode([case.ask.text])[0]
        there = np.array([name in case.candidates for name in self._ids])
        words = np.array([by_words.get(name, 0.0) for name in self._ids])
        fused = reciprocal(np.where(there, words, 0.0)) + reciprocal(np.where(there, np.maximum(near, 0), 0.0))
        return {name: float(value) for name, value in zip(self._ids, fused, strict=True) if value > 0}
