"""What a moderator needs to read about a question that somebody reports."""

from uuid import UUID

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.people.models import Person
from momentor.scheduling.models import Booking
from momentor.sessions.models import Session
from momentor.trust.subjects import Line, Subject


def reported_question(subject_id: UUID, by: Person) -> Subject | None:
    """Return a question that was put before the reporter, or booked with them.

    It carries no name: who reports may not know who asks, and the moderator sees whom it is about.
    """
    seen = (
        Offer.objects.filter(question=subject_id, mentor=by).exists()
        or Booking.objects.filter(question=subject_id, mentor=by).exists()
    )
    question = Question.objects.filter(pk=subject_id).select_related("programme").first() if seen else None
    if question is None:
        return None
    at = question.asked_at.isoformat() if question.asked_at else ""
    return Subject(
        title=question.title,
        about_id=question.mentee_id,
        context=[Line(who="mentee", words=question.text, at=at)],
        is_named=not (question.is_anonymous or question.is_blind) or _have_met(question, by),
    )


def _have_met(question: Question, mentor: Person) -> bool:
    return Session.objects.filter(question=question, mentor=mentor).exists()
