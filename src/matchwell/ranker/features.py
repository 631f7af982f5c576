"""Features: what a ranker reads of each candidate, a few hundred people by some hundred numbers.

A quantity (votes, answers under a tag, activity) becomes the logarithm of the candidate's share of it, so that nothing
depends on how large a community is: a ranker that adds up weighted logarithms of shares is a logarithmic opinion pool.
Evidence ages on two clocks: in days, and in answers that anybody has given since. Each clock has a range of half-lives,
and the ranker chooses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats, totals
from matchwell.ranker.clues import Clues, places
from matchwell.state import NO_PERSON
from matchwell.values import Signal

TURNS = (16384, 4096, 1024, 256, 64, 16, 4)  # half-lives in answers given since
DAYS = (256.0, 64.0, 16.0, 4.0, 1.0, 1 / 4, 1 / 16)
SMOOTHING = 0.1  # of an equal share
FEWEST = 20  # candidates that shares are smoothed for
LONG_AGO = 10.0
MINUTES = 1440.0

Quantities = Iterator[tuple[str, Floats]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Features:
    """The candidates (person numbers, int32 [m]) and their features, float64 [m, f]; names and signals by column."""

    values: npt.NDArray[np.float64]
    names: tuple[str, ...]
    signals: tuple[Signal, ...]


def features(clues: Clues) -> Features:
    """Return the features of the candidates: always the same names in the same order, but none without a candidate."""
    if not len(clues.candidates):
        return Features(values=np.empty((0, 0)), names=(), signals=())
    found: dict[str, tuple[Signal, Floats]] = {}
    decays = _Decays(clues)
    by_share: tuple[tuple[Signal, Quantities], ...] = (
        ("answered", _votes(clues)),
        ("answered", _own_topics(clues, decays)),
        ("tags", _tags(clues)),
        ("recent", _activity(clues, decays)),
        ("met", _meetings(clues, decays)),
    )
    for signal, quantities in by_share:
        for name, quantity in quantities:
            found[f"share {name}"] = signal, _log_share(quantity)
            if name in _RANKED:
                found[f"place {name}"] = signal, -np.log1p(places(quantity))
            if name in _KEPT:
                decays.kept[name] = quantity
    as_they_are: tuple[tuple[Signal, Quantities], ...] = (
        ("answered", _nearest(clues, decays)),
        ("tags", _tag_rates(decays)),
        ("recent", _recency(clues, decays)),
        ("experience", _experience(clues, decays)),
        ("rhythm", _rhythm(clues, decays)),
        ("met", _met_back(clues)),
    )
    for signal, numbers in as_they_are:
        found.update({name: (signal, number) for name, number in numbers})
    columns = [np.asarray(column, np.float64) for _, column in found.values()]
    return Features(
        values=np.stack(columns, axis=1),
        names=tuple(found),
        signals=tuple(signal for signal, _ in found.values()),
    )


_RANKED = frozenset(
    {
        "words, 4096 turns",
        "meaning, 4096 turns",
        "own meaning, 4096 turns",
        "tags, 4096 turns",
        "answers",
        "answers, 4096 turns",
        "answers, 256 turns",
        "answers, 16 turns",
    }
)
_KEPT = _RANKED | {
    "answers, 16384 turns",
    "answers, 1024 turns",
    "answers, 16 days",
    "answers, 1 days",
    "answers, 0.0625 days",
    "own words, 4096 turns",
}


def tells_days(name: str) -> bool:
    """Return whether a feature is bound to days and hours, whose length in a community's life is its own."""
    return any(word in name for word in ("days", "minutes", "rush", "surge", "seen", "delay", "hour", "week"))


class _Decays:
    """How fresh each own answer is, at each half-life; and quantities that other features are rates of."""

    def __init__(self, clues: Clues) -> None:
        self.by_turns = dict(zip(TURNS, _powers(clues.turns, TURNS[0], len(TURNS)), strict=True))
        self.by_days = dict(zip(DAYS, _powers(clues.days, DAYS[0], len(DAYS)), strict=True))
        self.kept: dict[str, Floats] = {}


