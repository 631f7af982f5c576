"""The signals of a ranking: numbers a person, and what they were made of.

Sums over answers must not depend on the order in which these came in, to the last bit. `_exact` rounds each part to a
multiple of 2^-32, so that adding up to a million of them loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Bools, Floats, Ints, totals
from matchwell.evidence import Evidence
from matchwell.state import State
from matchwell.words import fold

_GRID = float(2**32)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Votes:
    """Votes of past questions for those who answered them.

    By person number: `sums` float64 [n]. By vote: `person`, `row` int32 [v], `weight` float64 [v].
    """

    sums: Floats
    person: Ints
    row: Ints
    weight: Floats


def votes(evidence: Evidence, strength: Floats, half_life: float, least: float) -> Votes:
    """Let every question row vote with its strength, float64 [r], halved for each half-life of the answer's age.

    However old, an answer keeps the share `least` of its vote: what people knew years ago still tells them apart.
    """
    speaking = np.flatnonzero(strength[evidence.row] > 0)
    person, row = evidence.person[speaking], evidence.row[speaking]
    weight = _exact(strength[row] * np.maximum(freshness(evidence.age[speaking], half_life), least))
    sums = totals(person, weight, len(evidence.eligible))
    return Votes(sums=sums, person=person, row=row, weight=weight)


def activity(evidence: Evidence, half_life: float) -> Floats:
    """Return how much each person has answered lately, in answers given now, float64 [n]."""
    weight = _exact(freshness(evidence.age, half_life))
    return totals(evidence.person, weight, len(evidence.eligible))


def freshness(age: Floats, half_life: float) -> Floats:
    """Return 1 for now, a half for one half-life ago, and so on."""
    fresh: Floats = np.exp2(-age / half_life)
    return fresh


def tag_rows(state: State, tags: frozenset[str], usable: Bools) -> dict[str, Bools]:
    """Return for each asked tag which of the usable rows have it, bool [r]; the tags in alphabetical order."""
    holding = {}
    for tag in sorted(tags):
        found = state.questions.labels.find(np.array([state.term_numbers.get(fold(tag), -1)], np.int32))
        holding[tag] = np.zeros(len(usable), np.bool_)
        for part in found:
            holding[tag][part.rows] = usable[part.rows]
    return holding


def tag_strengths(holding: Mapping[str, Bools], usable: Bools) -> Floats:
    """Return the share of the asked tags that each row has, float64 [r], a rare tag counting more than a common one.

    The rows that have most of them get 1.
    """
    share = np.zeros(len(usable))
    for rows in holding.values():
        have, have_not = np.count_nonzero(rows), np.count_nonzero(usable) - np.count_nonzero(rows)
        share += rows * np.log1p((have_not + 0.5) / (have + 0.5))
    most = share.max(initial=0.0)
    return share / most if most > 0 else share


def _exact(parts: Floats) -> Floats:
    exact: Floats = np.round(parts * _GRID) / _GRID
    return exact
