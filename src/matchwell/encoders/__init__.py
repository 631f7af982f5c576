"""Encoders: what a text means, as a row of numbers.

Start with `best_installed`, or, with no weights at all, with `LatentSemantic.fit`.
"""

from matchwell.encoders.checked import BrokenEncoder, checked
from matchwell.encoders.encoder import Encoder, EncoderError, EngineMissing, Vectors
from matchwell.encoders.endpoint import EndpointEncoder, EndpointError, Post
from matchwell.encoders.installed import (
    Found,
    Loaded,
    Refused,
    best_installed,
    find_for,
    find_installed,
    load_installed,
)
from matchwell.encoders.languages import GOOD_FOR, suits
from matchwell.encoders.latent import DamagedFile, LatentSemantic
from matchwell.encoders.minilm import QUESTION_TOKENS, MiniLM
from matchwell.encoders.pinned import PINNED, Pinned, WrongWeights, verify
from matchwell.encoders.universal import UniversalSentenceEncoder
from matchwell.encoders.wordtable import WordTable

__all__ = [
    "GOOD_FOR",
    "PINNED",
    "QUESTION_TOKENS",
    "BrokenEncoder",
    "DamagedFile",
    "Encoder",
    "EncoderError",
    "EndpointEncoder",
    "EndpointError",
    "EngineMissing",
    "Found",
    "LatentSemantic",
    "Loaded",
    "MiniLM",
    "Pinned",
    "Post",
    "Refused",
    "UniversalSentenceEncoder",
    "Vectors",
    "WordTable",
    "WrongWeights",
    "best_installed",
    "checked",
    "find_for",
    "find_installed",
    "load_installed",
    "suits",
    "verify",
]
