"""Saying something in a session: the rules, and the way for forms, the JSON API and jobs.

The live connection (live.py) uses the same database function in batches; what is let in is decided there alone.
"""

import unicodedata
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from momentor.foundation import jobs
from momentor.foundation.ids import new_id
from momentor.foundation.refusals import Refusal
from momentor.people.models import Person
from momentor.sessions.models import LONGEST_MESSAGE, Message, Session, Upload

SPOKEN = (Message.Kind.TEXT, Message.Kind.FILE)

POST = """
select number, outcome, at_seq from rooms_post(
    %s::uuid, %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::uuid[], %s::uuid[],
    %s::timestamptz)
"""


class RoomOver(Refusal):
    message = _("This session is over, so nothing can be added. What was said stays here for both of you.")


class NotInRoom(Refusal):
    message = _("There is no such session, or you are not in it.")
    status = 404


class MessageTooLong(Refusal):
    message = _("This is longer than %(most)s characters. Send it in two parts, or as a file.")
    status = 422


class MessageEmpty(Refusal):
    message = _("Write something first.")
    status = 422


class NotYours(Refusal):
    message = _("Only your own message can be changed, as long as it is there.")
    status = 403


OUTCOMES: dict[str, type[Refusal]] = {"no_room": NotInRoom, "over": RoomOver, "not_yours": NotYours}


def clean_body(body: str, kind: str) -> str:
    """Return what may be stored of a message's text. Raises MessageEmpty, MessageTooLong.

    Control characters but newline and tab are dropped, and halves of characters, which no database takes.
    """
    if kind == Message.Kind.DELETION:
        return ""
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    if not plain.isprintable():  # most are, on one line
        plain = "".join(
            letter for letter in plain if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
        )
    plain = plain.strip()
    if len(plain) > LONGEST_MESSAGE:
        raise MessageTooLong(most=LONGEST_MESSAGE)
    if not plain and kind in (Message.Kind.TEXT, Message.Kind.EDIT):
        raise MessageEmpty
    return plain


def post_message(
    *,
    session: Session,
    by: Person | None,
    body: str,
    client_id: str,
    now: datetime,
    kind: str = Message.Kind.TEXT,
    about: int | None = None,
    upload: Upload | None = None,
) -> int:
    """Say something in a session, and return its number; with the same client id again, the number it has.

    `by` is None for what the product says (kind `note`).
    Raises RoomOver, NotInRoom, MessageTooLong, MessageEmpty, NotYours.
    """
    text = clean_body(body, kind)
    columns: list[list[Any]] = [
        [session.pk],
        [by.pk if by else None],
        [client_id],
        [kind],
        [text],
        [about],
        [upload.pk if upload else None],
        [new_id()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(POST, [session.organisation_id, *columns, now])
        _, outcome, seq = cursor.fetchone()
    if refusal := OUTCOMES.get(outcome):
        raise refusal
    if outcome == "stored" and session.is_written and kind in SPOKEN:
        _tell_the_other(session)
    return int(seq)


def _tell_the_other(session: Session) -> None:
    from momentor.sessions.jobs import tell_whose_move  # jobs call actions, which post

    jobs.enqueue(tell_whose_move, once=f"move:{session.pk}", session_id=session.pk)
