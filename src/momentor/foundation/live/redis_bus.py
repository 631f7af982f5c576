"""The bus on Redis or Valkey, for many web processes: PostgreSQL then tells one of them instead of all.

Actions and the message insert always notify PostgreSQL, since only that is held back until the commit. One process,
the relay, listens there and passes everything on; a lock in the database says which one. When it dies, another takes
over within seconds and tells everybody to ask for what they may have missed.

Needs the `redis` package.
"""

import asyncio
import contextlib
import logging
import random
from importlib import import_module
from typing import Any

import psycopg

from momentor.foundation.live.batches import Batches
from momentor.foundation.live.bus import Deliver, Gap, read_payload, write_payload
from momentor.foundation.live.database import GONE
from momentor.foundation.live.postgres_bus import LONGEST_PAUSE, SILENCE
from momentor.foundation.pushing import CHANNEL

logger = logging.getLogger("momentor.live")
RELAY_LOCK = 7_270_116_111_109
LOOK_FOR_RELAY = 2.0
GAP = "~gap"


class RedisBus:
    """Hears what is published on one channel; being the relay is a task of its own."""

    def __init__(self, url: str, database: str) -> None:
        self.is_up = False
        self._url = url
        self._database = database
        self._redis: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._outgoing: Batches[str, str] = Batches(self._pass_on, most=500)

    def publish(self, stream: str, text: str) -> None:
        self._outgoing.add(CHANNEL, write_payload(stream, text))

    async def subscribe(self, deliver: Deliver, gap: Gap) -> None:
        # Optional: most sites need no second server.
        redis = import_module("redis.asyncio")
        self._redis = redis.from_url(self._url, socket_connect_timeout=5, health_check_interval=15)
        start = asyncio.get_running_loop().create_task
        self._tasks = [start(self._listen(deliver, gap)), start(self._relay())]
        for _ in range(100):
            if self.is_up:
                return
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        await self._outgoing.close(1)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._redis is not None:
            await self._redis.aclose()

    async def _listen(self, deliver: Deliver, gap: Gap) -> None:
        pause = 0.1
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as ears:
                    await ears.subscribe(CHANNEL)
                    self.is_up, pause = True, 0.1
                    gap()
                    await self._hear(ears, deliver, gap)
            except Exception as error:  # noqa: BLE001 - the optional package's errors have no name here
                logger.warning("the live bus lost Redis", extra={"error": type(error).__name__})
            self.is_up = False
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - a pause, not a secret
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _hear(self, ears: Any, deliver: Deliver, gap: Gap) -> None:
        while True:
            message = await ears.get_message(timeout=SILENCE)
            if message is None:
                await ears.ping()
                continue
            found = read_payload(message["data"].decode())
            if found is None:
                continue
            if found[0] == GAP:
                gap()
            else:
                deliver(*found)

    async def _pass_on(self, channel: str, payloads: list[str]) -> None:
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for payload in payloads:
                    pipe.publish(channel, payload)
                await pipe.execute()
        except Exception as error:  # noqa: BLE001 - as above
            logger.warning("the live bus could not reach Redis", extra={"error": type(error).__name__})

    async def _relay(self) -> None:
        while True:
            with contextlib.suppress(*GONE):
                async with await psycopg.AsyncConnection.connect(
                    self._database, autocommit=True, connect_timeout=5, application_name="momentor relay"
                ) as db:
                    await self._relay_once_chosen(db)
            await asyncio.sleep(LOOK_FOR_RELAY * random.uniform(0.5, 1))  # noqa: S311 - a pause, not a secret

    async def _relay_once_chosen(self, db: psycopg.AsyncConnection[Any]) -> None:
        while True:
            row = await (await db.execute("select pg_try_advisory_lock(%s)", [RELAY_LOCK])).fetchone()
            if row and row[0]:
                break
            await asyncio.sleep(LOOK_FOR_RELAY)
        await db.execute(f"listen {CHANNEL}")
        self.publish(GAP, "{}")
        while True:
            async for notification in db.notifies(timeout=SILENCE):
                self._outgoing.add(CHANNEL, notification.payload)
            await db.execute("select 1")
