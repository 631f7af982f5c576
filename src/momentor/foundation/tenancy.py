"""Who the database works for: one organisation a transaction, and nothing is seen without one.

Row-level security reads three settings that live as long as the transaction: `app.organisation`, `app.person`,
and `app.signing_in`, which opens the table of people to the sign-in pages alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


@dataclass(frozen=True, kw_only=True)
class Acting:
    """For whom the current transaction works."""

    organisation_id: UUID | None = None
    person_id: UUID | None = None
    is_signing_in: bool = False


NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


class NoOrganisation(RuntimeError):
    """Code that belongs to an organisation ran outside `acting_in`."""


def acting() -> Acting:
    """Return for whom the current transaction works."""
    return _acting.get()


def current_organisation_id() -> UUID:
    """Return the organisation that the current transaction works for. Raises NoOrganisation."""
    organisation_id = _acting.get().organisation_id
    if organisation_id is None:
        raise NoOrganisation("open acting_in(organisation) first")
    return organisation_id


@contextmanager
def acting_in(
    organisation_id: UUID | None, *, person_id: UUID | None = None, is_signing_in: bool = False
) -> Iterator[None]:
    """Open a transaction (or a savepoint in one) that sees the rows of this organisation and no others."""
    before = _acting.get()
    wanted = Acting(organisation_id=organisation_id, person_id=person_id, is_signing_in=is_signing_in)
    with transaction.atomic():
        _tell_database(wanted)
        token = _acting.set(wanted)
        try:
            yield
        finally:
            _acting.reset(token)
        # A setting outlives a released savepoint, and is undone by a rolled back one.
        if before is not NOBODY and not connection.needs_rollback:
            _tell_database(before)


@contextmanager
def signing_in() -> Iterator[None]:
    """Open a transaction that may look up any person: for the sign-in pages, commands and nothing else."""
    with acting_in(acting().organisation_id, person_id=acting().person_id, is_signing_in=True):
        yield


@contextmanager
def as_if_in(organisation_id: UUID) -> Iterator[None]:
    """Let `current_organisation_id` name this one inside; the database is told nothing, so nothing may be read."""
    token = _acting.set(Acting(organisation_id=organisation_id))
    try:
        yield
    finally:
        _acting.reset(token)


def _tell_database(acting: Acting) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.organisation', %s, true), set_config('app.person', %s, true),"
            " set_config('app.signing_in', %s, true)",
            [
                str(acting.organisation_id or ""),
                str(acting.person_id or ""),
                "on" if acting.is_signing_in else "",
            ],
        )
