"""What asking does when others' facts arrive."""

from django.db.models import Q

from momentor.asking.actions import forget_wanted, withdraw_question
from momentor.asking.models import Question
from momentor.people.events import AccountClosed, PersonLeft
from momentor.people.models import Person
from momentor.trust.events import PersonBlocked


def withdraw_questions_of(event: PersonLeft | AccountClosed) -> None:
    """Withdraw what somebody who left, or whose account was closed, had still open."""
    person = Person.objects.filter(pk=event.person_id).first()
    if person is None:
        return
    for question in Question.objects.unresolved().filter(mentee=person).order_by("pk"):
        withdraw_question(question=question, by=person, reason="left", now=event.at)


def forget_who_left(event: PersonLeft | AccountClosed) -> None:
    """Forget that somebody who left, or whose account was closed, was to be asked."""
    forget_wanted(drafts=Question.objects.filter(wanted__person=event.person_id))


def forget_each_other(event: PersonBlocked) -> None:
    """Forget that one of two who are kept apart was to ask the other."""
    one, other = event.by_id, event.about_id
    between = Q(mentee=one, wanted__person=other) | Q(mentee=other, wanted__person=one)
    forget_wanted(drafts=Question.objects.filter(between))
