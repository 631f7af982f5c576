"""Reads about questions and answers."""

from uuid import UUID

from django.db.models import Q, QuerySet

from momentor.asking.models import Answer, Question
from momentor.foundation.prepared import prepared
from momentor.people.models import Enrolment, Membership, Person, Programme

PAGE = 20


def programmes_of(membership: Membership) -> list[Programme]:
    """Return the programmes in which a member may ask, by name."""
    return _programmes(membership=membership)


@prepared
def _programmes(membership: Membership) -> QuerySet[Programme]:
    mine = Enrolment.objects.filter(membership=membership).values("programme_id")
    return Programme.objects.filter(Q(is_for_all=True) | Q(pk__in=mine)).order_by("name", "pk")[:100]


def questions_of(person: Person) -> QuerySet[Question]:
    """Return what a person asked, what moved last on top."""
    return Question.objects.filter(mentee=person).order_by("-changed_at", "-pk")


def answers_to(question: Question) -> list[Answer]:
    """Return the answers that were given to a question."""
    return list(Answer.objects.filter(question=question).select_related("mentor").order_by("given_at", "pk"))


def answer_of(pk: UUID, person: Person) -> Answer | None:
    """Return an answer for one of its two people, who alone decide on showing it."""
    of_theirs = Q(mentor=person) | Q(question__mentee=person)
    return Answer.objects.filter(of_theirs, pk=pk).select_related("question", "question__mentee", "mentor").first()
