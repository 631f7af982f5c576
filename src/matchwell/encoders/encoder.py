"""What an encoder is: texts in, rows of unit length out.

A row depends on its own text alone, to the last bit: every text goes through its model by itself. Several texts in one
matrix product are cheaper for some models, but the sums then run in another order, and the vector of a text would
depend on its neighbours.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

ENCODED_LETTERS = 520  # of a text; what comes after adds cost and next to nothing else

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors that lie near each other where the texts mean alike."""

    @property
    def name(self) -> str:
        """What made a vector, weights and settings included: only vectors of one name can be compared."""

    @property
    def dim(self) -> int:
        """How long a row is."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, dim], rows of unit length; of zeros for a text in which nothing can be read.

        Reads the first `ENCODED_LETTERS` of each, unless the encoder says otherwise. Raises ValueError for a string in
        the place of the texts.
        """


class EncoderError(Exception):
    """An encoder cannot be used; the sentence says why, and what to do."""


class EngineMissing(EncoderError):
    """The package that runs an encoder is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(f"This encoder needs the package {package}. Install it, or go on without the encoder.")
        self.package = package


def engine(module: str, *, package: str) -> Any:
    """Import what runs an encoder, only when the encoder is made. Raises EngineMissing."""
    try:
        return import_module(module)
    except ImportError as missing:
        raise EngineMissing(package) from missing


def rows(texts: Sequence[str], dim: int, of: Callable[[str], Vectors | None]) -> Vectors:
    """Return the vectors of texts, float32 [n, dim]: what `of` says, brought to unit length; None is a row of zeros."""
    if isinstance(texts, str):
        raise ValueError("An encoder takes a list of texts. Put the one text into a list.")
    encoded = np.zeros((len(texts), dim), np.float32)
    for row, text in enumerate(texts):
        vector = of(text)
        if vector is not None:
            encoded[row] = unit(vector)
    return encoded


def unit(vector: Vectors) -> Vectors:
    """Return a vector of length one in the same direction; itself if it has no length, or none that is finite."""
    exact = vector.astype(np.float64)
    length = float(np.sqrt(exact @ exact))
    return (exact / length).astype(np.float32) if 0 < length < np.inf else vector


def opening(text: str) -> str:
    """Return what encoders read of a text: its first letters, halves of surrogate pairs replaced."""
    return text[:ENCODED_LETTERS].encode("utf-8", "replace").decode("utf-8")
