"""The judge of rankings, held against sums done by hand."""

import json
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from matchwell import Answer, PastQuestion, PersonText
from matchwell.evaluate import METHODS, UnreadableFolder, UnreadableTime, as_json, as_text, carrying, evaluate
from matchwell.evaluate.__main__ import main
from matchwell.evaluate.cases import cases, window
from matchwell.evaluate.judging import judge_log, measured
from matchwell.evaluate.logs import Log, read
from matchwell.evaluate.persons import PersonDocuments
from matchwell.measures import interval, measure, sureness
from matchwell.ranker.features import tells_days
from matchwell.ranker.prior import prior

DAY = 86_400
BEGIN = 1_600_000_000


def test_measures_are_those_of_the_textbook() -> None:
    def of(places: list[int], right: int) -> tuple[float, ...]:
        one = measure(places, right)
        return one.mrr, one.ndcg, one.r10, one.r50, one.s10

    assert of([1], 1) == (1, 1, 1, 1, 1)
    assert of([2, 20], 2) == pytest.approx((1 / 2, (1 / log2(3)) / (1 + 1 / log2(3)), 1 / 2, 1, 1))
    assert of([55], 1) == pytest.approx((1 / 55, 0, 0, 0, 0))
    assert of([], 2) == (0, 0, 0, 0, 0)


def test_intervals_hold_the_mean_and_are_the_same_each_time() -> None:
    values = np.arange(200) % 7 / 7

    low, high = interval(values)

    assert low < values.mean() < high
    assert interval(values) == (low, high)
    assert sureness(values + 0.1, values) == 1.0
    assert sureness(values, values + 0.1) == 0.0


def told() -> Log:
    """Ben answered twice before Amina asks, Emil long ago; then Ben and a stranger answer her."""
    return Log(
        name="told",
        questions=[
            PastQuestion(id="1", text="night shifts", at=1.0),
            PastQuestion(id="100", text="night shifts", at=100.0),
            PastQuestion(id="200", text="night shifts", at=200.0, asker="amina"),
        ],
        answers=[
            Answer(question="1", person="emil", at=2),
            Answer(question="100", person="ben", at=101),
            Answer(question="100", person="amina", at=102),
            Answer(question="200", person="ben", at=201),
            Answer(question="200", person="stranger", at=202),
        ],
    )


def test_candidates_are_those_who_had_answered_before_but_not_who_asks() -> None:
    [case] = cases(told(), told().questions[2:])

    assert case.candidates == {"ben", "emil"}
    assert case.right == {"ben"}


def test_in_a_chat_people_count_for_a_year_and_answers_for_a_week() -> None:
    log = replace(told(), candidate_days=100.0, answer_days=0.5)

    assert cases(log, log.questions[2:]) == []
    [case] = cases(replace(log, answer_days=7.0), log.questions[2:])
    assert case.candidates == {"ben"}


def test_by_profile_everybody_who_had_joined_is_a_candidate() -> None:
    log = replace(told(), joined={"ben": 1.0, "amina": 1.0, "stranger": 150.0, "late": 250.0})

    [*_, case] = cases(log, log.questions, by_profile=True)

    assert case.candidates == {"ben", "stranger"}
    assert case.right == {"ben", "stranger"}


def test_a_question_that_only_strangers_answered_is_left_out() -> None:
    assert cases(told(), told().questions[:2]) == []


def test_windows_are_the_last_three_tenths_or_what_is_asked_for() -> None:
    log = told()

    assert [question.id for question in window(log)] == ["200"]
    assert [question.id for question in window(log, 50.0, 200.0)] == ["100"]
    assert [question.id for question in window(log, None, 100.0)] == ["1"]


def test_who_is_not_ranked_follows_behind_and_who_may_not_be_ranked_is_left_out() -> None:
    [case] = cases(told(), told().questions[2:])

    assert measured({"emil": 3.0, "stranger": 9.0}, case).mrr == 1 / 2
    assert measured(["stranger", "ben", "emil"], case).mrr == 1


def test_an_index_with_all_the_evidence_is_judged_on_the_past_alone() -> None:
    log = told()

    judged = judge_log(
        log, log.questions[2:], encoder=None, prior=None, local_training=True, progress=lambda what, done, of: None
    )

    assert (judged.queries, judged.left_out, judged.chosen) == (1, 0, "weights")
    assert "at least 100 questions" in judged.reason
    assert {method for method, verdict in judged.methods.items() if verdict is None} == {"ranker"}
    assert judged.methods["product"].means.ndcg == 1.0  # type: ignore[union-attr]
    assert judged.methods["fusion"].means.ndcg == 1.0  # type: ignore[union-attr]


def test_a_person_is_one_document_of_all_they_answered() -> None:
    documents = PersonDocuments()
    documents.add("ben", "night shifts on a ward")
    documents.add("emil", "welding pipes")
    documents.add("nora", "night and day and night shifts again with many other words beside them")

    scores = documents.scores("night shifts")

    assert set(scores) == {"ben", "nora"}
    assert scores["ben"] > scores["nora"]
    assert documents.scores("gardening") == {}


