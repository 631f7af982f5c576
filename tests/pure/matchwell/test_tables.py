"""A community as tables: whatever library they come from, and what is refused of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from matchwell import Ask, Index, WrongTable, days
from matchwell.examples import Columns, workshop
from matchwell.meanings import WrongVector
from matchwell.tables import read

ASK = Ask(text="My bread stays flat. Is the dough too wet?", at=365)
PEOPLE, QUESTIONS, ANSWERS = workshop()
ROWS = len(QUESTIONS["id"])
START = datetime(2025, 1, 1, tzinfo=UTC)
VECTORS = np.random.default_rng(1).normal(size=(ROWS, 8))
NOT_AVAILABLE = float("nan")


class Series:
    """A column as pandas has them: it is asked for plain values."""

    def __init__(self, cells: list[Any]) -> None:
        self._cells = cells

    def tolist(self) -> list[Any]:
        return self._cells


class Frame:
    """A table as pandas and polars have them: names in `columns`, a column by its name."""

    def __init__(self, columns: Columns) -> None:
        self.columns = [*columns]
        self._columns = columns

    def __getitem__(self, name: str) -> Series:
        return Series(self._columns[name])


class NeitherEqualNorNot:
    """As pandas.NA: it does not say whether it is itself."""

    def __ne__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]  # as are things with an __eq__ of their own


def _records(columns: Columns) -> Any:
    rows = list(zip(*columns.values(), strict=True))
    return np.array(rows, dtype=[(name, object) for name in columns])


def _arrays(columns: Columns) -> dict[str, Any]:
    return {name: np.array(cells) if isinstance(cells[0], int | str) else cells for name, cells in columns.items()}


@pytest.mark.parametrize("table", [Frame, pa.table, _records, _arrays])
def test_a_table_is_what_has_columns_by_name(table: Callable[[Columns], Any]) -> None:
    plain = Index().fit(PEOPLE, QUESTIONS, ANSWERS)
    index = Index().fit(table(PEOPLE), table(QUESTIONS), table(ANSWERS))

    assert len(plain.rank(ASK)) > 2
    assert index.rank(ASK) == plain.rank(ASK)


def test_fitting_is_adding_the_values_one_by_one() -> None:
    found = read(PEOPLE, QUESTIONS, ANSWERS)
    index = Index()
    index.add_answers(found.answers)
    index.add_questions(found.questions)
    index.add_people(found.people)

    assert index.rank(ASK) == Index().fit(PEOPLE, QUESTIONS, ANSWERS).rank(ASK)


def test_fitting_again_forgets_what_was_there() -> None:
    index = Index().fit(PEOPLE, QUESTIONS, ANSWERS)

    index.fit({"id": ["zoe"]}, {"id": ["q"], "text": ["flat bread"], "at": [1]}, _answer("q", "zoe"))

    assert index.order(ASK) == ["zoe"]
    assert [one.question for one in index.alike("bread")] == ["q"]


def test_what_cannot_be_used_leaves_the_index_as_it_was() -> None:
    index = Index().fit(PEOPLE, QUESTIONS, ANSWERS)
    before = index.rank(ASK)

    with pytest.raises(WrongTable):
        index.fit(PEOPLE, {**QUESTIONS, "at": [None] * ROWS}, ANSWERS)

    assert index.rank(ASK) == before


def test_without_people_everybody_is_one_who_answered() -> None:
    index = Index().fit(None, QUESTIONS, ANSWERS)

    assert index.order(ASK)[:2] == ["aled", "gita"]
    assert "hugo" not in index.order(ASK)


@pytest.mark.parametrize(
    "moment",
    [
        lambda at: START + timedelta(days=at),
        lambda at: (START + timedelta(days=at)).astimezone(timezone(timedelta(hours=5))),
        lambda at: (START + timedelta(days=at)).replace(tzinfo=None),
        lambda at: (START + timedelta(days=at)).date(),
    ],
)
def test_times_may_be_dates(moment: Callable[[float], date]) -> None:
    index = Index().fit(PEOPLE, _dated(QUESTIONS, moment), _dated(ANSWERS, moment))

    found = index.rank(replace(ASK, at=days(moment(365))))

    expected = Index().fit(PEOPLE, QUESTIONS, ANSWERS).rank(ASK)
    assert [(one.person, round(one.score, 9)) for one in found] == [
        (one.person, round(one.score, 9)) for one in expected
    ]


@pytest.mark.parametrize("unit", ["D", "s", "us", "ns"])
def test_times_may_be_those_of_numpy(unit: str) -> None:
    def dated(columns: Columns) -> dict[str, Any]:
        at = np.array(columns["at"], "timedelta64[D]") + np.datetime64("2025-01-01")
        return {**columns, "at": at.astype(f"datetime64[{unit}]")}

    found = read(PEOPLE, dated(QUESTIONS), dated(ANSWERS))

    assert found.questions[0].at == days(START) + QUESTIONS["at"][0]


def test_identifiers_may_be_numbers_even_where_a_gap_made_them_fractions() -> None:
    index = Index().fit(
        {"id": np.array([7, 8])},
        {"id": [1, 2], "text": ["flat bread", "jumping chains"], "at": [1, 2], "asker": [8.0, NOT_AVAILABLE]},
        {"question": [1.0, 2.0], "person": [7, 8], "at": [2, 3]},
    )

    assert index.order(ASK)[0] == "7"
    assert index.order(replace(ASK, asker="7")) == ["8"]


def test_large_numbers_stay_the_same_or_are_refused() -> None:
    large = 2**60 + 1
    kept = read({"id": [large, np.int64(large + 1)]}, QUESTIONS, _none())

    assert [one.id for one in kept.people] == ["1152921504606846977", "1152921504606846978"]
    for rounded in (float(large), True):
        with pytest.raises(WrongTable, match=r"id in row 0 is .* text or whole numbers"):
            read({"id": [rounded]}, QUESTIONS, _none())


def test_words_of_a_cell_are_a_list_or_a_text_with_commas() -> None:
    found = read(
        {"id": ["a", "b", "c"], "skills": ["bread, wet dough ,", ["bread", "wet dough"], None]}, QUESTIONS, _none()
    )

    assert [one.skills for one in found.people] == [("bread", "wet dough"), ("bread", "wet dough"), ()]


@pytest.mark.parametrize("nothing", [None, NOT_AVAILABLE, np.datetime64("NaT"), NeitherEqualNorNot()])
def test_a_text_may_be_missing_and_an_identifier_or_a_time_may_not(nothing: Any) -> None:
    others = PEOPLE["id"][1:]

    found = read({"id": PEOPLE["id"], "text": [nothing, *others], "skills": [nothing, *others]}, QUESTIONS, ANSWERS)
    assert found.people[0].text == ""
    assert found.people[0].skills == ()
    with pytest.raises(WrongTable, match=r"table of people .* id in row 0 is missing"):
        read({"id": [nothing, *others]}, QUESTIONS, ANSWERS)
    with pytest.raises(WrongTable, match=r"table of questions .* at in row 0 is missing"):
        read(PEOPLE, {**QUESTIONS, "at": [nothing, *QUESTIONS["at"][1:]]}, ANSWERS)
    with pytest.raises(WrongTable, match=r"table of answers .* person in row 0 is missing"):
        read(PEOPLE, QUESTIONS, {**ANSWERS, "person": [nothing, *ANSWERS["person"][1:]]})


@pytest.mark.parametrize("vectors", [VECTORS, list(VECTORS), VECTORS.tolist()])
def test_vectors_may_be_a_matrix_or_a_row_in_each_cell(vectors: Any) -> None:
    index = Index().fit(PEOPLE, {**QUESTIONS, "vector": vectors}, ANSWERS)

    near = replace(ASK, text="xyzzy", vector=VECTORS[1])
    assert index.order(near)[0] == "bibi", "who answered the question with this vector"


@pytest.mark.parametrize(
    ("column", "cells", "why"),
    [
        ("id", ["q02", *QUESTIONS["id"][1:]], "the id 'q02' stands in row 0 and in row 1"),
        ("id", ["", *QUESTIONS["id"][1:]], "id in row 0 is missing"),
        ("id", [1.5, *QUESTIONS["id"][1:]], r"id in row 0 is 1\.5"),
        ("at", [1, 2], "id has 24 rows and at has 2"),
        ("at", ["2025-01-01"] * ROWS, "pandas.to_datetime"),
        ("at", [float("inf")] * ROWS, "finite number of days"),
        ("at", [1.7e9 + 86_400 * row for row in range(ROWS)], "seconds / 86400"),
        ("at", [START] * ROWS, "some times are numbers, and some are dates"),
        ("text", [3] * ROWS, "text in row 0 is 3, which is no text"),
        ("tags", [3] * ROWS, "Give a list of texts"),
        ("tags", [[3]] * ROWS, "no list of texts"),
        ("vector", np.where(np.arange(8) == 2, np.nan, VECTORS), "vector in row 0 has numbers that are not finite"),
        ("vector", [*VECTORS[:5], *VECTORS[5:, :4]], "vector in row 5 has 4 numbers, and others 8"),
        ("vector", [1.0] * ROWS, "vector in row 0 is no vector"),
        ("vector", [["a", "b"]] * ROWS, "vector in row 0 is no vector"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_row(column: str, cells: Any, why: str) -> None:
    with pytest.raises(WrongTable, match=why):
        Index().fit(PEOPLE, {**QUESTIONS, column: cells}, ANSWERS)


def test_a_missing_column_is_named_beside_those_that_are_there() -> None:
    renamed = {("title" if name == "text" else name): cells for name, cells in QUESTIONS.items()}

    with pytest.raises(WrongTable, match=r"lacks text\. It has id, title, at, tags, asker"):
        Index().fit(PEOPLE, renamed, ANSWERS)


@pytest.mark.parametrize("no_table", [[1, 2], "people.csv", 7])
def test_what_is_no_table_is_refused(no_table: Any) -> None:
    with pytest.raises(WrongTable, match="Give a DataFrame, or a dict of columns"):
        Index().fit(no_table, QUESTIONS, ANSWERS)


def test_answers_that_name_nobody_and_nothing_known_are_refused() -> None:
    with pytest.raises(WrongTable, match="names no question that there is; '1' is unknown"):
        Index().fit(PEOPLE, QUESTIONS, {**ANSWERS, "question": [1] * len(ANSWERS["at"])})
    with pytest.raises(WrongTable, match="names no person that there is"):
        Index().fit(PEOPLE, QUESTIONS, {**ANSWERS, "person": [1] * len(ANSWERS["at"])})


@pytest.mark.parametrize("now", [344.5, 400.0])
def test_with_a_present_nothing_may_be_later(now: float) -> None:
    if now > max(ANSWERS["at"]):
        assert Index().fit(PEOPLE, QUESTIONS, ANSWERS, now=now).rank(ASK)
        return
    with pytest.raises(WrongTable, match=r"table of answers .* row 28 is 0\.5 days later than now"):
        Index().fit(PEOPLE, QUESTIONS, ANSWERS, now=now)


@pytest.mark.parametrize("now", ["today", NOT_AVAILABLE, START])
def test_a_present_that_is_no_time_of_the_tables_is_refused(now: Any) -> None:
    with pytest.raises(WrongTable, match=r"now is 'today'|now is missing|some times are numbers"):
        Index().fit(PEOPLE, QUESTIONS, ANSWERS, now=now)


def test_vectors_of_another_encoder_than_the_index_has_are_refused() -> None:
    index = Index().fit(PEOPLE, {**QUESTIONS, "vector": VECTORS}, ANSWERS)
    [*others, last] = read(PEOPLE, QUESTIONS, ANSWERS).questions

    with pytest.raises(WrongVector, match=r"\(3,\), where \(8,\)"):
        index.add_questions([*others, replace(last, vector=np.ones(3))])


def _dated(columns: Columns, moment: Callable[[float], date]) -> Columns:
    return {**columns, "at": [moment(at) for at in columns["at"]]}


def _answer(question: str, person: str) -> Columns:
    return {"question": [question], "person": [person], "at": [2]}


def _none() -> Columns:
    return {"question": [], "person": [], "at": []}
