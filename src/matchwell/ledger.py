"""A record of what a list was made from: small, plain, and enough to make the same list again.

A record holds the candidates who can matter to the list (`shortlist.who_matters`), each with the score, the signals it
is made of, and all that the shortlist reads beside it. So `replay` runs the same code on the same numbers, and gives
the same people, at the same places, for the same reasons. It holds nobody's words, and nothing of the question.

It holds as well who would stand on the list had nobody been invited lately, or were nobody full, so that `stand` can
say whom that kept away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from math import exp, inf, isfinite
from typing import Any, Literal, Self, cast, get_args

import numpy as np

from matchwell.columns import Floats
from matchwell.shortlist import Place, Scored, shortlist, who_matters
from matchwell.values import Kind, Ranked, Why
from matchwell.weights import Weights

FORMAT = 1
KINDS = frozenset(get_args(Kind))
Off = Literal["full", "invited", "weaker"]


class UnreadableRecord(ValueError):
    """A record was written by another version, or only in part: the list it is of cannot be made again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Somebody who was looked at: a score as it was before invitations held it back, and the parts that add up to it.

    `own_words`, `load` and `room` are as `Scored` has them; `chance` is that of an answer, where it was learned.
    """

    person: str
    score: float
    parts: Mapping[Kind, float] = field(default_factory=dict)
    is_newcomer: bool = False
    own_words: float = 0.0
    load: float = 0.0
    room: float = inf
    background: frozenset[str] = frozenset()
    chance: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values; what is as usual is left out."""
        said: dict[str, Any] = {"person": self.person, "score": self.score}
        said |= {"parts": dict(self.parts)} if self.parts else {}
        said |= {"background": sorted(self.background)} if self.background else {}
        plain = ("is_newcomer", "own_words", "load", "room", "chance")
        return said | {name: getattr(self, name) for name in plain if getattr(self, name) != getattr(_USUAL, name)}


