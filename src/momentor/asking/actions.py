"""What people do with questions, and the steps a question takes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from momentor.asking.events import (
    GapNoticed,
    QuestionAnswered,
    QuestionAsked,
    QuestionWithdrawn,
    ShowingAgreed,
    ShowingEnded,
)
from momentor.asking.models import LONGEST_QUESTION, Answer, Gap, Question
from momentor.asking.words import clean, has_letters
from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.people.models import Enrolment, Person, Programme
from momentor.people.standing import member_who_agreed

State = Question.State

# A written answer sooner than that is a live one; of later ones nobody keeps track.
SOONEST_ANSWER = timedelta(minutes=50)  # an hour, with time to fill in the form
LATEST_ANSWER = timedelta(days=30, hours=12)


class TooManyOpenQuestions(Refusal):
    message = _("You already have %(most)s questions open. Close one to ask another.")


class AskedOftenToday(Refusal):
    message = _("You asked %(most)s questions within a day. Keep your words and come back tomorrow.")
    status = 429


class QuestionEmpty(Refusal):
    message = _("Please write your question in words.")
    status = 422


class QuestionTooLong(Refusal):
    message = _(
        "This is longer than %(most)s characters. Keep what a mentor needs to know; you can send the rest in the room."
    )
    status = 422


class NotYourProgramme(Refusal):
    message = _("You do not take part in this programme.")
    status = 403


class NoSuchTime(Refusal):
    message = _("Choose a time for the answer between one hour and 30 days from now.")
    status = 422


class QuestionMovedOn(Refusal):
    message = _("This question has moved on: it is %(state)s now. Reload the page to see where it stands.")


@transaction.atomic
def draft_question(*, by: Person, text: str, now: datetime, **choices: Any) -> Question:
    """Keep a question that its mentee still works on; nobody else sees it.

    `choices` are fields of the question: topics, language, medium, time_box, audience, is_anonymous, programme,
    answer_by, wanted. Raises QuestionEmpty, QuestionTooLong, NotYourProgramme, NoSuchTime, AskedOftenToday.
    """
    day_ago = now - timedelta(days=1)
    # One lock a person, so that two tabs do not pass the limit together.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Question.objects.filter(mentee=by, asked_at__gt=day_ago, source="").count() >= _a_day():
        raise AskedOftenToday(most=_a_day())
    question = Question(mentee=by, changed_at=now, asked_at=now)
    _write(question, text=text, by=by, now=now, **choices)
    question.save(force_insert=True)
    return question


@transaction.atomic
def edit_question(*, question: Question, by: Person, text: str, now: datetime, **choices: Any) -> Question:
    """Change a draft. Raises QuestionMovedOn once it has been asked, and what `draft_question` raises."""
    question = locked(question, mentee=by)
    if question.state != State.DRAFT:
        raise QuestionMovedOn(state=question.get_state_display())
    _write(question, text=text, by=by, now=now, **choices)
    question.changed_at = now
    question.save()
    return question


@transaction.atomic
def ask_question(*, question: Question, by: Person, now: datetime) -> Question:
    """Turn a draft into an open question. Asking one that was asked already changes nothing.

    Raises ConductNotAgreed, TooManyOpenQuestions, QuestionMovedOn.
    """
    member_who_agreed(by)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    question = locked(question, mentee=by)
    if question.is_unresolved:
        return question
    if question.state != State.DRAFT:
        raise QuestionMovedOn(state=question.get_state_display())
    if Question.objects.unresolved().filter(mentee=by).count() >= settings.OPEN_QUESTIONS:
        raise TooManyOpenQuestions(most=settings.OPEN_QUESTIONS)
    question.asked_at = now
    _move(question, State.OPEN, "asked", now=now)
    announce(QuestionAsked(question_id=question.pk, at=now))
    return question


@transaction.atomic
def withdraw_question(*, question: Question, by: Person, now: datetime, reason: str = "withdrawn") -> Question:
    """Take a question back, from any state before its answer. What hangs on it follows the announcement.

    Raises QuestionMovedOn.
    """
    question = locked(question, mentee=by)
    if question.state == State.WITHDRAWN:
        return question
    if question.state not in (State.DRAFT, *Question.UNRESOLVED):
        raise QuestionMovedOn(state=question.get_state_display())
    _move(question, State.WITHDRAWN, reason, now=now)
    announce(QuestionWithdrawn(question_id=question.pk, at=now))
    return question


def forget_wanted(*, drafts: QuerySet[Question]) -> None:
    """Forget whom these drafts were begun for."""
    drafts.exclude(wanted=None).update(wanted=None)


def check_answer_by(answer_by: datetime | None, *, now: datetime) -> None:
    """Raise NoSuchTime unless an answer can be hoped for by then; no time at all is fine."""
    if answer_by is not None and not now + SOONEST_ANSWER <= answer_by <= now + LATEST_ANSWER:
        raise NoSuchTime


# The steps below are taken by other domains, under the question's lock.


def locked(question: Question, **conditions: Any) -> Question:
    """Return the question read anew, locked until the transaction ends.

    Two people who want the same question meet at this lock, whatever else they hold.
    """
    return Question.objects.select_for_update().get(pk=question.pk, **conditions)


def mark_searching(*, question: Question, now: datetime) -> None:
    """Put the question before mentors, live."""
    _move(question, State.SEARCHING, "search_started", now=now)


def mark_claimed(*, question: Question, by: Person, now: datetime, reason: str = "accepted") -> None:
    """Give the question to one mentor."""
    question.claimed_by = by
    _move(question, State.CLAIMED, reason, now=now)


def mark_scheduled(*, question: Question, by: Person, now: datetime) -> None:
    """Keep the question for the mentor whose slot was booked."""
    question.claimed_by = by
    _move(question, State.SCHEDULED, "booked", now=now)


def mark_in_session(*, question: Question, now: datetime) -> None:
    """Note that both have come."""
    _move(question, State.IN_SESSION, "both_came", now=now)


def mark_waiting(
    *, question: Question, step: str, reason: str, now: datetime, answer_by: datetime | None = None
) -> None:
    """Let the question stand on a later step of the ladder."""
    question.claimed_by = None
    question.step = step
    question.answer_by = answer_by or question.answer_by
    _move(question, State.WAITING, reason, now=now)


def mark_open(*, question: Question, reason: str, now: datetime) -> None:
    """Free the question from whoever had it."""
    question.claimed_by = None
    _move(question, State.OPEN, reason, now=now)


def mark_answered(*, question: Question, by: Person, now: datetime) -> None:
    """Note that this mentor answered: the question is resolved, and becomes evidence for matching."""
    _move(question, State.ANSWERED, "answered", now=now)
    Answer.objects.get_or_create(question=question, mentor=by, defaults={"given_at": now})
    announce(QuestionAnswered(question_id=question.pk, mentor_id=by.pk, at=now))


def note_gap(*, question: Question, now: datetime) -> None:
    """Record, once, that nobody here could take the question."""
    _gap, is_new = Gap.objects.get_or_create(
        question=question, defaults={"topics": question.topics, "language": question.language, "noticed_at": now}
    )
    if is_new:
        announce(GapNoticed(question_id=question.pk, at=now))


@transaction.atomic
def agree_to_show(*, answer_id: UUID, by: Person, text: str | None, now: datetime) -> Answer:
    """Let others who ask the same read this answer; it shows once both the mentee and the mentor have agreed.

    The mentor may give the words that are shown. The first to agree asks the other. Raises Answer.DoesNotExist for
    anybody else.
    """
    answer = Answer.objects.select_for_update(of=("self",)).select_related("question").get(pk=answer_id)
    if by.pk == answer.mentor_id:
        answer.mentor_agreed_at = now
        if text is not None:
            answer.text = clean(text)[:8000]
            # Other words than the mentee agreed to: they are asked again.
            answer.mentee_agreed_at = None
    elif by.pk == answer.question.mentee_id:
        answer.mentee_agreed_at = now
    else:
        raise Answer.DoesNotExist
    answer.save()
    announce(ShowingAgreed(answer_id=answer.pk, by_id=by.pk, at=now))
    return answer


@transaction.atomic
def stop_showing(*, answer_id: UUID, by: Person, now: datetime) -> None:
    """Take back the agreement to show an answer. Raises Answer.DoesNotExist for anybody but the two."""
    answer = Answer.objects.select_for_update(of=("self",)).select_related("question").get(pk=answer_id)
    if by.pk == answer.mentor_id:
        answer.mentor_agreed_at = None
    elif by.pk == answer.question.mentee_id:
        answer.mentee_agreed_at = None
    else:
        raise Answer.DoesNotExist
    answer.save(update_fields=["mentor_agreed_at", "mentee_agreed_at"])
    announce(ShowingEnded(answer_id=answer.pk, by_id=by.pk, at=now))


def _a_day() -> int:
    return int(settings.QUESTIONS_A_DAY)


def _write(question: Question, *, text: str, by: Person, now: datetime, **choices: Any) -> None:
    text = clean(text)
    if not has_letters(text):
        raise QuestionEmpty
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(most=LONGEST_QUESTION)
    programme: Programme | None = choices.get("programme")
    if programme and not programme.is_for_all and not _takes_part(by, programme):
        raise NotYourProgramme
    check_answer_by(choices.get("answer_by"), now=now)
    question.text = text
    for name, value in choices.items():
        setattr(question, name, value)


def _takes_part(person: Person, programme: Programme) -> bool:
    return Enrolment.objects.filter(programme=programme, membership__person=person).exists()


def _move(question: Question, state: str, reason: str, *, now: datetime) -> None:
    question.state = state
    question.reason = reason
    question.changed_at = now
    if state != State.WAITING:
        question.step = ""
    question.save(update_fields=["state", "reason", "step", "claimed_by", "answer_by", "asked_at", "changed_at"])
