"""What matching reads and learns in the background: what questions mean, and who answers them."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from momentor.asking.models import Question
from momentor.dispatch import candidates, learned, meanings, stored
from momentor.foundation import jobs
from momentor.foundation.tenancy import acting_in, current_organisation_id


@jobs.job
def read_question(*, question_id: str) -> None:
    """Read what a question that was asked means."""
    question = Question.objects.filter(pk=UUID(question_id)).first()
    if question is not None:
        meanings.read_one(question, now=timezone.now())


@jobs.every("23 * * * *")
def read_what_is_left() -> None:
    """Read what answered questions mean that nobody has read yet; where there are none, that is all."""
    encoder = meanings.encoder_here()
    if encoder is not None and meanings.unread(encoder).exists():
        read_questions()


@jobs.job
def read_questions() -> None:
    """Read what answered questions mean that nobody has read yet, some at a time, and then learn what is new."""
    _read_from(meanings.FROM_THE_FIRST)


@jobs.job
def read_more_questions(*, after: str) -> None:
    """Go on reading behind a question."""
    _read_from(UUID(after))


def _read_from(after: UUID) -> None:
    last = meanings.read_some(now=timezone.now(), after=after)
    if last is not None:
        once = f"read more questions {current_organisation_id()}"
        jobs.enqueue(read_more_questions, after=last, once=once, priority=jobs.BEHIND)
    elif learned.is_worth_learning(now=timezone.now()):
        learn_later()


@jobs.every("47 2 * * *")
def learn_anew() -> None:
    """Learn from what is new, once a day at most."""
    if learned.is_worth_learning(now=timezone.now()):
        learn_later()


@jobs.every("37 3 * * *")
def look_after_index() -> None:
    """See to it that words that went are in no stored index either, however seldom somebody asks."""
    if stored.folder_here().exists():
        candidates.fresh_index(now=timezone.now())


@jobs.every("7 4 * * *", in_each_organisation=False)
def forget_indexes() -> None:
    """Remove the stored indexes of organisations that are gone."""
    stored.forget_those_of_nobody()


@jobs.job_in_steps
def learn_ranking(*, organisation_id: UUID) -> None:
    """Learn who answers, and rank by it from then on if it helps."""
    with acting_in(organisation_id):
        if not learned.is_worth_learning(now=timezone.now()):
            return  # done since it was queued
    learned.learn_beside(organisation_id)


def study_later() -> None:
    """Read the current organisation's questions in the background, behind everything that somebody waits for."""
    jobs.enqueue(read_questions, once=f"read questions {current_organisation_id()}", priority=jobs.BEHIND)


def learn_later() -> None:
    """Learn from the current organisation's past in the background, unless the host wants none of it."""
    if settings.LEARNS:
        jobs.enqueue(learn_ranking, once=f"learn ranking {current_organisation_id()}", priority=jobs.BEHIND)
