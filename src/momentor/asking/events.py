"""What happens to questions."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """A draft became an open question."""

    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(Event):
    """A question was taken back, or its mentee left."""

    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """A mentor answered; the question is resolved and counts as evidence for matching."""

    question_id: UUID
    mentor_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShowingAgreed(Event):
    """One of the two agreed that others read an answer; it is shown once both have."""

    answer_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShowingEnded(Event):
    """One of the two took back that others read an answer; nobody else reads it from now on."""

    answer_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class GapNoticed(Event):
    """Nobody here could take a question."""

    question_id: UUID
