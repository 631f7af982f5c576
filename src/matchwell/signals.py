"""The signals of a ranking: numbers a person, and what they were made of.

Sums over answers must not depend on the order in which these came in, to the last bit. `_exact` rounds each part to a
multiple of 2^-32, so that adding up to a million of them loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matchwell.columns import Bools, Floats, Ints, totals
from matchwell.evidence import Evidence
from matchwell.grouped import Places
from matchwell.state import State
from matchwell.words import fold

UNDER_A_TAG = 16_384  # past questions of each tag that vote
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


def votes(evidence: Evidence, rows: Ints, strength: Floats, half_life: float, least: float) -> Votes:
    """Let question rows [s] vote, each with its strength [s], halved for each half-life of the answer's age.

    However old, an answer keeps the share `least` of its vote: what people knew years ago still tells them apart.
    """
    given = evidence.answers_to(rows)
    weight = _exact(strength[given.owner] * np.maximum(freshness(given.age, half_life), least))
    sums = totals(given.person, weight, len(evidence.eligible))
    return Votes(sums=sums, person=given.person, row=rows[given.owner], weight=weight)


def activity(evidence: Evidence, half_life: float) -> Floats:
    """Return how much each person has answered lately, in answers given now, float64 [n]."""
    given = evidence.lately()
    return totals(given.person, _exact(freshness(given.age, half_life)), len(evidence.eligible))


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


def tag_strengths(holding: Mapping[str, Bools], evidence: Evidence) -> tuple[Ints, Floats]:
    """Return the rows that have any of the asked tags, and what share of them each has, float64.

    A rare tag counts more than a common one; the rows that have most get 1. Of a tag that very many have, the newest
    rows are taken.
    """
    usable = np.count_nonzero(evidence.usable)
    votes = np.zeros(len(evidence.usable), np.bool_)
    for has in holding.values():
        votes[_newest(np.flatnonzero(has), evidence.state.questions.at)] = True
    rows = np.flatnonzero(votes)
    share = np.zeros(len(rows))
    for has in holding.values():
        have = np.count_nonzero(has)
        share += has[rows] * np.log1p((usable - have + 0.5) / (have + 0.5))
    return rows.astype(np.int32), share / share.max(initial=0.0)


def _newest(rows: Places, at: Floats) -> Places:
    """Return those of some rows that were asked last, `UNDER_A_TAG` of them; more where several were asked at once."""
    if len(rows) <= UNDER_A_TAG:
        return rows
    least = np.partition(at[rows], len(rows) - UNDER_A_TAG)[len(rows) - UNDER_A_TAG]
    newest: Places = rows[at[rows] >= least]
    return newest


def _exact(parts: Floats) -> Floats:
    exact: Floats = np.round(parts * _GRID) / _GRID
    return exact
