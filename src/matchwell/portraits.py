"""Newcomers, by what they say of themselves: profile with skills, and answered samples."""

from dataclasses import dataclass

import numpy as np

from matchwell.asked import AskedTerms
from matchwell.bm25 import Statistics, statistics
from matchwell.columns import Bools, Floats
from matchwell.nearest import Nearest, compare
from matchwell.state import People


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Portraits:
    """How near each text about a person is to an ask, by row, and the best of each sort, by person number.

    `profile` and `sample` are float64 [n], 0 to 1.
    """

    nearest: Nearest
    profile: Floats
    sample: Floats


def portraits(people: People, asked: AskedTerms, *, in_questions: Statistics, wanted: Bools) -> Portraits:
    """Compare an ask to the texts about the `wanted` people, bool [n].

    How telling a word is, past questions and everybody's texts say together.
    """
    found = people.words.find(asked.numbers)
    in_texts = statistics(found, len(asked.numbers), people.is_current, people.length)
    counted = Statistics(
        in_texts.holding + in_questions.holding, in_texts.rows + in_questions.rows, in_texts.mean_length
    )
    rows = people.is_current & wanted[people.person]
    near = compare(found, asked, counted, rows, people.length)
    profile, sample = np.zeros(len(wanted)), np.zeros(len(wanted))
    np.maximum.at(profile, people.person, np.where(people.is_sample, 0.0, near.similarity))
    np.maximum.at(sample, people.person, np.where(people.is_sample, near.similarity, 0.0))
    return Portraits(nearest=near, profile=profile, sample=sample)
