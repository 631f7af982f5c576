"""Text to the word pieces of uncased BERT models.

Devlin and others, "BERT: Pre-training of Deep Bidirectional Transformers" (2019): words are lower-cased, lose their
accents, and part at spaces, punctuation and Han characters; a word is the longest pieces of a fixed vocabulary that
make it up from left to right. A piece that continues a word begins with "##".
"""

import json
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

LONGEST_WORD = 100  # characters; what is longer is unknown
UNKNOWN = "[UNK]"
START = "[CLS]"
END = "[SEP]"
_HAN = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """A vocabulary, and how texts are read with it. May be used by several threads."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self.unknown, self._start, self._end = (self._ids[piece] for piece in (UNKNOWN, START, END))
        self._ids_of = lru_cache(maxsize=2**15)(self._split)

    @classmethod
    def read(cls, path: Path) -> "WordPiece":
        """Read a vocabulary: one piece a line, or, in a .json, what the tokenizers library writes."""
        written = path.read_text(encoding="utf-8")
        if path.suffix != ".json":
            return cls(written.removesuffix("\n").split("\n"))
        numbers: dict[str, int] = json.loads(written)["model"]["vocab"]
        return cls(sorted(numbers, key=numbers.__getitem__))

    def ids(self, text: str, *, most: int) -> list[int]:
        """Return the numbers of the pieces of a text, at most so many, the marks of start and end among them.

        Words in square brackets are words: nobody can write a mark into a text.
        """
        found = [self._start]
        for word in basic_words(text):
            found += self._ids_of(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self._end]

    def knows_any(self, ids: Sequence[int]) -> bool:
        """Return whether there is a known piece between start and end."""
        return any(number != self.unknown for number in ids[1:-1])

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self.unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._ids), None)
            if end is None:
                return (self.unknown,)
            found.append(self._ids[mark + word[start:end]])
            start = end
        return tuple(found)


def basic_words(text: str) -> list[str]:
    """Return the words of a text in lower case and without accents; signs and Han characters are words of their own."""
    return text.translate(_READING).split()


class _Reading(dict[int, str]):
    """What each character is read as, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = read = _read(chr(code))
        return read


_READING = _Reading()


def _read(character: str) -> str:
    if character.isspace() and (character in "\t\n\r" or unicodedata.category(character)[0] == "Z"):
        return " "
    if _is_nothing(character):
        return ""
    bare = [part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn"]
    read = "".join(f" {small} " if _is_sign(small) else small for part in bare for small in part.lower())
    return f" {read} " if _is_han(character) else read


def _is_nothing(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" or character in "$+<=>^`|~"


def _is_han(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _HAN)
