"""Nothing but vectors comes out of a checked encoder."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from matchwell.encoders import BrokenEncoder, Vectors, checked


@dataclass(frozen=True)
class Fixed:
    """Gives the same array for whatever texts."""

    gives: npt.NDArray[np.float32]
    name: str = "fixed"
    dim: int = 2

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.gives


def rows(*numbers: list[float]) -> npt.NDArray[np.float32]:
    return np.array(numbers, np.float32)


def test_rows_of_unit_length_and_of_zeros_come_through() -> None:
    encoder = checked(Fixed(rows([0.6, 0.8], [0, 0])))

    assert encoder.encode(["night", ""]).tolist() == rows([0.6, 0.8], [0, 0]).tolist()
    assert (encoder.name, encoder.dim) == ("fixed", 2)


@pytest.mark.parametrize(
    ("gives", "fault"),
    [
        (rows([1, 0], [np.nan, 0]), "not finite"),
        (rows([1, 0], [np.inf, 0]), "not finite"),
        (rows([1, 0]), r"shape \(1, 2\), not \(2, 2\)"),
        (rows([1, 0, 0], [1, 0, 0]), "shape"),
        (rows([1, 0], [0.5, 0]), "unit length"),
        (np.array([[1.0, 0], [1, 0]]), "float64"),
        ([[1.0, 0], [1.0, 0]], "list"),
    ],
)
def test_what_is_no_vector_is_a_named_fault(gives: npt.NDArray[np.float32], fault: str) -> None:
    with pytest.raises(BrokenEncoder, match=fault) as refusal:
        checked(Fixed(gives)).encode(["night", "shift"])

    assert refusal.value.name == "fixed"


def test_checking_twice_is_checking_once() -> None:
    encoder = checked(Fixed(rows([1, 0])))

    assert checked(encoder) is encoder
