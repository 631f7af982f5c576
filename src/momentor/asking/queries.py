"""Reads about questions and answers."""

from collections import Counter
from uuid import UUID

from django.db.models import Q, QuerySet

from momentor.asking.models import Answer, Gap, Question
from momentor.foundation.prepared import prepared
from momentor.people.models import Enrolment, Membership, Person, Programme

PAGE = 20
MOST_OWN = 20  # open questions of one person; who imports may have many
MOST_GROUPED = 500  # gaps, the latest
ALIKE_ENOUGH = 0.05  # the chance that two gaps are about the same matter, on average in a group
FEWEST_WRITERS = 3  # people who used a word of their own before a coordinator reads it


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


def asked_already(text: str, *, by: Person) -> Question | None:
    """Return an open question of this person's own that asks the same as a text, the latest if there are several."""
    open_ones = Question.objects.unresolved().filter(mentee=by).order_by("-changed_at", "-pk")
    own = {str(one.pk): one for one in open_ones[:MOST_OWN]}
    if not own:
        return None
    from matchwell.similar import Texts, duplicates, read  # brings SciPy, which most processes never need

    texts = Texts(ids=["", *own], texts=[text, *(one.text for one in own.values())])
    same = {name for group in duplicates(read(texts)) if "" in group.ids for name in group.ids}
    return next((one for name, one in own.items() if name in same), None)


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


def still_wanted(most: int = 12) -> list[tuple[str, int]]:
    """Return what the gaps that are still open are about, with how many questions each, the most asked first.

    Questions about the same matter are one entry: under the topic that half of them name, else under words that three
    of their people or more have used. The others count for each topic they name.
    """
    from matchwell.similar import Texts, groups, read  # brings SciPy, which most processes never need

    waiting = Gap.objects.filter(question__state=Question.State.WAITING).select_related("question")
    gap_of = {str(gap.pk): gap for gap in waiting.order_by("-noticed_at", "-pk")[:MOST_GROUPED]}
    texts = Texts(
        ids=list(gap_of),
        texts=[gap.question.text for gap in gap_of.values()],
        # Those whose accounts are gone may have been one and the same person.
        writers=[str(gap.question.mentee_id or "") for gap in gap_of.values()],
    )
    wanted: Counter[str] = Counter()
    told: set[str] = set()
    for group in groups(read(texts), least=ALIKE_ENOUGH, fewest_writers=FEWEST_WRITERS):
        topic = _common_topic([gap_of[name] for name in group.ids])
        if topic or group.label:
            wanted[topic or group.label] += len(group.ids)
            told.update(group.ids)
    wanted.update(topic for name, gap in gap_of.items() if name not in told for topic in set(gap.topics))
    return sorted(wanted.items(), key=lambda entry: (-entry[1], entry[0]))[:most]


def _common_topic(gaps_together: list[Gap]) -> str:
    named = Counter(topic for gap in gaps_together for topic in set(gap.topics))
    topic, times = min(named.items(), key=lambda entry: (-entry[1], entry[0]), default=("", 0))
    return topic if 2 * times >= len(gaps_together) else ""
