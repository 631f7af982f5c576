"""Reads whose statement is written once: they see what the queryset they are made from would see, and no more."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import SimpleLazyObject

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.foundation.prepared import Prepared, prepared
from momentor.foundation.tenancy import NoOrganisation, acting_in
from momentor.people.models import Membership, Organisation, Person
from tests.cast import NOW, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_by() -> Prepared[Question]:
    @prepared
    def asked_by(person: Person, since: datetime) -> QuerySet[Question]:
        mine = Question.objects.visible_to(person).filter(changed_at__gte=since)
        return mine.select_related("mentee", "programme").order_by("text")

    return asked_by


@pytest.fixture
def questions(acting: None, amina: Person, dana: Person) -> list[Question]:
    return [
        draft_question(by=person, text=text, language="en", now=NOW)
        for person, text in ((amina, "How do I lead a crew?"), (amina, "Which torch?"), (dana, "Who moderates?"))
    ]


def texts(found: list[Question]) -> list[str]:
    return [question.text for question in found]


def test_each_person_gets_their_own_rows(
    questions: list[Question], asked_by: Prepared[Question], amina: Person, dana: Person
) -> None:
    hers = asked_by(person=amina, since=NOW)
    danas = asked_by(person=SimpleLazyObject(lambda: dana), since=NOW)
    later = asked_by(person=amina, since=NOW + timedelta(days=1))

    assert texts(hers) == ["How do I lead a crew?", "Which torch?"]
    assert hers[0] == questions[0]
    assert hers[0].mentee == amina
    assert texts(danas) == ["Who moderates?"]
    assert later == []


def test_the_rows_of_another_organisation_stay_there(
    questions: list[Question], asked_by: Prepared[Question], amina: Person, other_organisation: Organisation
) -> None:
    make_member(other_organisation, amina)
    asked_by(person=amina, since=NOW)

    with acting_in(other_organisation.pk):
        there = asked_by(person=amina, since=NOW)
        draft_question(by=amina, text="Where is the harbour?", language="en", now=NOW)
        after = asked_by(person=amina, since=NOW)

    assert there == []
    assert texts(after) == ["Where is the harbour?"]
    assert len(asked_by(person=amina, since=NOW)) == 2


def test_rows_are_read_anew_and_changing_one_changes_no_other(
    questions: list[Question], asked_by: Prepared[Question], amina: Person
) -> None:
    asked_by(person=amina, since=NOW)[0].text = "changed in memory alone"
    Question.objects.filter(pk=questions[1].pk).update(text="Changed in the database")

    assert texts(asked_by(person=amina, since=NOW)) == ["Changed in the database", "How do I lead a crew?"]


def test_the_statement_is_written_once(
    questions: list[Question], asked_by: Prepared[Question], amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_by(person=amina, since=NOW)

    def write(*_given: Any, **_named: Any) -> None:
        raise AssertionError("written again")

    monkeypatch.setattr(SQLCompiler, "as_sql", write)

    assert len(asked_by(person=amina, since=NOW)) == 2


def test_plain_values_come_as_they_would(questions: list[Question], amina: Person) -> None:
    @prepared
    def titles(person: Person) -> "QuerySet[Question, str]":
        return Question.objects.filter(mentee=person).order_by("text").values_list("text", flat=True)

    assert titles(person=amina) == ["How do I lead a crew?", "Which torch?"]


def test_the_organisation_of_the_moment_is_asked_for_anew(
    acting: None, amina: Person, organisation: Organisation, other_organisation: Organisation
) -> None:
    make_member(other_organisation, amina)
    here = prepared(lambda person: Membership.objects.here().filter(person=person))

    first = here(person=amina)
    with acting_in(other_organisation.pk):
        there = here(person=amina)
    again = here(person=amina)

    assert [one.organisation_id for one in (*first, *there, *again)] == [
        organisation.pk,
        other_organisation.pk,
        organisation.pk,
    ]
    with acting_in(None), pytest.raises(NoOrganisation):
        here(person=amina)


def test_what_cannot_be_written_once_is_refused(questions: list[Question], amina: Person) -> None:
    unused = prepared(lambda person, since: Question.objects.filter(mentee=person))
    words = prepared(lambda text: Question.objects.filter(text=text))
    nobody = prepared(lambda person: Question.objects.filter(mentee=person))
    nobody(person=amina)

    with pytest.raises(TypeError, match="does not compare with since"):
        unused(person=amina, since=NOW)
    with pytest.raises(TypeError, match="not str"):
        words(text="Which torch?")
    with pytest.raises(TypeError, match="NULL"):
        nobody(person=Person(pk=None))
    with pytest.raises(TypeError, match="prefetch"):
        prepared(lambda person: Question.objects.filter(mentee=person).prefetch_related("mentee"))(person=amina)


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_meet_in_it(organisation: Organisation, amina: Person, dana: Person) -> None:
    asked = prepared(lambda person: Question.objects.filter(mentee=person).order_by("text"))
    with acting_in(organisation.pk):
        for person in (amina, dana):
            draft_question(by=person, text=f"What would {person.name} do?", language="en", now=NOW)
    wrong: list[Any] = []

    def look(person: Person) -> None:
        try:
            for _time in range(50):
                with acting_in(organisation.pk):
                    if texts(asked(person=person)) != [f"What would {person.name} do?"]:
                        wrong.append(person)
        except Exception as error:  # noqa: BLE001 - shown below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look, args=[person]) for person in (amina, dana, amina, dana)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert wrong == []
