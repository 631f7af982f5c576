"""One WebSocket, from its handshake to its end."""

import logging
from typing import Any

from momentor.foundation.live import frames
from momentor.foundation.live.connection import Connection, websocket
from momentor.foundation.live.database import GONE, patiently
from momentor.foundation.live.door import Door, Headers, is_from_here
from momentor.foundation.live.hub import Hub
from momentor.foundation.refusals import Refusal

logger = logging.getLogger("momentor.live")


class Socket:
    """Answers at /at/<slug>/live."""

    def __init__(self, hub: Hub, door: Door) -> None:
        self._hub = hub
        self._door = door

    async def __call__(self, slug: str, scope: Any, receive: Any, send: Any) -> None:
        """Let a page in, listen to it until it goes, and say why where it may not come in.

        A page of another site gets no WebSocket at all. The others do, since only then can a browser read why.
        """
        if (await receive())["type"] != "websocket.connect":
            return
        headers = Headers(scope)
        if not is_from_here(headers):
            await send({"type": "websocket.close", "code": 403})
            return
        try:
            visitor = await patiently(lambda: self._door.let_in(slug, headers))
        except Refusal as refusal:
            code = frames.SIGNED_OUT if isinstance(refusal, frames.SignedOut) else frames.NOT_HERE
            await _turn_away(send, refusal, code, headers)
            return
        except GONE:
            await _turn_away(send, frames.TryAgain(), frames.RESTARTING, headers)
            return
        await send({"type": "websocket.accept"})
        connection = websocket(visitor, send, self._hub.limits)
        self._make_room(connection)
        self._hub.enter(connection)
        try:
            await self.converse(connection, receive)
        finally:
            self._hub.leave(connection)

    def _make_room(self, connection: Connection) -> None:
        """Close the oldest connection of a person who has very many."""
        stream = f"person:{connection.organisation_id}:{connection.person_id}"
        others = [subscription.connection for subscription in self._hub.listeners(stream)]
        if len(others) >= self._hub.limits.connections_a_person:
            others[0].close(frames.MISUSED, "too many connections")

    async def converse(self, connection: Connection, receive: Any) -> None:
        """Answer what comes until the other side goes."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if not connection.is_closing:
                await self._answer(connection, event.get("text"))

    async def _answer(self, connection: Connection, text: str | None) -> None:
        frame: frames.Frame | None = None
        try:
            if text is not None and len(text) > self._hub.limits.frame_bytes:
                raise frames.TooBig
            frame = frames.read(text)
            if not connection.bucket.take():
                raise frames.TooFast
            await self._hub.frame_handler(frame["t"])(connection, frame)
        except Refusal as refusal:
            connection.refuse(refusal, frame)
            if _is_misuse(refusal) and not connection.misuses.take():
                connection.close(frames.MISUSED, "too many frames that cannot be answered")
        except GONE:
            connection.refuse(frames.TryAgain(), frame)
        except Exception:
            logger.exception("a frame could not be answered", extra={"frame": (frame or {}).get("t")})
            connection.refuse(frames.TryAgain(), frame)


def _is_misuse(refusal: Refusal) -> bool:
    """Return whether our own page would never have caused this."""
    return isinstance(
        refusal,
        frames.Malformed | frames.UnknownFrame | frames.WrongField | frames.TooBig | frames.TooFast | frames.NotJoined,
    )


async def _turn_away(send: Any, refusal: Refusal, code: int, headers: Headers) -> None:
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": frames.refused(refusal, language=headers.language())})
    await send({"type": "websocket.close", "code": code, "reason": refusal.code})
