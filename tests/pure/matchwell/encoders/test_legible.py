"""An encoder reads what it was made for; what it cannot read meets by words alone."""

import logging
from collections.abc import Sequence

import numpy as np
import pytest

from matchwell import Answer, Ask, Index, PastQuestion, PersonText
from matchwell.encoders import EngineMissing, Vectors
from matchwell.encoders.legible import encoded

ENGLISH = "How do I ask for a raise after one year?"
GERMAN = "Wie bekomme ich nach einem Jahr mehr Gehalt?"
SPANISH = "¿Cómo puedo pedir un aumento de sueldo después de un año?"
SWEDISH = "Hur ber jag min chef om högre lön efter ett år på jobbet?"


class Recorder:
    """Notes what it reads; all texts mean the same to it."""

    dim = 2

    def __init__(self, name: str) -> None:
        self.name = name
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return np.array([[1.0, 0.0]] * len(texts), np.float32)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("minilm-test", [ENGLISH, "Docker?", ""]),
        ("universal-test", [ENGLISH, GERMAN, SPANISH, "Docker?", ""]),
        ("latent-test", [ENGLISH, GERMAN, SPANISH, SWEDISH, "Docker?", ""]),
        ("of-somebody-else", [ENGLISH, GERMAN, SPANISH, SWEDISH, "Docker?", ""]),
    ],
)
def test_a_text_is_read_unless_its_language_is_known_to_be_another(name: str, read: list[str]) -> None:
    encoder = Recorder(name)
    texts = [ENGLISH, GERMAN, SPANISH, SWEDISH, "Docker?", ""]

    vectors = encoded(encoder, texts)

    assert encoder.read == read
    assert [vector is not None for vector in vectors] == [text in read for text in texts]


def test_a_language_that_is_told_counts_more_than_how_a_text_looks() -> None:
    encoder = Recorder("minilm-test")

    encoded(encoder, [ENGLISH, GERMAN, "Docker?"], ["de", "en-GB", "pt-BR"])

    assert encoder.read == [GERMAN]


def test_an_index_asks_an_english_encoder_in_english_alone() -> None:
    encoder = Recorder("minilm-test")
    index = Index(encoder=encoder)
    index.add_people([PersonText(id=person) for person in ("ben", "emil")])
    index.add_questions(
        [
            PastQuestion(id="en", text=ENGLISH, at=1),
            PastQuestion(id="de", text=GERMAN, at=1),
            PastQuestion(id="told", text="Gehalt?", at=1, language="de"),
        ]
    )
    index.add_answers([Answer(question="en", person="ben", at=2), Answer(question="de", person="emil", at=2)])

    german = index.rank(Ask(text="Mehr Gehalt nach einem Jahr im Beruf, wie bekomme ich das?", at=3))
    english = index.order(Ask(text="Somebody please tell me what I should do about this", at=3))

    assert encoder.read == [ENGLISH, "Somebody please tell me what I should do about this"]
    assert german[0].person == "emil", "by words"
    assert {one.person for one in german} == {"emil", "ben"}, "a clue leaves nobody out"
    assert english[0] == "ben"


def test_without_an_encoder_or_with_a_broken_one_there_are_no_vectors(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Recorder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise EngineMissing("onnxruntime")

    with caplog.at_level(logging.WARNING, logger="matchwell"):
        assert encoded(Broken("of-somebody-else"), [ENGLISH, ""]) == [None, None]
    assert "going on without vectors" in caplog.text
    assert encoded(None, [ENGLISH]) == [None]
    assert encoded(Recorder("minilm-test"), []) == []
