"""What is pushed to a person, as server-sent events: for programs, and where WebSockets do not get through."""

import asyncio
import json
import random
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from momentor.foundation import problems
from momentor.foundation.live import frames
from momentor.foundation.live.connection import Connection, aborting
from momentor.foundation.live.database import GONE, patiently
from momentor.foundation.live.door import Door, Headers
from momentor.foundation.live.hub import Hub
from momentor.foundation.refusals import Refusal

BEAT = 15.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class MethodNotAllowed(Refusal):
    message = _("This address does not answer this method. The header Allow says which it answers.")
    status = 405


class Events:
    """Answers at /at/<slug>/api/v1/events."""

    def __init__(self, hub: Hub, door: Door) -> None:
        self._hub = hub
        self._door = door

    async def __call__(self, slug: str, scope: Any, receive: Any, send: Any) -> None:
        headers = Headers(scope)
        if scope["method"] != "GET":
            await _refuse(send, MethodNotAllowed(), headers.language(), Allow="GET")
            return
        try:
            visitor = await patiently(lambda: self._door.let_in(slug, headers))
        except Refusal as refusal:
            await _refuse(send, refusal, headers.language())
            return
        except GONE:
            await _refuse(send, frames.TryAgain(), headers.language())
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        over = asyncio.Event()

        async def write(text: str) -> None:
            await _say(send, f"event: {json.loads(text).get('t', 'message')}\ndata: {text}\n\n")

        async def close(code: int, reason: str) -> None:
            over.set()

        connection = Connection(visitor, write=write, close=close, abort=aborting(send), limits=self._hub.limits)
        await _say(send, f"retry: {random.randint(1000, 5000)}\n\n")  # noqa: S311 - a pause, not a secret
        self._hub.enter(connection)
        ears = asyncio.create_task(_until_gone(receive, over))
        try:
            while not over.is_set():
                try:
                    await asyncio.wait_for(over.wait(), BEAT)
                except TimeoutError:
                    await _say(send, ": still here\n\n")
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            pass
        finally:
            ears.cancel()
            self._hub.leave(connection)


async def _until_gone(receive: Any, over: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    over.set()


async def _say(send: Any, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Any, refusal: Refusal, language: str | None, **more: str) -> None:
    with translation.override(language):
        body = problems.document(refusal)
    headers = {**problems.headers(refusal), "Cache-Control": "no-store", **more}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
