"""The same conversation, live: frames that a session's page sends and gets.

Names and meanings of the frames are in docs/reference/live.md.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import close_old_connections

from momentor.foundation.ids import new_id
from momentor.foundation.live import frames
from momentor.foundation.live.batches import Batches
from momentor.foundation.live.connection import Connection
from momentor.foundation.live.database import GONE, Pool, ask, patiently
from momentor.foundation.live.hub import FrameHandler, Hub, Subscription
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Medium
from momentor.sessions.models import Message, Session
from momentor.sessions.posting import OUTCOMES, POST, NotInRoom, RoomOver, clean_body

logger = logging.getLogger("momentor.live")
T = TypeVar("T")

PAGE = 200
GIVE_UP_SECONDS = 8.0
MOST_WAITING = 5000
TYPING_SECONDS = 1.5
MARKS_PAUSE_SECONDS = 0.25
SENT_KINDS = (Message.Kind.TEXT, Message.Kind.FILE, Message.Kind.EDIT, Message.Kind.DELETION)

_ROOM = """
select s.state, s.medium, s.last_seq, a.came_at, a.read_seq, a.delivered_seq, exists (
    select from people_block b where (b.by_id = s.mentee_id and b.about_id = s.mentor_id)
        or (b.by_id = s.mentor_id and b.about_id = s.mentee_id))
from rooms_session s
left join rooms_attendance a on a.session_id = s.id and a.person_id = %(me)s
where s.id = %(room)s and %(me)s in (s.mentee_id, s.mentor_id);
"""
# Nobody has heard more than was said, whatever a page remembers from before a restored backup.
_REPLAY = """
select m.seq, rooms_frame(m)::text from rooms_session s
join rooms_message m on m.session_id = s.id and m.seq > least(%(after)s, s.last_seq)
where s.id = %(room)s and %(me)s in (s.mentee_id, s.mentor_id) order by m.seq limit %(most)s;
"""
_ONE = "select rooms_frame(m)::text from rooms_message m where m.session_id = %(room)s and m.seq = %(seq)s;"
_MARKS = """
select a.person_id, a.read_seq, a.delivered_seq from rooms_attendance a join rooms_session s on s.id = a.session_id
where a.session_id = %(room)s and %(me)s in (s.mentee_id, s.mentor_id) order by a.person_id;
"""
_MARK = """
with marked as (
    insert into rooms_attendance as a (id, organisation_id, session_id, person_id, delivered_seq, read_seq)
    select u.id, s.organisation_id, u.room, u.person, least(u.delivered, s.last_seq), least(u.seen, s.last_seq)
    from unnest(%(ids)s::uuid[], %(rooms)s::uuid[], %(people)s::uuid[], %(delivered)s::bigint[], %(seen)s::bigint[])
        as u(id, room, person, delivered, seen)
    join rooms_session s on s.id = u.room and u.person in (s.mentee_id, s.mentor_id)
    order by u.room
    on conflict (organisation_id, session_id, person_id) do update
        set delivered_seq = greatest(a.delivered_seq, excluded.delivered_seq),
            read_seq = greatest(a.read_seq, excluded.read_seq)
    returning session_id, person_id, delivered_seq, read_seq)
select pg_notify('momentor_live', json_build_object('to', 'room:' || session_id, 'm', json_build_object(
    't', 'read', 'by', person_id, 'seq', read_seq, 'delivered', delivered_seq))::text) from marked;
