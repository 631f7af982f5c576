"""Reads that pages make over and over: Django writes their SQL once in each thread, and only the values change.

    @prepared
    def _open_questions(person: Person) -> QuerySet[Question]:
        return Question.objects.filter(mentee=person, state__in=Question.UNRESOLVED).order_by("-changed_at", "-pk")

    _open_questions(person=request.user)  # a list

Writing a statement over several tables costs Django far more than PostgreSQL takes to answer it: on the home page it
was half of everything. The first call makes the queryset with marks in place of the values and keeps what Django wrote;
every call puts its values where the marks stood, and the organisation of the moment where a queryset asks for that. So
the values may only be compared with: a choice among querysets is a choice among prepared ones.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model, QuerySet

from momentor.foundation.tenancy import as_if_in, current_organisation_id

Row = TypeVar("Row")
ORGANISATION = ""  # no value given by keyword has this name
BEFORE_EVERYTHING = datetime(1903, 2, 1, tzinfo=UTC)


class Prepared(Generic[Row]):
    """A queryset that is written once. Called with its values by keyword, it returns a list."""

    def __init__(self, make: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self._make = make
        self._of_thread = threading.local()
        update_wrapper(self, make)

    def __call__(self, **values: Any) -> list[Row]:
        written: Written[Row] | None = getattr(self._of_thread, "written", None)
        if written is None:
            written = self._of_thread.written = Written(self._make, values)
        return written.rows(values)


prepared = Prepared


class Written(Generic[Row]):
    """A queryset with its SQL, for one thread and its connection."""

    def __init__(self, make: Callable[..., "QuerySet[Any, Row]"], values: dict[str, Any]) -> None:
        marks = {name: _mark(value, number) for number, (name, value) in enumerate(values.items())}
        here = uuid4()
        with as_if_in(here):
            self._queryset = make(**marks)
        if self._queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # a private part
            raise TypeError("prepared reads prefetch nothing")
        compiler = self._queryset.query.get_compiler(connection=connection)
        self._sql, self._values = compiler.as_sql()
        self._places = _places(self._values, marks, here)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.as_sql = self._as_sql
        compiler.get_converters = lambda _columns: converters
        self._queryset.query.get_compiler = lambda *_given, **_named: compiler  # type: ignore[method-assign]  # the same

    def rows(self, values: dict[str, Any]) -> list[Row]:
        plain = {name: value.pk if isinstance(value, Model) else value for name, value in values.items()}
        if None in plain.values():
            raise TypeError("nothing equals NULL: make a queryset of its own for it")
        given = list(self._values)
        for place, name in self._places:
            given[place] = current_organisation_id() if name is ORGANISATION else plain[name]
        self._values = tuple(given)
        iterable: Any = self._queryset._iterable_class
        return list(iterable(self._queryset))

    def _as_sql(self, *_given: Any, **_named: Any) -> tuple[str, Sequence[Any]]:
        return self._sql, self._values


def _mark(value: Any, number: int) -> Any:
    """Return a value of the same kind that stands nowhere else."""
    if isinstance(value, Model):
        mark: Model = value.__class__(pk=uuid4())  # of a lazy one too
        return mark
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return BEFORE_EVERYTHING + timedelta(days=number)
    raise TypeError(f"a prepared read takes people, other rows, ids and moments, not {type(value).__name__}")


def _places(written: Sequence[Any], marks: dict[str, Any], here: UUID) -> list[tuple[int, str]]:
    """Return where in a statement's values each mark came to stand. Raises TypeError for one that is nowhere."""
    names = {mark.pk if isinstance(mark, Model) else mark: name for name, mark in marks.items()}
    names[here] = ORGANISATION
    places = [
        (place, names[value])
        for place, value in enumerate(written)
        if isinstance(value, (UUID, datetime)) and value in names
    ]
    if missing := marks.keys() - {name for _place, name in places}:
        raise TypeError(f"a prepared read does not compare with {', '.join(sorted(missing))}")
    return places
