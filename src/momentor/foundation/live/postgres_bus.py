"""The bus on PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import contextlib
import logging
import random
from typing import Any

import psycopg

from momentor.foundation.live.batches import Batches
from momentor.foundation.live.bus import Deliver, Gap, read_payload, write_payload
from momentor.foundation.live.database import GONE, Pool
from momentor.foundation.pushing import CHANNEL

logger = logging.getLogger("momentor.live")
LONGEST_PAUSE = 5.0
SILENCE = 15.0


class PostgresBus:
    """Hears what was notified in committed transactions; the order of commits is the order here."""

    def __init__(self, address: str, pool: Pool) -> None:
        self.is_up = False
        self._address = address
        self._pool = pool
        self._task: asyncio.Task[None] | None = None
        self._outgoing: Batches[str, str] = Batches(self._notify, most=500)

    def publish(self, stream: str, text: str) -> None:
        self._outgoing.add(CHANNEL, write_payload(stream, text))

    async def subscribe(self, deliver: Deliver, gap: Gap) -> None:
        self._task = asyncio.get_running_loop().create_task(self._listen(deliver, gap))
        # Start with open ears where the database is there; without it, start all the same.
        for _ in range(100):
            if self.is_up:
                return
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        await self._outgoing.close(1)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self, deliver: Deliver, gap: Gap) -> None:
        pause = 0.1
        while True:
            try:
                async with await self._connect() as db:
                    await db.execute(f"listen {CHANNEL}")
                    self.is_up, pause = True, 0.1
                    gap()  # the first time as well: people may have come before the database
                    await hear(db, deliver)
            except GONE as error:
                logger.warning("the live bus lost the database", extra={"error": type(error).__name__})
            except Exception:
                logger.exception("the live bus stumbled")
            self.is_up = False
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - a pause, not a secret
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            self._address, autocommit=True, connect_timeout=5, application_name="momentor bus"
        )

    async def _notify(self, channel: str, payloads: list[str]) -> None:
        with contextlib.suppress(*GONE):  # what need not survive, does not
            async with self._pool.connection() as db:
                await db.execute("select pg_notify(%s, p) from unnest(%s::text[]) p", [channel, payloads])


async def hear(db: psycopg.AsyncConnection[Any], deliver: Deliver) -> None:
    """Deliver notifications until the connection breaks, which a question in every silence finds out."""
    while True:
        async for notification in db.notifies(timeout=SILENCE):
            if (found := read_payload(notification.payload)) is not None:
                deliver(*found)
        await db.execute("select 1")
