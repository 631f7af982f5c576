"""The values that go into a whole programme, and the plan that comes out.

Identifiers are plain text; where two things are equal, the lower identifier goes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats

Side = Literal["mentees", "mentors"]
MENTEE_WISH = "mentee_wish"
MENTOR_WISH = "mentor_wish"
"""The two parts of a score that wishes make: 1 for the first wish, a half for the second, a third for the third."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """Someone in a programme.

    `languages` are BCP 47 tags (`pt` and `pt-BR` meet); empty means any. `utc_offset` is in hours east of UTC while the
    programme runs; None limits nothing. It is an offset, as a sign-up knows where people live, while their free hours
    change from week to week and belong to finding a time. `wishes` are people on the other side, the dearest first.
    `group` is what people say of themselves; it serves the report on groups and never changes a plan.
    """

    id: str
    languages: frozenset[str] = frozenset()
    utc_offset: float | None = None
    wishes: tuple[str, ...] = ()
    group: str | None = None

    def __post_init__(self) -> None:
        if self.utc_offset is not None and not -12 <= self.utc_offset <= 14:
            raise ValueError(f"The UTC offset of {self.id!r} must be hours from -12 to 14, not {self.utc_offset!r}.")
        if len(set(self.wishes)) < len(self.wishes):
            raise ValueError(f"{self.id!r} wishes for somebody twice: name each person once, the dearest first.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentee(Participant):
    """Someone who looks for a mentor, and gets one at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentor(Participant):
    """Someone who takes up to `capacity` mentees; 0 for a pause."""

    capacity: int = 1

    def __post_init__(self) -> None:
        Participant.__post_init__(self)
        if self.capacity < 0:
            raise ValueError(f"The capacity of {self.id!r} must be 0 mentees or more, not {self.capacity!r}.")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Fits:
    """Who could be matched to whom, one pair a row, in columns of equal length [e].

    `mentee` and `mentor` are identifiers. `parts` are what speaks for each pair, under names, float64 [e], usually 0 to
    1; below 0 it speaks against. The weighted parts add up to the score. Lists, arrays and columns of a data frame will
    do; they are copied.
    """

    mentee: Sequence[str]
    mentor: Sequence[str]
    parts: Mapping[str, npt.ArrayLike]

    def __post_init__(self) -> None:
        parts = {name: np.array(self.parts[name], np.float64) for name in sorted(self.parts)}
        object.__setattr__(self, "mentee", tuple(self.mentee))
        object.__setattr__(self, "mentor", tuple(self.mentor))
        object.__setattr__(self, "parts", parts)
        for name, points in parts.items():
            points.flags.writeable = False
            _check_part(name, points)
        if {len(self.mentor), *map(len, parts.values())} - {len(self.mentee)}:
            raise ValueError("The columns of the fits must be equally long: one row a pair.")

    def part(self, name: str) -> Floats:
        """Return one part, float64 [e], read-only."""
        return np.asarray(self.parts[name], np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A mentee and the mentor planned for them. The weighted `parts`, weightiest first, add up to the score."""

    mentee: str
    mentor: str
    score: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Who would be matched to whom, and who to nobody, in the order of the mentees' identifiers."""

    matches: tuple[Match, ...]
    unmatched: tuple[str, ...]

    @property
    def total(self) -> float:
        """The sum of all scores."""
        return fsum(match.score for match in self.matches)

    def mentor_of(self) -> dict[str, str]:
        """Return the mentor of each matched mentee."""
        return {match.mentee: match.mentor for match in self.matches}


def _check_part(name: str, points: Floats) -> None:
    if name in (MENTEE_WISH, MENTOR_WISH):
        raise ValueError(f"The part {name!r} is made from wishes: give yours another name.")
    if points.ndim != 1 or not np.isfinite(points).all():
        raise ValueError(f"The part {name!r} must hold one finite number a pair; leave out pairs without a score.")
