"""Reads about questions and answers."""

from uuid import UUID

from django.db.models import Count, F, Func, Q, QuerySet

from momentor.asking.models import Answer, Gap, Question
from momentor.foundation.prepared import prepared
from momentor.people.models import Enrolment, Membership, Person, Programme

PAGE = 20


def programmes_of(membership: Membership) -> list[Programme]:
    """Return the programmes in which a member may ask, by name."""
    return _programmes(membership=membership)


@prepared
def _programmes(membership: Membership) -> QuerySet[Programme]:
    return programmes_open_to(membership).order_by("name", "pk")


def programmes_open_to(membership: Membership) -> QuerySet[Programme]:
    """Return the programmes in which a member may ask, in no order, to be read in pages."""
    mine = Enrolment.objects.filter(membership=membership).values("programme_id")
    return Programme.objects.filter(Q(is_for_all=True) | Q(pk__in=mine))


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


def gaps() -> QuerySet[Gap]:
    """Return what nobody here could take, the latest first."""
    return Gap.objects.select_related("question").order_by("-noticed_at", "-pk")


def missing_topics(most: int = 12) -> list[tuple[str, int]]:
    """Return the topics of the gaps that are still open, with how many questions name each, the most named first."""
    waiting = Gap.objects.filter(question__state=Question.State.WAITING)
    named = waiting.annotate(topic=Func(F("topics"), function="unnest")).values("topic").annotate(n=Count("pk"))
    return list(named.order_by("-n", "topic").values_list("topic", "n")[:most])
