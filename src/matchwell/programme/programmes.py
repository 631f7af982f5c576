"""A whole programme: everybody who takes part, and every pair that anybody has thought of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

import numpy as np

from matchwell.columns import Array, Bools, Floats, Ints
from matchwell.programme.limits import ALLOWED, HardLimits, read_limits
from matchwell.programme.values import MENTEE_WISH, MENTOR_WISH, Fits, Mentee, Mentor, Participant

Anybody = TypeVar("Anybody", bound=Participant)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Candidates:
    """Every pair that the fits or a wish name, by mentee and then mentor, each a place in the ordered people.

    `mentee`, `mentor` int32 [c]; `parts` name to float64 [c], not yet weighted; `mentee_wish`, `mentor_wish` int32 [c]
    the place of the wish from 1, or 0; `limit` int8 [c] a place in LIMITS, or ALLOWED.
    """

    mentee: Ints
    mentor: Ints
    parts: Mapping[str, Floats]
    mentee_wish: Ints
    mentor_wish: Ints
    limit: Array

    @property
    def allowed(self) -> Bools:
        """Which pairs no limit rules out, bool [c]."""
        allowed: Bools = self.limit == ALLOWED
        return allowed


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Programme:
    """Mentees and mentors to be matched at once, how well they fit, and the hard limits.

    A pair can be matched if the fits name it or one of the two wishes for the other, and no limit rules it out: a pair
    of `blocks` (either way round; people who are not here are passed over), no language in common, clocks more than
    `most_hours_apart`, a mentor without places. The same identifier on both sides is the same person, who is never
    their own mentor. People are kept in the order of their identifiers.

    Raises ValueError where identifiers repeat or a fit or a wish names somebody unknown.
    """

    mentees: Sequence[Mentee]
    mentors: Sequence[Mentor]
    fits: Fits
    blocks: Iterable[tuple[str, str]] = ()
    most_hours_apart: float | None = None
    limits: HardLimits = field(init=False, repr=False)
    candidates: Candidates = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.most_hours_apart is not None and not self.most_hours_apart >= 0:
            raise ValueError(f"Clocks can be 0 hours apart or more, not {self.most_hours_apart!r}: None is no limit.")
        object.__setattr__(self, "mentees", _ordered(self.mentees, "mentees"))
        object.__setattr__(self, "mentors", _ordered(self.mentors, "mentors"))
        object.__setattr__(self, "blocks", frozenset(self.blocks))
        limits = read_limits(self.mentees, self.mentors, self.blocks, self.most_hours_apart)
        object.__setattr__(self, "limits", limits)
        object.__setattr__(self, "candidates", _candidates(self.mentees, self.mentors, self.fits, limits))

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts that a score can have, those of wishes last."""
        return tuple(self.candidates.parts)


def _ordered(people: Sequence[Anybody], side: str) -> tuple[Anybody, ...]:
    ordered = tuple(sorted(people, key=lambda one: one.id))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise ValueError(f"{one.id!r} is there twice among the {side}: give each person once.")
    return ordered


def _candidates(mentees: Sequence[Mentee], mentors: Sequence[Mentor], fits: Fits, limits: HardLimits) -> Candidates:
    key = _Keys(mentees, mentors)
    fitting = key.of("A fit", zip(fits.mentee, fits.mentor, strict=True))
    wishes = [(one.id, name, place) for one in mentees for place, name in enumerate(one.wishes, start=1)]
    returned = [(name, one.id, place) for one in mentors for place, name in enumerate(one.wishes, start=1)]
    wished = key.of("A wish of a mentee", (pair[:2] for pair in wishes))
    wishing = key.of("A wish of a mentor", (pair[:2] for pair in returned))
    keys = np.unique(np.concatenate([key.once(fitting), wished, wishing]))
    mentee_wish = _spread(keys, wished, np.array([place for *_, place in wishes], np.int32))
    mentor_wish = _spread(keys, wishing, np.array([place for *_, place in returned], np.int32))
    mentee, mentor = key.places(keys)
    return Candidates(
        mentee=mentee,
        mentor=mentor,
        parts={
            **{name: _spread(keys, fitting, fits.part(name)) for name in fits.parts},
            **({MENTEE_WISH: _wished(mentee_wish)} if wishes else {}),
            **({MENTOR_WISH: _wished(mentor_wish)} if returned else {}),
        },
        mentee_wish=mentee_wish,
        mentor_wish=mentor_wish,
        limit=limits.of(mentee, mentor),
    )


class _Keys:
    """One number a pair: the place of the mentee times the number of mentors, plus the place of the mentor."""

    def __init__(self, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        self._mentees = {one.id: place for place, one in enumerate(mentees)}
        self._mentors = {one.id: place for place, one in enumerate(mentors)}
        self._width = max(len(mentors), 1)

    def of(self, what: str, pairs: Iterable[tuple[str, str]]) -> Array:
        """Return the key of each pair of identifiers, int64; raises ValueError for one that is not known."""
        mentees, mentors, width = self._mentees, self._mentors, self._width
        try:
            return np.array([mentees[mentee] * width + mentors[mentor] for mentee, mentor in pairs], np.int64)
        except KeyError as unknown:
            told = f"{what} names {unknown}, who is not there on that side: add the person, or leave that out."
            raise ValueError(told) from None

    def once(self, keys: Array) -> Array:
        """Return the keys, sorted; raises ValueError for one that is there twice."""
        each, counts = np.unique(keys, return_counts=True)
        if len(each) < len(keys):
            mentee, mentor = divmod(int(each[np.argmax(counts)]), self._width)
            names = f"{list(self._mentees)[mentee]!r} and {list(self._mentors)[mentor]!r}"
            raise ValueError(f"The fit of {names} is there twice: give each pair one row.")
        return each

    def places(self, keys: Array) -> tuple[Ints, Ints]:
        """Return the places of the mentees and of the mentors, int32."""
        return (keys // self._width).astype(np.int32), (keys % self._width).astype(np.int32)


def _spread(keys: Array, some: Array, values: Array) -> Array:
    """Return the values given for some of the sorted keys in the place of these, else 0."""
    spread = np.zeros(len(keys), values.dtype)
    spread[np.searchsorted(keys, some)] = values
    return spread


def _wished(place: Ints) -> Floats:
    return np.divide(1.0, place, out=np.zeros(len(place)), where=place > 0)
