"""all-MiniLM-L6-v2: the strongest small encoder for English when it was measured.

Wang and others, "MiniLM: Deep Self-Attention Distillation" (2020), trained on sentence pairs by sentence-transformers
(Apache-2.0). The weights are kept in 8 bits; the arithmetic is in float32.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matchwell.encoders.checked import BrokenEncoder
from matchwell.encoders.encoder import Vectors, engine, opening, rows
from matchwell.encoders.pinned import MINILM_TOKENIZER, MINILM_VOCABULARY, MINILM_WEIGHTS, verify
from matchwell.encoders.wordpiece import WordPiece

TOKENS = 128  # start and end included
QUESTION_TOKENS = 64  # of a question to be compared; twice as many cost twice as much and find nobody more
FEWEST_TOKENS, MOST_TOKENS = 3, 256  # the model was trained with no more


class MiniLM:
    """Runs on onnxruntime, some 0.3 ms of one core for each token of a text. May be used by several threads."""

    dim = 384

    def __init__(self, weights: Path, vocabulary: Path, *, tokens: int = TOKENS, threads: int = 1) -> None:
        """Load `model.onnx` and `vocab.txt` or `tokenizer.json`; a text is read up to `tokens` pieces of words.

        Raises WrongWeights, EngineMissing (onnxruntime), BrokenEncoder, OSError; ValueError for `tokens` out of range.
        """
        if not FEWEST_TOKENS <= tokens <= MOST_TOKENS:
            raise ValueError(f"MiniLM reads {FEWEST_TOKENS} to {MOST_TOKENS} tokens of a text, not {tokens}.")
        verify(weights, MINILM_WEIGHTS)
        verify(vocabulary, MINILM_TOKENIZER if vocabulary.suffix == ".json" else MINILM_VOCABULARY)
        self.name = f"minilm-{MINILM_WEIGHTS.mark}-{tokens}"
        self._tokens = tokens
        self._pieces = WordPiece.read(vocabulary)
        self._session = _session(weights, self.name, threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, 384], rows of unit length; of zeros for a text without any known piece of a word."""
        return rows(texts, self.dim, self._vector)

    def _vector(self, text: str) -> Vectors | None:
        ids = self._pieces.ids(opening(text), most=self._tokens)
        if not self._pieces.knows_any(ids):
            return None
        inputs = np.array([ids], np.int64)
        fed = {"input_ids": inputs, "attention_mask": np.ones_like(inputs), "token_type_ids": np.zeros_like(inputs)}
        [hidden] = self._session.run(["last_hidden_state"], fed)
        mean: Vectors = hidden[0].mean(axis=0)
        return mean


class _Session(Protocol):
    def run(self, names: list[str], fed: Mapping[str, npt.NDArray[np.int64]]) -> list[Vectors]: ...


def _session(weights: Path, name: str, threads: int) -> _Session:
    onnxruntime = engine("onnxruntime", package="onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session: _Session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except Exception as failure:  # its own errors have no common ancestor but this
        raise BrokenEncoder(name, f"onnxruntime could not load it ({failure})") from failure
    return session
