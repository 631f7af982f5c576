"""The documentation of the library does what it says."""

import re
from pathlib import Path

import pytest

import matchwell

TEXT = (Path(matchwell.__file__).parent / "README.md").read_text(encoding="utf-8")
QUICK_START, *OTHERS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_quick_start_runs_and_finds_ben(capsys: pytest.CaptureFixture[str]) -> None:
    exec(QUICK_START, {})

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("ben [('answered', 'q1', ('night', 'shifts'))")
    assert second == "q1"


@pytest.mark.parametrize("example", OTHERS)
def test_every_other_example_runs(example: str) -> None:
    exec(example, {})


def test_the_library_knows_nothing_of_the_product() -> None:
    sources = list(Path(matchwell.__file__).parent.rglob("*.py"))

    named = [
        source.name for source in sources if re.search(r"\b(django|momentor)\b", source.read_text(encoding="utf-8"))
    ]
    assert sources
    assert named == []
