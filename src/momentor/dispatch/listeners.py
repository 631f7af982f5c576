"""What dispatch does when others' facts arrive."""

from momentor.asking.events import QuestionWithdrawn
from momentor.asking.models import Question
from momentor.dispatch.actions import drop_question, part, search_again
from momentor.trust.events import PersonBlocked
from momentor.people.models import Person
from momentor.sessions.events import SessionReturned
from momentor.sessions.models import Session


def look_for_another(event: SessionReturned) -> None:
    """Put a returned question before others."""
    session = Session.objects.select_related("question", "mentor").get(pk=event.session_id)
    search_again(question=session.question, mentor=session.mentor, reason=event.reason, now=event.at)


def forget_question(event: QuestionWithdrawn) -> None:
    """End the search for a question that was withdrawn."""
    drop_question(question=Question.objects.get(pk=event.question_id), now=event.at)


def keep_apart(event: PersonBlocked) -> None:
    """Withdraw what is on offer between the two."""
    part(one=Person.objects.get(pk=event.by_id), other=Person.objects.get(pk=event.about_id), now=event.at)
