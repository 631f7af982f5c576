"""Reading text by byte pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.encoders import find_installed
from matchwell.encoders.bytepairs import SPACE, BytePairs
from matchwell.encoders.wordtable import read_numbers

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
RUNS = [SPACE * 2, SPACE * 4]
JOINTS = ["ab", "bc", "abc", f"{SPACE}a", "aa", f"{SPACE}ab"]
PIECES = ["<unk>", *BYTES, *RUNS, *JOINTS, SPACE, "a", "b", "c"]
READER = BytePairs({piece: number for number, piece in enumerate(PIECES)})


def read(text: str) -> list[str]:
    return [PIECES[number] for number in READER.ids(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", [SPACE, "abc"]),  # "ab" comes before "▁a" in the vocabulary
        ("ac", [f"{SPACE}a", "c"]),
        ("aaa", [f"{SPACE}a", "aa"]),
        ("b  b", [SPACE, "b", SPACE * 2, "b"]),
        ("b  a", [SPACE, "b", SPACE, f"{SPACE}a"]),  # runs of spaces come last, though their numbers are lower
        ("b     b", [SPACE, "b", SPACE * 4, SPACE, "b"]),
        ("é", [SPACE, "<0xC3>", "<0xA9>"]),
    ],
)
def test_neighbours_join_in_the_order_of_the_vocabulary(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@given(st.text(alphabet="abc é🚀 \n"))
def test_the_pieces_spell_the_text(text: str) -> None:
    pieces = read(text)

    spelled = b"".join(bytes([BYTES.index(piece)]) if piece in BYTES else piece.encode() for piece in pieces)
    assert spelled.decode() == SPACE + text.replace(" ", SPACE)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello world", [15043, 3186]),
        ("  indented", [259, 1399, 14927]),
        ("a🚀", [263, 243, 162, 157, 131]),
    ],
)
def test_the_numbers_are_those_of_the_published_vocabulary(text: str, ids: list[int]) -> None:
    found = find_installed().get("wordtable")
    if found is None:
        pytest.skip("No installed package carries the word table, so its vocabulary was not read.")

    assert BytePairs(read_numbers(found.paths[1])).ids(text) == ids
