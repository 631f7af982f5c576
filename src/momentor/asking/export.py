"""A person's questions and answers."""

from collections.abc import Iterator

from momentor.asking.models import Answer, Question
from momentor.people.export import Part
from momentor.people.models import Person

OF_A_QUESTION = (
    "id text topics language medium time_box audience is_anonymous state step reason answer_by asked_at changed_at"
    " programme__name wanted__person__name"
)
OF_AN_ANSWER = "id question_id text given_at mentee_agreed_at mentor_agreed_at helped"


def exported(person: Person) -> Iterator[Part]:
    """Return what a person asked, drafts included, and what they answered, in their own words."""
    asked = Question.objects.filter(mentee=person).order_by("id").values(*OF_A_QUESTION.split())
    yield Part(name="questions.json", rows=asked.iterator(chunk_size=500))
    given = Answer.objects.filter(mentor=person).order_by("id").values(*OF_AN_ANSWER.split())
    yield Part(name="answers.json", rows=given.iterator(chunk_size=500))
