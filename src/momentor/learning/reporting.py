"""What a moderator needs to read about a takeaway, or about thanks, that one of the two reports."""

from uuid import UUID

from momentor.learning.models import Outcome, Takeaway, Thanks
from momentor.people.models import Person
from momentor.trust.subjects import Line, Subject


def reported_takeaway(subject_id: UUID, by: Person) -> Subject | None:
    """Return a card for one of the two whose session it is of, with every line of it."""
    card = Takeaway.objects.visible_to(by).select_related("session", "written_by").filter(pk=subject_id).first()
    if card is None:
        return None
    other = card.session.other_than(by)
    parts = (card.insight, card.first_step, card.plan_if, card.plan_then)
    who, at = str(card.written_by or ""), card.written_at.isoformat()
    lines = [Line(who=who, words=part, at=at) for part in parts if part]
    told = Outcome.objects.filter(takeaway=card).exclude(words="").first()
    if told is not None:
        mentee = str(card.session.mentee or "")
        lines.append(Line(who=mentee, words=told.words, at=told.told_at.isoformat()))
    return Subject(title=card.insight[:90], about_id=other.pk if other else None, context=lines)


def reported_thanks(subject_id: UUID, by: Person) -> Subject | None:
    """Return what a mentee wrote to thank, for the mentor who was thanked."""
    thanks = Thanks.objects.filter(pk=subject_id, session__mentor=by).select_related("session__mentee").first()
    if thanks is None:
        return None
    mentee = thanks.session.mentee
    return Subject(
        title=thanks.words[:90],
        about_id=mentee.pk if mentee else None,
        context=[Line(who=str(mentee or ""), words=thanks.words, at=thanks.given_at.isoformat())],
    )
