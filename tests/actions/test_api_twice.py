"""Asking twice with one Idempotency-Key makes one thing."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from momentor.api import limits
from momentor.api.models import RememberedReply
from momentor.api.remembering import forget_replies
from momentor.asking.models import Question
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.api_client import Program, problem_in

ASKED = {"text": "How do I become a foreman without losing my friends?", "language": "en"}


@pytest.fixture(autouse=True)
def full_allowances() -> Iterator[None]:
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def hers(organisation: Organisation, amina: Person) -> Program:
    return Program(organisation, amina)


def questions_in(organisation: Organisation) -> int:
    with acting_in(organisation.pk):
        return Question.objects.count()


@pytest.mark.django_db
def test_the_same_request_with_the_same_key_makes_one_question_and_gets_the_same_reply(
    hers: Program, organisation: Organisation
) -> None:
    first = hers.ask("POST", "/questions", ASKED, Idempotency_Key="one")
    again = hers.ask("POST", "/questions", ASKED, Idempotency_Key='"one"')

    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(first.content) == json.loads(again.content)
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert questions_in(organisation) == 1


@pytest.mark.django_db
def test_another_request_with_the_same_key_is_refused(hers: Program) -> None:
    hers.post("/questions", ASKED, Idempotency_Key="one")

    hers.refused("POST", "/questions", ASKED | {"text": "Other?"}, Idempotency_Key="one", status=422, code="KeyUsed")
    hers.refused("POST", "/coach", ASKED, Idempotency_Key="one", status=422, code="KeyUsed")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, '"'])
def test_a_key_that_is_none_is_refused(hers: Program, key: str) -> None:
    hers.refused("POST", "/questions", ASKED, Idempotency_Key=key, status=400, code="KeyMalformed")


@pytest.mark.django_db
def test_keys_of_two_people_do_not_meet(hers: Program, organisation: Organisation, ben: Person) -> None:
    hers.post("/questions", ASKED, Idempotency_Key="one")
    Program(organisation, ben).post("/questions", ASKED, Idempotency_Key="one")

    assert questions_in(organisation) == 2


@pytest.mark.django_db
def test_a_refusal_is_not_kept(hers: Program, organisation: Organisation) -> None:
    hers.refused("POST", "/questions", {"text": "???"}, Idempotency_Key="one", status=422, code="QuestionEmpty")

    hers.post("/questions", ASKED, Idempotency_Key="one")

    assert questions_in(organisation) == 1


@pytest.mark.django_db
def test_what_breaks_after_the_change_keeps_neither_change_nor_reply(
    hers: Program, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("momentor.asking.api.QuestionShown.of", lambda *_: 1 / 0)
        hers.refused("POST", "/questions", ASKED, Idempotency_Key="one", status=500)

    hers.post("/questions", ASKED, Idempotency_Key="one")

    assert questions_in(organisation) == 1


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(hers: Program, organisation: Organisation) -> None:
    hers.post("/questions", ASKED, Idempotency_Key="one")
    with acting_in(organisation.pk):
        RememberedReply.objects.update(made_at=timezone.now() - timedelta(hours=25))
    hers.post("/questions", ASKED, Idempotency_Key="one")

    assert questions_in(organisation) == 2
    with acting_in(organisation.pk):
        assert forget_replies(now=timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_with_one_key_one_makes_it_and_the_other_waits_or_is_told(
    hers: Program, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from momentor.asking import actions

    inside, go_on = threading.Event(), threading.Event()
    draft = actions.draft_question

    def slowly(**given: object) -> Question:
        made = draft(**given)  # type: ignore[arg-type]  # handed on as it came
        inside.set()
        assert go_on.wait(10)
        return made

    monkeypatch.setattr(actions, "draft_question", slowly)
    statuses: list[int] = []

    def first() -> None:
        try:
            statuses.append(hers.ask("POST", "/questions", ASKED, Idempotency_Key="one").status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    other = Program(organisation, None)
    other.headers = hers.headers
    meanwhile = other.ask("POST", "/questions", ASKED, Idempotency_Key="one")
    go_on.set()
    thread.join(10)
    after = other.ask("POST", "/questions", ASKED, Idempotency_Key="one")

    assert problem_in(meanwhile)["code"] == "KeyAtWork"
    assert meanwhile.status_code == 409
    assert statuses == [201]
    assert after["Idempotency-Replayed"] == "true"
    assert questions_in(organisation) == 1