def _powers(age: Floats, longest: float, count: int) -> list[Floats]:
    """Return 2 ** (-age / half-life) for half-lives that are a quarter of the one before, by squaring twice."""
    decays = [np.exp2(-age / longest)]
    for _ in range(count - 1):
        squared = decays[-1] * decays[-1]
        decays.append(squared * squared)
    return decays


def _log_share(quantity: Floats) -> Floats:
    whole = float(quantity.sum())
    share = quantity / whole if whole > 0 else np.zeros(len(quantity))
    logarithm: Floats = np.log(share + SMOOTHING / max(len(quantity), FEWEST))
    return logarithm


def _votes(clues: Clues) -> Quantities:
    """Votes of the nearest past questions, by words and by meaning."""
    for name, voters in (("words", clues.words), ("meaning", clues.meaning)):
        given, weight = voters.given, voters.weight
        turns = (clues.evidence.until - given.answer).astype(np.float64)
        yield name, clues.per_candidate(given.person, weight)
        for half_life in TURNS[:4]:
            yield f"{name}, {half_life} turns", clues.per_candidate(given.person, weight * np.exp2(-turns / half_life))
        for days in (16, 4, 1):
            fresh = np.exp2(-given.age / days)
            yield f"{name}, {days} days", clues.per_candidate(given.person, weight * fresh)
        first_ten = (given.owner < 10).astype(np.float64)
        yield f"{name}, first ten", clues.per_candidate(given.person, weight * first_ten)
        by_place = np.exp2(-turns / 4096) / (5 + given.owner)
        yield f"{name}, by place", clues.per_candidate(given.person, by_place)


def _own_topics(clues: Clues, decays: _Decays) -> Quantities:
    """How near all that a candidate answered is to the ask, near questions counting for much more."""
    meaning = clues.of_rows(clues.by_meaning)
    near = np.exp(8 * (meaning - 0.6))
    yield "own meaning", clues.sums(near)
    for half_life in TURNS[:4]:
        yield f"own meaning, {half_life} turns", clues.sums(near * decays.by_turns[half_life])
    for days in (4.0, 1.0):
        yield f"own meaning, {days:g} days", clues.sums(near * decays.by_days[days])
    yield "own meaning, sharp", clues.sums(np.exp(14 * (meaning - 0.6)) * decays.by_turns[4096])
    yield "own meaning, wide", clues.sums(np.exp(4 * (meaning - 0.6)) * decays.by_turns[4096])
    words = clues.of_rows(clues.by_words) ** 2
    yield "own words", clues.sums(words)
    for half_life in TURNS[:3]:
        yield f"own words, {half_life} turns", clues.sums(words * decays.by_turns[half_life])


def _tags(clues: Clues) -> Quantities:
    given, worth = clues.tagged, clues.tag_worth
    turns = (clues.evidence.until - given.answer).astype(np.float64)
    yield "tags", clues.per_candidate(given.person, worth)
    for half_life in TURNS[:5]:
        yield f"tags, {half_life} turns", clues.per_candidate(given.person, worth * np.exp2(-turns / half_life))
    for days in (16.0, 4.0, 1.0, 0.25):
        fresh = np.exp2(-given.age / days)
        yield f"tags, {days:g} days", clues.per_candidate(given.person, worth * fresh)


def _activity(clues: Clues, decays: _Decays) -> Quantities:
    yield "answers", clues.own.counts.astype(np.float64)
    for turns, fresh in decays.by_turns.items():
        yield f"answers, {turns} turns", clues.sums(fresh)
    for days, fresh in decays.by_days.items():
        yield f"answers, {days:g} days", clues.sums(fresh)
    yield "answers, 20 minutes", clues.sums(np.exp2(-clues.days * 72))


