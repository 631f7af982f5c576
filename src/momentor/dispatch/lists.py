"""How a list of mentors, and a wave of a search, are put together from rankings; and again from what was kept of them.

Pure sums: the same functions put together what is shown and what is replayed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from matchwell.ledger import Candidate as Scored
from matchwell.ledger import Considered, Listed, Record, Standing, UnreadableRecord, replay, stand
from matchwell.values import Kind, Why
from momentor.dispatch.waves import MOST, Candidate, next_wave, strong

TIERS = {"available": 0, "hours": 1, "reachable": 2}
# How far down a ranking a wave is kept, and how many of those who might have been asked are told of.
FURTHEST = 100
SHOWN = 12


class Stands(Protocol):
    """Somebody at a place of a ranking: made now, or made again."""

    @property
    def person(self) -> str: ...

    @property
    def why(self) -> Why: ...

    @property
    def score(self) -> float: ...


One = TypeVar("One", bound=Stands)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Somebody who was looked at: at which place of the list, or what kept them off it.

    `off` is "full" or "invited", with the place they would have had (`would_be`), "weaker"; of a wave "later" for who
    might be asked after it, and "away" for who could not be asked in that moment. `score` and `parts` are as
    invitations left them.
    """

    candidate: Scored
    place: int | None
    why: Why
    score: float
    parts: Mapping[Kind, float]
    off: str | None
    would_be: int | None = None


def put_together(fitting: Sequence[One], *, first: One | None, take: int) -> list[One]:
    """Return who fits, `first` on top, at most `take`; beyond them those for whom a place was kept."""
    others = [one for one in fitting if first is None or one.person != first.person]
    ranked = [first, *others] if first is not None else others
    return [*ranked[:take], *(one for one in ranked[take:] if one.why != "rank")]


def unreasoned(person: str) -> Listed:
    """Return the place of somebody for whom nothing speaks but that the mentee came for them."""
    return Listed(person=person, why="rank", score=0.0, held_back=0.0, parts={})


@dataclass(frozen=True, kw_only=True)
class ListRecord:
    """What a shortlist was made from: who fits, whom the mentee came for, and who filled up what was left.

    `gone` are those who could not be reached any more in the moment in which it was shown.
    """

    take: int
    fitting: Record
    first: str | None = None
    wanted: Record | None = None
    others: Record | None = None
    gone: tuple[str, ...] = ()

    kind = "list"

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the rankings it was made from, the one that counts most first."""
        return tuple(one for one in (self.fitting, self.wanted, self.others) if one is not None)

    def replayed(self) -> list[Listed]:
        """Make the list again."""
        first = None
        if self.first is not None:
            first = next(iter(replay(self.wanted) if self.wanted else []), unreasoned(self.first))
        found = put_together(replay(self.fitting), first=first, take=self.take)
        found += replay(self.others) if self.others else []
        return [one for one in found if one.person not in self.gone]

    def looked_at(self) -> list[Looked]:
        """Return everybody who was looked at: those on the list in its order, then the others."""
        return _looked(self, self._off)

    def _off(self, one: Standing) -> tuple[str, int | None]:
        # The ranking reaches beyond the list, where places are kept.
        return (one.off, one.would_be) if one.off and (one.would_be or 0) <= self.take else ("weaker", None)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        said = {name: record.as_json() for name, record in self._named().items() if record is not None}
        return {"kind": self.kind, "take": self.take, "first": self.first, "gone": list(self.gone), **said}

    def _named(self) -> dict[str, Record | None]:
        return {"fitting": self.fitting, "wanted": self.wanted, "others": self.others}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises UnreadableRecord, KeyError."""
        records = {name: Record.from_json(said[name]) for name in ("wanted", "others") if name in said}
        return cls(
            take=int(said["take"]),
            first=said["first"],
            gone=tuple(said["gone"]),
            fitting=Record.from_json(said["fitting"]),
            **records,
        )


@dataclass(frozen=True, kw_only=True)
class Askable:
    """Somebody whom a wave may ask, and how they fit (`fit_of` their score).

    `place` is that in the ranking, None where nothing but the choice speaks.
    """

    person: str
    presence: str
    chance: float
    score: float = 0.0
    fit: float = 0.0
    place: int | None = None
    is_chosen: bool = False

    @property
    def candidate(self) -> Candidate:
        """Return the same as a wave reads it."""
        return Candidate(person_id=UUID(self.person), chance=self.chance, score=self.fit, is_chosen=self.is_chosen)


def fit_of(score: float, *, is_log: bool) -> float:
    """Return how well somebody fits, above zero: a third of the best is a weak fit.

    What was learned gives the logarithm of a chance, which falls faster along a list than a fit does: of that, a weak
    fit has a ninth.
    """
    return exp(score / 2) if is_log else score


def in_order(askable: Iterable[Askable], *, is_written: bool) -> list[Askable]:
    """Return whom to ask first: the chosen, the present before the reachable, among equals as the ranking has them.

    In writing it does not matter who is present.
    """
    return sorted(
        askable,
        key=lambda one: (not one.is_chosen, 0 if is_written else TIERS[one.presence], one.place or inf, one.person),
    )


