"""What a moderator needs to read about a conversation, or one message of it, that one of the two reports."""

from uuid import UUID

from momentor.people.models import Person
from momentor.sessions.models import Message, Session
from momentor.trust.subjects import Line, Subject

LINES = 50
LINES_BEFORE = 10


def reported_session(subject_id: UUID, by: Person) -> Subject | None:
    """Return a conversation for one of its two people, with what was said last."""
    session = Session.objects.visible_to(by).select_related("question").filter(pk=subject_id).first()
    if session is None:
        return None
    said = Message.objects.filter(session=session).standing().order_by("-seq")[:LINES]
    return Subject(
        title=session.question.title,
        about_id=_other_id(session, by),
        context=_lines(list(said.select_related("sender", "upload"))),
    )


def reported_message(subject_id: UUID, by: Person) -> Subject | None:
    """Return a message of the other, for one of the two, with what came before it."""
    message = Message.objects.filter(pk=subject_id, session__in=Session.objects.visible_to(by)).first()
    if message is None or message.sender_id in (None, by.pk):
        return None
    said = Message.objects.filter(session=message.session_id, seq__lte=message.seq).standing().order_by("-seq")
    lines = _lines(list(said.select_related("sender", "upload")[: LINES_BEFORE + 1]))
    return Subject(title=lines[-1].words[:90] if lines else "", about_id=message.sender_id, context=lines)


def _other_id(session: Session, by: Person) -> UUID | None:
    return session.mentor_id if by.pk == session.mentee_id else session.mentee_id


def _lines(newest_first: list[Message]) -> list[Line]:
    return [
        Line(
            who=str(message.sender or ""),
            words=f"[{message.upload.name}]" if message.upload else message.body,
            at=message.sent_at.isoformat(),
        )
        for message in reversed(newest_first)
    ]