def _meetings(clues: Clues, decays: _Decays) -> Quantities:
    """Answers to this very asker, and to questions that the asker answered, too."""
    askers = clues.state.questions.asker
    is_theirs = np.zeros(len(clues.rows))
    together = np.zeros(len(clues.rows))
    if clues.asker != NO_PERSON and len(askers):
        is_theirs = clues.of_rows((askers == clues.asker).astype(np.float64))
        answered = np.zeros(len(askers))
        answered[_rows_answered_by(clues, clues.asker)] = 1.0
        together = clues.of_rows(answered)
    yield "met, 4096 turns", clues.sums(is_theirs * decays.by_turns[4096])
    yield "met, 64 turns", clues.sums(is_theirs * decays.by_turns[64])
    yield "together, 4096 turns", clues.sums(together * decays.by_turns[4096])


def _rows_answered_by(clues: Clues, person: int) -> npt.NDArray[np.int32]:
    state = clues.state
    taken = state.answers.by_person.take(np.array([person], np.int32), until=clues.evidence.until)
    rows = state.questions.rows_of(state.answers.question[taken.rows])
    return rows[rows >= 0]


def _nearest(clues: Clues, decays: _Decays) -> Quantities:
    people = len(clues.fusion)
    for name, voters in (("words", clues.words), ("meaning", clues.meaning)):
        most = np.zeros(people)
        np.maximum.at(most, voters.given.person, voters.near[voters.given.owner])
        yield f"nearest {name}", most[clues.candidates]
    yield "fusion", np.log(clues.fusion[clues.candidates] + 0.01)
    active = decays.kept["answers, 4096 turns"]
    meaning = clues.sums(clues.of_rows(clues.by_meaning) * decays.by_turns[4096])
    yield "mean meaning", meaning / np.maximum(active, 1e-9)
    yield "rate of meaning", _rate(decays.kept["own meaning, 4096 turns"], active, 0.02)
    yield "rate of words", _rate(decays.kept["own words, 4096 turns"], active, 0.01)


def _tag_rates(decays: _Decays) -> Quantities:
    yield "rate of tags", _rate(decays.kept["tags, 4096 turns"], decays.kept["answers, 4096 turns"], 0.1)


def _rate(part: Floats, whole: Floats, least: float) -> Floats:
    rate: Floats = np.log((part + least) / (whole + 0.5))
    return rate


def _recency(clues: Clues, decays: _Decays) -> Quantities:
    newest = np.append(clues.own.starts[1:], len(clues.own.rows)) - 1
    days = clues.days[newest]
    yield "turns since last", -np.log1p(np.maximum(clues.turns[newest] - 1, 0))
    yield "days since last", -np.log(np.maximum(days, 0) + 1 / 96)
    kept = decays.kept
    yield "rush", np.log((kept["answers, 1 days"] + 0.3) / (kept["answers, 16 days"] / 16 + 0.3))
    yield "surge", np.log((kept["answers, 0.0625 days"] * 16 + 0.3) / (kept["answers, 1 days"] + 0.3))
    asked_days, asked_turns = _last_asked(clues)
    yield "own question", -np.minimum(np.log1p(asked_turns), LONG_AGO)
    yield "seen", -np.log(np.maximum(np.minimum(days, asked_days), 0) + 1 / 144)


def _last_asked(clues: Clues) -> tuple[Floats, Floats]:
    """Return for each candidate the days since they last asked something, and the answers given since; inf if never."""
    questions = clues.state.questions
    people = len(clues.fusion)
    rows = np.flatnonzero(clues.evidence.usable & (questions.asker != NO_PERSON))
    last = np.full(people, -np.inf)
    np.maximum.at(last, questions.asker[rows], questions.at[rows])
    asked = last[clues.candidates]
    turns = clues.evidence.until - np.searchsorted(clues.state.answers.at, asked)
    return clues.evidence.at - asked, np.where(np.isfinite(asked), turns, np.inf)


