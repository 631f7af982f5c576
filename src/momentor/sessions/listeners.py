"""What sessions do when others' facts arrive."""

from django.db.models import Q

from momentor.asking.events import QuestionWithdrawn
from momentor.asking.models import Question
from momentor.trust.events import PersonBlocked
from momentor.sessions.actions import close_for, end_session
from momentor.sessions.models import Session


def close_room(event: QuestionWithdrawn) -> None:
    """End the session of a question that was withdrawn."""
    close_for(question=Question.objects.get(pk=event.question_id), reason=Session.EndReason.WITHDRAWN, now=event.at)


def end_between(event: PersonBlocked) -> None:
    """End what the two still have open."""
    pair = (event.by_id, event.about_id)
    both = Q(mentee_id__in=pair) & Q(mentor_id__in=pair)
    for session in Session.objects.unended().filter(both).select_related("question"):
        end_session(session=session, by=None, reason=Session.EndReason.BLOCKED, now=event.at)
