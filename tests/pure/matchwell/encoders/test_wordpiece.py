"""Reading text as uncased BERT does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.encoders import find_installed
from matchwell.encoders.wordpiece import WordPiece, basic_words

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "want", "##want", "##ed", "running", "run", ","]


def read(text: str, *, most: int = 50) -> list[str]:
    return [PIECES[number] for number in WordPiece(PIECES).ids(text, most=most)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("UNwanted, running", ["un", "##want", "##ed", ",", "running"]),
        ("unwantedX running", ["[UNK]", "running"]),
        ("run" + "n" * 97, ["[UNK]"]),
        ("", []),
        (" \n\t\u3000", []),
        ("[CLS]", ["[UNK]"] * 3),
    ],
)
def test_words_are_the_longest_known_pieces_from_left_to_right(text: str, expected: list[str]) -> None:
    assert read(text) == ["[CLS]", *expected, "[SEP]"]


@pytest.mark.parametrize("letters", [100, 101])
def test_a_word_is_known_up_to_a_hundred_characters(letters: int) -> None:
    pieces = WordPiece([*PIECES, "a", "##a"])

    ids = pieces.ids("a" * letters, most=200)

    assert pieces.knows_any(ids) == (letters <= 100)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Héllo Wörld", ["hello", "world"]),
        ("cafe\u0301", ["cafe"]),
        ("don't-stop.", ["don", "'", "t", "-", "stop", "."]),
        ("C++ $5 a_b", ["c", "+", "+", "$", "5", "a", "_", "b"]),
        ("夜勤night", ["夜", "勤", "night"]),
        ("ΣΟΦΟΣ", ["σοφοσ"]),
        ("İstanbul", ["istanbul"]),
        ("a\x00b\x07c\ufffdd\u200be", ["abcde"]),
        ("a\u00a0b\u2028c", ["a", "b", "c"]),
        ("\u037e", [";"]),
        ("🚀go", ["🚀go"]),
    ],
)
def test_text_parts_at_spaces_signs_and_han_characters_and_loses_case_and_accents(text: str, words: list[str]) -> None:
    assert basic_words(text) == words


@given(text=st.text(), most=st.integers(min_value=2, max_value=20))
def test_the_marks_stand_at_both_ends_and_the_limit_holds(text: str, most: int) -> None:
    found = read(text, most=most)

    assert found[0] == "[CLS]"
    assert found[-1] == "[SEP]"
    assert len(found) <= most
    assert found[:-1] == read(text, most=10_000)[: len(found) - 1]


@given(st.text())
def test_reading_the_words_again_changes_nothing(text: str) -> None:
    words = basic_words(text)

    assert basic_words(" ".join(words)) == words


def test_a_vocabulary_reads_the_same_from_lines_and_from_json(tmp_path: Path) -> None:
    lines, written = tmp_path / "vocab.txt", tmp_path / "tokenizer.json"
    lines.write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    numbered = ", ".join(f'"{piece}": {number}' for number, piece in reversed(list(enumerate(PIECES))))
    written.write_text('{"model": {"vocab": {' + numbered + "}}}", encoding="utf-8")

    assert WordPiece.read(lines).ids("unwanted", most=9) == WordPiece.read(written).ids("unwanted", most=9)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello, world!", [101, 7592, 1010, 2088, 999, 102]),
        ("unaffable", [101, 14477, 20961, 3468, 102]),
        ("Ærøskøbing naïve", [101, 1097, 2099, 16415, 6711, 16415, 10472, 15743, 102]),
    ],
)
def test_the_numbers_are_those_of_the_published_vocabulary(text: str, ids: list[int]) -> None:
    found = find_installed().get("minilm")
    if found is None:
        pytest.skip("No installed package carries MiniLM, so its vocabulary was not read.")

    assert WordPiece.read(found.paths[1]).ids(text, most=64) == ids
