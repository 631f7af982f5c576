"""Three tables to the values of an index: all of them are right, or a sentence says what is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from matchwell.columns import Numbers
from matchwell.tables import cells
from matchwell.tables.table import Columns, Table
from matchwell.values import Answer, PastQuestion, PersonText

LONGEST_PAST = 100_000.0  # days from the first row to the last; more are seconds that were taken for days

Cell = TypeVar("Cell")


@dataclass(frozen=True, kw_only=True, slots=True)
class Community:
    """Who there is, what was asked, and who answered what."""

    people: list[PersonText]
    questions: list[PastQuestion]
    answers: list[Answer]


def read(people: Table | None, questions: Table, answers: Table, *, now: float | date | None = None) -> Community:
    """Return the values of three tables; without `people`, everybody who answered.

    With `now` (days, or a datetime, as in the tables) nothing may be later. Raises WrongTable.
    """
    asked = Columns(
        "questions", questions, needed=("id", "text", "at"), optional=("tags", "language", "asker", "vector")
    )
    given = Columns("answers", answers, needed=("question", "person", "at"))
    names = _names(asked)
    times, answered_at = _times(asked, given, now)
    answered = _each(given, "question", cells.identifier)
    by = _each(given, "person", cells.identifier)
    known = [PersonText(id=name) for name in sorted(set(by))] if people is None else _people(people)
    _require_meeting(given, "question", answered, set(names))
    _require_meeting(given, "person", by, {one.id for one in known})
    return Community(
        people=known,
        questions=[
            PastQuestion(
                id=name, text=text, at=at, tags=frozenset(tags), language=language, asker=asker, vector=numbers
            )
            for name, text, at, tags, language, asker, numbers in zip(
                names,
                _each(asked, "text", cells.text),
                times,
                _each(asked, "tags", cells.several),
                _each(asked, "language", cells.optional_text),
                _each(asked, "asker", cells.optional_identifier),
                _vectors(asked),
                strict=True,
            )
        ],
        answers=[
            Answer(question=question, person=person, at=at)
            for question, person, at in zip(answered, by, answered_at, strict=True)
        ],
    )


def _people(table: Table) -> list[PersonText]:
    told = Columns("people", table, needed=("id",), optional=("text", "skills", "languages", "samples", "background"))
    return [
        PersonText(
            id=name,
            text=text,
            skills=skills,
            languages=frozenset(languages),
            samples=samples,
            background=frozenset(background),
        )
        for name, text, skills, languages, samples, background in zip(
            _names(told),
            _each(told, "text", cells.text),
            _each(told, "skills", cells.several),
            _each(told, "languages", cells.several),
            _each(told, "samples", cells.several),
            _each(told, "background", cells.several),
            strict=True,
        )
    ]


def _each(columns: Columns, column: str, read_cell: Callable[[Any], Cell]) -> list[Cell]:
    found = []
    for row, cell in columns.cells(column):
        try:
            found.append(read_cell(cell))
        except ValueError as fault:
            raise columns.wrong(f"{column} in row {row} {fault}") from None
    return found


def _names(columns: Columns) -> list[str]:
    names = _each(columns, "id", cells.identifier)
    row_of: dict[str, int] = {}
    for row, name in enumerate(names):
        if row_of.setdefault(name, row) != row:
            raise columns.wrong(f"the id {name!r} stands in row {row_of[name]} and in row {row}. Keep one of them.")
    return names


def _times(asked: Columns, given: Columns, now: float | date | None) -> tuple[list[float], list[float]]:
    """Return when questions were asked and answers given, in days."""
    both = [_each(columns, "at", cells.moment) for columns in (asked, given)]
    end = None if now is None else _present(asked, now)
    kinds = {is_date for column in both for _, is_date in column} | (set() if end is None else {end[1]})
    if len(kinds) > 1:
        raise given.wrong("some times are numbers, and some are dates. Give all as days, or all as datetimes.")
    times = [at for column in both for at, _ in column]
    if times and max(times) - min(times) > LONGEST_PAST:
        raise given.wrong(
            f"times lie {max(times) - min(times):.0f} days apart. Give days (seconds / 86400) or datetimes."
        )
    for columns, column in zip((asked, given), both, strict=True):
        for row, (at, _) in enumerate(column):
            if end is not None and at > end[0]:
                raise columns.wrong(
                    f"row {row} is {at - end[0]:g} days later than now. Leave it out, or mend its time."
                )
    return [at for at, _ in both[0]], [at for at, _ in both[1]]


def _present(asked: Columns, now: float | date) -> tuple[float, bool]:
    try:
        return cells.moment(now)
    except ValueError as fault:
        raise asked.wrong(f"now {fault}") from None


def _vectors(asked: Columns) -> list[Numbers | None]:
    vectors = _each(asked, "vector", cells.vector)
    dim = None
    for row, one in enumerate(vectors):
        if one is None:
            continue
        dim = dim or len(one)
        if len(one) != dim:
            raise asked.wrong(f"vector in row {row} has {len(one)} numbers, and others {dim}. Use one encoder for all.")
    return vectors


def _require_meeting(given: Columns, column: str, found: Sequence[str], known: set[str]) -> None:
    """Refuse answers that all name strangers: then identifiers were written in two ways."""
    if found and known and known.isdisjoint(found):
        raise given.wrong(
            f"it names no {column} that there is; {found[0]!r} is unknown, for one. "
            "Write identifiers alike in all tables."
        )
