"""Vectors of questions: exact whatever stands beside them, and refused when they are none."""

import numpy as np
import pytest

from matchwell import Index, PastQuestion
from matchwell.meanings import GrowingMeanings, WrongVector, whole


def some(count: int, dim: int = 32) -> np.ndarray:  # float32 [count, dim]
    return np.random.default_rng(7).standard_normal((count, dim)).astype(np.float32)


def test_nearness_is_the_cosine_but_for_rounding() -> None:
    vectors = some(50)
    growing = GrowingMeanings()
    growing.add(list(vectors))

    near = growing.state().nearness(vectors[3])  # type: ignore[union-attr]

    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert near == pytest.approx(unit @ unit[3], abs=0.01)
    assert near[3] == pytest.approx(1)


def test_nearness_is_the_same_to_the_last_bit_whatever_stands_beside() -> None:
    vectors = some(1000, 384)
    together, alone = GrowingMeanings(), GrowingMeanings()
    together.add(list(vectors))
    alone.add([vectors[777]])

    [near] = alone.state().nearness(vectors[0])  # type: ignore[union-attr]
    assert together.state().nearness(vectors[0])[777] == near  # type: ignore[union-attr]


@pytest.mark.parametrize("dim", [1024, 1040, 1041, 1536, 3072, 4096])
def test_no_sum_of_whole_numbers_is_too_large_to_be_exact(dim: int) -> None:
    extreme = whole(np.ones(dim, np.float32))
    growing = GrowingMeanings()
    growing.add([extreme, *some(3, dim)])

    near = growing.state().nearness(some(3, dim)[1])  # type: ignore[union-attr]

    assert 0.97 * 2**24 < float(extreme.astype(np.float64) @ extreme) <= 2**24
    assert near[2] == pytest.approx(1)


def test_a_row_without_a_vector_is_near_to_nothing() -> None:
    growing = GrowingMeanings()
    growing.add([None])
    growing.add([some(1)[0], None, np.zeros(32, np.float32)])

    assert np.flatnonzero(growing.state().nearness(some(1)[0])).tolist() == [1]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("vector", "sentence"),
    [
        (np.array([1.0, np.nan]), "not finite"),
        (np.array([1.0, np.inf]), "not finite"),
        (np.ones(3), r"shape \(3,\), where \(2,\)"),
        (np.ones((2, 2)), "shape"),
    ],
)
def test_what_is_no_vector_is_refused_and_changes_nothing(vector: np.ndarray, sentence: str) -> None:
    index = Index()
    index.add_questions([PastQuestion(id="q1", text="night shifts", at=1, vector=np.ones(2))])

    with pytest.raises(WrongVector, match=sentence):
        index.add_questions(
            [
                PastQuestion(id="q2", text="night shifts", at=1),
                PastQuestion(id="q3", text="night shifts", at=1, vector=vector),
            ]
        )

    assert [found.question for found in index.alike("night shifts")] == ["q1"]


def test_whole_numbers_keep_the_direction() -> None:
    [vector] = some(1, 384)

    numbers = whole(vector)

    assert set(numbers.tolist()) <= set(range(-127, 128))
    assert float(numbers @ vector) / float(np.linalg.norm(numbers) * np.linalg.norm(vector)) > 0.9999
    assert not whole(np.zeros(4)).any()
