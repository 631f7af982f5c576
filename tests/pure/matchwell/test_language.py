"""Telling the language of a text."""

import sys

import pytest

from matchwell.language import common, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How do I ask for a raise after one year?", "en"),
        ("Wie bekomme ich nach einem Jahr mehr Gehalt?", "de"),
        ("Comment négocier mon salaire après un an ?", "fr"),
        ("¿Cómo puedo pedir un aumento de sueldo después de un año?", "es"),
        ("كيف أطلب زيادة في الراتب بعد سنة من العمل؟", "ar"),
        ("工作一年以后我应该怎样要求加薪？", "zh"),
        ("<p>How do I ask for a <b>raise</b> after one year?</p> 🚀", "en"),
        ("How do I say 加薪 when I ask my boss for a raise after one year?", "en"),
        ("Como faço para mudar de carreira aos quarenta?", "pt"),
        ("履歴書の書き方を教えてください", "ja"),
        ("मुझे नौकरी के लिए क्या सीखना चाहिए", "hi"),
    ],
)
def test_a_sentence_shows_its_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hi",
        "weld?",
        "Docker",
        "Docker docker docker",
        "12345 67890 12",
        "🚀 🚀 🚀 🚀",
        "夜",
        "夜 ночь ליל νύχτα",
        "night shift ночная смена 夜勤 夜班",
    ],
)
def test_a_text_that_says_too_little_shows_none(text: str) -> None:
    assert detect(text) is None


def test_without_the_detector_no_language_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)

    assert detect("How do I ask for a raise after one year?") is None


def test_what_is_taken_for_latin_is_names_and_formulas() -> None:
    assert detect("Bell inequality violation: |psi> = a|00> + b|11>, tensor trace, ad infinitum") in {"en", None}


def test_a_community_writes_in_the_languages_of_a_twentieth_of_its_texts() -> None:
    english = ["How do I ask for a raise after one year?"] * 60
    german = ["Wie bekomme ich nach einem Jahr mehr Gehalt?"] * 10
    french = ["Comment négocier mon salaire après un an ?"] * 2

    assert common([*english, *german, *french, "", "🚀"]) == {"en", "de"}
    assert common(["", "🚀"]) == frozenset()
    assert common([]) == frozenset()
