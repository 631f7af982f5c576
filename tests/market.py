"""A market of questions and offers, written down in rows, for what is summed up over many of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from momentor.asking.models import Answer, Question
from momentor.dispatch.models import Offer, Search
from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Feedback
from momentor.people.models import GroupChoice, Grouping, Membership, Organisation, Person
from momentor.sessions.models import Session
from tests.cast import NOW, make_member, make_mentor, make_person


def people(organisation: Organisation, name: str, count: int, *, are_mentors: bool = True) -> list[Person]:
    """Make some people who have been here for long."""
    found = [make_person(f"{name} {number}", f"{name}{number}@example.org".casefold()) for number in range(count)]
    for person in found:
        make_mentor(organisation, person) if are_mentors else make_member(organisation, person)
    with acting_in(organisation.pk):
        Membership.objects.here().update(joined_at=NOW - timedelta(days=400))
    return found


def choose(organisation: Organisation, grouping: Grouping, group: str, those: Iterable[Person], at: datetime) -> None:
    """Let people count themselves to a group."""
    with acting_in(organisation.pk):
        for membership in Membership.objects.filter(person__in=those):
            GroupChoice.objects.create(membership=membership, grouping=grouping, group=group, chosen_at=at)


def ask(
    organisation: Organisation,
    mentee: Person,
    mentors: Sequence[Person],
    *,
    at: datetime = NOW - timedelta(days=7),
    taken_after: timedelta | None = None,
    helped: bool | None = None,
    reasons: object = (),
) -> Session | None:
    """Let a mentee ask a question and invite these mentors, the first of whom takes it, unless nobody does."""
    with acting_in(organisation.pk):
        state = Question.State.WAITING if taken_after is None else Question.State.ANSWERED
        question = Question.objects.create(mentee=mentee, text="How do I lead?", asked_at=at, state=state)
        search = Search.objects.create(question=question, started_at=at, state=Search.State.FOUND)
        for place, mentor in enumerate(mentors):
            Offer.objects.create(
                search=search,
                question=question,
                mentor=mentor,
                wave=1,
                score=10 - place,
                state=Offer.State.ACCEPTED if taken_after is not None and not place else Offer.State.LAPSED,
                reasons=list(reasons),  # type: ignore[call-overload]
                made_at=at,
                lapses_at=at,
                decided_at=at,
            )
        if taken_after is None:
            return None
        then = at + taken_after
        session = Session.objects.create(
            question=question,
            mentee=mentee,
            mentor=mentors[0],
            medium="chat",
            time_box=10,
            opened_at=then,
            state="ended",
        )
        Answer.objects.create(question=question, mentor=mentors[0], given_at=then)
        if helped is not None:
            moved = Feedback.Moved.FURTHER if helped else Feedback.Moved.A_LITTLE
            Feedback.objects.create(session=session, by=mentee, moved=moved, given_at=then)
        return session
