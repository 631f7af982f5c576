"""Sessions as JSON: coming, talking, files, more time, and the end."""

from typing import Annotated, Any, Literal, Self, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import FileResponse, Http404, HttpResponse
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from momentor.foundation.api import (
    BIGGEST,
    Body,
    Cursor,
    Id,
    Limit,
    Moment,
    Page,
    Shown,
    Whole,
    Yes,
    between,
    choice,
    page_of,
    up_to,
)
from momentor.people.api import ApiRequest, MediumName, PersonShown
from momentor.people.models import Medium
from momentor.sessions import actions
from momentor.sessions.models import LONGEST_MESSAGE, Message, Session, Upload
from momentor.sessions.posting import post_message
from momentor.sessions.queries import note_read
from momentor.sessions.uploads import give_file, path_of

router = Router(tags=["sessions"])

StateName = Annotated[Session.State, choice(Session.State)]
EndReason = Annotated[Session.EndReason, choice(Session.EndReason)]
KindName = Annotated[Message.Kind, choice(Message.Kind)]
Seq = Annotated[Whole, between(0, BIGGEST)]


class SessionShown(Shown):
    """A conversation about one question."""

    id: Id
    question: Id
    mentee: PersonShown | None
    mentor: PersonShown | None
    medium: MediumName
    time_box: Annotated[Whole, between(1, 1440)]
    """Minutes agreed so far, extensions included."""
    state: StateName
    opened_at: Moment
    started_at: Moment | None
    ends_at: Moment | None
    ended_at: Moment | None
    end_reason: EndReason | None
    is_my_move: Yes | None
    """In a written conversation, whether your answer is awaited; null in a live one."""
    next_move_until: Moment | None
    last_seq: Seq

    @classmethod
    def of(cls, session: Session, request: ApiRequest) -> Self:
        return cls(
            id=session.pk,
            question=session.question_id,
            mentee=PersonShown.of(session.mentee),
            mentor=PersonShown.of(session.mentor),
            medium=Medium(session.medium),
            time_box=session.time_box,
            state=Session.State(session.state),
            opened_at=session.opened_at,
            started_at=session.started_at,
            ends_at=session.ends_at,
            ended_at=session.ended_at,
            end_reason=Session.EndReason(session.end_reason) if session.end_reason else None,
            is_my_move=session.next_move_by_id == request.by.pk if session.is_written else None,
            next_move_until=session.next_move_until,
            last_seq=session.last_seq,
        )


