"""The judge of rankings, held against sums done by hand."""

from dataclasses import replace
from math import log2
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from matchwell import Answer, Index, PastQuestion, PersonText
from matchwell.evaluate import Log, cases, evaluate, main, measure, read, window


def test_measures_are_those_of_the_textbook() -> None:
    order = [f"p{place}" for place in range(1, 61)]

    assert measure(order, frozenset({"p1"})) == (1, 1, 1, 1, 1)
    assert measure(order, frozenset({"p2", "p20"})) == pytest.approx(
        (1 / 2, (1 / log2(3)) / (1 + 1 / log2(3)), 1 / 2, 1, 1)
    )
    assert measure(order, frozenset({"p55"})) == pytest.approx((1 / 55, 0, 0, 0, 0))


def told() -> Log:
    """Ben answered twice before Amina asks, Emil long ago; then Ben and a stranger answer her."""
    return Log(
        questions=[PastQuestion(id=str(at), text="night shifts", at=at) for at in (1.0, 100.0, 200.0)],
        answers=[
            Answer(question="1.0", person="emil", at=2),
            Answer(question="100.0", person="ben", at=101),
            Answer(question="100.0", person="amina", at=102),
            Answer(question="200.0", person="ben", at=201),
            Answer(question="200.0", person="stranger", at=202),
        ],
        askers={"200.0": "amina"},
    )


def test_candidates_are_those_who_had_answered_before_but_not_who_asks() -> None:
    log = told()

    [case] = cases(log, log.questions[2:])

    assert case.candidates == {"ben", "emil"}
    assert case.relevant == {"ben"}


def test_where_people_are_known_everybody_who_had_joined_is_a_candidate() -> None:
    log = replace(told(), joined={"ben": 1.0, "amina": 1.0, "stranger": 150.0, "late": 250.0})

    [case] = cases(log, log.questions[2:])

    assert case.candidates == {"ben", "stranger"}
    assert case.relevant == {"ben", "stranger"}


def test_a_question_that_only_strangers_answered_is_left_out() -> None:
    log = told()

    assert cases(log, log.questions[:2]) == []


def test_an_index_with_all_the_evidence_is_judged_on_the_past_alone() -> None:
    log = told()
    index = Index()
    index.add_people([PersonText(id=name) for name in ("amina", "ben", "emil", "stranger")])
    index.add_questions(log.questions)
    index.add_answers(log.answers)

    assert evaluate(index, cases(log, log.questions[2:])) == (1, 1, 1, 1, 1)


def test_a_folder_is_read_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = [
        {"qid": at, "ts": at, "title": "night", "body": "shifts", "tags": "nursing work"} for at in range(1, 301, 10)
    ]
    answers = [{"qid": at, "person": 7, "ts": at + 1} for at in range(1, 301, 10)]
    parquet.write_table(pa.Table.from_pylist(questions), tmp_path / "questions.parquet")
    profiles = [{"person": 7, "ts": 1, "profile": "Night nurse"}]
    parquet.write_table(pa.Table.from_pylist(answers), tmp_path / "answers.parquet")

    without_people = read(tmp_path)
    main(str(tmp_path), "2")
    parquet.write_table(pa.Table.from_pylist(profiles), tmp_path / "profiles.parquet")
    log = read(tmp_path)

    assert [person.text for person in log.people] == ["Night nurse"]
    assert len(window(log)) == len(log.questions)
    assert log.questions[0].tags == {"nursing", "work"}
    assert len(window(without_people)) == 9
    report = capsys.readouterr().out
    assert "5 questions, 0 left out" in report
    assert "answered lately" in report
    assert "product" in report
