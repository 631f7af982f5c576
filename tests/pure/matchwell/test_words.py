"""How text is read."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell import stems
from matchwell.asked import AskedTerms
from matchwell.words import fold, terms, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C++ or C#, not C or R", ["c++", "c#", "c", "r"]),
        (
            "getUserName read_csv HTTPServer",
            ["getusername", "user", "name", "readcsv", "read", "csv", "httpserver", "http", "serv"],
        ),
        ("python3 and .NET 8.0", ["python3", "python", "net"]),
        ("Häuser, ein Haus, die Straße", ["haus", "haus", "strass"]),
        ("Bewerbungen und bewerben", ["bewerb", "bewerb"]),
        ("Ｃａｆé cafe\u0301", ["cafe", "cafe"]),
        ("履歴書", ["履歴", "歴書"]),
        ("夜", ["夜"]),
        ("काम और नौकरी", ["काम", "और", "नौकरी"]),
        ("Ёлка ёлка", ["елка", "елка"]),
        ("the and und oder", []),
        ("Is it worth it, whether on Monday or at weekends? I find it hard to set rules.", ["hard", "rule"]),
        ("Lohnt es sich, am Montag zu fragen?", []),
        ("👩‍🚀", []),
    ],
)
def test_text_becomes_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("shift", "shifts"), ("planning", "planned"), ("Lehrer", "Lehrern"), ("query", "queries"), ("weld", "welding")],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@given(st.text())
def test_tokens_are_the_terms_with_their_places(text: str) -> None:
    found = tokens(text)

    assert [token.term for token in found] == terms(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_examples_of_the_stemmer_hold() -> None:
    assert doctest.testmod(stems).failed == 0


def test_words_that_say_nothing_by_themselves_are_named_only_when_there_are_no_others() -> None:
    numbers = {term: number for number, term in enumerate(terms("tells family started"))}

    def named(text: str) -> tuple[str, ...]:
        asked = AskedTerms.read(text, numbers)
        return asked.words(dict.fromkeys(range(len(asked.places)), 1.0))

    assert named("She tells her family") == ("family",)
    assert named("It started") == ("started",)
