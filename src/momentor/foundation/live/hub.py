"""Streams, and who listens to them in this process."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from momentor.foundation.live import frames
from momentor.foundation.live.bus import Bus
from momentor.foundation.live.connection import Connection
from momentor.foundation.live.limits import Limits
from momentor.foundation.live.presence import STREAM as PRESENCE
from momentor.foundation.live.presence import Presence

logger = logging.getLogger("momentor.live")
FrameHandler = Callable[[Connection, frames.Frame], Awaitable[None]]
# A text that was too long for the bus says so with this; quotes inside people's words are always escaped.
SHORTENED = ', "fetch" : "'


class Meters(Protocol):
    """What is counted."""

    def connections(self, now: int) -> None: ...

    def deliveries(self, more: int) -> None: ...


class NoMeters:
    """Counts nothing."""

    def connections(self, now: int) -> None: ...

    def deliveries(self, more: int) -> None: ...


class Part(Protocol):
    """What a domain adds to the live connection."""

    frames: dict[str, FrameHandler]
    kind: str  # of streams that are its own: "room" of "room:1"

    def saw(self, stream: str, text: str) -> None:
        """Notice a text that goes out to a stream of its kind that has listeners here."""

    async def complete(self, stream: str, text: str) -> str:
        """Return the whole of a text that was too long for the bus."""


class Subscription:
    """One listener's place on one stream.

    While `held` is a list, texts wait there (a replay is under way). `gate` looks at each text that comes next
    and says whether it goes out, until it lets one through: after that, the stream's own order is enough.
    """

    __slots__ = ("connection", "context", "gate", "held", "missed", "shows_presence", "stream")

    def __init__(self, connection: Connection, stream: str) -> None:
        self.connection = connection
        self.stream = stream
        self.held: list[str] | None = None
        self.gate: Callable[[str], bool | None] | None = None
        self.context: Any = None
        self.missed = False
        self.shows_presence = False

    def take(self, text: str) -> None:
        if self.held is not None:
            self.held.append(text)
            if len(self.held) > 2000:
                self.connection.close(frames.TOO_SLOW, "too slow")
        elif self.gate is None or self._passes(text):
            self.connection.send(text)

    def hold(self) -> None:
        """Let what comes wait from now on."""
        self.held, self.missed = [], False

    def miss(self) -> None:
        """Note that something may have been missed, a replay that is under way included."""
        if self.context is not None or self.held is not None:
            self.held, self.missed = [], True

    def release(self, gate: Callable[[str], bool | None] | None = None) -> None:
        """Send what waited, as far as the gate lets it through, and everything from now on."""
        held, self.held, self.gate = self.held or [], None, gate
        for text in held:
            self.take(text)

    def _passes(self, text: str) -> bool:
        """Ask the gate: False keeps a text back, True opens the gate for good, None lets this one by."""
        assert self.gate is not None
        answer = self.gate(text)
        if answer:
            self.gate = None
        return answer is not False


class Hub:
    """Hands what arrives on the bus to the listeners of its stream, in the order of the bus."""

    def __init__(self, bus: Bus, *, limits: Limits | None = None, meters: Meters | None = None) -> None:
        self.bus = bus
        self.limits = limits or Limits()
        self.meters = meters or NoMeters()
        self.connections: set[Connection] = set()
        self.presence = Presence(self)
        self.is_leaving = False
        self._streams: dict[str, set[Subscription]] = {}
        self._parts: dict[str, Part] = {}
        self._frames: dict[str, FrameHandler] = {}
        self._late: dict[str, list[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen to the bus."""
        await self.bus.subscribe(self.deliver, self.resync)
        self.presence.start()

    async def close(self) -> None:
        self.presence.stop()
        for task in list(self._tasks):
            task.cancel()
        await self.bus.close()

    def add(self, part: Part) -> None:
        """Take in a domain's frames and streams."""
        self._parts[part.kind] = part
        self._frames.update(part.frames)

    def frame_handler(self, kind: str) -> FrameHandler:
        """Return what answers a frame. Raises UnknownFrame."""
        try:
            return self._frames[kind]
        except KeyError:
            raise frames.UnknownFrame from None

    # Listeners

    def enter(self, connection: Connection) -> None:
        """Let a listener in, and on to the stream of its person."""
        self.connections.add(connection)
        self.meters.connections(len(self.connections))
        self.subscribe(connection, f"person:{connection.organisation_id}:{connection.person_id}")
        if self.is_leaving:
            self.send_away(connection)

    def leave(self, connection: Connection) -> None:
        """Forget a listener."""
        self.connections.discard(connection)
        self.meters.connections(len(self.connections))
        for stream in list(connection.subscriptions):
            self.unsubscribe(connection, stream)

    def subscribe(self, connection: Connection, stream: str) -> Subscription:
        """Put a listener on a stream, or return the place it has there already. Raises TooManyRooms."""
        known = connection.subscriptions.get(stream)
        if known is not None:
            return known
        if len(connection.subscriptions) >= self.limits.streams:
            raise frames.TooManyRooms
        subscription = connection.subscriptions[stream] = Subscription(connection, stream)
        self._streams.setdefault(stream, set()).add(subscription)
        return subscription

    def unsubscribe(self, connection: Connection, stream: str) -> None:
        subscription = connection.subscriptions.pop(stream, None)
        if subscription is None:
            return
        listeners = self._streams[stream]
        listeners.discard(subscription)
        if not listeners:
            del self._streams[stream]
        self.presence.leave(stream, connection)

    def listeners(self, stream: str) -> Iterable[Subscription]:
        return self._streams.get(stream, ())

    # What arrives

    def deliver(self, stream: str, text: str) -> None:
        """Take a text from the bus."""
        if stream in self._streams:
            if stream in self._late:  # behind one that is being fetched
                self._late[stream].append(text)
            elif SHORTENED in text:
                self._late[stream] = [text]
                self.start(self._fetch(stream))
            else:
                self._fan_out(stream, text)
        elif stream == PRESENCE:
            self.presence.hear(text)

    def _fan_out(self, stream: str, text: str) -> None:
        listeners = self._streams.get(stream)
        if not listeners:
            return
        kind, _, name = stream.partition(":")
        part = self._parts.get(kind)
        if part is not None:
            part.saw(stream, text)
            text = f'{{"{kind}":"{name}",{text[1:]}'  # a page may listen to several
        # A full queue closes its connection, which changes the set only later.
        for subscription in listeners:
            subscription.take(text)
        self.meters.deliveries(len(listeners))

    async def _fetch(self, stream: str) -> None:
        """Fetch what was too long for the bus, while what comes behind it waits."""
        waiting = self._late[stream]
        try:
            while waiting:
                text = waiting.pop(0)
                part = self._parts.get(stream.partition(":")[0])
                if SHORTENED in text and part is not None:
                    text = await part.complete(stream, text)
                self._fan_out(stream, text)
        except Exception:
            logger.exception("a long message could not be fetched")
            for subscription in self.listeners(stream):
                subscription.miss()
                subscription.connection.send('{"t":"resync"}')
        finally:
            del self._late[stream]

    def resync(self) -> None:
        """Tell everybody that something may have been missed, so that they ask for it.

        Where there is something to read on from, what comes now waits until they have asked: order is kept.
        """
        for connection in self.connections:
            for subscription in connection.subscriptions.values():
                subscription.miss()
            connection.send('{"t":"resync"}')
        self.presence.ask_around()

    # The end

    def say_goodbye(self) -> None:
        """Send every listener away, to come back at different moments."""
        self.is_leaving = True
        self.presence.stop()
        for connection in list(self.connections):
            self.send_away(connection)

    def send_away(self, connection: Connection) -> None:
        spread = min(10.0, 0.5 + len(self.connections) / 500)
        wait = round(1000 * random.uniform(0.2, spread))  # noqa: S311 - a pause, not a secret
        connection.send(f'{{"t":"return","in":{wait}}}')
        connection.close(frames.RESTARTING, "restarting")

    def start(self, work: Any) -> None:
        """Do something in the background, and hold on to it until it is done."""
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("background work failed", exc_info=error)
