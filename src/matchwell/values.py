"""The values that go into the library and come out of it.

Times (`at`) are days as a float, from any zero that the caller likes, the same for all values of an index.
Identifiers are plain text; where two things are equal, the lower identifier goes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Literal

import numpy as np

from matchwell.columns import Numbers

Signal = Literal["answered", "recent", "tags", "experience", "rhythm", "met"]
Kind = Literal["answered", "recent", "tags", "experience", "rhythm", "met", "profile", "sample", "load"]
Why = Literal["rank", "newcomer", "neighbour"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PastQuestion:
    """A question that was asked at a known time; its answers are evidence.

    `vector` is what an encoder makes of the text, where the caller has it; all vectors of an index are of one encoder.
    """

    id: str
    text: str
    at: float
    tags: frozenset[str] = frozenset()
    language: str | None = None
    asker: str | None = None
    vector: Numbers | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        _require_time(self.at, f"question {self.id!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One person answered one question. Of two for the same pair the earlier counts."""

    question: str
    person: str
    at: float

    def __post_init__(self) -> None:
        _require_time(self.at, f"answer of {self.person!r} to {self.question!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonText:
    """What people say of themselves. Only people given as one of these are ever ranked.

    `samples` are answered sample questions, question and answer in one text. An empty `languages` means
    that none were stated, and limits nothing. `background` are the fields of work that somebody comes from, in a few
    coarse words that many share ("health", "law"); empty where they are not known.
    """

    id: str
    text: str = ""
    skills: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()
    background: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A question looking for people. Only evidence from before `at` is used.

    `languages` are those the talk may be in (BCP 47; `pt` and `pt-BR` meet); empty means any.
    """

    text: str
    at: float
    languages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    asker: str | None = None
    vector: Numbers | None = field(default=None, compare=False, repr=False)
    """As that of a `PastQuestion`."""
    profile_vector: Numbers | None = field(default=None, compare=False, repr=False)
    """As the index's profile encoder makes it, which reads what people say of themselves."""

    def __post_init__(self) -> None:
        _require_time(self.at, "ask")
        for vector in (self.vector, self.profile_vector):
            if vector is not None and not np.isfinite(vector).all():
                raise ValueError("The vector of an ask has numbers that are not finite. Leave it out: words will do.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Who may be ranked at all, and how busy people are.

    `only` None means everybody. Of people with answers `active_days` keeps those who gave one in the last so many days.
    `load` counts a person's recent invitations; who is not in it has none. `room` is how many more may ask a person: at
    zero or less they are left out, and who is not in it may be asked by any number.
    """

    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    active_days: float = inf
    load: Mapping[str, float] = field(default_factory=dict)
    room: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One part of a score. `words` are from the ask, as written there, the strongest first.

    `nearness` is the chance, from 0 to 1, that the question named is about the same matter as the ask; of two drawn by
    lot it is 0.01. `days` is, of "recent", the age of the person's newest answer; `count` how many answers they gave so
    far, of "experience", and how many of these to this very asker, of "met".
    """

    kind: Kind
    weight: float
    question: str | None = None
    words: tuple[str, ...] = ()
    nearness: float | None = None
    days: float | None = None
    count: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A person in a ranking. The weights of the reasons add up to the score.

    `chance` is that of an answer from this person, from 0 to 1, None where nothing was learned of that.
    `why` they stand at their place: by "rank", or because it is kept for a "newcomer" or for a "neighbour", somebody
    from another field than most of those beside them.
    """

    person: str
    score: float
    reasons: tuple[Reason, ...]
    is_newcomer: bool
    chance: float | None = None
    why: Why = "rank"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """A past question near a text. `similarity` is 1 for the same words and 0 for none in common."""

    question: str
    similarity: float
    words: tuple[str, ...]
    tags: frozenset[str]


def _require_time(at: float, what: str) -> None:
    if not isfinite(at):
        raise ValueError(f"The time of {what} must be a finite number of days, not {at!r}.")
