"""What asking does when others' facts arrive."""

from momentor.asking.actions import withdraw_question
from momentor.asking.models import Question
from momentor.people.events import AccountClosed, PersonLeft
from momentor.people.models import Person


def withdraw_questions_of(event: PersonLeft | AccountClosed) -> None:
    """Withdraw what somebody who left, or whose account was closed, had still open."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is None:
        return
    for question in Question.objects.unresolved().filter(mentee=person).order_by("pk"):
        withdraw_question(question=question, by=person, reason="left", now=event.at)
