"""What people do in sessions: come, ask for more time, end, hand back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from momentor.asking.actions import locked as locked_question
from momentor.asking.actions import mark_answered, mark_in_session
from momentor.asking.models import Question
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.pushing import push, room_stream
from momentor.foundation.refusals import Refusal
from momentor.people.models import TIME_BOXES, Person
from momentor.sessions.events import SessionEnded, SessionExtended, SessionOpened, SessionReturned, SessionStarted
from momentor.sessions.models import EXTENSIONS, Attendance, Message, Session
from momentor.sessions.posting import post_message

TIME_TO_COME = timedelta(minutes=2)
TIME_TO_CLOSE = timedelta(minutes=2)
TIME_TO_ANSWER = timedelta(days=2)
# What a mentee who has an answer gets beyond that: the thread is closed after a fortnight in which nothing was said.
THREAD_RESTS = 6 * TIME_TO_ANSWER
LONGEST_SESSION = 120


class SessionOver(Refusal):
    message = _("This session is over. What was said stays here for both of you.")


class NotYoursToEnd(Refusal):
    message = _("Only the two people in a session can do this.")
    status = 403


class NoSuchExtension(Refusal):
    message = _("Choose 5, 10, 15 or 20 more minutes; a session lasts two hours at most.")
    status = 422


class AlreadyAnswered(Refusal):
    message = _("You have already answered. End the session instead of handing the question back.")


@transaction.atomic
def open_session(
    *,
    question: Question,
    mentor: Person,
    now: datetime,
    medium: str | None = None,
    expected_at: datetime | None = None,
) -> Session:
    """Open a room for a question's mentee and this mentor, and look after the two minutes they have to come.

    The minutes begin at the time that both were told, where it is still ahead.
    """
    assert question.mentee is not None, "a question whose mentee left is withdrawn"
    session = Session(
        question=question,
        mentee=question.mentee,
        mentor=mentor,
        medium=medium or question.medium,
        time_box=question.time_box,
        opened_at=now,
    )
    if not session.is_written:
        session.come_by = max(now, expected_at or now) + TIME_TO_COME
    session.save(force_insert=True)
    Attendance.objects.bulk_create([Attendance(session=session, person=person) for person in (question.mentee, mentor)])
    if session.is_written:
        session.state = Session.State.RUNNING
        session.started_at = now
        session.next_move_by = mentor
        session.next_move_until = min(question.answer_by or now + TIME_TO_ANSWER, now + TIME_TO_ANSWER)
        session.save(update_fields=["state", "started_at", "next_move_by", "next_move_until"])
        mark_in_session(question=question, now=now)
        jobs.enqueue(return_if_quiet, at=session.next_move_until, session_id=session.pk)
    else:
        jobs.enqueue(return_if_absent, at=session.come_by, session_id=session.pk)
    announce(SessionOpened(session_id=session.pk, at=now))
    return session


@transaction.atomic
def attend(*, session_id: UUID, person_id: UUID, now: datetime) -> Session | None:
    """Note that somebody came; with the second of the two, the clock starts. Returns None for anybody else.

    Coming again, or after the end, changes nothing.
    """
    found = Session.objects.filter(pk=session_id).select_related("question").first()
    if found is None or person_id not in (found.mentee_id, found.mentor_id):
        return None
    if found.state != Session.State.OPENING:
        Attendance.objects.filter(session=found, person_id=person_id, came_at=None).update(came_at=now)
        return found
    # The question before the session, as everywhere: whoever locks both does it in this order.
    locked_question(found.question)
    session = _lock(session_id)
    if session is None or session.state != Session.State.OPENING:
        return session
    came = Attendance.objects.filter(session=session, person_id=person_id, came_at=None).update(came_at=now)
    if came:
        push(to=room_stream(session.pk), message={"t": "came", "by": str(person_id)})
    if not Attendance.objects.filter(session=session, came_at=None).exists():
        _start(session, now=now)
    return session


@transaction.atomic
def extend_session(*, session: Session, by: Person, minutes: int, now: datetime) -> Session:
    """Ask for more minutes; they are added once both have asked, the smaller wish of the two.

    Raises SessionOver, NotYoursToEnd, NoSuchExtension.
    """
    session = _running(session, by)
    if minutes not in EXTENSIONS or session.time_box + minutes > LONGEST_SESSION or session.is_written:
        raise NoSuchExtension
    Attendance.objects.filter(session=session, person=by).update(wants_more_minutes=minutes)
    wishes = list(Attendance.objects.filter(session=session).values_list("wants_more_minutes", flat=True))
    agreed = min((wish for wish in wishes if wish), default=0) if all(wishes) else 0
    if not agreed:
        push(to=room_stream(session.pk), message={"t": "extension_wanted", "by": str(by.pk), "minutes": minutes})
        return session
    Attendance.objects.filter(session=session).update(wants_more_minutes=None)
    session.time_box += agreed
    session.ends_at = max(session.ends_at or now, now) + timedelta(minutes=agreed)
    session.save(update_fields=["time_box", "ends_at"])
    _note(session, gettext_noop("%(minutes)s more minutes"), now=now, minutes=agreed)
    jobs.enqueue(close_if_over, at=session.ends_at + TIME_TO_CLOSE, session_id=session.pk)
    push(
        to=room_stream(session.pk),
        message={"t": "clock", "ends_at": session.ends_at.isoformat(), "minutes": session.time_box},
    )
    announce(SessionExtended(session_id=session.pk, minutes=agreed, at=now))
    return session


@transaction.atomic
def end_session(*, session: Session, by: Person | None, now: datetime, reason: str = Session.EndReason.DONE) -> Session:
    """End a session; the question counts as answered when its mentor has said something.

    `by` is None when the clock, and not a person, ends it. Ending twice changes nothing.
    Raises NotYoursToEnd.
    """
    question = locked_question(session.question)
    locked_session = _lock(session.pk)
    assert locked_session is not None
    session = locked_session
    if by is not None and not session.has(by):
        raise NotYoursToEnd
    if session.is_over:
        return session
    _close(session, Session.State.ENDED, reason, now=now)
    if question.state in (Question.State.CLAIMED, Question.State.IN_SESSION):
        if session.mentor is not None and (session.is_spoken or _has_spoken(session, session.mentor)):
            mark_answered(question=question, by=session.mentor, now=now)
            announce(SessionEnded(session_id=session.pk, at=now))
        else:
            # Nothing was said: the promise is not kept, so the question does not end here.
            session.state = Session.State.RETURNED
            session.save(update_fields=["state"])
            announce(SessionReturned(session_id=session.pk, reason=Session.EndReason.QUIET, at=now))
    else:
        announce(SessionEnded(session_id=session.pk, at=now))
    return session


@transaction.atomic
def hand_back(*, session: Session, by: Person, now: datetime) -> Session:
    """Let the mentor give the question back to the search. Raises SessionOver, NotYoursToEnd, AlreadyAnswered."""
    locked_question(session.question)
    session = _running(session, by)
    if by.pk != session.mentor_id:
        raise NotYoursToEnd
    if session.is_written and _has_spoken(session, by):
        raise AlreadyAnswered
    _return(session, Session.EndReason.HANDED_BACK, now=now)
    return session


@jobs.job
def return_if_absent(*, session_id: UUID) -> None:
    """Return a question whose mentee or mentor did not come within two minutes."""
    session = Session.objects.filter(pk=session_id, state=Session.State.OPENING).select_related("question").first()
    if session is None:
        return
    locked_question(session.question)
    session = _lock(session.pk)
    if session is None or session.state != Session.State.OPENING:
        return
    absent = set(Attendance.objects.filter(session=session, came_at=None).values_list("person_id", flat=True))
    reason = Session.EndReason.MENTOR_ABSENT if session.mentor_id in absent else Session.EndReason.MENTEE_ABSENT
    _return(session, reason, now=timezone.now())


@jobs.job
def return_if_quiet(*, session_id: UUID) -> None:
    """Return a written question whose mentor let the agreed time go by; end one whose mentee fell silent."""
    now = timezone.now()
    session = Session.objects.filter(pk=session_id, state=Session.State.RUNNING).select_related("question").first()
    if session is None:
        return
    locked_question(session.question)
    session = _lock(session.pk)
    if session is None or session.is_over or session.next_move_until is None:
        return
    if now < session.next_move_until:
        jobs.enqueue(return_if_quiet, at=session.next_move_until, session_id=session.pk)
    elif session.mentor is not None and _has_spoken(session, session.mentor):
        if session.next_move_by_id == session.mentee_id and now < session.next_move_until + THREAD_RESTS:
            jobs.enqueue(return_if_quiet, at=session.next_move_until + THREAD_RESTS, session_id=session.pk)
        else:
            end_session(session=session, by=None, reason=Session.EndReason.QUIET, now=now)
    else:
        _return(session, Session.EndReason.QUIET, now=now)


@jobs.job
def close_if_over(*, session_id: UUID) -> None:
    """End a session whose time, and the minute for its takeaway, is over; look again later if it was extended."""
    now = timezone.now()
    session = Session.objects.filter(pk=session_id, state=Session.State.RUNNING).select_related("question").first()
    if session is None or session.ends_at is None:
        return
    if now < session.ends_at + TIME_TO_CLOSE:
        return  # whoever extended it queued another look
    end_session(session=session, by=None, reason=Session.EndReason.TIME, now=now)


def close_for(*, question: Question, reason: str, now: datetime) -> None:
    """End whatever session a question has, since the question itself went away."""
    for session in Session.objects.unended().filter(question=question):
        current = _lock(session.pk)
        if current is not None and not current.is_over:
            _close(current, Session.State.ENDED, reason, now=now)
            announce(SessionEnded(session_id=current.pk, at=now))


def _note(session: Session, words: str, *, now: datetime, **facts: object) -> None:
    """Say something between the lines of a conversation, in the language that the two talk in."""
    spoken = session.question.language.split("-")[0]
    with translation.override(spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        body = translation.gettext(words) % facts
    client_id = f"note:{now.isoformat()}"
    kind = Message.Kind.NOTE
    session.last_seq = post_message(session=session, by=None, kind=kind, body=body, client_id=client_id, now=now)


def _lock(session_id: UUID) -> Session | None:
    return Session.objects.select_for_update(of=("self",)).filter(pk=session_id).first()


def _running(session: Session, by: Person) -> Session:
    current = _lock(session.pk)
    if current is None or not current.has(by):
        raise NotYoursToEnd
    if current.is_over:
        raise SessionOver
    return current


def _start(session: Session, *, now: datetime) -> None:
    session.state = Session.State.RUNNING
    session.started_at = now
    session.ends_at = now + timedelta(minutes=session.time_box)
    session.save(update_fields=["state", "started_at", "ends_at"])
    mark_in_session(question=session.question, now=now)
    jobs.enqueue(close_if_over, at=session.ends_at + TIME_TO_CLOSE, session_id=session.pk)
    push(
        to=room_stream(session.pk),
        message={"t": "clock", "ends_at": session.ends_at.isoformat(), "minutes": session.time_box},
    )
    announce(SessionStarted(session_id=session.pk, at=now))


def _close(session: Session, state: str, reason: str, *, now: datetime) -> None:
    session.state = state
    session.end_reason = reason
    session.ended_at = now
    session.next_move_by = None
    session.next_move_until = None
    session.save(update_fields=["state", "end_reason", "ended_at", "next_move_by", "next_move_until"])
    push(to=room_stream(session.pk), message={"t": "session", "state": state, "reason": reason})


def _return(session: Session, reason: str, *, now: datetime) -> None:
    _close(session, Session.State.RETURNED, reason, now=now)
    announce(SessionReturned(session_id=session.pk, reason=reason, at=now))


def _has_spoken(session: Session, person: Person) -> bool:
    return Message.objects.filter(
        session=session, sender=person, kind__in=(Message.Kind.TEXT, Message.Kind.FILE)
    ).exists()


assert set(EXTENSIONS) <= set(TIME_BOXES)
