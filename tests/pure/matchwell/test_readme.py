"""The documentation of the library does what it says."""

import re
from pathlib import Path
from typing import Any

import pytest

import matchwell
from matchwell import Ask, Index
from tests.pure.matchwell.test_ranker import taught, village
from tests.pure.matchwell.worlds import NOW, ward

TEXT = (Path(matchwell.__file__).parent / "README.md").read_text(encoding="utf-8")
[QUICK_START_SAYS] = re.findall(r"```text\n(.*?)```", TEXT, flags=re.DOTALL)
_BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
QUICK_START, RECORDING, LEARNING, KEEPING, ENCODING, ALIKE, PROGRAMME = _BLOCKS


def test_the_quick_start_takes_ten_lines_and_says_what_stands_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    exec(QUICK_START, {})

    assert capsys.readouterr().out == QUICK_START_SAYS
    assert len([line for line in QUICK_START.splitlines() if line.strip()]) <= 10


def test_the_example_of_a_record_makes_the_same_list_again(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(QUICK_START + RECORDING, names)

    *_, replayed, standing = capsys.readouterr().out.splitlines()
    assert replayed == str([(one.person, one.score) for one in names["found"].ranked])
    assert standing.startswith("[('gita', 1, None)")


def test_the_example_of_learning_gives_an_index_its_ranker() -> None:
    index, learned = taught()
    names: dict[str, Any] = {"index": index, "questions": village()[1]}

    exec(LEARNING, names)

    assert names["learned"].reason == learned.reason
    assert index.ranker == learned.ranker


def test_the_example_of_files_brings_an_index_back(tmp_path: Path) -> None:
    names: dict[str, Any] = {"index": ward().index(), "Index": Index, "folder": tmp_path}

    exec(KEEPING, names)

    assert names["index"].rank(Ask(text="night shifts", at=NOW)) == ward().index().rank(
        Ask(text="night shifts", at=NOW)
    )


def test_the_example_of_encoders_gives_one_vector() -> None:
    names: dict[str, Any] = {}

    exec(ENCODING, names)

    assert names["vectors"].shape == (1, names["encoder"].dim)


def test_the_example_of_what_is_alike_finds_tiredness_repetition_and_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    exec(ALIKE, {})

    near, same, groups = capsys.readouterr().out.splitlines()
    assert near == "q2"
    assert same == "('q1', 'q3')"
    assert groups == "[('night shifts, ward, survive', ('q1', 'q2', 'q3'))]"


def test_the_example_of_a_programme_matches_both(capsys: pytest.CaptureFixture[str]) -> None:
    exec(PROGRAMME, {})

    matches, effect = capsys.readouterr().out.splitlines()
    assert matches.startswith("[('amina', 'ben', (('topic', 0.9), ('goals', 0.1)))")
    assert "'chloe', 'emil'" in matches
    assert effect.startswith("Effect(")


def test_the_library_knows_nothing_of_the_product() -> None:
    sources = list(Path(matchwell.__file__).parent.rglob("*.py"))

    named = [
        source.name for source in sources if re.search(r"\b(django|momentor)\b", source.read_text(encoding="utf-8"))
    ]
    assert sources
    assert named == []
