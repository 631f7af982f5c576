"""Who is found and who is helped, by the groups that people count themselves to. For reports; no ranking reads it.

Exposure is what Singh & Joachims ("Fairness of Exposure in Rankings", 2018) call so: being listed counts for
1 / log2(1 + place), as fewer look at what stands further down. People are the unit throughout: somebody who asks or is
asked a lot makes an interval no narrower than one person can.

In a market where most invitations go to a few, a group of ten differs from all by chance alone, and widely. So beside
each figure of a group stands the range in which it would lie for as many people drawn from all by lot.

Groups of few are never shown. They are put together as "others", and where these are few themselves, those who said
nothing go with them, then the smallest group: else it would be enough to subtract what is shown from the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, inf, log2, nan, sqrt
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats

FEWEST = 5  # people whom a figure is about, at least
BUSIEST = 10
DRAWS = 1000
FEWER_DRAWS = 200  # where each is of more people than this:
MANY = 2000
AT_ONCE = 2**20
Z = 1.959964  # of the normal distribution, for 95 %
INTERVAL = (2.5, 97.5)

Part = Literal["all", "group", "others", "silent"]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class MentorRecord:
    """What came to one mentor. `group` None: they said nothing of it.

    `exposure` is the sum of `weight_of(place)` over their invitations; of their conversations, `told` ended with a word
    on whether it helped, and `helped` of these did.
    """

    group: str | None
    invitations: int
    exposure: float
    accepted: int
    told: int = 0
    helped: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.accepted <= self.invitations and 0 <= self.helped <= self.told and 0 <= self.exposure < inf):
            raise ValueError(f"Nobody accepts more than they were invited to, or helped more than was told: {self!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MenteeRecord:
    """What became of the questions of one mentee. `group` None: they said nothing of it.

    `minutes` is how long they usually waited for the first who took a question, None where nobody did yet.
    """

    group: str | None
    asked: int
    answered: int
    minutes: float | None = None
    told: int = 0
    helped: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.answered <= self.asked and 0 <= self.helped <= self.told):
            raise ValueError(f"No more questions are answered than were asked, or helped than was told: {self!r}")
        if self.minutes is not None and not 0 <= self.minutes < inf:
            raise ValueError(f"A wait is a number of minutes from zero on, or None: {self!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A figure with its 95 % interval. `people` stand behind it.

    Of a group: `ratio` to the figure of all, and `by_lot`, in which range the figure lies for 95 of 100 groups of as
    many people drawn from all by lot.
    """

    value: float
    low: float
    high: float
    people: int
    ratio: float = 1.0
    by_lot: tuple[float, float] | None = None

    @property
    def differs(self) -> int:
        """Return -1 or 1 where the figure is lower or higher than chance explains, else 0: no difference is seen."""
        if self.by_lot is None:
            return 0
        return int(self.value > self.by_lot[1]) - int(self.value < self.by_lot[0])