_USUAL = Candidate(person="", score=0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a list of at most `take` was made from. `considered` is for how many people something spoke at all.

    `ranker` is the version of the ranker that scored, None where the weights did. With one, scores are logarithms
    (`is_log`).
    """

    take: int
    weights: Weights
    candidates: tuple[Candidate, ...]
    considered: int
    is_log: bool = False
    ranker: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values that JSON keeps exactly, and `from_json` reads back as they were."""
        return {
            "format": FORMAT,
            "take": self.take,
            "is_log": self.is_log,
            "ranker": self.ranker,
            "considered": self.considered,
            "weights": asdict(self.weights) | {"newcomer_places": list(self.weights.newcomer_places)},
            "candidates": [one.as_json() for one in self.candidates],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises UnreadableRecord."""
        try:
            if said["format"] != FORMAT:
                raise UnreadableRecord(f"This record has format {said['format']!r}, and this version reads {FORMAT}.")
            weights = {**said["weights"], "newcomer_places": tuple(said["weights"]["newcomer_places"])}
            return cls(
                take=int(said["take"]),
                weights=Weights(**weights),
                candidates=tuple(_candidate(one) for one in said["candidates"]),
                considered=int(said["considered"]),
                is_log=bool(said["is_log"]),
                ranker=said["ranker"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            if isinstance(fault, UnreadableRecord):
                raise
            raise UnreadableRecord(f"This record is not whole: {fault}.") from fault


def _candidate(said: Mapping[str, Any]) -> Candidate:
    parts = {kind: float(part) for kind, part in said.get("parts", {}).items()}
    if not KINDS.issuperset(parts):
        raise UnreadableRecord(f"This record has signals that this version does not know: {sorted(parts)}.")
    numbers = {name: float(said[name]) for name in ("score", "own_words", "load") if name in said}
    if not all(isfinite(number) for number in (*numbers.values(), *parts.values())):
        raise UnreadableRecord("This record has a number that is none.")
    return Candidate(
        person=str(said["person"]),
        parts=cast(Mapping[Kind, float], parts),
        is_newcomer=bool(said.get("is_newcomer", False)),
        room=float(said.get("room", inf)),
        background=frozenset(said.get("background", ())),
        chance=said.get("chance"),
        **numbers,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """Who stands on a list that was made again. `parts` add up to the score, as invitations left it."""

    person: str
    why: Why
    score: float
    held_back: float
    parts: Mapping[Kind, float]


def replay(record: Record) -> list[Listed]:
    """Return the list that was made from this, the best first: the same people, reasons and scores."""
    places = shortlist(_scored(record.candidates, is_log=record.is_log), record.weights, record.take)
    return [_listed(record, place) for place in places]


def _listed(record: Record, place: Place) -> Listed:
    one = record.candidates[place.person]
    return Listed(
        person=one.person,
        why=place.why,
        score=place.score,
        held_back=place.held_back,
        parts=left_of(one.parts, place.held_back, is_log=record.is_log),
    )


def left_of(parts: Mapping[Kind, float], held_back: float, *, is_log: bool) -> dict[Kind, float]:
    """Return what invitations leave of the parts of a score: less of each, or a part of its own that takes away."""
    if not held_back:
        return dict(parts)
    if is_log:
        return {**parts, "load": -held_back}
    return {kind: part * exp(-held_back) for kind, part in parts.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a candidate stands on the list (`place` from 1, None: not on it), and what kept them from it.

    `off` is "full" for who would stand on the list if nobody were full, at `would_be`; "invited" for who would if
    nobody had been invited lately; "weaker" for everybody else. `score` and `parts` are as invitations left them.
    """

    candidate: Candidate
    place: int | None
    why: Why
    score: float
    held_back: float
    parts: Mapping[Kind, float]
    off: Off | None
    would_be: int | None = None


def stand(record: Record) -> list[Standing]:
    """Return all candidates of a record: those on the list in its order, then the others, the strongest first."""
    everybody = replace(record, candidates=tuple(replace(one, room=inf) for one in record.candidates))
    scores = {one.person: one for one in replay(replace(everybody, take=len(record.candidates)))}
    places, why = _places(record), {one.person: one.why for one in replay(record)}
    unfilled, uninvited = _places(everybody), _places(replace(record, weights=replace(record.weights, load=0.0)))
    found = []
    for one in record.candidates:
        scored, place = scores[one.person], places.get(one.person)
        off, would_be = _off(one, unfilled, uninvited) if place is None else (None, None)
        found.append(
            Standing(
                candidate=one,
                place=place,
                why=why.get(one.person, "rank"),
                score=scored.score,
                held_back=scored.held_back,
                parts=scored.parts,
                off=off,
                would_be=would_be,
            )
        )
    return sorted(found, key=lambda one: (one.place or inf, -one.score, one.candidate.person))


def _places(record: Record) -> dict[str, int]:
    return {one.person: place for place, one in enumerate(replay(record), start=1)}


def _off(one: Candidate, unfilled: Mapping[str, int], uninvited: Mapping[str, int]) -> tuple[Off, int | None]:
    if one.room <= 0:
        return ("full", unfilled[one.person]) if one.person in unfilled else ("weaker", None)
    if one.load > 0 and one.person in uninvited:
        return "invited", uninvited[one.person]
    return "weaker", None


def _scored(candidates: Sequence[Candidate], *, is_log: bool) -> Scored:
    backgrounds = list(dict.fromkeys([frozenset[str](), *(one.background for one in candidates)]))
    return Scored(
        ids=[one.person for one in candidates],
        person=np.arange(len(candidates), dtype=np.int32),
        score=np.array([one.score for one in candidates], np.float64),
        is_newcomer=np.array([one.is_newcomer for one in candidates], np.bool_),
        own_words=np.array([one.own_words for one in candidates], np.float64),
        load=np.array([one.load for one in candidates], np.float64),
        room=np.array([one.room for one in candidates], np.float64),
        background=np.array([backgrounds.index(one.background) for one in candidates], np.int32),
        backgrounds=backgrounds,
        is_log=is_log,
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Considered:
    """A ranking, and what it was made from: `people` with their scores, the `parts` float64 [n] by person number."""

    ranked: list[Ranked]
    people: Scored
    parts: Mapping[Kind, Floats]
    chance: Floats | None
    weights: Weights
    take: int
    ranker: str | None

    def record(self, take: int | None = None) -> Record:
        """Return the record of this ranking, or of its first `take` places."""
        take = self.take if take is None else min(take, self.take)
        people = self.people
        worlds = [people]
        if people.load.any():
            worlds.append(replace(people, load=np.zeros(len(people.load))))
        if (people.room <= 0).any():
            worlds.append(replace(people, room=np.full(len(people.room), inf)))
        rows = sorted(set(chain.from_iterable(who_matters(world, self.weights, take) for world in worlds)))
        return Record(
            take=take,
            weights=self.weights,
            candidates=tuple(self._candidate(row) for row in rows),
            considered=len(people.person),
            is_log=people.is_log,
            ranker=self.ranker,
        )

    def _candidate(self, row: int) -> Candidate:
        people, number = self.people, int(self.people.person[row])
        return Candidate(
            person=people.id_of(row),
            score=float(people.score[row]),
            parts={kind: float(part[number]) for kind, part in self.parts.items() if part[number]},
            is_newcomer=bool(people.is_newcomer[row]),
            own_words=float(people.own_words[row]),
            load=float(people.load[row]),
            room=max(float(people.room[row]), 0.0),
            background=people.backgrounds[int(people.background[row])],
            chance=None if self.chance is None else float(self.chance[number]),
        )
