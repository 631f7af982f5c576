"""What a moderator needs to read about an answer that others may read."""

from uuid import UUID

from momentor.asking.models import Answer
from momentor.people.models import Block, Person
from momentor.trust.subjects import Line, Subject


def reported_answer(subject_id: UUID, by: Person) -> Subject | None:
    """Return an answer for anybody who may read it, but not for the one who wrote it, with the question it is to.

    The name of the one who asked is in neither: who reads the answer does not know it.
    """
    shown = Answer.objects.shown() | Answer.objects.filter(question__mentee=by).exclude(text="")
    found = shown.select_related("question", "mentor").filter(pk=subject_id).exclude(mentor=by).first()
    if found is None:
        return None
    # What answers one's own question stays one's own to read after a block, and to report.
    is_own = found.question.mentee_id == by.pk
    if not is_own and found.mentor and Block.objects.between(found.mentor, by):
        return None
    is_named = found.mentor is not None and found.mentor.is_claimed
    at = found.given_at.isoformat() if found.given_at else ""
    return Subject(
        title=found.question.title,
        about_id=found.mentor_id,
        context=[
            Line(who="mentee", words=found.question.text),
            Line(who=str(found.mentor or ""), words=found.text, at=at),
        ],
        is_named=is_named,
    )
