"""Text to the pieces of SentencePiece's byte-pair encoding, as Llama 2 reads it.

Sennrich and others, "Neural Machine Translation of Rare Words with Subword Units" (2016): from single characters on,
the two neighbours are joined whose joint comes first in the vocabulary, until none is in it. A character that the
vocabulary lacks is read as its bytes.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

SPACE = "\u2581"  # stands for a space, and before the first word
_WORD = re.compile(f"{SPACE}+[^{SPACE}]*")  # no piece goes on after a space that follows a letter


class BytePairs:
    """A vocabulary, and how texts are read with it. May be used by several threads."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers
        self._never = 2 * len(numbers)
        self._ids_of = lru_cache(maxsize=2**15)(self._merge)

    def ids(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text."""
        spaced = SPACE + text.replace(" ", SPACE)
        return [number for word in _WORD.findall(spaced) for number in self._ids_of(word)]

    def _merge(self, word: str) -> tuple[int, ...]:
        pieces = [piece for character in word for piece in self._spelled(character)]
        turns = [self._turn(left + right) for left, right in pairwise(pieces)]
        while turns and (first := min(turns)) < self._never:
            at = turns.index(first)
            pieces[at : at + 2] = ["".join(pieces[at : at + 2])]
            del turns[at]
            for near in {at - 1, at} & set(range(len(turns))):
                turns[near] = self._turn(pieces[near] + pieces[near + 1])
        return tuple(self._numbers[piece] for piece in pieces)

    def _spelled(self, character: str) -> list[str]:
        return [character] if character in self._numbers else [f"<0x{byte:02X}>" for byte in character.encode()]

    def _turn(self, joint: str) -> int:
        """Return when two neighbours are joined, lowest first. Runs of spaces come last, whatever their number."""
        number = self._numbers.get(joint)
        if number is None:
            return self._never
        return number + len(self._numbers) * (not joint.strip(SPACE))
