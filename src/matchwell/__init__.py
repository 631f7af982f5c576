"""Who could answer this, in what order, and why. Start with `Index`; `README.md` has ten lines to try."""

from matchwell.index import Index
from matchwell.storing import DamagedIndex
from matchwell.tables import WrongTable, days
from matchwell.values import (
    Alike,
    Answer,
    Ask,
    Limits,
    PastQuestion,
    PersonText,
    Ranked,
    Reason,
)
from matchwell.weights import Weights

__all__ = [
    "Alike",
    "Answer",
    "Ask",
    "DamagedIndex",
    "Index",
    "Limits",
    "PastQuestion",
    "PersonText",
    "Ranked",
    "Reason",
    "Weights",
    "WrongTable",
    "days",
]
