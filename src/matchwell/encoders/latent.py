"""Latent semantic analysis: an encoder without weights, learned from a community's own texts.

Deerwester and others, "Indexing by Latent Semantic Analysis" (1990): terms that occur in the same texts come to lie in
the same directions. The directions are found as in Halko, Martinsson and Tropp, "Finding Structure with Randomness"
(2011), from a fixed start.
"""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from matchwell.columns import Floats
from matchwell.encoders.encoder import EncoderError, Vectors, engine, rows
from matchwell.words import question_terms

DIM = 256
MOST_TERMS = 30_000  # the most common ones; 30 MB at 256 directions
_SPARE = 32  # directions looked at beyond those kept
_TURNS = 3  # each brings the directions nearer to the best ones: these hold 98 % of what the best 256 hold
_SEED = 1990
_NOTHING = 1e-5  # of the strongest direction: weaker ones are rounding, as with fewer texts than directions


class DamagedFile(EncoderError):
    """A file is not what `LatentSemantic.save` writes, or only a part of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not hold a whole encoder. Fit it again from the texts, and save it there.")
        self.path = path


class LatentSemantic:
    """Made by `fit` or `load`. A tenth of a millisecond a text. May be used by several threads."""

    def __init__(self, *, terms: Sequence[str], worth: Vectors, directions: Vectors) -> None:
        """Take what `fit` finds: terms [m], what each counts float32 [m], and its directions float32 [m, dim]."""
        self.dim = directions.shape[1]
        self.name = f"latent-{_mark(terms, worth, directions)}"
        self._terms = terms
        self._row_of = {term: row for row, term in enumerate(terms)}
        self._worth = worth
        self._directions = directions

    @classmethod
    def fit(cls, texts: Iterable[str], *, dim: int = DIM) -> "LatentSemantic":
        """Learn from texts, of which the first 800 letters count, in whatever order.

        The same texts give the same bits on one machine with one number of NumPy threads; elsewhere the name differs.

        With fewer independent texts than `dim` the vectors are shorter. Raises ValueError if there is no text or no
        word in any of them, EngineMissing (scipy).
        """
        if dim < 1:
            raise ValueError(f"Vectors need at least one dimension, not {dim}.")
        counted = [counts for text in sorted(texts) if (counts := Counter(question_terms(text)))]
        if not counted:
            raise ValueError("There is no text with a word in it to learn from. Rank by words alone until there is.")
        holding = Counter(term for counts in counted for term in counts)
        terms = sorted(sorted(holding, key=lambda term: (-holding[term], term))[:MOST_TERMS])
        worth = np.array([1 + np.log((1 + len(counted)) / (1 + holding[term])) for term in terms], np.float32)
        return cls(terms=terms, worth=worth, directions=directions(_weighed(counted, terms, worth), dim))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, dim], rows of unit length; of zeros for a text without any word that was learned.

        Reads the first 800 letters of each.
        """
        return rows(texts, self.dim, self._vector)

    def _vector(self, text: str) -> Vectors | None:
        counts = Counter(self._row_of[term] for term in question_terms(text) if term in self._row_of)
        if not counts:
            return None
        known = np.array(sorted(counts))
        weights = _damped([counts[row] for row in known]) * self._worth[known]
        # Not as a product of matrices, whose last bits depend on how many threads NumPy uses.
        vector: Vectors = (weights[:, None].astype(np.float32) * self._directions[known]).sum(axis=0)
        return vector

    def save(self, path: Path) -> None:
        """Write a file, numpy's .npz without pickles. Who reads `path` meanwhile sees the old file or the new one."""
        beside = path.with_name(f".{path.name}.{uuid4().hex}")
        terms = np.frombuffer("\n".join(self._terms).encode(), np.uint8)
        try:
            with beside.open("wb") as file:
                np.savez(file, terms=terms, worth=self._worth, directions=self._directions)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> "LatentSemantic":
        """Read what `save` wrote. Raises DamagedFile, and OSError if there is no file."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                terms = bytes(kept["terms"]).decode().split("\n")
                worth, directions = kept["worth"], kept["directions"]
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile, AttributeError, TypeError) as damage:
            raise DamagedFile(path) from damage
        if worth.shape != (len(terms),) or directions.ndim != 2 or len(directions) != len(terms):
            raise DamagedFile(path)
        return cls(terms=terms, worth=worth, directions=directions)


def _damped(counts: Sequence[int]) -> Floats:
    return 1 + np.log(counts)


def _weighed(counted: Sequence[Counter[str]], terms: Sequence[str], worth: Vectors) -> Any:
    """Return the texts as a sparse matrix float64 [n, m], rows of unit length."""
    sparse = engine("scipy.sparse", package="scipy")
    column_of = {term: column for column, term in enumerate(terms)}
    kept = [sorted((column_of[term], counts[term]) for term in counts.keys() & column_of.keys()) for counts in counted]
    columns = np.array([column for row in kept for column, _ in row], np.int32)
    weights = _damped([times for row in kept for _, times in row]) * worth[columns]
    row_of = np.repeat(np.arange(len(kept)), [len(row) for row in kept])
    weights /= np.sqrt(np.bincount(row_of, weights**2))[row_of]
    return sparse.csr_matrix((weights, (row_of, columns)), shape=(len(kept), len(terms)))


def directions(texts: Any, dim: int) -> Vectors:
    """Return the directions along which texts spread most, float32 [m, k], k at most `dim`, strongest first.

    `texts` are a sparse matrix float64 [n, m], one a row.
    """
    width = min(dim + _SPARE, *texts.shape)
    terms = texts.T.tocsr()
    spread = texts @ np.random.default_rng(_SEED).standard_normal((texts.shape[1], width))
    for _ in range(_TURNS):
        spread = texts @ (terms @ _principal(spread))
    return _signed(_principal(terms @ _principal(spread))[:, :dim])


def _principal(columns: Floats) -> Floats:
    """Return orthogonal columns of unit length that span the same, strongest first, as many as are independent.

    By way of their products: ten times as fast as a QR decomposition of such tall columns, and exact enough for what is
    kept.
    """
    strengths, turn = np.linalg.eigh(columns.T @ columns)
    kept = strengths > _NOTHING**2 * strengths[-1]
    spanned: Floats = (columns @ (turn[:, kept] / np.sqrt(strengths[kept])))[:, ::-1]
    return spanned


def _signed(columns: Floats) -> Vectors:
    """Turn each column so that its largest entry is above zero: a direction has no sign of its own."""
    largest = columns[np.abs(columns).argmax(axis=0), np.arange(columns.shape[1])]
    return np.ascontiguousarray(columns * np.where(largest < 0, -1.0, 1.0), dtype=np.float32)


def _mark(terms: Sequence[str], worth: npt.NDArray[Any], directions: npt.NDArray[Any]) -> str:
    parts = ("\n".join(terms).encode(), worth.tobytes(), directions.tobytes())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:8]