def _experience(clues: Clues, decays: _Decays) -> Quantities:
    count, first = clues.own.counts, clues.state.answers.by_person.first(clues.candidates)
    yield "tenure, turns", np.log1p(clues.evidence.until - first)
    yield "tenure, days", np.log1p(np.maximum(clues.evidence.at - clues.state.answers.at[first], 0))
    yield "few answers", (count < 3).astype(np.float64)
    yield "one answer", (count == 1).astype(np.float64)
    yield "delay", _delay(clues, decays)


def _delay(clues: Clues, decays: _Decays) -> Floats:
    """How long a candidate took to answer, in logarithms beside the community's median of late."""
    state, until = clues.state, clues.evidence.until
    scale = MINUTES if clues.has_clock else 100.0
    late = np.arange(max(0, until - 3000), until)
    rows = state.questions.rows_of(state.answers.question[late])
    late, rows = late[rows >= 0], rows[rows >= 0]
    usual = np.median(np.maximum(state.answers.at[late] - state.questions.at[rows], 0)) if len(late) else 0.0
    own = np.where(clues.rows >= 0, state.answers.at[clues.own.rows] - clues.of_rows(state.questions.at), usual)
    longer = np.log1p(np.maximum(own, 0) * scale) - np.log1p(usual * scale)
    return clues.sums(longer * decays.by_turns[4096]) / (decays.kept["answers, 4096 turns"] + 1)


def _rhythm(clues: Clues, decays: _Decays) -> Quantities:
    """Whether a candidate tends to answer at this hour, and on this day of the week (UTC)."""
    names = ("hour", "hour, narrow", "hour, of late", "next hours", "weekday", "weekend", "hour under tags")
    if not clues.has_clock:
        yield from ((name, np.zeros(len(clues.candidates))) for name in names)
        return
    at = clues.state.answers.at[clues.own.rows]
    now = clues.evidence.at
    apart = np.abs(at % 1 - now % 1)
    hours = np.minimum(apart, 1 - apart) * 24
    near = np.exp(-((hours / 1.5) ** 2))
    old, late = decays.by_turns[16384], decays.by_turns[1024]
    active, active_of_late = decays.kept["answers, 16384 turns"], decays.kept["answers, 1024 turns"]
    day, today = np.floor(at) % 7, np.floor(now) % 7
    yield names[0], _habit(clues.sums(near * old), active, 0.11)
    yield names[1], _habit(clues.sums(np.exp(-((hours / 0.6) ** 2)) * old), active, 0.044)
    yield names[2], _habit(clues.sums(near * late), active_of_late, 0.11)
    yield names[3], _habit(clues.sums(((at - now) % 1 < 4 / 24) * old), active, 0.167)
    yield names[4], _habit(clues.sums((day == today) * old), active, 0.143)
    # Days since 1 January 1970, a Thursday: Saturday is 2, Sunday is 3.
    is_weekend = np.isin(day, (2, 3)) == (today in (2, 3))
    yield names[5], _habit(clues.sums(is_weekend * near * old), active, 0.06)
    has_tag = clues.of_rows(_has_a_tag(clues))
    yield names[6], _habit(clues.sums(near * has_tag * old), clues.sums(has_tag * old), 0.11)


def _habit(part: Floats, whole: Floats, usual: float) -> Floats:
    habit: Floats = np.log((part + usual) / (whole + 1))
    return habit


def _has_a_tag(clues: Clues) -> Floats:
    has = np.zeros(len(clues.evidence.usable))
    has[clues.tagged_rows] = 1.0
    return has


def _met_back(clues: Clues) -> Quantities:
    """How often the asker answered the candidate's own questions."""
    people = len(clues.fusion)
    back = np.zeros(people)
    if clues.asker != NO_PERSON:
        askers = clues.state.questions.asker[_rows_answered_by(clues, clues.asker)]
        back = totals(askers[askers != NO_PERSON], np.ones(int((askers != NO_PERSON).sum())), people)
    yield "met back", np.log1p(back[clues.candidates])
