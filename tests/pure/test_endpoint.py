"""An encoder that the host of a site named: its vectors, its faults, and the peace it is left in."""

import time
from typing import Any

import numpy as np
import pytest

from matchwell.encoders import EncoderError, EndpointEncoder, EndpointError
from momentor.dispatch import endpoint
from momentor.dispatch.encoding import encoder_for
from momentor.dispatch.endpoint import REST, EncoderUnavailable, Endpoint, Patient
from momentor.project.environment import WrongSetting
from tests.embeddings import KEY, seen, served

__all__ = ["seen", "served"]

HERE = frozenset({"en"})


def test_texts_come_back_as_vectors_in_their_order(served: Any, seen: list[dict[str, Any]]) -> None:
    encoder = encoder_for(HERE)
    assert encoder is not None

    vectors = encoder.encode(["abba", "", "cab", *["b"] * 40])

    assert vectors.shape == (43, 26)
    assert vectors[0, :3] == pytest.approx(np.array([2, 2, 0]) / np.sqrt(8))
    assert vectors[1].tolist() == [0] * 26
    assert vectors[2, :3] == pytest.approx(np.ones(3) / np.sqrt(3))
    assert [len(request["input"]) for request in seen] == [32, 10]
    assert {(request["path"], request["key"], request["model"]) for request in seen} == {
        ("/v1/embeddings", f"Bearer {KEY}", "letters")
    }


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("429", "it is asked too often"),
        ("500", "it answers 500"),
        ("503", "it answers 503"),
        ("302", "it answers 302"),
        ("page", "its answer is no JSON"),
        ("unknown", "Look at MOMENTOR_ENCODER_URL and MOMENTOR_ENCODER_MODEL"),
    ],
)
def test_what_the_endpoint_refuses_is_a_sentence(served: Any, model: str, sentence: str) -> None:
    served.ENCODER_MODEL = model

    with pytest.raises(EncoderUnavailable, match=sentence):
        _encode("night")


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("short", "has 7 numbers, where 26 were expected"),
        ("sparing", "given 2 texts, and answered about 1"),
        ("broken", "not finite"),
    ],
)
def test_what_it_answers_wrongly_is_a_sentence(served: Any, model: str, sentence: str) -> None:
    served.ENCODER_MODEL = model

    with pytest.raises(EndpointError, match=sentence):
        _encode("night", "shift")


def test_a_wrong_key_is_told_without_the_key(served: Any) -> None:
    served.ENCODER_KEY = "sk-another"

    with pytest.raises(EncoderUnavailable, match="Look at MOMENTOR_ENCODER_KEY") as refusal:
        _encode("night")

    assert "sk-" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert "sk-" not in repr(Endpoint(url="https://vectors.example.org", key="sk-another", in_house=False, timeout=1))


def test_an_answer_that_does_not_come_is_not_waited_for(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "TIMEOUT", 0.2)
    served.ENCODER_MODEL = "slow"
    began = time.monotonic()

    with pytest.raises(EncoderUnavailable, match="cannot be reached: TimeoutError"):
        _encode("night")

    assert time.monotonic() - began < 0.9


def test_an_address_inside_is_called_only_if_its_host_says_so(served: Any, seen: list[dict[str, Any]]) -> None:
    served.ENCODER_IN_HOUSE = False

    with pytest.raises(EncoderUnavailable, match="set MOMENTOR_ENCODER_IN_HOUSE=yes"):
        _encode("night")

    assert seen == []


def test_nobody_there_is_a_sentence(settings: Any) -> None:
    nobody = Endpoint(url="http://127.0.0.1:9/v1/embeddings", key="", in_house=True, timeout=1)

    with pytest.raises(EncoderUnavailable, match="cannot be reached: ConnectionRefusedError"):
        nobody({"model": "letters", "input": ["night"]})


def test_what_failed_rests_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    now, calls, is_there = 0.0, 0, False

    def post(payload: Any) -> Any:
        nonlocal calls
        calls += 1
        if not is_there:
            raise EncoderUnavailable("it is asked too often.")
        return {"data": [{"index": 0, "embedding": [1.0, 0.0]}]}

    encoder = Patient(EndpointEncoder(post, model="small", dimensions=2), clock=lambda: now)
    for _ in range(3):
        with pytest.raises(EncoderError):
            encoder.encode(["night"])
    assert calls == 1, "nobody is pressed"
    assert [record.message for record in caplog.records] == ["going by words alone"]

    now, is_there = REST + 1, True
    assert [encoder.encode(["night"]).tolist() for _ in range(2)] == [[[1, 0]], [[1, 0]]]
    assert calls == 3


def test_a_site_without_meaning_asks_no_endpoint(served: Any) -> None:
    served.READ_MEANING = False

    assert encoder_for(HERE) is None


def test_the_endpoint_is_for_whatever_languages_people_write_in(served: Any) -> None:
    encoder = encoder_for(frozenset({"sv", "sw"}))

    assert encoder is not None
    assert encoder is encoder_for(HERE)
    assert encoder.name == "endpoint-letters-26"


def test_an_address_without_a_model_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from momentor.project import settings as made

    monkeypatch.setenv("MOMENTOR_ENCODER_URL", "https://vectors.example.org/v1/embeddings")
    monkeypatch.setenv("MOMENTOR_SECRET_KEY", "k" * 50)
    source = made.__loader__.get_code(made.__name__)  # type: ignore[union-attr]

    with pytest.raises(WrongSetting, match="Name the model to ask for"):
        exec(source, {"__name__": made.__name__, "__file__": made.__file__})


def _encode(*texts: str) -> None:
    encoder = encoder_for(HERE)
    assert encoder is not None
    encoder.encode(list(texts))
