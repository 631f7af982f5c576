"""The one place where scored people become a shortlist: who stands where, and why they stand there.

1. Whoever has no room left is out.
2. Recent invitations hold back a little, so that others are found as well.
3. The best come first; ties go to the lower identifier.
4. Some places are kept for newcomers whose own words fit well enough (`Weights.newcomer_places`).
5. Among the first few places (`Weights.neighbours_within`) stands somebody from a neighbouring field, if the question
   allows. A field is neighbouring where somebody from it has nearly the score of the best: the question itself says how
   far one may look, and no table of fields that are akin is needed.

A score is a strength: zero is nothing, twice as much is twice as strong. Or it is the natural logarithm of a strength
(`is_log`), as learned rankers give it. `n` invitations divide a strength by (1 + n) ** `Weights.load`, that is, they
take `load` * log(1 + n) from its logarithm, so both give the same order. Nobody who has something comes to nothing by
it, and neither the unit of a strength nor the zero of a logarithm plays a part.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import exp, log, log1p

import numpy as np

from matchwell.best import highest
from matchwell.columns import Bools, Floats, Ints
from matchwell.values import Why
from matchwell.weights import Weights

FEWEST = 2  # places that have a field between them


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scored:
    """People for whom something speaks, one a row; in which row somebody stands makes no difference.

    `person` int32 [n] are their numbers, `ids` their identifiers by number. By row: `score` float64 [n], `is_newcomer`
    bool [n], `own_words` float64 [n] (from 0 to 1, how near what they say of themselves is), `load` float64 [n] (recent
    invitations), `room` float64 [n] (how many more may ask them; inf where any number may), `background` int32 [n]
    (place in `backgrounds`; the empty set where nothing is known).

    Raises ValueError where a score is not a number.
    """

    ids: Sequence[str]
    person: Ints
    score: Floats
    is_newcomer: Bools
    own_words: Floats
    load: Floats
    room: Floats
    background: Ints
    backgrounds: Sequence[frozenset[str]]
    is_log: bool = False

    def __post_init__(self) -> None:
        if np.isnan(self.score).any():
            raise ValueError("A score is not a number (NaN). Leave out people who could not be scored.")

    def id_of(self, row: int) -> str:
        return self.ids[int(self.person[row])]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Who stands at a place (a person number), and why.

    `held_back` is by how much recent invitations took from the logarithm of the score; `score` is what was left.
    """

    person: int
    why: Why
    score: float
    held_back: float


def shortlist(people: Scored, weights: Weights, take: int) -> list[Place]:
    """Return the first places, at most `take`, the best first. A longer list begins with the shorter one."""
    if take <= 0:
        return []
    line = _line_up(people, weights, take)
    return [
        Place(
            person=int(people.person[row]),
            why=line.why.get(row, "rank"),
            score=float(line.score[row]),
            held_back=float(line.held_back[row]),
        )
        for row in _filled(line.ordered, line.kept, take)
    ]


def who_matters(people: Scored, weights: Weights, take: int) -> list[int]:
    """Return the rows without which the list could be another one: a shortlist of them alone is the same.

    These are the best of all, as many as the list may reach down to; of the newcomers whose words fit the best, one
    for each reserved place, since fewer than that stand before it when it is given away; and the neighbour. Whoever is
    none of these is below the best, behind the newcomers and weaker than the neighbour, with or without the others.
    """
    if take <= 0:
        return []
    line = _line_up(people, weights, take)
    return sorted({*line.ordered, *line.newcomers[: len(set(weights.newcomer_places))], *line.kept.values()})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Line:
    """Everybody's score as invitations leave it, the best rows in order, and who has a place kept, and why."""

    score: Floats
    held_back: Floats
    ordered: list[int]
    newcomers: list[int]
    kept: dict[int, int]
    why: dict[int, Why]


