"""What sessions do when others' facts arrive.

Whoever goes on with several questions in one transaction locks them in the order of their ids, here and in the
other domains, so that two of them never wait for each other.
"""

from django.db.models import Q

from momentor.asking.events import QuestionWithdrawn
from momentor.asking.models import Question
from momentor.people.events import AccountClosed, PersonLeft
from momentor.sessions.actions import close_for, end_session
from momentor.sessions.models import Session
from momentor.trust.events import PersonBlocked


def close_room(event: QuestionWithdrawn) -> None:
    """End the session of a question that was withdrawn."""
    close_for(question=Question.objects.get(pk=event.question_id), reason=Session.EndReason.WITHDRAWN, now=event.at)


def end_all_of(event: PersonLeft | AccountClosed) -> None:
    """End what somebody who left, or cannot come in, still has open.

    A question to which nothing was said goes back to the search.
    """
    theirs = Session.objects.unended().filter(Q(mentee=event.person_id) | Q(mentor=event.person_id))
    for session in theirs.select_related("question").order_by("question_id"):
        end_session(session=session, by=None, now=event.at)


def end_between(event: PersonBlocked) -> None:
    """End what the two still have open."""
    pair = (event.by_id, event.about_id)
    both = Q(mentee_id__in=pair) & Q(mentor_id__in=pair)
    for session in Session.objects.unended().filter(both).select_related("question").order_by("question_id"):
        end_session(session=session, by=None, reason=Session.EndReason.BLOCKED, now=event.at)
