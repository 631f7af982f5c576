"""The event loop's own connections to the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

Database = psycopg.AsyncConnection[Any]
Pool = AsyncConnectionPool[Database]
T = TypeVar("T")

# The database is away, or busy: worth another try.
GONE = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, OSError)
PATIENCE_WITH_LOCKS_MS = 300

logger = logging.getLogger("momentor.live")


def make_pool(address: str, *, most: int = 8) -> Pool:
    """Return a closed pool of connections in autocommit."""
    return AsyncConnectionPool(
        address,
        min_size=1,
        max_size=most,
        timeout=4,
        reconnect_timeout=5,
        open=False,
        name="live",
        configure=_configure,
        kwargs={"autocommit": True, "connect_timeout": 4, "application_name": "momentor live"},
    )


async def _configure(db: Database) -> None:
    await db.execute(f"set lock_timeout = {PATIENCE_WITH_LOCKS_MS}")
    await db.execute("set statement_timeout = 8000")


_AS = """
select set_config('app.organisation', %(organisation)s, true), set_config('app.person', %(person)s, true);
"""


async def ask(
    pool: Pool, organisation_id: UUID, person_id: UUID | None, statements: str, **values: Any
) -> list[list[Any]]:
    """Return the rows of each statement, of this organisation and no others: `acting_in` on the event loop.

    All of it is one message to the server, which makes it one transaction: one way there and back.
    """
    named = {**values, "organisation": str(organisation_id), "person": str(person_id or "")}
    async with pool.connection() as db:
        cursor = psycopg.AsyncClientCursor(db)
        await cursor.execute(_AS + statements, named)
        answers = []
        while cursor.nextset():
            answers.append(await cursor.fetchall() if cursor.description else [])
        return answers


async def patiently(read: Callable[[], Awaitable[T]], *, tries: int = 3) -> T:
    """Return what a read returns, trying again over connections that a restart broke. Raises one of GONE."""
    for left in range(tries - 1, -1, -1):
        try:
            return await read()
        except GONE:
            if not left:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError("not reached")
