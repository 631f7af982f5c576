"""Hard limits: which pairs can never be matched, whatever speaks for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from matchwell.columns import Array, Bools, Floats, Ints
from matchwell.programme.values import Mentee, Mentor, Participant
from matchwell.words import primary

Limit = Literal["self", "blocked", "language", "hours", "no_places"]
LIMITS: tuple[Limit, ...] = get_args(Limit)
ALLOWED = -1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HardLimits:
    """What limits are read from, by place in the ordered mentees and mentors.

    `never` are keys of pairs, sorted int64; `shares` says which sets of languages meet, bool [a, b].
    """

    mentors: int
    same: Array
    never: Array
    shares: Bools
    mentee_speaks: Ints
    mentor_speaks: Ints
    mentee_offset: Floats
    mentor_offset: Floats
    capacity: Ints
    most_hours_apart: float

    def of(self, mentee: Array, mentor: Array) -> Array:
        """Return for each pair the first limit against it as a place in LIMITS, else ALLOWED, int8 [p]."""
        key = mentee.astype(np.int64) * self.mentors + mentor
        against = (
            np.isin(key, self.same),
            np.isin(key, self.never),
            ~self.shares[self.mentee_speaks[mentee], self.mentor_speaks[mentor]],
            hours_apart(self.mentee_offset[mentee], self.mentor_offset[mentor]) > self.most_hours_apart,
            self.capacity[mentor] == 0,
        )
        return np.select(against, np.arange(len(LIMITS), dtype=np.int8), np.int8(ALLOWED))


def read_limits(
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
    blocks: Iterable[tuple[str, str]],
    most_hours_apart: float | None,
) -> HardLimits:
    """Read the limits of a programme from its people, who come in the order of their identifiers."""
    mentee_place = {one.id: place for place, one in enumerate(mentees)}
    mentor_place = {one.id: place for place, one in enumerate(mentors)}
    blocks = list(blocks)
    sets: dict[frozenset[str], int] = {}
    speaks = [
        np.array([sets.setdefault(primary(one.languages), len(sets)) for one in side], np.int32)
        for side in (mentees, mentors)
    ]
    return HardLimits(
        mentors=len(mentors),
        same=_keys(mentee_place, mentor_place, ((name, name) for name in mentor_place)),
        never=_keys(mentee_place, mentor_place, [*blocks, *((there, here) for here, there in blocks)]),
        shares=_shares_a_language(list(sets)),
        mentee_speaks=speaks[0],
        mentor_speaks=speaks[1],
        mentee_offset=_offsets(mentees),
        mentor_offset=_offsets(mentors),
        capacity=np.array([one.capacity for one in mentors], np.int32),
        most_hours_apart=np.inf if most_hours_apart is None else most_hours_apart,
    )


def hours_apart(here: Floats, there: Floats) -> Floats:
    """Return how far two clocks are apart, 0 to 12 hours: the day of the week does not keep people from talking."""
    apart = np.abs(here - there) % 24
    nearer: Floats = np.minimum(apart, 24 - apart)
    return nearer


def _keys(mentees: dict[str, int], mentors: dict[str, int], pairs: Iterable[tuple[str, str]]) -> Array:
    known = [mentees[a] * len(mentors) + mentors[b] for a, b in pairs if a in mentees and b in mentors]
    return np.unique(np.array(known, np.int64))


def _shares_a_language(sets: Sequence[frozenset[str]]) -> Bools:
    """Return which sets meet, bool [s, s]; an empty one meets all."""
    languages = sorted(frozenset().union(*sets))
    spoken = np.array([[language in one for language in languages] for one in sets], np.float32)
    spoken = spoken.reshape(len(sets), len(languages))
    any_will_do = np.array([not one for one in sets], np.bool_)
    shares: Bools = (spoken @ spoken.T > 0) | any_will_do | any_will_do[:, np.newaxis]
    return shares


def _offsets(people: Sequence[Participant]) -> Floats:
    return np.array([np.nan if one.utc_offset is None else one.utc_offset for one in people], np.float64)
