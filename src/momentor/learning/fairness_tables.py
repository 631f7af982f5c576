"""The report on fairness in words and rounded numbers, one small table a figure.

Shares come in steps of five percent and people in steps of five: a figure that moves tells of several people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, floor

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from matchwell.fairness import Estimate, MenteeReport, MentorReport, Row
from momentor.dispatch.plain import time_in_words

PEOPLE = 5
SHARES = 0.05


@dataclass(frozen=True, kw_only=True)
class Line:
    """One group's figure: with its range, and beside what chance makes of as many people."""

    who: str
    is_their_own: bool  # what a coordinator wrote, in whatever language
    people: int
    value: str
    interval: str
    verdict: str
    by_chance: str
    differs: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """One figure of everybody and, where people named groups, of each."""

    name: str
    title: str
    explains: str
    lines: list[Line]

    @property
    def has_groups(self) -> bool:
        return len(self.lines) > 1


@dataclass(frozen=True, kw_only=True)
class _Figure:
    title: str
    explains: str
    step: float  # what it is rounded to; 0 where the words round it
    spelled: Callable[[float], str]
    between: Callable[[float, float], str]
    less: str
    more: str


def mentor_tables(report: MentorReport) -> list[Table]:
    """Return what came to mentors."""
    return _tables(report.rows, _mentor_figures())


def mentee_tables(report: MenteeReport) -> list[Table]:
    """Return what became of the questions of mentees."""
    return _tables(report.rows, _mentee_figures())


def unevenness(report: MentorReport) -> str:
    """Return the Gini coefficient as a number, or "" where there is none."""
    return "" if report.gini is None else number_format(report.gini, 2)


def busiest(report: MentorReport) -> str:
    """Return the share of the ten busiest, or "" where there are no more than ten."""
    return "" if report.busiest is None else _percent(_rounded(report.busiest, SHARES))


def _mentor_figures() -> dict[str, _Figure]:
    less, more = _("less"), _("more")
    return {
        "invitations": _Figure(
            title=_("Offers a mentor"),
            explains=_(
                "How many questions were offered to one mentor, on average. Who was offered none counts as well."
            ),
            step=0.1,
            spelled=_number,
            between=_numbers,
            less=less,
            more=more,
        ),
        "exposure": _Figure(
            title=_("Offers weighted by place"),
            explains=_("The first who is offered a question counts 1, the third a half, the tenth three tenths."),
            step=0.1,
            spelled=_number,
            between=_numbers,
            less=less,
            more=more,
        ),
        "accepted": _share(_("Accepted"), _("Of a hundred offers.")),
        "helped": _share(
            _("It helped, say mentees"),
            _("Of a hundred talks with these mentors after which the mentee told whether it helped."),
        ),
    }


def _mentee_figures() -> dict[str, _Figure]:
    return {
        "answered": _share(
            _("Answered"), _("Of a hundred questions. One that still waits counts as not answered yet.")
        ),
        "minutes": _Figure(
            title=_("Time to the first human"),
            explains=_("Until a mentor came to the question. Half of the people usually waited less, half longer."),
            step=0,
            spelled=time_in_words,
            between=_times,
            less=_("shorter"),
            more=_("longer"),
        ),
        "helped": _share(_("It helped, they say"), _("Of a hundred talks after which they told whether it helped.")),
    }


def _share(title: str, explains: str) -> _Figure:
    return _Figure(
        title=title,
        explains=explains,
        step=SHARES,
        spelled=_percent,
        between=_percents,
        less=_("less"),
        more=_("more"),
    )


def _tables(rows: tuple[Row, ...], figures: Mapping[str, _Figure]) -> list[Table]:
    tables = []
    for name, figure in figures.items():
        found = [(row, row.figures[name]) for row in rows]
        if any(estimate is not None for _row, estimate in found):
            lines = [_line(row, estimate, figure) for row, estimate in found]
            tables.append(Table(name=name, title=figure.title, explains=figure.explains, lines=lines))
    return tables


def _line(row: Row, estimate: Estimate | None, figure: _Figure) -> Line:
    names = {"all": _("Everybody"), "others": _("Everybody else"), "silent": _("Said nothing")}
    value, interval, verdict, by_chance, differs = "", "", "", "", 0
    if estimate is not None:
        step, shown = figure.step, _rounded(estimate.value, figure.step)
        value = figure.spelled(shown)
        interval = figure.between(_rounded(estimate.low, step, floor), _rounded(estimate.high, step, ceil))
        if estimate.by_lot is not None:
            low, high = estimate.by_lot
            lots = _rounded(low, step, floor), _rounded(high, step, ceil)
            by_chance = figure.between(*lots)
            # Of what is shown, so that the words agree with the numbers beside them.
            differs, verdict = _verdict(shown, *lots, figure)
    return Line(
        who=row.label or names[row.part],
        is_their_own=row.part == "group",
        people=row.people // PEOPLE * PEOPLE,
        value=value,
        interval=interval,
        verdict=verdict,
        by_chance=by_chance,
        differs=differs,
    )


def _verdict(value: float, low: float, high: float, figure: _Figure) -> tuple[int, str]:
    differs = int(value > high) - int(value < low)
    return differs, {-1: figure.less, 0: _("no difference seen"), 1: figure.more}[differs]


def _rounded(value: float, step: float, to_whole: Callable[[float], float] = round) -> float:
    # To six places first, or 0.55 would be more than eleven steps of 0.05.
    return to_whole(round(value / step, 6)) * step if step else value


def _number(value: float) -> str:
    return number_format(value, 1)


def _numbers(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": _number(low), "high": _number(high)}


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _percents(low: float, high: float) -> str:
    return _("%(low)s to %(high)s %%") % {"low": round(100 * low), "high": round(100 * high)}


def _times(low: float, high: float) -> str:
    shorter, longer = time_in_words(low), time_in_words(high)
    number, _space, unit = shorter.partition(" ")
    return _("%(low)s to %(high)s") % {"low": number if longer.endswith(f" {unit}") else shorter, "high": longer}
