"""What becomes of a question that comes back, goes away, or stands between two people who part."""

from datetime import datetime

from django.db import transaction

from momentor.asking.actions import locked, mark_open
from momentor.asking.models import Question
from momentor.dispatch.actions.rounds import (
    SOON_LASTS,
    begin,
    choice_of,
    hurry,
    is_undecided,
    leave_soon,
    stop_searches,
    tell,
    tell_mentee,
    write_instead,
)
from momentor.dispatch.models import Offer
from momentor.dispatch.reach import written_only
from momentor.foundation import jobs
from momentor.people.models import Person
from momentor.sessions.models import Session


@transaction.atomic
def search_again(*, question: Question, mentor: Person | None, reason: str, now: datetime) -> None:
    """Put a returned question before others; nobody is offered it twice.

    When it was the mentee who did not come, nobody is made to wait for them: it goes on in writing.
    """
    question = locked(question)
    if question.state not in (Question.State.CLAIMED, Question.State.IN_SESSION):
        return
    if Session.objects.unended().filter(question=question).exists():
        return  # told late or twice: by now the question is with somebody else
    if mentor is not None:
        Offer.objects.filter(question=question, mentor=mentor, state=Offer.State.ACCEPTED).update(
            state=Offer.State.RETURNED
        )
    mark_open(question=question, reason=reason, now=now)
    if reason == Session.EndReason.MENTEE_ABSENT or written_only(question):
        write_instead(question, now=now)
        return
    chosen, is_widened = choice_of(question)
    begin(question, now=now, chosen=chosen, is_widened=is_widened, in_writing=False)


@transaction.atomic
def drop_question(*, question: Question, now: datetime) -> None:
    """End every search and offer of a question that went away, or was booked."""
    question = locked(question)
    if not question.may_be_claimed:
        stop_searches(question, now=now)


@transaction.atomic
def wait_for_choice(*, question: Question, now: datetime) -> None:
    """Give the mentee of a question that nobody has a day to choose the next step, then go on in writing."""
    question = locked(question)
    if is_undecided(question):
        jobs.enqueue(leave_soon, at=question.changed_at + SOON_LASTS, question_id=question.pk)
        tell_mentee(question, "search")


@transaction.atomic
def part(*, one: Person, other: Person, now: datetime) -> None:
    """Withdraw what is on offer between two people of whom one blocked the other."""
    between = Offer.objects.waiting().filter(mentor__in=(one, other), question__mentee__in=(one, other))
    for offer in between.select_related("question").order_by("question_id"):
        locked(offer.question)
        if Offer.objects.waiting().filter(pk=offer.pk).update(state=Offer.State.WITHDRAWN, decided_at=now):
            tell(offer.mentor_id, "offer_gone", offer_id=str(offer.pk))


@transaction.atomic
def take_offers_back(*, mentor: Person, now: datetime) -> None:
    """Withdraw what a mentor who left had still to decide on; others are asked at once."""
    waiting = Offer.objects.waiting().filter(mentor=mentor).select_related("question", "search")
    for offer in waiting.order_by("question_id"):
        locked(offer.question)
        if Offer.objects.waiting().filter(pk=offer.pk).update(state=Offer.State.WITHDRAWN, decided_at=now):
            hurry(offer.search, now=now)
