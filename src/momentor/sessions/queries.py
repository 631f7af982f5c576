"""Reads about sessions: the room, and a person's list of conversations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from momentor.people.models import Person
from momentor.sessions.models import EXTENSIONS, Attendance, Message, Session

PAGE = 20
NEWEST = 200
CLOSE_TOGETHER = timedelta(minutes=5)
LAST_MINUTE = timedelta(minutes=1)
SPOKEN = (Message.Kind.TEXT, Message.Kind.FILE)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message as one of the two reads it."""

    message: Message
    is_mine: bool
    follows: bool
    day: date | None  # set on the first of a day
    reply: "Message | None"
    reply_is_mine: bool
    is_seen: bool
    is_delivered: bool
    may_change: bool

    @property
    def is_note(self) -> bool:
        return self.message.kind == Message.Kind.NOTE

    @property
    def may_edit(self) -> bool:
        return self.may_change and self.message.kind == Message.Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class Room:
    """A session as one of the two sees it."""

    session: Session
    me: Person
    other: Person | None
    is_mentee: bool
    lines: list[Line]
    last_seq: int
    has_earlier: bool
    first_seq: int
    i_came: bool
    other_came: bool
    other_has_read: int
    other_wants_minutes: int | None
    i_want_minutes: int | None
    now: datetime
    extensions: tuple[int, ...] = field(default=EXTENSIONS[:2])

    @property
    def is_opening(self) -> bool:
        return self.session.state == Session.State.OPENING

    @property
    def is_running(self) -> bool:
        return self.session.state == Session.State.RUNNING

    @property
    def is_my_move(self) -> bool:
        return self.session.next_move_by_id == self.me.pk

    @property
    def seconds_left(self) -> int | None:
        left = self.session.time_left(self.now)
        return None if left is None else int(left.total_seconds())

    @property
    def clock(self) -> str:
        """Return what is left of the time box as 7:42."""
        seconds = self.seconds_left if self.seconds_left is not None else self.session.time_box * 60
        return f"{seconds // 60}:{seconds % 60:02}"

    @property
    def part_left(self) -> float:
        seconds = self.seconds_left
        return 1.0 if seconds is None else round(min(1.0, seconds / (self.session.time_box * 60)), 4)

    @property
    def is_ending(self) -> bool:
        """Return whether the last minute has begun, which is for the takeaway."""
        left = self.session.time_left(self.now)
        return self.is_running and left is not None and left <= LAST_MINUTE

    @property
    def may_hand_back(self) -> bool:
        """Return whether the question may go back to the search: its mentor's choice, before a written answer."""
        if self.is_mentee or self.session.is_over:
            return False
        return not (self.session.is_written and self.session.has_answer)  # type: ignore[attr-defined]  # see room_of


def room_of(*, session: Session, me: Person, now: datetime, before: int | None = None) -> Room:
    """Return the room with its newest messages, or those before a number."""
    said = Message.objects.filter(session=session).standing().select_related("upload")
    if before is not None:
        said = said.filter(seq__lt=before)
    newest = list(said.order_by("-seq")[: NEWEST + 1])
    has_earlier = len(newest) > NEWEST
    messages = newest[:NEWEST][::-1]
    marks = {mark.person_id: mark for mark in Attendance.objects.filter(session=session)}
    other = session.other_than(me)
    mine, theirs = marks.get(me.pk), marks.get(other.pk) if other else None
    session.has_answer = any(  # type: ignore[attr-defined]  # read by Room alone
        one.sender_id == session.mentor_id and one.kind in SPOKEN for one in messages
    )
    return Room(
        session=session,
        me=me,
        other=other,
        is_mentee=me.pk == session.mentee_id,
        lines=_lines(messages, session=session, me=me, theirs=theirs),
        last_seq=session.last_seq,
        has_earlier=has_earlier,
        first_seq=messages[0].seq if messages else 0,
        i_came=bool(mine and mine.came_at),
        other_came=bool(theirs and theirs.came_at),
        other_has_read=theirs.read_seq if theirs else 0,
        other_wants_minutes=theirs.wants_more_minutes if theirs else None,
        i_want_minutes=mine.wants_more_minutes if mine else None,
        now=now,
    )


def _lines(messages: list[Message], *, session: Session, me: Person, theirs: Attendance | None) -> list[Line]:
    by_number = {message.seq: message for message in messages}
    wanted = {one.about for one in messages if one.about and one.about not in by_number}
    if wanted:
        by_number |= {one.seq: one for one in Message.objects.filter(session=session, seq__in=wanted)}
    zone = ZoneInfo(me.time_zone)
    lines: list[Line] = []
    before: Message | None = None
    for message in messages:
        day = message.sent_at.astimezone(zone).date()
        is_new_day = before is None or before.sent_at.astimezone(zone).date() != day
        reply = by_number.get(message.about) if message.about else None
        is_mine = message.sender_id == me.pk
        lines.append(
            Line(
                message=message,
                is_mine=is_mine,
                follows=not is_new_day and _follows(before, message),
                day=day if is_new_day else None,
                reply=reply,
                reply_is_mine=bool(reply and reply.sender_id == me.pk),
                is_seen=is_mine and bool(theirs and theirs.read_seq >= message.seq),
                is_delivered=is_mine and bool(theirs and theirs.delivered_seq >= message.seq),
                may_change=is_mine and not session.is_over and message.deleted_at is None,
            )
        )
        before = message
    return lines


def _follows(before: Message | None, message: Message) -> bool:
    return (
        before is not None
        and before.kind in SPOKEN
        and message.kind in SPOKEN
        and before.sender_id == message.sender_id
        and message.sent_at - before.sent_at < CLOSE_TOGETHER
    )


def note_read(*, session: Session, person_id: UUID) -> None:
    """Note that somebody has the newest message before them, who reads without the live connection."""
    behind = Attendance.objects.filter(session=session, person_id=person_id, read_seq__lt=session.last_seq)
    behind.update(read_seq=session.last_seq, delivered_seq=session.last_seq)


def conversations(person: Person) -> QuerySet[Session]:
    """Return a person's conversations: where it is their move first, then the open ones, then the newest."""
    turn = Case(
        When(Q(state__in=Session.LIVE) & (Q(next_move_by=person) | ~Q(medium="async")), then=Value(0)),
        When(state__in=Session.LIVE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Session.objects.visible_to(person)
        .select_related("question", "mentee", "mentor")
        .annotate(turn=turn)
        .order_by("turn", F("opened_at").desc(), "-id")
    )


def unread_in(sessions: Iterable[Session], person: Person) -> dict[UUID, int]:
    """Return by session id the last message that this person has read, in one query."""
    rows = Attendance.objects.filter(session__in=[one.pk for one in sessions], person=person)
    return dict(rows.values_list("session_id", "read_seq"))


def turn_began(session: Session) -> int | None:
    """Return the number of the message that made it the move of whoever has it; None before anything was said.

    Several messages in a row are one turn.
    """
    spoken = Message.objects.filter(session=session, kind__in=SPOKEN)
    last = spoken.filter(sender=session.next_move_by_id).order_by("-seq").values_list("seq", flat=True).first() or 0
    return (
        spoken.filter(seq__gt=last)
        .exclude(sender=session.next_move_by_id)
        .order_by("seq")
        .values_list("seq", flat=True)
        .first()
    )
