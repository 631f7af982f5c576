"""A real server process with two people in a room, and a client that behaves as a page does."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.typing import Origin

from momentor.asking.models import Question
from momentor.foundation.ids import new_id
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Membership, Organisation, Person
from momentor.sessions.models import Attendance, Message, Session
from momentor.sessions.posting import post_message

ROOT = Path(__file__).resolve().parent.parent
Frame = dict[str, Any]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class WebProcess:
    """One web process of the site, as a host would run it."""

    def __init__(
        self, application: str = "momentor.project.asgi:application", *, port: int | None = None, **environment: str
    ) -> None:
        self._application = application
        self.port = port or a_free_port()
        self.url = f"http://localhost:{self.port}"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> Self:
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning")
        options = ("--ws-max-size", "32768", "--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "5")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "uvicorn", self._application, *where, *options],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT, os.environ.get("PYTHONPATH", "")))),
                "MOMENTOR_URL": self.url,
                "MOMENTOR_LOG_FORMAT": "plain",
                **self._environment,
            },
        )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            assert self._process is not None
            assert self._process.poll() is None, "the web process ended"
            time.sleep(0.05)
        raise AssertionError(f"the web process is not ready: {httpx.get(f'{self.url}/readyz').text}")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(20)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Meeting:
    """Amina and Ben in a session, Chloe who is a stranger to it, in an organisation of their own."""

    organisation: Organisation
    amina: Person
    ben: Person
    chloe: Person
    session: Session

    @property
    def room(self) -> str:
        return str(self.session.pk)

    def messages(self) -> list[tuple[int, str, str]]:
        """Return number, kind and text of everything that is stored."""
        with acting_in(self.organisation.pk):
            rows = Message.objects.filter(session=self.session).order_by("seq").values_list("seq", "kind", "body")
            return list(rows)

    def post(self, by: Person, *bodies: str) -> None:
        """Store messages, as a form would."""
        with acting_in(self.organisation.pk, person_id=by.pk):
            for body in bodies:
                post_message(session=self.session, by=by, body=body, client_id=str(new_id()), now=timezone.now())

    def attendance(self, person: Person) -> Attendance:
        with acting_in(self.organisation.pk):
            return Attendance.objects.get(session=self.session, person=person)

    def jobs(self, name: str) -> list[dict[str, Any]]:
        """Return the arguments of the jobs of this name that are queued."""
        with connection.cursor() as cursor:
            cursor.execute(
                "select args - 'organisation_id' from procrastinate_jobs"
                " where task_name = %s and args->>'organisation_id' = %s order by id",
                [name, str(self.organisation.pk)],
            )
            return [json.loads(arguments) for (arguments,) in cursor.fetchall()]

    def change(self, **fields: Any) -> None:
        """Change the session's row."""
        with acting_in(self.organisation.pk):
            Session.objects.filter(pk=self.session.pk).update(**fields)


@contextmanager
def a_meeting(medium: str = "chat", slug: str | None = None) -> Iterator[Meeting]:
    """Write a meeting for other processes to see, and remove it afterwards."""
    mark = new_id().hex[-12:]
    organisation = Organisation.objects.create(name="Open Workshop", slug=slug or f"workshop-{mark}")
    with signing_in():
        amina, ben, chloe = (
            Person.objects.create_user(f"{name.lower()}-{mark}@example.org", name=name)
            for name in ("Amina", "Ben", "Chloe")
        )
    with acting_in(organisation.pk):
        for person in (amina, ben, chloe):
            Membership.objects.create(person=person)
        session = open_room(amina, ben, medium=medium)
    try:
        yield Meeting(organisation, amina, ben, chloe, session)
    finally:
        with acting_in(organisation.pk), connection.cursor() as cursor:
            for table in _tenant_tables():
                cursor.execute(f"delete from {table} where organisation_id = %s", [organisation.pk])
            cursor.execute("delete from procrastinate_jobs where args->>'organisation_id' = %s", [str(organisation.pk)])
        Organisation.objects.filter(pk=organisation.pk).delete()


def open_room(mentee: Person, mentor: Person, *, medium: str = "chat") -> Session:
    """Write a running session. Call it inside `acting_in`."""
    now = timezone.now()
    question = Question.objects.create(
        mentee=mentee, text="How do I become a foreman?", state="in_session", medium=medium, time_box=10
    )
    session = Session.objects.create(
        question=question,
        mentee=mentee,
        mentor=mentor,
        medium=medium,
        time_box=10,
        state="running",
        opened_at=now,
        started_at=now,
        ends_at=None if medium == "async" else now + timedelta(minutes=10),
    )
    Attendance.objects.create(session=session, person=mentee, came_at=now)
    Attendance.objects.create(session=session, person=mentor, came_at=now)
    return session


def sign_in(person: Person) -> str:
    """Return the value of a session cookie."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    assert store.session_key is not None
    return store.session_key


def _tenant_tables() -> list[str]:
    """Return the tables that belong to organisations; their references to each other are checked at the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns where column_name = 'organisation_id'"
            " and table_schema = 'public' order by table_name"
        )
        return [name for (name,) in cursor.fetchall()]


