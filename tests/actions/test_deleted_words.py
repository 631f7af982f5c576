"""What was deleted is gone from the memory of the running site as well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates
from momentor.foundation.tenancy import acting_in
from momentor.people.actions.members import leave_organisation
from momentor.people.models import Organisation, Person
from momentor.people.retention import forget_old
from tests.cast import NOW, make_mentor, make_person

pytestmark = pytest.mark.usefixtures("acting")


@pytest.fixture
def answered(amina: Person, ben: Person) -> Question:
    """A private question with its answer, from long ago."""
    question = Question.objects.create(
        mentee=amina,
        text="My brother drinks at work and I lead his crew. What do I do?",
        state=Question.State.ANSWERED,
        asked_at=NOW,
        changed_at=NOW,
    )
    Answer.objects.create(question=question, mentor=ben, text="Talk to him first.", given_at=NOW)
    return question


def remembered() -> list[str]:
    return [one.question for one in candidates.alike("My brother drinks at work", now=timezone.now())]


def test_a_question_past_its_retention_leaves_the_index(
    answered: Question, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = remembered()
    forget_old(now=NOW + timedelta(days=organisation.retention_days + 2))
    meanwhile = remembered()
    monkeypatch.setattr(candidates, "LOOK_BACK", timedelta(0))  # five minutes later

    later = remembered()

    assert known == [str(answered.pk)]
    assert meanwhile == known
    assert later == []


def test_the_words_of_somebody_who_left_leave_the_index(
    organisation: Organisation, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    piotr = make_person("Piotr", "piotr@example.org")
    make_mentor(organisation, piotr, story="I tune organs in village churches.")
    assert candidates.fresh_index(now=timezone.now()).people == {ben.pk, piotr.pk}
    before = candidates.fresh_index(now=timezone.now()).index

    with acting_in(organisation.pk, person_id=piotr.pk):
        leave_organisation(by=piotr, now=timezone.now())
    monkeypatch.setattr(candidates, "LOOK_BACK", timedelta(0))
    after = candidates.fresh_index(now=timezone.now())

    assert after.people == {ben.pk}
    assert after.index is not before


def test_an_index_that_lost_nothing_is_not_read_again(answered: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "LOOK_BACK", timedelta(0))
    before = candidates.fresh_index(now=timezone.now()).index

    assert candidates.fresh_index(now=timezone.now()).index is before
