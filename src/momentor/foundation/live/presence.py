"""Who listens to a stream, over all processes, without a table.

Each process tells the others when somebody comes or goes. A process that is new, or may have missed something, asks
around and is told everything again. A process that is not heard for a while is gone, and its people with it.
"""

import asyncio
import contextlib
import json
import os
import time
from typing import TYPE_CHECKING, Any

from momentor.foundation.live import frames

if TYPE_CHECKING:
    from momentor.foundation.live.connection import Connection
    from momentor.foundation.live.hub import Hub

STREAM = "~presence"
BEAT = 10.0
EXPIRY = 40.0
# Someone who reloads a page has not left.
GRACE = 2.0
PAIRS_A_NOTE = 60

Pairs = list[tuple[str, str]]


class Presence:
    """Knows who is where, and tells the listeners of a stream when that changes."""

    def __init__(self, hub: "Hub", *, clock: Any = time.monotonic) -> None:
        self._hub = hub
        self._clock = clock
        self._me = os.urandom(6).hex()
        self._here: dict[str, dict[str, set[Connection]]] = {}
        self._elsewhere: dict[str, dict[str, set[str]]] = {}  # process: stream: people
        self._heard: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.ask_around()
        self._task = asyncio.get_running_loop().create_task(self._beat())

    def stop(self) -> None:
        """Say that this process and its people are gone."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._tell("gone")

    def enter(self, stream: str, connection: "Connection") -> None:
        """Note that a listener's person is here."""
        person = str(connection.person_id)
        people = self._here.setdefault(stream, {})
        if person in people:
            people[person].add(connection)
            connection.send(self._frame(stream))
            return
        people[person] = {connection}
        self._tell("in", [(stream, person)])
        self._show(stream)

    def leave(self, stream: str, connection: "Connection") -> None:
        """Note that a listener left; the person has after a moment, unless they come back."""
        with contextlib.suppress(KeyError):
            self._here[stream][str(connection.person_id)].remove(connection)
            asyncio.get_running_loop().call_later(GRACE, self._leave, stream, str(connection.person_id))

    def people(self, stream: str) -> list[str]:
        """Return the ids of the people who are here now."""
        there = (people.get(stream, set()) for people in self._elsewhere.values())
        return sorted(set(self._here.get(stream, {})).union(*there))

    def ask_around(self) -> None:
        """Tell the other processes everything, and ask them for the same."""
        self._tell("hello")
        self._tell_all()

    def hear(self, text: str) -> None:
        """Take in what a process says, this one included."""
        note = json.loads(text)
        process, kind = note["from"], note["says"]
        if process == self._me:
            return
        self._heard[process] = self._clock()
        if kind == "gone":
            self._forget(process)
            return
        if kind == "hello":
            self._elsewhere.pop(process, None)
            self._tell_all()
        for stream, person in note.get("who", ()):
            people = self._elsewhere.setdefault(process, {}).setdefault(stream, set())
            if kind == "in":
                people.add(person)
            else:
                people.discard(person)
            self._show(stream)

    def expire(self) -> None:
        """Forget processes that have not been heard for long."""
        limit = self._clock() - EXPIRY
        for process in [process for process, at in self._heard.items() if at < limit]:
            self._forget(process)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._tell("beat")
            self.expire()

    def _leave(self, stream: str, person: str) -> None:
        people = self._here.get(stream, {})
        if person in people and not people[person]:
            del people[person]
            if not people:
                del self._here[stream]
            self._tell("out", [(stream, person)])
            self._show(stream)

    def _forget(self, process: str) -> None:
        self._heard.pop(process, None)
        for stream in self._elsewhere.pop(process, {}):
            self._show(stream)

    def _tell(self, says: str, who: Pairs | None = None) -> None:
        note: dict[str, Any] = {"from": self._me, "says": says}
        if who:
            note["who"] = who
        self._hub.bus.publish(STREAM, json.dumps(note))

    def _tell_all(self) -> None:
        pairs = [(stream, person) for stream, people in self._here.items() for person in people]
        for start in range(0, len(pairs), PAIRS_A_NOTE):
            self._tell("in", pairs[start : start + PAIRS_A_NOTE])

    def _show(self, stream: str) -> None:
        listeners = [one.connection for one in self._hub.listeners(stream) if one.shows_presence]
        if listeners:
            text = self._frame(stream)
            for connection in listeners:
                connection.send(text)

    def _frame(self, stream: str) -> str:
        return frames.write({"t": "presence", "room": stream.partition(":")[2], "people": self.people(stream)})
