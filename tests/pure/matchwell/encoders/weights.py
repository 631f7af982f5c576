"""Encoders for the tests: those of installed packages, and small ones made on the spot."""

from functools import cache

import pytest

from matchwell.encoders import Encoder, LatentSemantic, Refused, load_installed

WITH_WEIGHTS = ("minilm", "universal", "wordtable")
ALL = (*WITH_WEIGHTS, "latent")

WARD = [
    "How do I survive night shifts as a new nurse?",
    "Night shifts and sleep: what helps a nurse?",
    "Which coffee keeps a nurse awake at night?",
    "Welding pipelines in winter, which gloves?",
    "Gloves and masks for welding stainless pipes",
    "Asking for a higher salary after one year",
    "Salary talk with a new manager",
    "From the ward to teaching nurses",
]


def encoder(name: str) -> Encoder:
    """Return an encoder, or skip the test where no installed package carries its weights."""
    made = _made(name)
    if isinstance(made, Refused):
        pytest.skip(f"The encoder {name} was not tested. {made.reason}")
    return made


@cache
def _made(name: str) -> Encoder | Refused:
    if name == "latent":
        return LatentSemantic.fit(WARD, dim=4)
    loaded = load_installed(name)
    return loaded.encoder or loaded.refused[0]
