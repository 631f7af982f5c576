"""A table with one vector for each piece of a word; a text is the mean of its pieces.

The table is WordLlama's (MIT), 256 wide, drawn from the token embeddings of large language models. It knows nothing of
the order of words, costs next to nothing, and was the best encoder for short profiles when it was measured.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matchwell.encoders.bytepairs import BytePairs
from matchwell.encoders.encoder import Vectors, opening, rows
from matchwell.encoders.pinned import WORD_TABLE, WORD_TABLE_PIECES, verify


class WordTable:
    """A fraction of a millisecond a text. The table stays on disk and is mapped. May be used by several threads."""

    dim = 256
    name = f"wordtable-{WORD_TABLE.mark}"

    def __init__(self, table: Path, pieces: Path) -> None:
        """Load `l2_supercat_256.safetensors` and `l2_supercat_tokenizer_config.json`. Raises WrongWeights, OSError."""
        verify(table, WORD_TABLE)
        verify(pieces, WORD_TABLE_PIECES)
        self._table = _mapped(table)
        self._pieces = BytePairs(read_numbers(pieces))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, 256], rows of unit length; of zeros for a text of nothing but spaces."""
        return rows(texts, self.dim, self._vector)

    def _vector(self, text: str) -> Vectors | None:
        read = opening(text)
        if not read.strip():
            return None
        mean: Vectors = self._table[self._pieces.ids(read)].mean(axis=0, dtype=np.float32)
        return mean


def _mapped(path: Path) -> npt.NDArray[np.float16]:
    """Map the table of a safetensors file: a length of 8 bytes, so much JSON, and the numbers."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        table = json.loads(file.read(length))["embedding.weight"]
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start, end = (8 + length + at for at in table["data_offsets"])
    return np.frombuffer(view, "<f2", (end - start) // 2, start).reshape(table["shape"])


def read_numbers(path: Path) -> Mapping[str, int]:
    numbers: Mapping[str, int] = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return numbers