@router.get("", response=Page[SessionShown])
def list_sessions(
    request: ApiRequest,
    state: Annotated[StateName | None, Query(description="Only those in this state.")] = None,
    question: Annotated[UUID | None, Query(description="Only those about this question.")] = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[SessionShown]:
    """One's conversations, the newest first."""
    mine = Session.objects.visible_to(request.by).select_related("mentee", "mentor")
    if state:
        mine = mine.filter(state=state)
    if question:
        mine = mine.filter(question=question)
    return page_of(
        Page[SessionShown],
        mine,
        cursor=cursor,
        limit=limit,
        show=lambda rows: [SessionShown.of(row, request) for row in rows],
    )


@router.get("/{uuid:session_id}", response=SessionShown)
def show_session(request: ApiRequest, session_id: UUID) -> SessionShown:
    """One conversation."""
    return SessionShown.of(visible_session(request, session_id), request)


@router.put("/{uuid:session_id}/attendance", response=SessionShown)
def attend(request: ApiRequest, session_id: UUID) -> SessionShown:
    """Come. With the second of the two the clock starts; who has not come after two minutes gives the place back."""
    session = visible_session(request, session_id)
    actions.attend(session_id=session.pk, person_id=request.by.pk, now=request.now)
    return SessionShown.of(visible_session(request, session_id), request)


class FileShown(Shown):
    """A file given into a session. Its bytes are at /sessions/{session_id}/files/{id}."""

    id: Id
    name: Annotated[str, Field(max_length=120)]
    media_type: Annotated[str, Field(max_length=80)]
    size: Annotated[Whole, between(0, BIGGEST)]
    width: Annotated[Whole, between(0, 100_000)] | None
    height: Annotated[Whole, between(0, 100_000)] | None

    @classmethod
    def of(cls, upload: Upload) -> Self:
        return cls(
            id=upload.pk,
            name=upload.name,
            media_type=upload.media_type,
            size=upload.size,
            width=upload.width,
            height=upload.height,
        )


class MessageShown(Shown):
    """One thing said, numbered in the order all readers see."""

    seq: Seq
    kind: KindName
    sender: Id | None
    """Null for what the product says, and for somebody who left."""
    body: Annotated[str, Field(max_length=LONGEST_MESSAGE)]
    about: Seq | None
    """The message that is replied to, edited or deleted."""
    file: FileShown | None
    sent_at: Moment
    edited_at: Moment | None
    deleted_at: Moment | None

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(
            seq=message.seq,
            kind=Message.Kind(message.kind),
            sender=message.sender_id,
            body=message.body[:LONGEST_MESSAGE],
            about=message.about,
            file=FileShown.of(message.upload) if message.upload else None,
            sent_at=message.sent_at,
            edited_at=message.edited_at,
            deleted_at=message.deleted_at,
        )


class Messages(Shown):
    items: Annotated[list[MessageShown], Field(max_length=200)]
    last_seq: Seq
    """The newest number there is. Where the last item has a lower one, ask again after that."""


@router.get("/{uuid:session_id}/messages", response=Messages)
def list_messages(
    request: ApiRequest,
    session_id: UUID,
    after: Annotated[int, Query(ge=0, le=BIGGEST, description="The number of the last message you know.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 100,
) -> Messages:
    """What was said after a message, in order: edits and deletions too, since they are said as well."""
    session = visible_session(request, session_id)
    found = Message.objects.filter(session=session).after(after).select_related("upload")[:limit]
    return Messages(items=[MessageShown.of(message) for message in found], last_seq=session.last_seq)


class Saying(Body):
    """Something to say. The same `client_id` again stores nothing twice, with or without an Idempotency-Key."""

    client_id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
    body: Annotated[str, up_to(LONGEST_MESSAGE)] = ""
    kind: Literal["text", "file", "edit", "deletion"] = "text"
    about: Seq | None = None
    """The message that is replied to, edited or deleted."""
    file: Id | None = None


class Said(Shown):
    seq: Seq


@router.post("/{uuid:session_id}/messages", response={201: Said})
def say(request: ApiRequest, session_id: UUID, body: Saying) -> Said:
    """Say something, change or delete what you said, or show a file you gave."""
    session = visible_session(request, session_id)
    upload = Upload.objects.get(pk=body.file, session=session, by=request.by) if body.file else None
    seq = post_message(
        session=session,
        by=request.by,
        body=body.body,
        client_id=body.client_id,
        now=request.now,
        kind=body.kind,
        about=body.about,
        upload=upload,
    )
    return Said(seq=seq)


@router.put("/{uuid:session_id}/reading", response={204: None})
def mark_read(request: ApiRequest, session_id: UUID) -> None:
    """Note that you have read what was said so far."""
    note_read(session=visible_session(request, session_id), person_id=request.by.pk)


@router.post("/{uuid:session_id}/files", response={201: FileShown})
def give(request: ApiRequest, session_id: UUID, file: Annotated[UploadedFile, File()]) -> FileShown:
    """Give a file into the session: pictures, PDF, text and office documents. A message has to show it."""
    session = visible_session(request, session_id)
    return FileShown.of(give_file(session=session, by=request.by, file=cast("DjangoFile[Any]", file), now=request.now))


@router.get("/{uuid:session_id}/files/{uuid:file_id}", response={200: None})
def fetch_file(request: ApiRequest, session_id: UUID, file_id: UUID) -> HttpResponse | FileResponse:
    """The bytes of a file, as a download."""
    upload = Upload.objects.get(pk=file_id, session=visible_session(request, session_id))
    path = path_of(upload)
    if not path.is_file():
        raise Http404
    # Texts were turned into UTF-8 when they were given.
    kind = f"{upload.media_type}; charset=utf-8" if upload.media_type.startswith("text/") else upload.media_type
    response = FileResponse(path.open("rb"), as_attachment=True, filename=upload.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


fetch_file.gives_file = True  # type: ignore[attr-defined]  # the door asks for no JSON then


class MoreTime(Body):
    minutes: Annotated[Literal[5, 10, 15, 20], Field(json_schema_extra={"format": "int32"})]


@router.post("/{uuid:session_id}/extension", response=SessionShown)
def extend_session(request: ApiRequest, session_id: UUID, body: MoreTime) -> SessionShown:
    """Ask for more minutes: they are added once both have asked, the smaller wish of the two."""
    session = actions.extend_session(
        session=visible_session(request, session_id), by=request.by, minutes=body.minutes, now=request.now
    )
    return SessionShown.of(session, request)


@router.post("/{uuid:session_id}/end", response=SessionShown)
def end_session(request: ApiRequest, session_id: UUID) -> SessionShown:
    """End the session. The question counts as answered when its mentor has said something. Twice does no harm."""
    session = actions.end_session(session=visible_session(request, session_id), by=request.by, now=request.now)
    return SessionShown.of(session, request)


@router.post("/{uuid:session_id}/return", response=SessionShown)
def hand_back(request: ApiRequest, session_id: UUID) -> SessionShown:
    """Give the question back to the search: its mentor's choice."""
    session = actions.hand_back(session=visible_session(request, session_id), by=request.by, now=request.now)
    return SessionShown.of(session, request)


def visible_session(request: ApiRequest, session_id: UUID) -> Session:
    """Return a session that the caller is in. Raises Session.DoesNotExist."""
    mine = Session.objects.visible_to(request.by).select_related("mentee", "mentor", "question")
    return mine.get(pk=session_id)
