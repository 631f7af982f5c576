"""An encoder that the host of a site named, behind the published contract of `POST /v1/embeddings`."""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings

from matchwell.encoders import Encoder, EncoderError, EndpointEncoder, Vectors, checked
from momentor.foundation import outgoing
from momentor.foundation.outgoing import NotPublic, TryAgainLater

BATCH = 32  # texts of one request
TIMEOUT = 5.0  # seconds that a page may wait for it
REST = 30.0  # seconds without another try after one that failed
MOST_READ = 4_000_000  # bytes: a batch of the longest vectors, written out
FAULTS = {
    401: "it refuses the key. Look at MOMENTOR_ENCODER_KEY.",
    403: "it refuses the key. Look at MOMENTOR_ENCODER_KEY.",
    404: "it knows no such address or model. Look at MOMENTOR_ENCODER_URL and MOMENTOR_ENCODER_MODEL.",
    429: "it is asked too often.",
}

logger = logging.getLogger("momentor.dispatch")


class EncoderUnavailable(EncoderError):
    """The endpoint of this site gives no vectors now; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The encoder at MOMENTOR_ENCODER_URL gives no vectors: {why}")


def served_encoder() -> Encoder:
    """Return the encoder at the address that this site's host named. Its `encode` raises EncoderError."""
    endpoint = Endpoint(
        url=settings.ENCODER_URL, key=settings.ENCODER_KEY, in_house=settings.ENCODER_IN_HOUSE, timeout=TIMEOUT
    )
    return _served(endpoint, settings.ENCODER_MODEL, settings.ENCODER_DIMENSIONS)


@cache
def _served(endpoint: "Endpoint", model: str, dimensions: int) -> Encoder:
    return Patient(checked(EndpointEncoder(endpoint, model=model, dimensions=dimensions, batch=BATCH)))


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Sends JSON to an address and brings JSON back. Neither key nor texts stand in what it raises."""

    url: str
    key: str = field(repr=False)
    in_house: bool
    timeout: float

    def __call__(self, payload: Mapping[str, Any]) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            answer = outgoing.post(
                self.url,
                body=json.dumps(payload).encode(),
                headers=headers,
                timeout=self.timeout,
                most=MOST_READ,
                in_house=self.in_house,
            )
        except NotPublic as refusal:
            raise EncoderUnavailable(f"{refusal}. If it is meant to be, set MOMENTOR_ENCODER_IN_HOUSE=yes.") from None
        except TryAgainLater as trouble:
            raise EncoderUnavailable(f"{trouble}.") from None
        if answer.status != 200:
            raise EncoderUnavailable(FAULTS.get(answer.status, f"it answers {answer.status}."))
        try:
            return json.loads(answer.body)
        except ValueError:
            raise EncoderUnavailable("its answer is no JSON.") from None


class Patient:
    """An encoder that is not asked again at once when it has just failed, so that no page waits for it."""

    def __init__(self, encoder: Encoder, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = encoder.name
        self.dim = encoder.dim
        self._encoder = encoder
        self._clock = clock
        self._rests_until = float("-inf")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return what the encoder does. Raises EncoderError, the next half a minute without asking it."""
        if self._clock() < self._rests_until:
            raise EncoderUnavailable(f"it failed within the last {REST:.0f} seconds.")
        try:
            return self._encoder.encode(texts)
        except EncoderError as fault:
            self._rests_until = self._clock() + REST
            logger.warning("going by words alone", extra={"why": str(fault)})
            raise
