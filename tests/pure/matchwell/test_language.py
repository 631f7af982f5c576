"""Telling the language of a text."""

import sys

import pytest

from matchwell.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I ask for a raise after one year?", "en"),
        ("Wie bekomme ich nach einem Jahr mehr Gehalt?", "de"),
        ("Comment négocier mon salaire après un an ?", "fr"),
        ("Como faço para mudar de carreira aos quarenta?", "pt"),
        ("履歴書の書き方を教えてください", "ja"),
        ("मुझे नौकरी के लिए क्या सीखना चाहिए", "hi"),
    ],
)
def test_a_sentence_shows_its_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "Hi", "weld?", "Docker", "Docker docker docker", "12345 67890 12", "🚀 🚀 🚀 🚀", "夜"]
)
def test_a_text_that_says_too_little_shows_none(text: str) -> None:
    assert detect(text) is None


def test_without_the_detector_no_language_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)

    assert detect("How do I ask for a raise after one year?") is None
