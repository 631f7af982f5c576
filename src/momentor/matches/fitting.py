"""How well the mentees and mentors of a programme fit: parts from 0 to about 1, of the pairs worth a thought.

Pure: values in, values out. matchwell's optimiser decides between the pairs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matchwell.columns import Array, Bools, Floats
from matchwell.programme import Fits, Mentee, Mentor, Programme
from matchwell.programme.limits import ALLOWED, HardLimits, hours_apart
from matchwell.words import primary, terms

WORDS, SKILLS, LANGUAGES, HOURS = "words", "skills", "languages", "hours"
PARTS = (WORDS, SKILLS, LANGUAGES, HOURS)

CANDIDATES = 50  # mentors of one mentee
# Of those, so many are whoever comes next in turn: where everybody is nearest to the same few, others get a chance.
IN_TURN = 10
# The best fit of one mentee in twenty lies above it: what counts as 1, whatever the scale of the scores.
FULL_MARKS = 95
OTHER_LANGUAGE = 0.5  # they share a language, but it is not the one that the mentee talks best in
AT_ONCE = 2**18  # pairs


@dataclass(frozen=True, kw_only=True, slots=True)
class Seeking:
    """Somebody who would like a mentor. `languages` as a person gives them, the best first; `wishes` the dearest first.

    `own_words` says that `text` is the wish itself; else it stands for what they asked before.
    """

    id: str
    text: str = ""
    own_words: bool = True
    languages: tuple[str, ...] = ()
    utc_offset: float = 0.0
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Offering:
    """Somebody who mentors, with the places that are still free."""

    id: str
    places: int
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    utc_offset: float = 0.0
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Everybody who may be matched, and who may not be with whom: `apart` are pairs, either way round."""

    seeking: Sequence[Seeking]
    offering: Sequence[Offering]
    apart: frozenset[tuple[str, str]] = frozenset()
    most_hours_apart: float | None = None

    def limits(self) -> HardLimits:
        """Return what rules pairs out, by place in the people ordered by their ids."""
        return self.programme(Fits(mentee=[], mentor=[], parts={})).limits

    def programme(self, fits: Fits) -> Programme:
        """Return these people with how well they fit, for matchwell to plan with."""
        both = {one.id for one in self.seeking}, {one.id for one in self.offering}
        return Programme(
            mentees=[
                Mentee(
                    id=one.id,
                    languages=frozenset(one.languages),
                    utc_offset=one.utc_offset,
                    wishes=tuple(wish for wish in one.wishes if wish in both[1]),
                )
                for one in self.seeking
            ],
            mentors=[
                Mentor(
                    id=one.id,
                    languages=frozenset(one.languages),
                    utc_offset=one.utc_offset,
                    capacity=one.places,
                    wishes=tuple(wish for wish in one.wishes if wish in both[0]),
                )
                for one in self.offering
            ],
            fits=fits,
            blocks=self.apart,
            most_hours_apart=self.most_hours_apart,
        )


@dataclass(kw_only=True, slots=True)
class Words:
    """How near mentors stand to the words of wishes, on any scale from 0: three columns that grow together."""

    mentee: list[str] = field(default_factory=list)
    mentor: list[str] = field(default_factory=list)
    score: list[float] = field(default_factory=list)

    def add(self, mentee: str, scores: Mapping[str, float]) -> None:
        """Take in who is near to one mentee's wish."""
        self.mentee += [mentee] * len(scores)
        self.mentor += scores
        self.score += [max(score, 0.0) for score in scores.values()]


