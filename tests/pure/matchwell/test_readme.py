"""The documentation of the library does what it says."""

import re
from pathlib import Path

import pytest

import matchwell


def test_the_quick_start_runs_and_finds_ben(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(matchwell.__file__).parent / "README.md").read_text(encoding="utf-8")
    [quick_start] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)

    exec(quick_start, {})

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("ben [('answered', 'q1', ('night', 'shifts'))")
    assert second == "q1"


def test_the_library_knows_nothing_of_the_product() -> None:
    sources = list(Path(matchwell.__file__).parent.rglob("*.py"))

    named = [
        source.name for source in sources if re.search(r"\b(django|momentor)\b", source.read_text(encoding="utf-8"))
    ]
    assert sources
    assert named == []
