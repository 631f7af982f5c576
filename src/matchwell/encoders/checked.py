"""Encoders whose vectors can be trusted to be vectors."""

from collections.abc import Sequence

import numpy as np

from matchwell.encoders.encoder import Encoder, EncoderError, Vectors

LENGTH_TOLERANCE = 1e-3  # from 1; half precision somewhere on the way is no fault


class BrokenEncoder(EncoderError):
    """An encoder does not start, or gave something that is no vector of its texts."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"The encoder {name} is broken: {fault}. Go on without it until it is repaired.")
        self.name = name
        self.fault = fault


def checked(encoder: Encoder) -> Encoder:
    """Return the same encoder, which raises BrokenEncoder where it would give NaN, infinities or the wrong shape."""
    return encoder if isinstance(encoder, _Checked) else _Checked(encoder)


class _Checked:
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dim = encoder.dim

    def encode(self, texts: Sequence[str]) -> Vectors:
        encoded = self._encoder.encode(texts)
        fault = _fault(encoded, (len(texts), self.dim))
        if fault is not None:
            raise BrokenEncoder(self.name, fault)
        return encoded


def _fault(encoded: object, shape: tuple[int, int]) -> str | None:
    if not isinstance(encoded, np.ndarray) or encoded.dtype != np.float32:
        return f"it gave {type(encoded).__name__} of {getattr(encoded, 'dtype', 'no type')}, not an array of float32"
    if encoded.shape != shape:
        return f"it gave an array of shape {encoded.shape}, not {shape}"
    lengths = np.linalg.norm(encoded.astype(np.float64), axis=1)
    if not np.isfinite(lengths).all():
        return "it gave numbers that are not finite"
    if not ((lengths == 0) | (np.abs(lengths - 1) <= LENGTH_TOLERANCE)).all():
        return "it gave rows that are not of unit length"
    return None