"""


@dataclass(slots=True)
class Room:
    """What one connection knows of a room it is in."""

    id: UUID
    is_over: bool
    is_written: bool
    read: int
    delivered: int
    typed_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Post:
    """A message on its way into the database."""

    connection: Connection
    frame: frames.Frame
    room: UUID
    client_id: str
    kind: str
    body: str
    about: int | None
    upload: UUID | None
    id: UUID
    give_up_at: float

    def refuse(self, refusal: Refusal) -> None:
        self.connection.refuse(refusal, self.frame)

    def settle(self, outcome: str, seq: int | None) -> None:
        """Answer the sender. A message that was stored comes back to its sender as to everybody: no more to say."""
        if refusal := OUTCOMES.get(outcome):
            self.refuse(refusal())
        elif outcome == "known":
            answer = {"t": "stored", "room": str(self.room), "cid": self.client_id, "seq": seq}
            self.connection.send(frames.write(answer))


class Rooms:
    """Answers the frames of sessions, and writes what people say."""

    kind = "room"

    def __init__(self, hub: Hub, pool: Pool, writers: Pool) -> None:
        self._hub = hub
        self._pool = pool
        self._writers = writers
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self._posts: Batches[UUID, Post] = Batches(self._write)
        self._held_up: Batches[UUID, Post] = Batches(self._write_one_by_one)
        self._written: Batches[UUID, Post] = Batches(self._write_as_action)
        self._marks: Batches[UUID, Mark] = Batches(self._write_marks, pause=MARKS_PAUSE_SECONDS)
        self.frames: dict[str, FrameHandler] = {
            "join": self.join,
            "leave": self.leave,
            "send": self.send,
            "typing": self.typing,
            "read": self.read,
            "delivered": self.delivered,
        }

    async def close(self) -> None:
        """Store what was sent."""
        for batches in (self._posts, self._held_up, self._written, self._marks):
            await batches.close(4)
        self._threads.shutdown(wait=False)

    # Frames

    async def join(self, connection: Connection, frame: frames.Frame) -> None:
        """Show what was said after a number, then everything that is said from now on. Raises NotInRoom."""
        room, after = frames.an_id(frame, "room"), frames.a_number(frame, "after", 0)
        # What is said from here on is held, so that nothing falls between it and what we read.
        subscription = self._hub.subscribe(connection, f"room:{room}")
        try:
            state, came_at, last = await self._catch_up(subscription, room, after)
        except BaseException:
            self._hub.unsubscribe(connection, subscription.stream)
            raise
        subscription.release(_newer_than(last))
        now = round(time.time() * 1000)
        connection.send(frames.write({"t": "live", "room": str(room), "seq": last, "now": now}))
        if subscription.context.is_over:
            return
        subscription.shows_presence = True
        self._hub.presence.enter(subscription.stream, connection)
        if came_at is None or state == Session.State.OPENING:
            self._hub.start(self._attend(connection, room))

    async def leave(self, connection: Connection, frame: frames.Frame) -> None:
        self._hub.unsubscribe(connection, f"room:{frames.an_id(frame, 'room')}")

    async def send(self, connection: Connection, frame: frames.Frame) -> None:
        """Take a message. Its own echo, or `stored`, says that it is safe.

        Raises NotJoined, MessageEmpty, MessageTooLong, RoomOver.
        """
        room = self._room(connection, frame)
        kind, body = frame.get("kind", Message.Kind.TEXT), frame.get("body", "")
        if kind not in SENT_KINDS:
            raise frames.WrongField(field="kind")
        if not isinstance(body, str):
            raise frames.WrongField(field="body")
        changes = kind in (Message.Kind.EDIT, Message.Kind.DELETION)
        post = Post(
            connection=connection,
            frame=frame,
            room=room.id,
            client_id=frames.a_client_id(frame),
            kind=kind,
            body=clean_body(body, kind),
            about=frames.a_number(frame, "about") if changes or frame.get("about") is not None else None,
            upload=frames.an_id(frame, "upload") if kind == Message.Kind.FILE else None,
            id=new_id(),
            give_up_at=time.monotonic() + GIVE_UP_SECONDS,
        )
        if room.is_written:
            self._written.add(room.id, post)
        elif self._posts.waiting(connection.organisation_id) < MOST_WAITING:
            self._posts.add(connection.organisation_id, post)
        else:
            raise frames.TryAgain

    async def typing(self, connection: Connection, frame: frames.Frame) -> None:
        room, now = self._room(connection, frame), time.monotonic()
        if room.is_over or now - room.typed_at < TYPING_SECONDS:
            return
        room.typed_at = now
        self._hub.bus.publish(f"room:{room.id}", frames.write({"t": "typing", "by": str(connection.person_id)}))

    async def read(self, connection: Connection, frame: frames.Frame) -> None:
        """Note how far this person has read, which is as far as it was delivered."""
        room, seq = self._room(connection, frame), frames.a_number(frame, "seq")
        if seq > room.read and not room.is_over:
            room.read, room.delivered = seq, max(seq, room.delivered)
            self._mark(connection, room)

    async def delivered(self, connection: Connection, frame: frames.Frame) -> None:
        room, seq = self._room(connection, frame), frames.a_number(frame, "seq")
        if seq > room.delivered and not room.is_over:
            room.delivered = seq
            self._mark(connection, room)

    # What the hub asks of us

    def saw(self, stream: str, text: str) -> None:
        """Notice that a session ended: from then on nobody sees who is there or writes."""
        if not text.startswith('{"t": "session"'):
            return
        if json.loads(text).get("state") in Session.LIVE:
            return
        for subscription in self._hub.listeners(stream):
            if subscription.context is not None:
                subscription.context.is_over = True
                subscription.shows_presence = False
                self._hub.presence.leave(stream, subscription.connection)

    async def complete(self, stream: str, text: str) -> str:
        short = json.loads(text)
        named = {"room": UUID(stream.partition(":")[2]), "seq": short["seq"]}
        [rows] = await patiently(partial(ask, self._pool, UUID(short["fetch"]), None, _ONE, **named))
        return str(rows[0][0]) if rows else '{"t": "resync"}'

    # Reading

    async def _catch_up(self, subscription: Subscription, room: UUID, after: int) -> tuple[str, Any, int]:
        """Send what was said after a number; once more, if the bus lost something meanwhile.

        Return the session's state, when this person came, and the last number. Raises NotInRoom.
        """
        connection = subscription.connection
        while True:
            subscription.hold()
            found, rows, marks = await self._read(connection, _ROOM + _REPLAY + _MARKS, room, after)
            if not found:
                raise NotInRoom
            state, medium, last_seq, came_at, read, delivered, is_apart = found[0]
            is_over = is_apart or state not in Session.LIVE
            subscription.context = Room(room, is_over, medium == Medium.ASYNC, read or 0, delivered or 0)
            after = min(after, last_seq)
            while rows:
                for seq, text in rows:
                    await connection.send_in_turn(f'{{"room":"{room}",{text[1:]}')
                    after = seq
                rows = (await self._read(connection, _REPLAY, room, after))[0] if len(rows) == PAGE else []
            if not subscription.missed:
                break
        for person, read, delivered in marks:
            mark = {"t": "read", "room": str(room), "by": str(person), "seq": read, "delivered": delivered}
            await connection.send_in_turn(frames.write(mark))
        return state, came_at, after

    async def _read(self, connection: Connection, statements: str, room: UUID, after: int) -> list[list[Any]]:
        me, organisation_id = connection.person_id, connection.organisation_id
        named = {"me": me, "room": room, "after": after, "most": PAGE}
        return await patiently(partial(ask, self._pool, organisation_id, me, statements, **named))

    # Writing

    async def _write(self, organisation_id: UUID, posts: list[Post]) -> None:
        """Store what was said in live sessions of one organisation, in one statement."""
        if any(self._held_up.is_busy(post.room) for post in posts):
            posts = [post for post in posts if not self._step_aside(post)]
        pause = 0.05
        while posts:
            try:
                await self._store(self._writers, organisation_id, posts)
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                # Somebody holds one of the rooms; the others shall not wait for it.
                for post in posts:
                    self._held_up.add(post.room, post)
            except GONE:
                posts = [post for post in posts if not _is_late(post)]
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 2)
                continue
            except psycopg.Error:
                logger.exception("a batch of messages was refused by the database")
                for post in posts:
                    self._held_up.add(post.room, post)
            return

    def _step_aside(self, post: Post) -> bool:
        """Line up behind earlier messages of the same room that are held up."""
        if self._held_up.is_busy(post.room):
            self._held_up.add(post.room, post)
            return True
        return False

    async def _write_one_by_one(self, room: UUID, posts: list[Post]) -> None:
        for post in posts:
            pause = 0.02
            while not _is_late(post):
                try:
                    # Not through the writers: some rooms that are held could keep all of them waiting.
                    await self._store(self._pool, post.connection.organisation_id, [post])
                    break
                except GONE:
                    await asyncio.sleep(pause)
                    pause = min(1.0, pause * 2)
                except psycopg.Error as error:
                    logger.error("a message was refused by the database", extra={"error": type(error).__name__})
                    post.refuse(frames.WrongField(field="body"))
                    break

    async def _store(self, pool: Pool, organisation_id: UUID, posts: Sequence[Post]) -> None:
        columns = [
            [post.room for post in posts],
            [post.connection.person_id for post in posts],
            [post.client_id for post in posts],
            [str(post.kind) for post in posts],
            [post.body for post in posts],
            [post.about for post in posts],
            [post.upload for post in posts],
            [post.id for post in posts],
        ]
        async with pool.connection() as db:
            outcomes = await db.execute(POST, [organisation_id, *columns, datetime.now(UTC)])
            rows = await outcomes.fetchall()
        for number, outcome, seq in rows:
            posts[number - 1].settle(outcome, seq)

    async def _write_as_action(self, room: UUID, posts: list[Post]) -> None:
        """Store what was said in a written conversation, together with the job that tells the other."""
        for post in posts:
            try:
                post.settle("known", await self._in_thread(_post, post))
            except Refusal as refusal:
                post.refuse(refusal)
            except Exception:
                logger.exception("a message could not be stored")
                post.refuse(frames.TryAgain())

    def _mark(self, connection: Connection, room: Room) -> None:
        mark = Mark(connection.person_id, room.id, room.delivered, room.read)
        self._marks.add(connection.organisation_id, mark)

    async def _write_marks(self, organisation_id: UUID, marks: list["Mark"]) -> None:
        newest = {(mark.room, mark.person): mark for mark in marks}
        # One person a room and statement: an action may hold both rows of a room, in any order.
        first = dict(reversed(newest))
        for layer in (
            [mark for key, mark in newest.items() if first[key[0]] == key[1]],
            [mark for key, mark in newest.items() if first[key[0]] != key[1]],
        ):
            if layer:
                await patiently(partial(self._store_marks, organisation_id, layer))

    async def _store_marks(self, organisation_id: UUID, marks: list["Mark"]) -> None:
        await ask(
            self._pool,
            organisation_id,
            None,
            _MARK,
            ids=[new_id() for _ in marks],
            rooms=[mark.room for mark in marks],
            people=[mark.person for mark in marks],
            delivered=[mark.delivered for mark in marks],
            seen=[mark.read for mark in marks],
        )

    # Through Django

    async def _attend(self, connection: Connection, room: UUID) -> None:
        await self._in_thread(_attend, connection.organisation_id, connection.person_id, room)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        def run() -> T:
            close_old_connections()
            return work(*arguments)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    def _room(self, connection: Connection, frame: frames.Frame) -> Room:
        subscription: Subscription | None = connection.subscriptions.get(f"room:{frames.an_id(frame, 'room')}")
        if subscription is None or subscription.context is None:
            raise frames.NotJoined
        room: Room = subscription.context
        return room


@dataclass(slots=True)
class Mark:
    """How far somebody has got in a room."""

    person: UUID
    room: UUID
    delivered: int
    read: int


def _newer_than(last: int) -> Any:
    """Return a gate that keeps back messages that were replayed, until the first that was not."""

    def gate(text: str) -> bool | None:
        frame = json.loads(text)
        return bool(frame["seq"] > last) if frame["t"] == "message" else None

    return gate


def _is_late(post: Post) -> bool:
    if time.monotonic() < post.give_up_at:
        return False
    post.refuse(frames.TryAgain())
    return True


def _attend(organisation_id: UUID, person_id: UUID, session_id: UUID) -> None:
    from momentor.sessions.actions import attend  # late: the hub starts before Django's apps are all loaded

    with acting_in(organisation_id, person_id=person_id):
        attend(session_id=session_id, person_id=person_id, now=datetime.now(UTC))


def _post(post: Post) -> int:
    from momentor.people.models import Person
    from momentor.sessions.models import Upload
    from momentor.sessions.posting import NotYours, post_message

    connection = post.connection
    with acting_in(connection.organisation_id, person_id=connection.person_id):
        by = Person.objects.get(pk=connection.person_id)
        session = Session.objects.visible_to(by).filter(pk=post.room).first()
        if session is None:
            raise NotInRoom
        upload = Upload.objects.filter(pk=post.upload, session=session, by=by).first() if post.upload else None
        if post.upload and upload is None:
            raise NotYours
        return post_message(
            session=session,
            by=by,
            body=post.body,
            client_id=post.client_id,
            kind=post.kind,
            about=post.about,
            upload=upload,
            now=datetime.now(UTC),
        )


assert RoomOver in OUTCOMES.values()