def a_folder(at: Path, *, ids: bool = False, profiles: bool = False, questions: int = 60) -> Path:
    """Write a community in which those who answer about one thing go on doing so."""
    at.mkdir(exist_ok=True)
    topics = ("night shifts", "welding pipes", "garden soil")
    first, step = (1, 10) if ids else (BEGIN, DAY)
    asked: list[dict[str, Any]] = [
        {
            "qid": number,
            "ts": first + number * step,
            "title": f"About {topics[number % 3]}",
            "body": f"case {number}",
            "tags": topics[number % 3].split()[0],
            "asker": 100 + number % 5,
        }
        for number in range(questions)
    ]
    given = [{"qid": number, "person": number % 3, "ts": first + number * step + 2} for number in range(questions)]
    given += [{"qid": number, "person": 7, "ts": first + number * step + 3} for number in range(0, questions, 7)]
    parquet.write_table(pa.Table.from_pylist(asked), at / "questions.parquet")
    parquet.write_table(pa.Table.from_pylist(given), at / "answers.parquet")
    if profiles:
        told = [{"person": number, "ts": first - step, "profile": f"I know {topics[number]}"} for number in range(3)]
        parquet.write_table(pa.Table.from_pylist(told), at / "profiles.parquet")
    return at


def silent(what: str, done: int, of: int) -> None:
    pass


def test_a_folder_is_judged_whole_and_its_profiles_by_themselves(tmp_path: Path) -> None:
    judged = evaluate(a_folder(tmp_path / "village", profiles=True), progress=silent)

    found = as_json(judged)["sets"]
    assert [one["name"] for one in found] == ["village", "village:profiles"]
    assert [list(one["methods"]) for one in found] == [list(METHODS)] * 2
    assert found[0]["queries"] == 18
    assert found[1]["queries"] == 60
    product = found[0]["methods"]["product"]
    assert product["ndcg@10_low"] <= product["ndcg@10"] <= product["ndcg@10_high"]
    assert product["cpu_ms"] > 0
    assert product["ndcg@10"] > 0.9
    assert found[0]["methods"]["ranker"] is None
    assert found[1]["methods"]["product"]["ndcg@10"] > 0.9
    assert found[1]["methods"]["answered_lately"] is None
    assert "village: 18 questions" in as_text(judged)


def test_windows_can_be_dates_or_numbers_and_a_history_lies_before(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "village")

    def queries(**window: Any) -> int:
        return evaluate(folder, progress=silent, **window)[0].queries

    assert queries(begin="2020-10-13") == 30
    assert queries(begin=str(BEGIN + 50 * DAY), end=str(BEGIN + 55 * DAY)) == 5
    later = a_folder(tmp_path / "later", questions=0 + 60)
    assert evaluate(later, history=folder, progress=silent)[0].queries > 50


def test_a_folder_whose_times_are_ids_has_no_hours_and_no_dates(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "ids", ids=True)

    assert not read(folder).has_clock
    assert evaluate(folder, progress=silent)[0].queries == 18
    with pytest.raises(UnreadableTime, match="are ids, not dates"):
        evaluate(folder, begin="2020-01-01", progress=silent)
    with pytest.raises(UnreadableTime, match="is no time"):
        evaluate(folder, begin="yesterday", progress=silent)


def test_what_is_no_such_folder_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreadableFolder, match="cannot be read as Parquet"):
        read(tmp_path)
    folder = a_folder(tmp_path / "village")
    parquet.write_table(pa.Table.from_pylist([{"qid": 1}]), folder / "answers.parquet")
    with pytest.raises(UnreadableFolder, match="lacks person, ts"):
        read(folder)
    monkeypatch.setattr("sys.argv", ["evaluate", str(folder), "--json"])

    assert main() == 1

    assert "lacks person, ts" in json.loads(capsys.readouterr().out)["error"]


def test_rows_that_say_nothing_are_passed_over(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "village")
    rows = parquet.read_table(folder / "questions.parquet").to_pylist()
    rows += [{**rows[0], "qid": None}, {**rows[1]}, {**rows[2], "qid": 999, "title": None, "body": None, "tags": None}]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "questions.parquet")

    log = read(folder)

    assert len(log.questions) == 61
    assert log.questions[-1].text == ". "


def test_what_several_communities_teach_is_carried_over_to_one_that_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [str(a_folder(tmp_path / name, questions=90)) for name in ("first", "second", "third")]
    kept = tmp_path / "prior.json"
    monkeypatch.setattr("sys.argv", ["carrying", *folders[:2], "--judge", folders[2], "--write", str(kept)])

    code = carrying.main()

    table = capsys.readouterr().out
    assert [line.split()[0] for line in table.splitlines()[:3]] == ["first", "second", "third"]
    assert kept.exists() is (code == 0)
    ranker = carrying.carried([carrying.school(Path(folder)) for folder in folders])
    assert all(weight == 0 for name, weight in zip(ranker.names, ranker.weights, strict=True) if tells_days(name))
    assert any(ranker.weights)
    assert ranker.names == prior().names  # type: ignore[union-attr]


def test_where_nothing_may_be_learned_what_was_learned_elsewhere_ranks(tmp_path: Path) -> None:
    [judged] = evaluate(a_folder(tmp_path / "village"), local_training=False, progress=silent)

    assert judged.chosen == "prior"
    assert "Nothing may be learned" in judged.reason
    assert judged.methods["ranker"] is None
    assert judged.methods["product"].means.ndcg > 0.7  # type: ignore[union-attr]


def test_people_get_identifiers_by_lot(tmp_path: Path) -> None:
    log = read(a_folder(tmp_path / "village", profiles=True))

    assert sorted({answer.person for answer in log.answers}) != ["0", "1", "2", "7"]
    assert {person.id for person in log.people} <= {answer.person for answer in log.answers}
    assert log.people[0] == PersonText(id=log.people[0].id, text="I know night shifts")
