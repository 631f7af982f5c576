"""Questions read by an encoder that the host named: kept beside them, and gone on without while it is away."""

from typing import Any

import pytest

from momentor.asking.actions import ask_question, draft_question
from momentor.dispatch import meanings
from momentor.dispatch.models import QuestionVector
from momentor.people.models import Person
from tests.cast import NOW
from tests.embeddings import seen, served
from tests.talks import let_jobs_run

__all__ = ["seen", "served"]

pytestmark = pytest.mark.usefixtures("acting")

SLEEP = "I cannot sleep before my early shift. What helps?"


def test_a_question_is_read_where_the_host_said(amina: Person, served: Any, seen: list[dict[str, Any]]) -> None:
    question = draft_question(by=amina, text=SLEEP, language="sv", now=NOW)

    ask_question(question=question, by=amina, now=NOW)
    let_jobs_run()

    kept = QuestionVector.objects.get()
    assert (kept.question_id, kept.encoder, len(kept.numbers)) == (question.pk, "endpoint-letters-26", 26)
    assert [request["input"] for request in seen] == [[SLEEP]]


def test_a_question_is_asked_all_the_same_while_it_is_away(amina: Person, served: Any) -> None:
    served.ENCODER_MODEL = "503"
    question = draft_question(by=amina, text=SLEEP, language="en", now=NOW)

    ask_question(question=question, by=amina, now=NOW)
    let_jobs_run()

    question.refresh_from_db()
    assert question.asked_at == NOW
    assert not QuestionVector.objects.exists()
    assert meanings.vector_of(SLEEP, meanings.encoder_here()) is None
