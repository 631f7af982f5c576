"""Which encoder is for which language."""

import pytest

from matchwell.encoders import GOOD_FOR, suits
from tests.pure.matchwell.encoders.weights import ALL, encoder


@pytest.mark.parametrize(
    ("name", "language", "good"),
    [
        ("minilm", "en", True),
        ("minilm", "en-GB", True),
        ("minilm", "de", False),
        ("universal", "zh-Hant-TW", True),
        ("universal", "PT_br", True),
        ("universal", "sv", False),
        ("wordtable", "fr", False),
        ("latent", "sw", True),
    ],
)
def test_an_encoder_suits_the_languages_it_was_made_for(name: str, language: str, *, good: bool) -> None:
    assert suits(name, language) is good


@pytest.mark.parametrize("name", ALL)
def test_encoders_answer_by_their_full_name_as_well(name: str) -> None:
    assert suits(encoder(name).name, "en")
    assert encoder(name).name.partition("-")[0] in GOOD_FOR


def test_of_others_nothing_is_known() -> None:
    with pytest.raises(ValueError, match="Ask about one of minilm"):
        suits("endpoint-large", "en")
