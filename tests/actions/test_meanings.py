"""What questions mean: read in the background, kept beside them, found in other words."""

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from django.utils import timezone
from pytest_django import Settings

from matchwell.encoders import BrokenEncoder
from momentor.asking.actions import ask_question, draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates, meanings, studying
from momentor.dispatch.encoding import encoder_for
from momentor.dispatch.models import QuestionVector
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import NOW, make_mentor, make_person
from tests.talks import let_jobs_run

pytestmark = pytest.mark.usefixtures("acting")

SLEEP = "I cannot sleep before my early shift. What helps?"
REST = "How does one get some rest at night when work begins at five in the morning?"


@pytest.fixture(autouse=True)
def reading(settings: Settings) -> None:
    settings.READ_MEANING = True
    meanings._known_languages.clear()


def answered(mentor: Person, text: str, *, days: int = 10) -> Question:
    then = NOW - timedelta(days=days)
    question = Question.objects.create(text=text, asked_at=then, changed_at=then, state=Question.State.ANSWERED)
    Answer.objects.create(question=question, mentor=mentor, given_at=then)
    return question


@pytest.fixture
def mentors(organisation: Organisation) -> list[Person]:
    found = []
    for number in range(3):
        person = make_person(f"Mentor{number}", f"m{number}@example.org")
        make_mentor(organisation, person)
        found.append(person)
    return found


def test_a_question_is_read_once_it_is_asked(amina: Person, ben: Person) -> None:
    question = draft_question(by=amina, text=SLEEP, language="en", now=NOW)
    before = QuestionVector.objects.count()

    ask_question(question=question, by=amina, now=NOW)
    let_jobs_run()

    kept = QuestionVector.objects.get()
    assert before == 0
    assert kept.question_id == question.pk
    assert kept.encoder.startswith("minilm")
    assert len(kept.numbers) == 384


def test_what_nobody_has_read_yet_is_read_some_at_a_time(
    mentors: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "AT_ONCE", 2)
    for number in range(5):
        answered(mentors[0], f"{SLEEP} {number}")
    Question.objects.create(text="Nobody answered this", state=Question.State.WAITING, asked_at=NOW, changed_at=NOW)

    studying.read_questions()
    first = QuestionVector.objects.count()
    let_jobs_run()

    assert first == 2
    assert QuestionVector.objects.count() == 5


def test_another_words_for_the_same_thing_find_who_answered(mentors: list[Person], amina: Person) -> None:
    answered(mentors[0], "Which glaze stands the frost on a garden wall?")
    answered(mentors[1], SLEEP)
    answered(mentors[2], "How do I ask for a higher salary?")
    meanings.read_some(now=timezone.now())
    question = draft_question(by=amina, text=REST, language="en", now=NOW)

    first = candidates.considered(question, only=[one.pk for one in mentors], now=NOW, take=3).ranked[0]

    assert first.person == str(mentors[1].pk)
    assert first.reasons[0].kind == "answered"


def test_a_vector_that_came_late_is_taken_in_when_it_is_looked_again(
    mentors: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    question = answered(mentors[0], SLEEP)
    kept = candidates.fresh_index(now=NOW)
    without = set(kept.unread)
    meanings.read_one(question, now=timezone.now())
    monkeypatch.setattr(candidates, "LOOK_BACK", timedelta(0))

    later = candidates.fresh_index(now=NOW)

    assert without == {question.pk}
    assert later.unread == set()
    assert later.has_vectors


def test_many_late_vectors_have_the_index_read_anew(mentors: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST_TWICE", 1)
    for number in range(3):
        answered(mentors[0], f"{SLEEP} {number}")
    index = candidates.fresh_index(now=NOW).index
    meanings.read_some(now=timezone.now())
    monkeypatch.setattr(candidates, "LOOK_BACK", timedelta(0))

    later = candidates.fresh_index(now=NOW)

    assert later.index is not index
    assert (later.twice, later.unread, later.has_vectors) == (0, set(), True)


def test_vectors_go_with_their_questions_and_stay_in_their_organisation(
    mentors: list[Person], organisation: Organisation, other_organisation: Organisation
) -> None:
    question = answered(mentors[0], SLEEP)
    meanings.read_one(question, now=timezone.now())
    kept = QuestionVector.objects.count()
    with acting_in(other_organisation.pk):
        elsewhere = QuestionVector.objects.count()
    with acting_in(organisation.pk):
        question.delete()

        assert (kept, elsewhere, QuestionVector.objects.count()) == (1, 0, 0)


def test_vectors_of_another_encoder_are_not_compared_and_made_anew(mentors: list[Person]) -> None:
    question = answered(mentors[0], SLEEP)
    meanings.read_one(question, now=timezone.now())
    QuestionVector.objects.update(encoder="of another kind")
    encoder = meanings.encoder_here()

    unusable = meanings.vectors_of([question.pk], encoder)
    meanings.read_some(now=timezone.now())

    assert unusable == {}
    assert meanings.vectors_of([question.pk], encoder).keys() == {question.pk}


def test_the_encoder_goes_by_the_languages_of_the_questions(organisation: Organisation) -> None:
    for number in range(20):
        Question.objects.create(text=f"{number}?", language="en-GB", changed_at=NOW)
    Question.objects.create(text="Wie?", language="de", changed_at=NOW)
    english = meanings.encoder_here()
    Question.objects.create(text="Warum?", language="de", changed_at=NOW)
    meanings._known_languages.clear()

    mixed = meanings.encoder_here()

    assert english is not None
    assert english.name.startswith("minilm")
    assert mixed is not None
    assert mixed.name.startswith("universal")


def test_a_broken_encoder_leaves_the_words(
    mentors: list[Person], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(mentors[1], SLEEP)
    meanings.read_some(now=timezone.now())

    class Broken:
        name, dim = "broken", 384

        def encode(self, texts: list[str]) -> np.ndarray:
            raise BrokenEncoder(self.name, "it gave no numbers")

    monkeypatch.setattr(meanings, "encoder_for", lambda _languages: Broken())
    monkeypatch.setattr(candidates, "_kept", type(candidates._kept)())
    question = draft_question(by=amina, text=SLEEP, language="en", now=NOW)

    ranked = candidates.considered(question, only=[mentors[1].pk], now=NOW, take=1).ranked

    assert [UUID(one.person) for one in ranked] == [mentors[1].pk]
    assert meanings.read_some(now=timezone.now()) is None
    assert QuestionVector.objects.count() == 1, "what was read before stays"


def test_a_host_may_go_by_words_alone(settings: Settings, mentors: list[Person]) -> None:
    settings.READ_MEANING = False
    answered(mentors[0], SLEEP)

    assert encoder_for(frozenset({"en"})) is None
    assert meanings.read_some(now=timezone.now()) is None
    assert QuestionVector.objects.count() == 0
