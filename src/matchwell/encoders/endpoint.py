"""An encoder that somebody else serves, by the published contract of `POST /v1/embeddings`.

The library opens no connection: whoever uses it hands in what sends JSON and brings JSON back, and with it addresses,
keys and patience. What comes back is not believed before it was looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matchwell.encoders.encoder import EncoderError, Vectors, opening, unit

BATCH = 64  # texts of one request

Post = Callable[[Mapping[str, Any]], Any]


class EndpointError(EncoderError):
    """An endpoint cannot be reached, or answered something else than vectors of the texts."""

    def __init__(self, model: str, fault: str) -> None:
        super().__init__(f"The endpoint for {model} gives no vectors: {fault}. Go on without it until it is repaired.")
        self.model = model
        self.fault = fault


class EndpointEncoder:
    """Vectors of a model behind an endpoint. May be used by several threads if `post` may.

    `post` sends `{"model": …, "input": [text, …], "encoding_format": "float"}` and returns the answer as plain values;
    it raises EncoderError, OSError or ValueError where that fails. `dimensions` is how long the model's vectors are.
    That a text has the same vector whatever stands beside it is up to the endpoint.
    """

    def __init__(self, post: Post, *, model: str, dimensions: int, batch: int = BATCH) -> None:
        if not model or dimensions < 1 or batch < 1:
            raise ValueError("Name the model, and say how long its vectors are; a batch has one text or more.")
        self._post = post
        self._model = model
        self._batch = batch
        self.dim = dimensions
        self.name = f"endpoint-{model}-{dimensions}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, dim], rows of unit length; of zeros for an empty text, which is not sent.

        Raises EncoderError; ValueError for a string in the place of the texts.
        """
        if isinstance(texts, str):
            raise ValueError("An encoder takes a list of texts. Put the one text into a list.")
        encoded = np.zeros((len(texts), self.dim), np.float32)
        told = [(row, text) for row, text in enumerate(map(opening, texts)) if text.strip()]
        for begin in range(0, len(told), self._batch):
            batch = told[begin : begin + self._batch]
            for (row, _), vector in zip(batch, self._vectors([text for _, text in batch]), strict=True):
                encoded[row] = unit(vector)
        return encoded

    def _vectors(self, texts: list[str]) -> list[Vectors]:
        try:
            answer = self._post({"model": self._model, "input": texts, "encoding_format": "float"})
        except (OSError, ValueError) as failure:
            raise EndpointError(self._model, f"{type(failure).__name__}: {failure}") from failure
        return self._checked(answer, len(texts))

    def _checked(self, answer: Any, count: int) -> list[Vectors]:
        """Return the vectors of an answer in the order of the texts, by their `index`."""
        found = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise EndpointError(self._model, "its answer has no list `data`")
        by_index = {one["index"]: one.get("embedding") for one in found if isinstance(one.get("index"), int)}
        if len(found) != count or by_index.keys() != set(range(count)):
            raise EndpointError(self._model, f"it was given {count} texts, and answered about {len(found)} by `index`")
        return [self._vector(by_index[place]) for place in range(count)]

    def _vector(self, embedding: Any) -> Vectors:
        try:
            vector = np.asarray(embedding, np.float32)
        except (TypeError, ValueError):
            raise EndpointError(self._model, "an `embedding` is no list of numbers") from None
        if vector.shape != (self.dim,):
            shape = "x".join(map(str, vector.shape)) or "no"
            raise EndpointError(self._model, f"a vector has {shape} numbers, where {self.dim} were expected")
        if not np.isfinite(vector).all():
            raise EndpointError(self._model, "a vector has numbers that are not finite")
        return vector
