"""What the mentee does with a search."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from momentor.asking.actions import ask_question, check_answer_by, locked, mark_open
from momentor.asking.models import Question
from momentor.dispatch.actions.refusals import NobodyChosen, NotAmongThem, NotSearching
from momentor.dispatch.actions.returns import wait_for_choice
from momentor.dispatch.actions.rounds import begin, make_wave, stop_searches, write_instead
from momentor.dispatch.models import Search
from momentor.dispatch.reach import mentor_ids_for, written_only
from momentor.people.models import Person

MOST_CHOSEN = 12


@transaction.atomic
def start_search(
    *,
    question: Question,
    by: Person,
    now: datetime,
    chosen: Sequence[UUID] = (),
    in_writing: bool = False,
    answer_by: datetime | None = None,
) -> Search:
    """Put a question before mentors: those chosen, or whoever is first; live, or in writing by a stated time.

    Starting twice gives the search that runs. Raises TooManyOpenQuestions, QuestionMovedOn, NotSearching,
    NobodyChosen, NotAmongThem, NoSuchTime.
    """
    check_answer_by(answer_by, now=now)
    if question.state == Question.State.DRAFT:
        ask_question(question=question, by=by, now=now)
    question = locked(question, mentee=by)
    running = Search.objects.filter(question=question, state=Search.State.RUNNING).first()
    if running is not None:
        return running
    if not question.may_be_claimed:
        raise NotSearching
    if question.audience == Question.Audience.CHOSEN and not chosen:
        raise NobodyChosen
    if not set(chosen) <= mentor_ids_for(question, now=now) or len(chosen) > MOST_CHOSEN:
        raise NotAmongThem
    return begin(
        question,
        now=now,
        chosen=tuple(dict.fromkeys(chosen)),
        in_writing=in_writing or written_only(question),
        answer_by=answer_by,
    )


@transaction.atomic
def widen_search(*, question: Question, by: Person, now: datetime) -> Search:
    """Let others than the chosen be asked, and ask them now. Raises NotSearching."""
    search = _running_search(question, by=by)
    search.is_widened = True
    search.save(update_fields=["is_widened"])
    make_wave(search, now=now)
    return search


@transaction.atomic
def turn_into_writing(*, question: Question, by: Person, now: datetime, answer_by: datetime | None = None) -> Search:
    """Stop waiting live: ask for a written answer, by a stated time, from a wider circle.

    Where it is asked in writing already, the stated time changes. Raises NotSearching once somebody has it, NoSuchTime.
    """
    check_answer_by(answer_by, now=now)
    question = locked(question)
    if question.mentee_id != by.pk or not question.may_be_claimed:
        raise NotSearching
    return write_instead(question, now=now, answer_by=answer_by)


@transaction.atomic
def stop_search(*, question: Question, by: Person, now: datetime) -> None:
    """End the running round; the question stays open, and its mentee has a day to choose the next step.

    Raises NotSearching.
    """
    _running_search(question, by=by)
    question = locked(question)
    stop_searches(question, now=now)
    if question.may_be_claimed:
        mark_open(question=question, reason="search_stopped", now=now)
    wait_for_choice(question=question, now=now)


def _running_search(question: Question, *, by: Person) -> Search:
    if not Question.objects.select_for_update().filter(pk=question.pk, mentee=by).exists():
        raise NotSearching
    search = Search.objects.select_for_update().filter(question=question, state=Search.State.RUNNING).first()
    if search is None:
        raise NotSearching
    return search