Figures = Mapping[str, Estimate | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One part of the people, with its figures by name; None where too few people stand behind a figure.

    `part` "all" are all, "others" those of groups too small to show and whoever had to be put with them, "silent" those
    who said nothing; `label` is that of a "group", else empty.
    """

    part: Part
    label: str
    people: int
    figures: Figures


@dataclass(frozen=True, kw_only=True, slots=True)
class MentorReport:
    """Mentors, all first: figures "invitations" and "exposure" (a head), "accepted" and "helped" (shares).

    `gini` is 0 where all mentors have the same exposure, and near 1 where one has all; `busiest` is the share of
    invitations that the ten busiest had. None where there is too little to say it of.
    """

    rows: tuple[Row, ...]
    gini: float | None
    busiest: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MenteeReport:
    """Mentees, all first: figures "answered" and "helped" (shares), "minutes" (the median of people's usual wait)."""

    rows: tuple[Row, ...]


def weight_of(place: int) -> float:
    """Return what a place in a list, from 1, is worth: 1 for the first, half of it for the third."""
    return 1 / log2(1 + place)


def mentor_report(records: Iterable[MentorRecord], *, fewest: int = FEWEST, seed: int = 0) -> MentorReport:
    """Sum up what came to mentors, those without any invitation included."""
    records = sorted(records, key=lambda one: (one.exposure, one.invitations, one.accepted, one.told, one.helped))
    invitations = _column(one.invitations for one in records)
    exposure = _column(one.exposure for one in records)
    figures: dict[str, _Figure] = {
        "invitations": _Mean(invitations),
        "exposure": _Mean(exposure),
        "accepted": _Share(_column(one.accepted for one in records), invitations),
        "helped": _Share(_column(one.helped for one in records), _column(one.told for one in records)),
    }
    rows = _rows([one.group for one in records], figures, fewest, seed)
    if len(records) < fewest:
        return MentorReport(rows=rows, gini=None, busiest=None)
    total, most = float(invitations.sum()), float(np.sort(invitations)[-BUSIEST:].sum())
    busiest = most / total if total and len(records) > BUSIEST else None
    return MentorReport(rows=rows, gini=gini(exposure), busiest=busiest)


def mentee_report(records: Iterable[MenteeRecord], *, fewest: int = FEWEST, seed: int = 0) -> MenteeReport:
    """Sum up what became of the questions of mentees."""
    records = sorted(
        records, key=lambda one: (one.asked, one.answered, one.minutes is None, one.minutes or 0, one.told, one.helped)
    )
    figures: dict[str, _Figure] = {
        "answered": _Share(_column(one.answered for one in records), _column(one.asked for one in records)),
        "minutes": _Median(_column(nan if one.minutes is None else one.minutes for one in records)),
        "helped": _Share(_column(one.helped for one in records), _column(one.told for one in records)),
    }
    return MenteeReport(rows=_rows([one.group for one in records], figures, fewest, seed))


def gini(values: Sequence[float] | Floats) -> float | None:
    """Return how unevenly something is spread: 0 evenly, 1 - 1 / n where one of n has all; None where there is none."""
    ordered = np.sort(np.asarray(values, np.float64))
    total = float(ordered.sum())
    if total <= 0:
        return None
    ranks = 2 * np.arange(1, len(ordered) + 1) - len(ordered) - 1
    return float((ranks * ordered).sum() / (len(ordered) * total))


def wilson(share: float, people: float) -> tuple[float, float]:
    """Return the 95 % interval of a share among so many (Wilson 1927): within 0 and 1, and no point for few."""
    middle = share + Z**2 / (2 * people)
    spread = Z * sqrt(share * (1 - share) / people + Z**2 / (4 * people**2))
    whole = 1 + Z**2 / people
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def _column(values: Iterable[float]) -> Floats:
    return np.array(list(values), np.float64)


class _Figure(Protocol):
    """A figure of people, who are given by their places in the records.

    `values` takes many groups of one size, int [g, size], and returns float64 [g], nan where there is nothing to sum.
    """

    def values(self, groups: Places) -> Floats: ...

    def interval(self, who: Places, seed: int) -> tuple[float, float]: ...

    def people(self, who: Places) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Mean:
    """The mean, with the interval of the bootstrap."""

    of: Floats

    def values(self, groups: Places) -> Floats:
        means: Floats = self.of[groups].mean(axis=1)
        return means

    def interval(self, who: Places, seed: int) -> tuple[float, float]:
        chance = np.random.default_rng([seed, len(who)])
        drawn = [self.values(who[chance.integers(len(who), size=(rows, len(who)))]) for rows in _rounds(len(who))]
        return _range(np.concatenate(drawn))

    def people(self, who: Places) -> int:
        return len(who)


@dataclass(frozen=True, slots=True, eq=False)
class _Share:
    """The share of hits among all trials.

    Its interval is that of as many independent trials as would vary alike (Korn & Graubard 1998): what one person
    meets comes out more alike than what many do. Where no variance is seen, it is taken to be all alike (Kish 1965).
    """

    hits: Floats
    trials: Floats

    def values(self, groups: Places) -> Floats:
        hits, trials = self.hits[groups].sum(axis=1), self.trials[groups].sum(axis=1)
        shares: Floats = np.divide(hits, trials, out=np.full(len(groups), nan), where=trials > 0)
        return shares

    def interval(self, who: Places, seed: int) -> tuple[float, float]:
        hits, trials = self.hits[who], self.trials[who]
        total, share = float(trials.sum()), float(self.values(who[None])[0])
        degrees = max(1, int(np.count_nonzero(trials)) - 1)
        variance = float(((hits - share * trials) ** 2).sum()) / total**2 * (degrees + 1) / degrees
        if not variance:
            return wilson(share, total**2 / float((trials**2).sum()))
        of_few = 1 + (Z**2 + 1) / (4 * degrees)  # how much wider the t distribution is than the normal
        return wilson(share, min(total, share * (1 - share) / variance) / of_few**2)

    def people(self, who: Places) -> int:
        return int(np.count_nonzero(self.trials[who]))


@dataclass(frozen=True, slots=True, eq=False)
class _Median:
    """The median of what is not nan, with the interval of the order statistics, which holds whatever the distribution.

    (Conover, Practical Nonparametric Statistics, section 3.2.)
    """

    of: Floats

    def values(self, groups: Places) -> Floats:
        ordered = np.sort(self.of[groups], axis=1)  # nan comes last
        known = np.count_nonzero(~np.isnan(ordered), axis=1)
        row = np.arange(len(ordered))
        medians: Floats = (ordered[row, np.maximum(known - 1, 0) // 2] + ordered[row, known // 2 * (known > 0)]) / 2
        return medians

    def interval(self, who: Places, seed: int) -> tuple[float, float]:
        known = self.people(who)
        ordered = np.sort(self.of[who])
        spread = Z * sqrt(known) / 2
        low, high = max(0, floor(known / 2 - spread)), min(known - 1, ceil(known / 2 + spread))
        return float(ordered[low]), float(ordered[high])

    def people(self, who: Places) -> int:
        return int(np.count_nonzero(~np.isnan(self.of[who])))


def _rows(groups: Sequence[str | None], figures: Mapping[str, _Figure], fewest: int, seed: int) -> tuple[Row, ...]:
    if len(groups) < fewest:
        return ()
    everybody = np.arange(len(groups))
    found = {name: _estimate(figure, everybody, fewest, seed) for name, figure in figures.items()}
    rows = [Row(part="all", label="", people=len(groups), figures=found)]
    for part, label, who in _parts(groups, fewest):
        theirs = {name: _estimate(figure, who, fewest, seed) for name, figure in figures.items()}
        by_lot = _by_lot(figures, len(groups), len(who), seed)
        beside = {name: _beside(found[name], theirs[name], by_lot[name]) for name in figures}
        rows.append(Row(part=part, label=label, people=len(who), figures=beside))
    return tuple(rows)


def _parts(groups: Sequence[str | None], fewest: int) -> list[tuple[Part, str, Places]]:
    """Return the groups in alphabetical order, then the others, then the silent; none where all would be in one."""
    members: dict[str | None, list[int]] = {}
    for place, label in enumerate(groups):
        members.setdefault(label, []).append(place)
    folded: list[int] = []
    few = [label for label in members if len(members[label]) < fewest]
    enough = sorted(members.keys() - few, key=lambda label: (label is not None, len(members[label]), label or ""))
    for label in [*few, *enough]:
        if label in few or 0 < len(folded) < fewest:
            folded += members.pop(label)
    if len(members) + bool(folded) < 2:
        return []
    parts: list[tuple[Part, str, list[int]]] = [
        ("group", label, members[label]) for label in sorted(label for label in members if label is not None)
    ]
    if folded:
        parts.append(("others", "", sorted(folded)))
    if None in members:
        parts.append(("silent", "", members[None]))
    return [(part, label, np.array(who)) for part, label, who in parts]


def _estimate(figure: _Figure, who: Places, fewest: int, seed: int) -> Estimate | None:
    """Return a figure of some people, which does not depend on who else there is."""
    people = figure.people(who)
    if people < fewest:
        return None
    low, high = figure.interval(who, seed)
    return Estimate(value=float(figure.values(who[None])[0]), low=low, high=high, people=people)


def _beside(whole: Estimate | None, theirs: Estimate | None, by_lot: Floats) -> Estimate | None:
    """Return a group's figure beside that of all."""
    drawn = by_lot[~np.isnan(by_lot)]
    if whole is None or theirs is None or not len(drawn):
        return None
    return replace(theirs, ratio=theirs.value / whole.value if whole.value else nan, by_lot=_range(drawn))


def _by_lot(figures: Mapping[str, _Figure], people: int, size: int, seed: int) -> dict[str, Floats]:
    """Return each figure of groups of a size that are drawn from all by lot."""
    chance = np.random.default_rng([seed, people, size])
    found: dict[str, list[Floats]] = {name: [] for name in figures}
    for rows in _rounds(people):
        lots = np.argpartition(chance.random((rows, people)), size - 1, axis=1)[:, :size]
        for name, figure in figures.items():
            found[name].append(figure.values(lots))
    return {name: np.concatenate(values) for name, values in found.items()}


def _rounds(people: int) -> list[int]:
    """Return how many draws of so many people are made at once, and again, so that they fit into memory."""
    draws, at_once = DRAWS if people <= MANY else FEWER_DRAWS, max(1, AT_ONCE // people)
    return [min(at_once, draws - done) for done in range(0, draws, at_once)]


def _range(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, INTERVAL)
    return float(low), float(high)
