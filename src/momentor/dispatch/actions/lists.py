"""A shortlist is shown: how it came about is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from momentor.asking.models import Question
from momentor.dispatch import candidates, ledger
from momentor.dispatch.queries import Proposed, as_proposed


@dataclass(frozen=True, kw_only=True)
class ShownList:
    """The mentors on a shortlist, and the entry of the match ledger that says how it came about."""

    entry_id: UUID
    proposed: list[Proposed]


def show_list(*, question: Question, now: datetime, take: int = 3, first: UUID | None = None) -> ShownList:
    """Return about three mentors for a question, as its mentee sees them, and keep how they were found."""
    made = candidates.make_shortlist(question, now=now, take=take, first=first)
    entry = ledger.write_list(question=question, made=made, now=now)
    return ShownList(entry_id=entry.pk, proposed=as_proposed(made.suggested, question, now=now, first=first))
