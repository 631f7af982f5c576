"""What a person takes along of what their conversations gave. It goes with the conversations themselves."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from momentor.learning.models import Feedback, Nudge, Outcome, Takeaway, Thanks
from momentor.people.export import Part
from momentor.people.models import Person
from momentor.sessions.models import Session

OF_A_TAKEAWAY = "id session_id insight first_step plan_if plan_then check_on written_at finished_at"


def exported(person: Person) -> Iterator[Part]:
    """Return a person's takeaways, plans and what came of them, thanks, and their own feedback."""
    cards = Takeaway.objects.visible_to(person)
    yield Part(name="takeaways.json", rows=_rows(cards, OF_A_TAKEAWAY))
    nudges = Nudge.objects.filter(takeaway__session__mentee=person)
    yield Part(name="nudges.json", rows=_rows(nudges, "takeaway_id number due_at sent_at reply replied_at"))
    outcomes = Outcome.objects.filter(takeaway__in=cards)
    yield Part(name="outcomes.json", rows=_rows(outcomes, "takeaway_id was_applied helped words told_at"))
    thanks = Thanks.objects.filter(session__in=Session.objects.visible_to(person))
    yield Part(name="thanks.json", rows=_rows(thanks, "session_id words given_at"))
    own = Feedback.objects.filter(by=person)
    yield Part(name="feedback.json", rows=_rows(own, "session_id moved likely right_person fitted_time words given_at"))


def _rows(query: QuerySet[Any], names: str) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = query.order_by("id").values(*names.split()).iterator(chunk_size=500)
    return rows
