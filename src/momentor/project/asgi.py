"""The one process: what is live runs on the event loop, Django's pages beside it in threads.

Serve it with uvicorn and the options in `UVICORN`, or the same on the command line:

    uvicorn momentor.project.asgi:application --ws-max-size 32768 --ws-per-message-deflate false --no-proxy-headers
"""

import asyncio
import gc
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp

from momentor.project.wsgi import application as pages  # isort: skip - sets Django up, which the next ones need

from django.conf import settings

from momentor.api import live as api
from momentor.foundation.live import frames
from momentor.foundation.live.bus import Bus
from momentor.foundation.live.database import GONE, Pool, make_pool
from momentor.foundation.live.door import Book, Door
from momentor.foundation.live.events import Events
from momentor.foundation.live.farewell import when_asked_to_stop
from momentor.foundation.live.health import Health
from momentor.foundation.live.hub import Hub
from momentor.foundation.live.limits import Limits
from momentor.foundation.live.postgres_bus import PostgresBus
from momentor.foundation.live.redis_bus import RedisBus
from momentor.foundation.live.socket import Socket
from momentor.foundation.request_id import request_id
from momentor.people import live as people
from momentor.project.proxy import Application, BehindProxies
from momentor.sessions.live import Rooms
from momentor.web import metrics

UVICORN: dict[str, Any] = {
    "ws_max_size": Limits().frame_bytes,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 20,
    "ws_ping_timeout": 20,
    "timeout_graceful_shutdown": 10,
    "proxy_headers": False,  # proxy.py reads them, and only where the host says that there is a proxy
}

Answer = Callable[[Any, Any, Any], Awaitable[None]]
AnswerAt = Callable[[str, Any, Any, Any], Awaitable[None]]
_AT = re.compile(r"/at/([-a-z0-9_]{1,40})(/.*)")

logger = logging.getLogger("momentor.live")


class Shell:
    """Shows everything that comes in the right way."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._threads = WSGIMiddleware(cast("WSGIApp", pages), workers=settings.ENVIRONMENT["MOMENTOR_THREADS"])
        address = settings.ENVIRONMENT["MOMENTOR_DIRECT_DATABASE_URL"] or settings.ENVIRONMENT["DATABASE_URL"]
        self.pool: Pool = make_pool(address)
        # What is said is stored through few connections: one is enough for one organisation, and stays warm.
        self._writers: Pool = make_pool(address, most=4)
        self.hub = Hub(_bus(address, self.pool), limits=limits, meters=_Counted())
        self.rooms = Rooms(self.hub, self.pool, self._writers)
        self.hub.add(self.rooms)
        health = Health(self.pool, self.hub.bus)
        book = Book(organisation=people.ORGANISATION, members=people.MEMBERS, tokens=api.TOKENS)
        self.door = Door(self.pool, book)
        self._plain: dict[str, Answer] = {"/healthz": health.is_alive, "/readyz": health.is_ready}
        # Hot paths of an organisation: answered here, read from the pool, and part of the API's description.
        self._at: dict[tuple[str, str], AnswerAt] = {
            ("http", "/api/v1/events"): Events(self.hub, self.door),
            ("websocket", "/live"): Socket(self.hub, self.door),
        }
        self._recheck: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = scope["type"]
        if kind == "lifespan":
            await self._live(receive, send)
            return
        request_id.set(secrets.token_hex(6))
        path: str = scope["path"]
        if kind == "http" and path in self._plain:
            await self._plain[path](scope, receive, send)
        elif (at := _AT.fullmatch(path)) and (answer := self._at.get((kind, at[2]))):
            await answer(at[1], scope, receive, send)
        else:
            # a2wsgi refuses WebSockets.
            await self._threads(scope, receive, send)

    async def open(self) -> None:
        """Start what lives as long as the process. A database that is away keeps nobody from starting."""
        await self.pool.open(wait=False)
        await self._writers.open(wait=False)
        await self.hub.open()
        self._recheck = asyncio.create_task(self._see_who_may_stay())
        when_asked_to_stop(self.hub.say_goodbye)

    async def close(self) -> None:
        """End it, after what was sent has been stored."""
        if self._recheck is not None:
            self._recheck.cancel()
        self.hub.say_goodbye()
        await self.rooms.close()
        await self.hub.close()
        await self._writers.close(2)
        await self.pool.close(2)

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            asked = (await receive())["type"]
            await (self.open if asked == "lifespan.startup" else self.close)()
            if asked == "lifespan.startup":
                # What is loaded now stays: looking through it for what nobody needs holds everybody up, for some 50 ms.
                gc.collect()
                gc.freeze()
            await send({"type": f"{asked}.complete"})
            if asked == "lifespan.shutdown":
                return

    async def _see_who_may_stay(self) -> None:
        while True:
            await asyncio.sleep(self.hub.limits.recheck_seconds)
            try:
                visitors = {connection.visitor for connection in self.hub.connections}
                gone = await self.door.no_longer_welcome(visitors)
            except GONE:
                continue
            except Exception:
                logger.exception("could not see who may stay")
                continue
            for connection in list(self.hub.connections):
                if connection.visitor in gone:
                    connection.refuse(frames.SignedOut())
                    connection.close(frames.SIGNED_OUT, "SignedOut")


class _Counted:
    """Counts for Prometheus."""

    def connections(self, now: int) -> None:
        metrics.live_connections.set(now)

    def deliveries(self, more: int) -> None:
        metrics.live_deliveries.inc(more)


def _bus(address: str, pool: Pool) -> Bus:
    elsewhere: str = settings.ENVIRONMENT["MOMENTOR_BUS_URL"]
    return RedisBus(elsewhere, address) if elsewhere else PostgresBus(address, pool)


def _in_front(shell: Shell) -> Application:
    return BehindProxies(shell, proxies=settings.PROXIES) if settings.PROXIES else shell


application = _in_front(Shell())
