"""Newcomers, by what they say of themselves: profile with skills, and answered samples."""

from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.bm25 import Statistics, statistics
from matchwell.columns import Bools, Floats, Numbers
from matchwell.nearest import Nearest, compare
from matchwell.state import People

UNRELATED = 0.1  # cosine of two texts that have nothing to do with each other


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Portraits:
    """How near each text about a person is to an ask, by row, and the best of each sort, by person number.

    `profile` and `sample` are float64 [n], 0 to 1; `nearest` is by words, and `fit` float64 [r] what counts.
    """

    nearest: Nearest
    fit: Floats
    profile: Floats
    sample: Floats


def portraits(
    people: People, asked: AskedTerms, vector: Numbers | None, *, in_questions: Statistics, wanted: Bools
) -> Portraits:
    """Compare an ask to the texts about the `wanted` people, bool [n]: in meaning where there are vectors, or by words.

    How telling a word is, past questions and everybody's texts say together.
    """
    found = people.words.find(asked.numbers)
    in_texts = statistics(found, len(asked.numbers), people.is_current, people.length)
    counted = Statistics(
        in_texts.holding + in_questions.holding, in_texts.rows + in_questions.rows, in_texts.mean_length
    )
    rows = people.is_current & wanted[people.person]
    near = compare(found, asked, counted, rows)
    fit = near.similarity
    if people.meanings is not None and vector is not None and people.meanings.dim == len(vector):
        meant = (people.meanings.nearness(vector).astype(np.float64) - UNRELATED) / (1 - UNRELATED)
        fit = np.where(rows & (people.meanings.lengths > 0), np.maximum(meant, 0.0), near.similarity)
    profile, sample = np.zeros(len(wanted)), np.zeros(len(wanted))
    np.maximum.at(profile, people.person, np.where(people.is_sample, 0.0, fit))
    np.maximum.at(sample, people.person, np.where(people.is_sample, fit, 0.0))
    return Portraits(nearest=near, fit=fit, profile=profile, sample=sample)