@dataclass(frozen=True, kw_only=True)
class WaveRecord:
    """What a wave was made from: the ranking as far down as the wave reaches, and who of it might be asked then.

    `best` is the fit of the strongest who is worth waiting for. Of those who might be asked the first are kept, and
    as many strong ones as a wave can have: the weak ones that follow are never reached (`more`, of those in the
    ranking). Whoever stands further down than the ranking is kept has place and score from here.
    """

    ranking: Record
    is_written: bool
    best: float
    askable: tuple[Askable, ...]
    more: tuple[str, ...] = ()

    kind = "wave"

    @classmethod
    def of(cls, considered: Considered, askable: Sequence[Askable], *, best: float, is_written: bool) -> Self:
        """Keep what matters of a ranking and of those who might be asked, given in their order."""
        best = max([best, *(one.fit for one in askable)])
        reached = strong([one.candidate for one in askable], best)[:MOST]
        kept = tuple(one for place, one in enumerate(askable) if place < SHOWN or one.candidate in reached)
        furthest = max([SHOWN, *(one.place or 0 for one in kept)])
        ranking = considered.record(min(furthest, FURTHEST))
        among = {one.person for one in ranking.candidates} - {one.person for one in kept}
        more = tuple(one.person for one in askable if one.person in among)
        return cls(ranking=ranking, is_written=is_written, best=best, askable=kept, more=more)

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the ranking it was made from."""
        return (self.ranking,)

    def replayed(self) -> list[Listed]:
        """Choose the wave again."""
        ranked = {one.person: (place, one) for place, one in enumerate(replay(self.ranking), start=1)}
        rows = {one.person: self._again(one, ranked) for one in self.askable}
        wave = next_wave([one.candidate for one in in_order(rows.values(), is_written=self.is_written)], best=self.best)
        found = []
        for one in wave:
            row = rows[str(one.person_id)]
            kept = Listed(person=row.person, why="rank", score=row.score, held_back=0.0, parts={})
            found.append(ranked[row.person][1] if row.person in ranked else kept)
        return found

    def _again(self, one: Askable, ranked: Mapping[str, tuple[int, Listed]]) -> Askable:
        place, listed = ranked.get(one.person, (one.place, None))
        if listed is None:
            return replace(one, place=place)
        return replace(one, score=listed.score, fit=fit_of(listed.score, is_log=self.ranking.is_log), place=place)

    def looked_at(self) -> list[Looked]:
        """Return everybody in the ranking who was looked at: those asked in their order, then the others."""
        later = {*self.more, *(one.person for one in self.askable)}

        def off(one: Standing) -> tuple[str, int | None]:
            if one.candidate.person in later:
                return "later", None
            return ("away", None) if one.place or not one.off else (one.off, one.would_be)

        return _looked(self, off)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "kind": self.kind,
            "is_written": self.is_written,
            "best": self.best,
            "ranking": self.ranking.as_json(),
            "more": list(self.more),
            "askable": [
                {
                    "person": one.person,
                    "presence": one.presence,
                    "chance": one.chance,
                    "score": one.score,
                    "fit": one.fit,
                    "place": one.place,
                    "is_chosen": one.is_chosen,
                }
                for one in self.askable
            ],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises UnreadableRecord, KeyError."""
        return cls(
            ranking=Record.from_json(said["ranking"]),
            is_written=bool(said["is_written"]),
            best=float(said["best"]),
            askable=tuple(Askable(**one) for one in said["askable"]),
            more=tuple(said["more"]),
        )


Kept = ListRecord | WaveRecord


def kept_from(said: Mapping[str, Any]) -> Kept:
    """Read the record of a list or of a wave. Raises UnreadableRecord."""
    try:
        return WaveRecord.from_json(said) if said["kind"] == WaveRecord.kind else ListRecord.from_json(said)
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, UnreadableRecord):
            raise
        raise UnreadableRecord(f"This record is not whole: {fault}.") from fault


def people_in(kept: Kept) -> set[str]:
    """Return everybody whom a record names."""
    named = {one.person for record in kept.records for one in record.candidates}
    if isinstance(kept, WaveRecord):
        return named | {one.person for one in kept.askable}
    return named | {*kept.gone} | ({kept.first} if kept.first else set())


def _looked(kept: Kept, off: Callable[[Standing], tuple[str, int | None]]) -> list[Looked]:
    places = {one.person: (place, one) for place, one in enumerate(kept.replayed(), start=1)}
    found: dict[str, Looked] = {}
    for record in kept.records:
        for one in stand(record):
            person = one.candidate.person
            place, listed = places.get(person, (None, None))
            why_not, would_be = (None, None) if place else off(one)
            found.setdefault(
                person,
                Looked(
                    candidate=one.candidate,
                    place=place,
                    why=listed.why if listed else "rank",
                    score=listed.score if listed else one.score,
                    parts=listed.parts if listed else one.parts,
                    off=why_not,
                    would_be=would_be,
                ),
            )
    for person, (place, listed) in places.items():  # for whom nothing speaks but the choice, or whose score is all
        alone = Scored(person=person, score=listed.score)
        parts = listed.parts
        row = Looked(candidate=alone, place=place, why=listed.why, score=listed.score, parts=parts, off=None)
        found.setdefault(person, row)
    return sorted(found.values(), key=lambda one: (one.place or inf, -one.score, one.candidate.person))
