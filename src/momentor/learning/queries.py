"""Reads about what conversations led to."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from momentor.asking.models import Answer
from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway, Thanks
from momentor.people.models import Block, Person
from momentor.sessions.models import Session

PAGE = 20


@dataclass(frozen=True, kw_only=True)
class AfterSession:
    """What the two keep of one session, and what one of them has said about it."""

    session: Session
    is_mentee: bool
    takeaway: Takeaway | None
    feedback: Feedback | None
    thanks: Thanks | None
    outcome: Outcome | None
    answer: Answer | None  # what the two may let others read

    @property
    def is_mentor(self) -> bool:
        return not self.is_mentee


def after_session(session: Session, person: Person) -> AfterSession:
    """Return what stays of a session for one of its two people; their own feedback and nobody else's."""
    takeaway = Takeaway.objects.filter(session=session).first()
    return AfterSession(
        session=session,
        is_mentee=person.pk == session.mentee_id,
        takeaway=takeaway,
        feedback=Feedback.objects.filter(session=session, by=person).first() if session.is_over else None,
        thanks=Thanks.objects.filter(session=session).first() if session.is_over else None,
        outcome=Outcome.objects.filter(takeaway=takeaway).first() if takeaway and takeaway.finished_at else None,
        answer=_answer_of(session) if session.is_over else None,
    )


def _answer_of(session: Session) -> Answer | None:
    found = Answer.objects.filter(question=session.question_id, mentor__isnull=False, mentor=session.mentor_id)
    return found.first()


def open_plans(person: Person) -> QuerySet[Takeaway]:
    """Return a mentee's plans still to be carried out, the next to look at first, each with its latest nudge."""
    latest = Nudge.objects.filter(takeaway=OuterRef("pk")).order_by("-number")
    return (
        Takeaway.objects.plans_of(person)
        .select_related("session__mentor", "session__question")
        .annotate(
            nudge_id=Subquery(latest.values("pk")[:1]),
            nudged_at=Subquery(latest.values("sent_at")[:1]),
            due_at=Subquery(latest.values("due_at")[:1]),
            last_reply=Subquery(latest.values("reply")[:1]),
        )
        .exclude(nudge_id=None)
        .order_by("due_at", "id")
    )


def finished_plans(person: Person) -> QuerySet[Outcome]:
    """Return what came of a mentee's plans, the latest first."""
    return (
        Outcome.objects.filter(takeaway__session__mentee=person)
        .select_related("takeaway__session__mentor", "takeaway__session__question")
        .order_by("-told_at", "-id")
    )


@dataclass(frozen=True, kw_only=True)
class Echo:
    """What came back to a mentor from one session."""

    session: Session
    takeaway: Takeaway | None
    outcome: Outcome | None
    thanks: Thanks | None
    answer: Answer | None
    at: datetime


def echoes(mentor: Person, *, start: int = 0, take: int = PAGE) -> list[Echo]:
    """Return the sessions of a mentor that led to a takeaway, an outcome or thanks, the latest first."""
    held = Session.objects.filter(mentor=mentor, state=Session.State.ENDED)
    held = held.exclude(mentee_id__in=list(Block.objects.apart_from(mentor)))
    with_card = held.filter(pk__in=Takeaway.objects.values("session")) | held.filter(
        pk__in=Thanks.objects.values("session")
    )
    sessions = list(with_card.select_related("question", "mentee").order_by("-ended_at", "-id")[start : start + take])
    ids = [one.pk for one in sessions]
    takeaways = {one.session_id: one for one in Takeaway.objects.filter(session__in=ids)}
    outcomes = {
        one.takeaway.session_id: one
        for one in Outcome.objects.filter(takeaway__session__in=ids).select_related("takeaway")
    }
    thanks = {one.session_id: one for one in Thanks.objects.filter(session__in=ids)}
    questions = [one.question_id for one in sessions]
    answers = {one.question_id: one for one in Answer.objects.filter(mentor=mentor, question__in=questions)}
    return [
        Echo(
            session=one,
            takeaway=takeaways.get(one.pk),
            outcome=outcomes.get(one.pk),
            thanks=thanks.get(one.pk),
            answer=answers.get(one.question_id),
            at=one.ended_at or one.opened_at,
        )
        for one in sessions
    ]


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How often a mentor's advice was taken along, tried and found to help."""

    conversations: int
    plans: int
    applied: int
    helped: int


def sums_of(mentor: Person) -> Sums:
    """Return what came of a mentor's conversations, counted."""
    told = list(Outcome.objects.filter(takeaway__session__mentor=mentor).values_list("was_applied", "helped"))
    return Sums(
        conversations=Session.objects.filter(mentor=mentor, state=Session.State.ENDED).count(),
        plans=Takeaway.objects.filter(session__mentor=mentor, check_on__isnull=False).count(),
        applied=sum(applied for applied, _helped in told),
        helped=sum(bool(helped) for _applied, helped in told),
    )
