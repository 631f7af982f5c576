"""People who sit in rooms of two and talk, thousands of them in one process, as cheap as can be.

Reads one JSON line that says what to do from standard input, and writes what it found to standard output. It runs in
a process of its own, so that its work is not counted as the server's.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

CONNECTING_AT_ONCE = 40


@dataclass
class Told:
    """What the talk found."""

    delays: list[float] = field(default_factory=list)
    sent: int = 0
    is_counting: bool = False


class Talker(asyncio.Protocol):
    """One page: joins its room, says things, and notes how long each took to arrive."""

    def __init__(self, place: dict[str, str], told: Told, *, answers: bool) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._place = place
        self._told = told
        self._answers = answers
        self._is_closed_loop = False
        self._buffer = bytearray()
        self._upgraded = False
        self._transport: Any = None
        self._me = place["person"].encode()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        place = self._place
        transport.write(
            f"GET {place['path']} HTTP/1.1\r\nHost: {place['host']}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://{place['host']}\r\nCookie: {place['cookie']}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self.ready.set_exception(ConnectionError(buffer[:end].decode()))
                return
            del buffer[: end + 4]
            self._upgraded = True
            if self._answers:
                self._write(json.dumps({"t": "join", "room": self._place["room"], "after": self._place["after"]}))
            else:
                self.ready.set_result(None)
        while (frame := _take_frame(buffer)) is not None:
            self._hear(frame)

    def talk_back(self) -> None:
        """Say the next thing as soon as the last has come back."""
        self._is_closed_loop = True
        self.say()

    def be_quiet(self) -> None:
        self._is_closed_loop = False

    def say(self) -> None:
        now = time.perf_counter_ns()
        self._told.sent += 1
        if not self._answers:
            self._write(f'{{"body":"{now}"}}')
            return
        room = self._place["room"]
        body = f"{now} and this is what a short message looks like"
        self._write(f'{{"t":"send","room":"{room}","cid":"{self._place["person"][:8]}{now}","body":"{body}"}}')

    def _hear(self, frame: bytes) -> None:
        at = frame.find(b'"body"')
        if at < 0:
            if not self.ready.done() and b'"live"' in frame:
                self.ready.set_result(None)
            elif b'"refused"' in frame:
                raise RuntimeError(frame.decode())
            return
        start = frame.index(b'"', at + 6) + 1
        said_at = int(frame[start : start + 19].split(b" ")[0].split(b'"')[0])
        if self._told.is_counting:
            self._told.delays.append((time.perf_counter_ns() - said_at) / 1e6)
        if self._is_closed_loop and (not self._answers or self._me in frame):
            self.say()

    def _write(self, text: str) -> None:
        payload = text.encode()
        head = (
            struct.pack("!BB", 0x81, 0x80 | len(payload))
            if len(payload) < 126
            else struct.pack("!BBH", 0x81, 0x80 | 126, len(payload))
        )
        # A mask of noughts changes nothing, and costs nothing.
        self._transport.write(head + b"\0\0\0\0" + payload)


def _take_frame(buffer: bytearray) -> bytes | None:
    if len(buffer) < 2:
        return None
    length, start = buffer[1] & 127, 2
    if length == 126:
        if len(buffer) < 4:
            return None
        length, start = int.from_bytes(buffer[2:4], "big"), 4
    if len(buffer) < start + length:
        return None
    frame = bytes(buffer[start : start + length])
    del buffer[: start + length]
    return frame


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    told = Told()
    talkers = await _connect(asked, told)
    _say({"connected": len(talkers)})
    for line in iter(sys.stdin.readline, ""):
        what = json.loads(line)
        if what["do"] == "pace":
            await _pace(talkers, told, what["messages_a_second"], what["seconds"])
        elif what["do"] == "flat out":
            await _flat_out(talkers, told, what["seconds"], what["talkers"])
        elif what["do"] == "end":
            os._exit(0)


async def _connect(asked: dict[str, Any], told: Told) -> list[Talker]:
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)
    loop = asyncio.get_running_loop()

    async def one(place: dict[str, str]) -> Talker:
        async with gate:
            _, talker = await loop.create_connection(
                lambda: Talker(place, told, answers=asked["answers"]), "127.0.0.1", asked["port"]
            )
            await asyncio.wait_for(talker.ready, 60)
            return talker

    return list(await asyncio.gather(*(one(place) for place in asked["places"])))


async def _pace(talkers: list[Talker], told: Told, rate: float, seconds: float) -> None:
    """Let one after the other say something, at even distances; count after a moment of warming up."""
    await _speak(talkers, rate, 1.5)
    _say({"begin": True})
    sys.stdin.readline()
    told.delays.clear()
    told.sent, told.is_counting = 0, True
    began = time.perf_counter()
    await _speak(talkers, rate, seconds)
    took = time.perf_counter() - began
    told.is_counting = False
    await asyncio.sleep(0.5)
    _report(told, took)


async def _speak(talkers: list[Talker], rate: float, seconds: float) -> None:
    began, number = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        due = int(passed * rate)
        while number < due:
            talkers[number % len(talkers)].say()
            number += 1
        await asyncio.sleep(max(0.0, (number + 1) / rate - (time.perf_counter() - began)))


async def _flat_out(talkers: list[Talker], told: Told, seconds: float, at_once: int) -> None:
    for talker in talkers[:at_once]:
        talker.talk_back()
    await asyncio.sleep(1)
    _say({"begin": True})
    sys.stdin.readline()
    told.delays.clear()
    told.sent, told.is_counting = 0, True
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    told.is_counting = False
    took = time.perf_counter() - began
    _report(told, took)
    for talker in talkers:
        talker.be_quiet()
    await asyncio.sleep(0.5)


def _report(told: Told, seconds: float) -> None:
    delays = sorted(told.delays)
    _say(
        {
            "seconds": seconds,
            "sent": told.sent,
            "deliveries": len(delays),
            "p50_ms": delays[len(delays) // 2] if delays else None,
            "p99_ms": delays[int(len(delays) * 0.99)] if delays else None,
        }
    )


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