def _line_up(people: Scored, weights: Weights, take: int) -> _Line:
    held_back = _held_back(people.load, weights.load)
    score = people.score - held_back if people.is_log else people.score * _kept(held_back)
    has_room = people.room > 0
    size = max(take, weights.neighbours_within)
    ordered = highest(score, np.flatnonzero(has_room), size, people.id_of)
    fitting = has_room & people.is_newcomer & (people.own_words > 0) & (people.own_words >= weights.newcomer_fit)
    newcomers = highest(score, np.flatnonzero(fitting), size, people.id_of)

    kept = _keep_for_newcomers({}, ordered, newcomers, fitting, weights)
    first = list(_filled(ordered, kept, weights.neighbours_within))
    neighbour = _neighbour(people, score, has_room, first, weights)
    place = _last_free_place(weights)
    if neighbour is not None and place:
        kept = _keep_for_newcomers({place: neighbour}, ordered, newcomers, fitting, weights)

    why: dict[int, Why] = dict.fromkeys(kept.values(), "newcomer")
    if neighbour is not None and place:
        why[neighbour] = "neighbour"
    return _Line(score=score, held_back=held_back, ordered=ordered, newcomers=newcomers, kept=kept, why=why)


def _held_back(load: Floats, weight: float) -> Floats:
    """Return what invitations take from the logarithm of a score, float64 [n], zero for who had none lately."""
    held_back = np.zeros(len(load))
    busy = np.flatnonzero(load > 0)
    held_back[busy] = _one_by_one(lambda invitations: weight * log1p(invitations), load[busy])
    return held_back


def _kept(held_back: Floats) -> Floats:
    kept = np.ones(len(held_back))
    busy = np.flatnonzero(held_back)
    kept[busy] = _one_by_one(lambda held: exp(-held), held_back[busy])
    return kept


def _one_by_one(function: Callable[[float], float], values: Floats) -> Floats:
    """Return a function of each value: a vectorised one may differ in the last bit with the place in the array.

    Numbers of invitations are few different ones, so each is asked for once.
    """
    different, place = np.unique(values, return_inverse=True)
    return np.array([function(value) for value in different.tolist()], np.float64)[place]


def _keep_for_newcomers(
    kept: Mapping[int, int], ordered: Sequence[int], newcomers: Sequence[int], fitting: Bools, weights: Weights
) -> dict[int, int]:
    """Return rows by the place kept for them: those that are already, and the newcomers'.

    Each reserved place goes to the best newcomer who stands further down, unless the list up to there holds as many
    newcomers as places were reserved for them.
    """
    kept = dict(kept)
    for reserved, place in enumerate(sorted(set(weights.newcomer_places)), start=1):
        before = list(_filled(ordered, kept, place))
        if place in kept or len(before) < place or sum(bool(fitting[row]) for row in before) >= reserved:
            continue
        waiting = next((row for row in newcomers if row not in before), None)
        if waiting is not None:
            kept[place] = waiting
    return kept


def _filled(ordered: Sequence[int], kept: Mapping[int, int], take: int) -> Iterator[int]:
    """Return the first rows: at each place who it is kept for, else the best who are left."""
    taken = set(kept.values())
    rest = (row for row in ordered if row not in taken)
    last = max(kept, default=0)
    places = chain.from_iterable(([kept[place]] if place in kept else islice(rest, 1)) for place in range(1, last + 1))
    return islice(chain(places, rest), take)


def _last_free_place(weights: Weights) -> int:
    """Return the last of the first places that is not kept for a newcomer, or 0."""
    reserved = set(weights.newcomer_places)
    return next((place for place in range(weights.neighbours_within, 0, -1) if place not in reserved), 0)


def _neighbour(people: Scored, score: Floats, has_room: Bools, first: Sequence[int], weights: Weights) -> int | None:
    """Return who should stand among the first from another field, if nobody does and somebody is strong enough.

    The field is what more than half of the first places have in their backgrounds. Whoever states nothing of it, but
    something else, is from another one; whoever states nothing at all is from nowhere, and counts on neither side.
    """
    if len(first) < max(weights.neighbours_within, FEWEST):
        return None
    stated = [people.backgrounds[int(people.background[row])] for row in first]
    field = {label for label in set().union(*stated) if sum(label in one for one in stated) > len(first) / 2}
    if not field or any(one and not one & field for one in stated):
        return None
    is_other = np.array([bool(one) and not one & field for one in people.backgrounds])
    best = float(score[first].max())
    least = best + log(weights.neighbour_strength) if people.is_log else best * weights.neighbour_strength
    strong = has_room & is_other[people.background] & (score >= least)
    strong[first] = False
    return next(iter(highest(score, np.flatnonzero(strong), 1, people.id_of)), None)
