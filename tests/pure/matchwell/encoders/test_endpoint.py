"""Vectors from an endpoint: in the right order, of the right length, or a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, PastQuestion, PersonText
from matchwell.encoders import EncoderError, EndpointEncoder, EndpointError, checked

TEXTS = ["night shifts", "", "welding", "   ", "night shifts"]


class Served:
    """Answers as the contract says: about the texts by `index`, here the last one first."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def __call__(self, payload: Mapping[str, Any]) -> Any:
        self.asked.append(payload)
        data = [
            {"object": "embedding", "index": place, "embedding": [float(len(text)), 0.0, 2.0 * text.count("t")]}
            for place, text in enumerate(payload["input"])
        ]
        return {"object": "list", "data": data[::-1], "model": payload["model"], "usage": {"total_tokens": 7}}


def encoder(post: Any, **others: Any) -> EndpointEncoder:
    return EndpointEncoder(post, model="small", dimensions=3, **others)


def answered(*data: Any) -> EndpointEncoder:
    return encoder(lambda payload: {"data": list(data)})


def one(embedding: Any, index: Any = 0) -> dict[str, Any]:
    return {"index": index, "embedding": embedding}


def test_each_text_has_its_own_vector_of_unit_length_and_an_empty_one_zeros() -> None:
    served = Served()

    vectors = checked(encoder(served)).encode(TEXTS)

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1, 0, 1, 0, 1])
    assert vectors[0] == pytest.approx(np.array([12, 0, 4]) / np.sqrt(160))
    assert (vectors[0] == vectors[4]).all()
    assert served.asked == [
        {"model": "small", "input": ["night shifts", "welding", "night shifts"], "encoding_format": "float"}
    ]


@given(st.lists(st.text(), max_size=20), st.integers(min_value=1, max_value=7))
def test_batches_change_nothing(texts: list[str], batch: int) -> None:
    together, apart = Served(), Served()

    assert (encoder(together).encode(texts) == encoder(apart, batch=batch).encode(texts)).all()
    assert all(0 < len(payload["input"]) <= batch for payload in apart.asked)
    assert all(text.strip() for payload in together.asked for text in payload["input"])


def test_long_texts_are_sent_by_their_beginning_and_halves_of_letters_not_at_all() -> None:
    served = Served()

    encoder(served).encode(["a" * 100_000, "night \ud800"])

    assert [len(text) for text in served.asked[0]["input"]] == [520, 7]
    assert "\ud800" not in served.asked[0]["input"][1]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], "given 1 texts, and answered about 0"),
        ([one([1, 2, 3]), one([1, 2, 3])], "answered about 2"),
        ([one([1, 2, 3], index=1)], "by `index`"),
        ([one([1, 2, 3], index=None)], "by `index`"),
        ([one([1, 2, 3], index=[0])], "by `index`"),
        ([one([1, 2])], "has 2 numbers, where 3 were expected"),
        ([one([[1, 2, 3]])], "has 1x3 numbers"),
        ([one(None)], "has no numbers"),
        ([one("AACAPwAAAEA=")], "no list of numbers"),
        ([one([1, "two", 3])], "no list of numbers"),
        ([one([1, float("nan"), 3])], "not finite"),
        ([one([1, float("inf"), 3])], "not finite"),
        (["vector"], "no list `data`"),
    ],
)
def test_what_are_no_vectors_of_the_texts_is_refused(data: Sequence[Any], fault: str) -> None:
    with pytest.raises(EndpointError, match=fault) as refusal:
        answered(*data).encode(["night shifts"])

    assert isinstance(refusal.value, EncoderError)
    assert "Go on without it until it is repaired." in str(refusal.value)


@pytest.mark.parametrize("answer", [None, [], "busy", {}, {"data": None}, {"error": {"message": "no"}}])
def test_an_answer_without_data_is_refused(answer: Any) -> None:
    with pytest.raises(EndpointError, match="no list `data`"):
        encoder(lambda payload: answer).encode(["night shifts"])


@pytest.mark.parametrize("fault", [ConnectionRefusedError("refused"), TimeoutError("slow"), ValueError("no JSON")])
def test_what_cannot_be_reached_or_read_says_so(fault: Exception) -> None:
    def post(payload: Mapping[str, Any]) -> Any:
        raise fault

    with pytest.raises(EndpointError, match=f"{type(fault).__name__}: {fault}"):
        encoder(post).encode(["night shifts"])


def test_one_text_in_the_place_of_several_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="Put the one text into a list"):
        encoder(Served()).encode("night shifts")


@pytest.mark.parametrize("wrong", [{"model": ""}, {"dimensions": 0}, {"batch": 0}])
def test_an_encoder_needs_a_model_and_lengths(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Name the model"):
        EndpointEncoder(Served(), **{"model": "small", "dimensions": 3, **wrong})


def test_an_index_goes_on_by_words_while_the_endpoint_is_gone() -> None:
    served, is_there = Served(), True

    def post(payload: Mapping[str, Any]) -> Any:
        if not is_there:
            raise TimeoutError("slow")
        return served(payload)

    index = Index(encoder=encoder(post))
    index.add_people([PersonText(id="ben")])
    index.add_questions([PastQuestion(id="q1", text="night shifts", at=1)])
    index.add_answers([Answer(question="q1", person="ben", at=2)])
    with_it = index.rank(Ask(text="night shifts", at=3))
    is_there = False
    index.add_questions([PastQuestion(id="q2", text="welding", at=2)])

    without = index.rank(Ask(text="night shifts", at=3))

    assert [one.person for one in without] == [one.person for one in with_it] == ["ben"]
    assert without[0].score < with_it[0].score, "the meaning voted as well"
