"""/healthz says that the process runs, /readyz that it can serve."""

import asyncio
import json
from typing import Any

from django.db.migrations.loader import MigrationLoader

from momentor.foundation.live.bus import Bus
from momentor.foundation.live.database import GONE, Pool


class Health:
    """Answers the questions of load balancers and of `momentor doctor`."""

    def __init__(self, pool: Pool, bus: Bus) -> None:
        self._pool = pool
        self._bus = bus
        self._wanted: set[tuple[str, str]] | None = None

    async def is_alive(self, scope: Any, receive: Any, send: Any) -> None:
        await _answer(send, 200, {"status": "alive"})

    async def is_ready(self, scope: Any, receive: Any, send: Any) -> None:
        wrong = await self._what_is_wrong()
        await _answer(send, 503 if wrong else 200, {"status": "not ready" if wrong else "ready", "wrong": wrong})

    async def _what_is_wrong(self) -> list[dict[str, str]]:
        wrong = []
        try:
            async with asyncio.timeout(3):
                missing = await self._missing_migrations()
        except (*GONE, TimeoutError) as error:
            wrong.append({"part": "database", "says": f"The database does not answer ({type(error).__name__})."})
        else:
            if missing:
                says = f"{len(missing)} migrations are not applied, the first is {missing[0]}. Run: momentor migrate"
                wrong.append({"part": "migrations", "says": says})
        if not self._bus.is_up:
            wrong.append({"part": "bus", "says": "The live bus is not connected; it tries again by itself."})
        return wrong

    async def _missing_migrations(self) -> list[str]:
        if self._wanted is None:
            self._wanted = await asyncio.to_thread(_on_disk)
        async with self._pool.connection() as db:
            applied = set(await (await db.execute("select app, name from django_migrations")).fetchall())
        return [".".join(one) for one in sorted(self._wanted - applied)]


def _on_disk() -> set[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    # A migration that replaces others is recorded once all of those are.
    return {key for key, migration in loader.disk_migrations.items() if not migration.replaces}


async def _answer(send: Any, status: int, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
