"""What a person takes along of their conversations, and what goes when it is older than the organisation keeps it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from momentor.asking.models import Answer, Question
from momentor.people.export import Part
from momentor.people.models import Person
from momentor.sessions.models import Attendance, Message, Session, Upload
from momentor.sessions.uploads import path_of

AT_ONCE = 200


def exported(person: Person) -> Iterator[Part]:
    """Return a person's conversations with everything said in them, and the files they gave themselves."""
    yield Part(name="sessions.json", rows=_sessions(person))
    yield Part(name="messages.json", rows=_messages(person))
    for upload in Upload.objects.filter(by=person).order_by("id").iterator(chunk_size=AT_ONCE):
        yield Part(name=f"files/{upload.pk}-{upload.name}", file=path_of(upload))


def _sessions(person: Person) -> Iterator[dict[str, Any]]:
    came = dict(Attendance.objects.filter(person=person).values_list("session_id", "came_at"))
    for session in Session.objects.visible_to(person).order_by("id").iterator(chunk_size=AT_ONCE):
        yield {
            "id": session.pk,
            "question_id": session.question_id,
            "as": "mentee" if session.mentee_id == person.pk else "mentor",
            "medium": session.medium,
            "state": session.state,
            "minutes": session.time_box,
            "opened_at": session.opened_at,
            "i_came_at": came.get(session.pk),
            "started_at": session.started_at,
            "ended_at": session.ended_at,
            "end_reason": session.end_reason,
        }


def _messages(person: Person) -> Iterator[dict[str, Any]]:
    mine = Message.objects.filter(session__in=Session.objects.visible_to(person)).standing()
    for message in mine.select_related("upload").order_by("session_id", "seq").iterator(chunk_size=500):
        yield {
            "session_id": message.session_id,
            "number": message.seq,
            "by": "me" if message.sender_id == person.pk else "the other" if message.sender_id else "momentor",
            "words": message.body,
            "file": message.upload.name if message.upload else None,
            "reply_to": message.about,
            "sent_at": message.sent_at,
            "edited_at": message.edited_at,
            "taken_back_at": message.deleted_at,
        }


def forget_conversations(before: datetime) -> int:
    """Remove conversations that ended before, with their messages, files and cards."""
    gone = 0
    old = Session.objects.filter(ended_at__lt=before).order_by("ended_at")
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        files = [path_of(upload) for upload in Upload.objects.filter(session__in=ids)]
        gone += Session.objects.filter(pk__in=ids).delete()[0]
        for file in files:
            file.unlink(missing_ok=True)
    return gone


def forget_questions(before: datetime) -> int:
    """Remove the questions that ended before, with their answers and searches, once their conversations are gone.

    Answers that both people agreed to show stay, with their questions, and so does what was imported.
    """
    told = Session.objects.filter(question=OuterRef("pk"))
    shown = Answer.objects.shown().filter(question=OuterRef("pk"))
    ended = Question.objects.exclude(state__in=Question.UNRESOLVED).filter(changed_at__lt=before, source="")
    old = ended.exclude(Exists(told)).exclude(Exists(shown)).order_by("pk")
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        gone += Question.objects.filter(pk__in=ids).delete()[0]
    return gone
