"""What happens to questions."""

from dataclasses import dataclass
from uuid import UUID

from momentor.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(Event):
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    question_id: UUID
    mentor_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShowingAgreed(Event):
    """One of the two agreed that others read an answer; it is shown once both have."""

    answer_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class GapNoticed(Event):
    question_id: UUID
