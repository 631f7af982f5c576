"""What dispatch does by the clock."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db.models import Exists, OuterRef
from django.utils import timezone

from momentor.asking.models import Question
from momentor.dispatch.actions import (
    KEEPS_LOOKING,
    LOOKS_AGAIN_AFTER,
    SOON_LASTS,
    UNDECIDED,
    go_on,
    lapse_offer,
    leave_soon,
    look_after_promise,
    look_again,
    search_again,
)
from momentor.dispatch.models import Offer, Search
from momentor.foundation import jobs
from momentor.sessions.models import Session

SURELY_HEARD = timedelta(minutes=5)


@jobs.catch_up("1-59/5 * * * *")
def take_late_steps() -> Iterator[jobs.Late]:
    """Take the steps of searches and questions whose time has come and whose own timer was lost."""
    now = timezone.now()
    # Returned, and yet with nobody: dispatch did not hear of it.
    with_somebody = Session.objects.unended().filter(question=OuterRef("question"))
    returned = Session.objects.filter(state=Session.State.RETURNED, ended_at__lte=now - SURELY_HEARD)
    held = returned.filter(question__state__in=(Question.State.CLAIMED, Question.State.IN_SESSION))
    found = held.exclude(Exists(with_somebody)).select_related("question", "mentor").order_by("-ended_at")
    for one in found[: jobs.MOST_LATE]:
        yield partial(search_again, question=one.question, mentor=one.mentor, reason=one.end_reason, now=now)

    offers = Offer.objects.waiting().filter(lapses_at__lte=now).order_by("lapses_at")
    for offer_id in offers.values_list("pk", flat=True)[: jobs.MOST_LATE]:
        yield partial(lapse_offer, offer_id=offer_id)

    running = Search.objects.filter(state=Search.State.RUNNING)
    searches = running.filter(next_wave_at__lte=now).order_by("next_wave_at")
    for search_id, wave in searches.values_list("pk", "wave")[: jobs.MOST_LATE]:
        yield partial(go_on, search_id=search_id, wave=wave)

    undecided = Question.objects.filter(UNDECIDED, changed_at__lte=now - SOON_LASTS).order_by("changed_at")
    waiting = Question.objects.filter(state=Question.State.WAITING).order_by("changed_at")
    promised = waiting.filter(step=Question.Step.BY_TIME, answer_by__lte=now)
    # A running search looks by itself, and ends in a new look.
    nobodys = waiting.exclude(Exists(running.filter(question=OuterRef("pk")))).filter(
        step=Question.Step.NOBODY, changed_at__lte=now - LOOKS_AGAIN_AFTER, asked_at__gt=now - KEEPS_LOOKING
    )
    for step, questions in ((leave_soon, undecided), (look_after_promise, promised), (look_again, nobodys)):
        for question_id in questions.values_list("pk", flat=True)[: jobs.MOST_LATE]:
            yield partial(step, question_id=question_id)