class Page:
    """A page in a room: keeps what it hears, and what is not yet known to be stored."""

    def __init__(self, socket: ClientConnection, room: str) -> None:
        self.socket = socket
        self.room = room
        self.seq = 0
        self.frames: list[Frame] = []
        self._ears = asyncio.create_task(self._listen())

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, meeting: Meeting, person: Person, *, after: int = 0, join: bool = True, **options: Any
    ) -> AsyncIterator["Page"]:
        cookie = options.pop("cookie", None) or await in_thread(sign_in, person)
        origin = options.pop("origin", url)
        async with connect(
            address(url, meeting.organisation.slug),
            origin=origin,
            additional_headers={"Cookie": f"session={cookie}"},
            compression=None,
            **options,
        ) as socket:
            page = cls(socket, meeting.room)
            try:
                if join:
                    await page.join(after)
                yield page
            finally:
                page._ears.cancel()

    async def join(self, after: int | None = None) -> None:
        before = len(self.frames)
        await self.say(t="join", room=self.room, after=self.seq if after is None else after)
        await self.until(lambda frames: any(frame["t"] == "live" for frame in frames[before:]))

    async def say(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def send(self, cid: str, body: str, **more: Any) -> None:
        await self.say(t="send", room=self.room, cid=cid, body=body, **more)

    async def until(self, seen: Callable[[list[Frame]], object], seconds: float = 10) -> None:
        """Wait until the frames so far show something."""
        async with asyncio.timeout(seconds):
            while not seen(self.frames):
                if self._ears.done():
                    assert seen(self.frames), f"closed with {self.socket.close_code}, having said {self.frames[-5:]}"
                    return
                await asyncio.sleep(0.005)

    async def gets(self, kind: str, seconds: float = 10, **fields: Any) -> Frame:
        """Wait for a frame of this kind with these fields, and return it."""

        def fits(frame: Frame) -> bool:
            return frame["t"] == kind and all(frame.get(name) == value for name, value in fields.items())

        await self.until(lambda frames: any(map(fits, frames)), seconds)
        return next(filter(fits, self.frames))

    async def closed(self, seconds: float = 10) -> int | None:
        """Wait for the end, and return its code."""
        async with asyncio.timeout(seconds):
            await self.socket.wait_closed()
            await self._ears
        return self.socket.close_code

    @property
    def messages(self) -> list[Frame]:
        return [frame for frame in self.frames if frame["t"] == "message"]

    @property
    def heard(self) -> list[tuple[int, str]]:
        return [(frame["seq"], frame["body"]) for frame in self.messages]

    async def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self.socket:
                frame = json.loads(text)
                self.frames.append(frame)
                if frame["t"] == "message":
                    self.seq = max(self.seq, frame["seq"])


class Talker:
    """A page that never gives up: keeps what it has to say, one message under way, and reads on after every break."""

    def __init__(self, urls: list[str], meeting: Meeting, person: Person, cookie: str) -> None:
        self.heard: list[tuple[int, str]] = []
        self.outbox: dict[str, str] = {}
        self.breaks = 0
        self.codes: list[int | None] = []
        self._under_way: str | None = None
        self.frames: list[Frame] = []
        self._urls = urls
        self._meeting = meeting
        self._me = str(person.pk)
        self._cookie = cookie
        self._socket: ClientConnection | None = None
        self._is_live = False
        self._task = asyncio.create_task(self._live())

    @property
    def seq(self) -> int:
        return self.heard[-1][0] if self.heard else 0

    async def say(self, cid: str, body: str) -> None:
        self.outbox[cid] = body
        await self._send_next()

    async def until_all_is_said(self) -> None:
        await _until(lambda: not self.outbox)

    async def until_heard(self, seq: int) -> None:
        await _until(lambda: self.seq >= seq)

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _live(self) -> None:
        while True:
            url = self._urls[self.breaks % len(self._urls)]
            with contextlib.suppress(OSError, ConnectionClosed, InvalidStatus, InvalidMessage, TimeoutError):
                async with connect(
                    address(url, self._meeting.organisation.slug),
                    origin=Origin(url),
                    additional_headers={"Cookie": f"session={self._cookie}"},
                    open_timeout=5,
                ) as self._socket:
                    await self._join()
                    async for text in self._socket:
                        await self._hear(json.loads(text))
            self._is_live = False
            self.breaks += 1
            self.codes.append(self._socket.close_code if self._socket else None)
            await asyncio.sleep(0.1)

    async def _hear(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["t"]:
            case "message":
                # What was on its way while we asked to read on comes a second time.
                if frame["seq"] > self.seq:
                    self.heard.append((frame["seq"], frame["body"]))
                if frame["by"] == self._me and self.outbox.pop(frame["cid"], None) is not None:
                    await self._send_next()
            case "stored":
                self.outbox.pop(frame["cid"], None)
                await self._send_next()
            case "refused" if frame["code"] in ("TryAgain", "TooFast"):
                self._under_way = None
                await asyncio.sleep(0.3)
                await (self._send_next() if "cid" in frame else self._join())
            case "live":
                self._is_live, self._under_way = True, None
                await self._send_next()
            case "resync":
                await self._join()

    async def _join(self) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps({"t": "join", "room": self._meeting.room, "after": self.seq}))

    async def _send_next(self) -> None:
        if not (self._is_live and self._socket and self.outbox):
            return
        cid, body = next(iter(self.outbox.items()))
        if cid == self._under_way:
            return
        self._under_way = cid
        with contextlib.suppress(ConnectionClosed):
            frame = {"t": "send", "room": self._meeting.room, "cid": cid, "body": body}
            await self._socket.send(json.dumps(frame))


async def _until(true: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what a page shows has no event for everything
            await asyncio.sleep(0.01)


def address(url: str, slug: str) -> str:
    return f"{url.replace('http', 'ws')}/at/{slug}/live"


async def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """Use the database from an asynchronous test."""

    def run() -> Any:
        try:
            return work(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


def an_id() -> UUID:
    return new_id()