def fits(people: People, words: Words, *, weights: Mapping[str, float]) -> Fits:
    """Return how well each mentee fits the fifty mentors that are the likeliest for them, with no hard limit between.

    Wished pairs are always among them. The order of the people changes nothing.
    """
    found = list(_Candidates(people, words, weights).chunks())
    mentees, mentors = sorted(one.id for one in people.seeking), sorted(one.id for one in people.offering)
    return Fits(
        mentee=[mentees[place] for chunk in found for place in chunk.mentee.tolist()],
        mentor=[mentors[place] for chunk in found for place in chunk.mentor.tolist()],
        parts={name: np.concatenate([chunk.parts[name] for chunk in found] or [np.empty(0)]) for name in PARTS},
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Chunk:
    """Pairs of some mentees, each a place among the ordered people, with their parts."""

    mentee: Array
    mentor: Array
    parts: dict[str, Floats]


class _Candidates:
    """Goes through the mentees a few at a time, with a matrix of all mentors beside them."""

    def __init__(self, people: People, words: Words, weights: Mapping[str, float]) -> None:
        self._mentees = sorted(people.seeking, key=lambda one: one.id)
        self._mentors = sorted(people.offering, key=lambda one: one.id)
        self._weights = {name: weights.get(name, 1.0) for name in PARTS}
        self._limits = people.limits()
        self._place = {one.id: place for place, one in enumerate(self._mentors)}
        self._near = self._nearness(words)
        self._offers = Skills(self._mentors)
        self._spoken = sorted(frozenset().union(*(primary(one.languages) for one in self._mentors)))
        self._speaks = np.array(
            [[language in primary(one.languages) for language in self._spoken] for one in self._mentors], np.bool_
        ).reshape(len(self._mentors), len(self._spoken))
        self._offset = np.array([one.utc_offset for one in self._mentors])
        self._wished_by = _wished_by(self._mentors)

    def chunks(self) -> Iterator[_Chunk]:
        """Yield the candidates, mentees in order."""
        if self._mentors:
            step = max(AT_ONCE // len(self._mentors), 1)
            for start in range(0, len(self._mentees), step):
                yield self._chunk(start, self._mentees[start : start + step])

    def _chunk(self, start: int, some: Sequence[Seeking]) -> _Chunk:
        parts = {
            WORDS: np.stack([self._words(one) for one in some]),
            SKILLS: np.stack([self._skills(one) for one in some]),
            LANGUAGES: np.stack([self._languages(one) for one in some]),
            HOURS: np.stack([1 - hours_apart(np.array(one.utc_offset), self._offset) / 12 for one in some]),
        }
        allowed = self._allowed(start, len(some))
        total = sum((self._weights[name] * parts[name] for name in PARTS), np.zeros(allowed.shape))
        chosen = [
            _choose(total[row], allowed[row], wished=self._wished(one), turn=start + row)
            for row, one in enumerate(some)
        ]
        rows = np.repeat(np.arange(len(some)), [len(one) for one in chosen])
        columns = np.concatenate(chosen)
        return _Chunk(
            mentee=rows + start,
            mentor=columns,
            parts={name: np.round(parts[name][rows, columns], 6) for name in PARTS},
        )

    def _allowed(self, start: int, count: int) -> Bools:
        mentee = np.repeat(np.arange(start, start + count, dtype=np.int32), len(self._mentors))
        mentor = np.tile(np.arange(len(self._mentors), dtype=np.int32), count)
        allowed: Bools = (self._limits.of(mentee, mentor) == ALLOWED).reshape(count, len(self._mentors))
        return allowed

    def _nearness(self, words: Words) -> dict[str, tuple[list[int], list[float]]]:
        """Return by mentee the mentors near to their words, and how near: the scores on a scale up to about 1."""
        best: dict[str, float] = {}
        for mentee, score in zip(words.mentee, words.score, strict=True):
            best[mentee] = max(best.get(mentee, 0.0), score)
        full = float(np.percentile(list(best.values()), FULL_MARKS)) if best else 0.0
        near: dict[str, tuple[list[int], list[float]]] = {}
        for mentee, mentor, score in zip(words.mentee, words.mentor, words.score, strict=True):
            if mentor in self._place and full:
                places, scores = near.setdefault(mentee, ([], []))
                places.append(self._place[mentor])
                scores.append(score / full)
        return near

    def _words(self, one: Seeking) -> Floats:
        row = np.zeros(len(self._mentors))
        places, scores = self._near.get(one.id, ([], []))
        row[places] = scores
        return row

    def _skills(self, one: Seeking) -> Floats:
        row = np.zeros(len(self._mentors))
        named = self._offers.named_in(one.text)
        for skill in named:
            row[self._offers.offered_by[skill]] += 1 / len(named)
        return row

    def _languages(self, one: Seeking) -> Floats:
        best = primary(one.languages[:1])
        speaks = [self._spoken.index(language) for language in best if language in self._spoken]
        return np.where(self._speaks[:, speaks].any(axis=1), 1.0, OTHER_LANGUAGE)

    def _wished(self, one: Seeking) -> list[int]:
        wishes = [self._place[wish] for wish in one.wishes if wish in self._place]
        return [*wishes, *self._wished_by.get(one.id, ())]


class Skills:
    """Which mentors offer what, to look up what a text names. A skill is the words it is made of, in any order."""

    def __init__(self, offering: Sequence[Offering]) -> None:
        self.offered_by: dict[frozenset[str], list[int]] = {}
        for place, one in enumerate(offering):
            for skill in {words for name in one.skills if (words := frozenset(terms(name)))}:
                self.offered_by.setdefault(skill, []).append(place)
        self._with: dict[str, list[frozenset[str]]] = {}
        for skill in self.offered_by:
            self._with.setdefault(min(skill), []).append(skill)

    def named_in(self, text: str) -> list[frozenset[str]]:
        """Return the skills all of whose words stand in a text."""
        there = frozenset(terms(text))
        return [skill for word in sorted(there) for skill in self._with.get(word, ()) if skill <= there]


def _wished_by(mentors: Sequence[Offering]) -> dict[str, list[int]]:
    """Return by mentee the places of the mentors who wished for them."""
    wished: dict[str, list[int]] = {}
    for place, one in enumerate(mentors):
        for wish in one.wishes:
            wished.setdefault(wish, []).append(place)
    return wished


def _choose(total: Floats, allowed: Bools, *, wished: Sequence[int], turn: int) -> Array:
    """Return the places of the mentors to think of for one mentee: the wished, the best, and some whose turn it is."""
    able = np.flatnonzero(allowed)
    if len(able) <= CANDIDATES:
        return able
    worth = total[able].copy()
    worth[np.isin(able, wished)] = np.inf
    # Of equals, those first who come next in turn: nobody stands before all others for their id alone.
    able, worth = np.roll(able, -turn * IN_TURN % len(able)), np.roll(worth, -turn * IN_TURN % len(able))
    best = np.argsort(-worth, kind="stable")
    first, rest = best[: CANDIDATES - IN_TURN], np.sort(best[CANDIDATES - IN_TURN :])
    return np.sort(able[np.concatenate([first, rest[:IN_TURN]])])


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What can be said of a pair: the skills that the wish names, as the mentor calls them; the language they would
    talk in; how many hours their clocks are apart; the place of each in the wishes of the other, from 1."""

    skills: tuple[str, ...]
    language: str
    hours_apart: float
    wished: int | None
    wished_by: int | None


def facts_of(mentee: Seeking, mentor: Offering) -> Facts:
    """Return what can be said of a pair. Skills that only private questions name are left out."""
    named = frozenset(terms(mentee.text)) if mentee.own_words else frozenset()
    theirs = primary(mentor.languages)
    return Facts(
        skills=tuple(name for name in mentor.skills if (words := frozenset(terms(name))) and words <= named),
        language=next((tag for tag in mentee.languages if primary([tag]) <= theirs), ""),
        hours_apart=float(hours_apart(np.array(mentee.utc_offset), np.array(mentor.utc_offset))),
        wished=_place_of(mentor.id, mentee.wishes),
        wished_by=_place_of(mentee.id, mentor.wishes),
    )


def _place_of(one: str, wishes: Sequence[str]) -> int | None:
    return wishes.index(one) + 1 if one in wishes else None
