"""What is measured: the site itself, the same hub without a database, and a WebSocket that only echoes."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from momentor.foundation.live.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from momentor.foundation.live.connection import Connection
    from momentor.foundation.live.frames import Frame
    from momentor.foundation.live.hub import FrameHandler

# Nobody is held back: it is the machine that is measured.
NO_LIMITS = Limits(frames_a_second=1e9, frames_at_once=10**9, connections_a_person=10**9, queued_frames=10**6)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Send back what comes."""
    if scope["type"] != "websocket":
        await _plain(scope, receive, send)
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event["text"]})


class InMemory:
    """The hub with rooms that keep nothing, for people who say who they are: what durability is compared with."""

    kind = "room"

    def __init__(self) -> None:
        from momentor.foundation.live.bus import MemoryBus
        from momentor.foundation.live.hub import Hub

        self._hub = Hub(MemoryBus(), limits=NO_LIMITS)
        self._seqs: dict[str, int] = {}
        self.frames: dict[str, FrameHandler] = {"join": self.join, "send": self.send}
        self._hub.add(self)

    async def join(self, connection: Connection, frame: Frame) -> None:
        from momentor.foundation.live import frames

        room = frames.an_id(frame, "room")
        self._hub.subscribe(connection, f"room:{room}")
        connection.send(frames.write({"t": "live", "room": str(room), "seq": 0}))

    async def send(self, connection: Connection, frame: Frame) -> None:
        from momentor.foundation.live import frames
        from momentor.sessions.posting import clean_body

        room, cid = str(frames.an_id(frame, "room")), frames.a_client_id(frame)
        seq = self._seqs[room] = self._seqs.get(room, 0) + 1
        body = clean_body(frame["body"], "text")
        said = {"t": "message", "seq": seq, "by": str(connection.person_id), "cid": cid, "kind": "text", "body": body}
        self._hub.bus.publish(f"room:{room}", frames.write(said))

    def saw(self, stream: str, text: str) -> None: ...

    async def complete(self, stream: str, text: str) -> str:
        return text

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from momentor.foundation.live.connection import websocket
        from momentor.foundation.live.door import Visitor
        from momentor.foundation.live.socket import Socket

        if scope["type"] != "websocket":
            await _plain(scope, receive, send, self._hub)
            return
        await receive()
        await send({"type": "websocket.accept"})
        person = UUID(dict(scope["headers"])[b"cookie"].decode().partition("=")[2])
        connection = websocket(Visitor(organisation_id=person, person_id=person), send, NO_LIMITS)
        self._hub.enter(connection)
        try:
            await Socket(self._hub, None).converse(connection, receive)  # type: ignore[arg-type]  # it reads no rows
        finally:
            self._hub.leave(connection)


async def _plain(scope: Any, receive: Any, send: Any, hub: Any = None) -> None:
    if scope["type"] == "lifespan":
        while (asked := (await receive())["type"]) != "lifespan.shutdown":
            if hub is not None:
                await hub.bus.subscribe(hub.deliver, hub.resync)
            await send({"type": f"{asked}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ready"})


def serve(kind: str, listening: int) -> None:
    """Serve one of the three on a socket that is open already."""
    import socket

    import uvicorn

    from momentor.project.asgi import UVICORN, Shell

    make: dict[str, Callable[[], Any]] = {"echo": lambda: echo, "memory": InMemory, "site": partial(Shell, NO_LIMITS)}
    options = {**UVICORN, "ws": os.environ.get("BENCH_WS", "auto"), "ws_ping_interval": None}
    config = uvicorn.Config(make[kind](), **options, access_log=False, log_config=None, backlog=4096)
    uvicorn.Server(config).run([socket.socket(fileno=listening)])


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
