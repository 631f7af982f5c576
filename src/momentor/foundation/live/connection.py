"""One open page or program that listens."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from momentor.foundation.live import frames
from momentor.foundation.live.limits import Bucket, Limits
from momentor.foundation.refusals import Refusal

if TYPE_CHECKING:
    from momentor.foundation.live.door import Visitor
    from momentor.foundation.live.hub import Subscription

logger = logging.getLogger("momentor.live")
Write = Callable[[str], Awaitable[None]]
Close = Callable[[int, str], Awaitable[None]]
Abort = Callable[[], None]
LAST_WORDS_SECONDS = 1.0


class Connection:
    """A listener with a queue that has an end: who reads too slowly is closed, and comes back.

    There is a task only while something waits to be sent, so that ten thousand idle listeners cost little.
    """

    __slots__ = (
        "__weakref__",
        "_abort",
        "_close",
        "_closing",
        "_drain_task",
        "_limits",
        "_queue",
        "_queued",
        "_write",
        "bucket",
        "misuses",
        "subscriptions",
        "visitor",
    )

    def __init__(self, visitor: "Visitor", *, write: Write, close: Close, abort: Abort, limits: Limits) -> None:
        self.visitor = visitor
        self.subscriptions: dict[str, Subscription] = {}
        self.bucket = Bucket(most=limits.frames_at_once, a_second=limits.frames_a_second)
        self.misuses = Bucket(most=limits.misuses, a_second=1)
        self._write = write
        self._close = close
        self._abort = abort
        self._limits = limits
        self._queue: deque[str] = deque()
        self._queued = 0
        self._drain_task: asyncio.Task[None] | None = None
        self._closing: tuple[int, str] | None = None

    @property
    def person_id(self) -> UUID:
        return self.visitor.person_id

    @property
    def organisation_id(self) -> UUID:
        return self.visitor.organisation_id

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    def send(self, text: str) -> None:
        """Queue a text for this listener, and never wait."""
        if self._closing:
            return
        self._queue.append(text)
        self._queued += len(text)
        if len(self._queue) > self._limits.queued_frames or self._queued > self._limits.queued_characters:
            self.close(frames.TOO_SLOW, "too slow")
        elif self._drain_task is None:
            self._drain_task = asyncio.get_running_loop().create_task(self._drain())

    async def send_in_turn(self, text: str) -> None:
        """Queue a text once what waits is nearly gone: for long replays, which wait for their reader."""
        while len(self._queue) > self._limits.queued_frames // 5 and self._drain_task is not None:
            await asyncio.wait({self._drain_task})
        self.send(text)

    def refuse(self, refusal: Refusal, frame: frames.Frame | None = None) -> None:
        """Say no to a frame."""
        self.send(frames.refused(refusal, frame, language=self.visitor.language))

    def close(self, code: int, reason: str = "") -> None:
        """End it after what is being written; what waits behind is dropped, since it can be asked for again."""
        if self._closing:
            return
        self._closing = (code, reason)
        if code == frames.TOO_SLOW:
            # What is being written may never get through.
            self._queue.clear()
            asyncio.get_running_loop().call_later(LAST_WORDS_SECONDS, self._abort)
        if self._drain_task is None:
            self._drain_task = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._queue:
                text = self._queue.popleft()
                self._queued -= len(text)
                await self._write(text)
            if self._closing:
                await self._close(*self._closing)
        except Exception as error:  # noqa: BLE001 - the other side is gone in one of many ways
            logger.debug("a listener went away", extra={"error": type(error).__name__})
            self._queue.clear()
        finally:
            self._drain_task = None


def websocket(visitor: "Visitor", send: Callable[[Any], Awaitable[None]], limits: Limits) -> Connection:
    """Return a listener at the other end of an accepted WebSocket."""

    async def write(text: str) -> None:
        await send({"type": "websocket.send", "text": text})

    async def close(code: int, reason: str) -> None:
        await send({"type": "websocket.close", "code": code, "reason": reason})

    return Connection(visitor, write=write, close=close, abort=aborting(send), limits=limits)


def aborting(send: Callable[[Any], Awaitable[None]]) -> Abort:
    """Return what drops the line behind an ASGI `send` at once, which ASGI itself has no word for.

    uvicorn's `send` belongs to an object that holds the transport. Without one, the line ends when a ping is not
    answered in time.
    """

    def abort() -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()

    return abort
