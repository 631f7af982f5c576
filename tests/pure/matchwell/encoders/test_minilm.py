"""MiniLM in particular."""

import numpy as np
import pytest

from matchwell.encoders import MiniLM, find_installed
from tests.pure.matchwell.encoders.weights import encoder


def minilm(*, tokens: int) -> MiniLM:
    encoder("minilm")
    weights, vocabulary = find_installed()["minilm"].paths
    return MiniLM(weights, vocabulary, tokens=tokens)


def test_vectors_are_those_of_the_model_before_it_was_made_small() -> None:
    """The first eight numbers come from the published weights in float32, multiplied out step by step."""
    [vector] = encoder("minilm").encode(["How do I survive night shifts as a new nurse?"])

    assert np.allclose(vector[:8], [-0.012, -0.086, -0.008, 0.098, 0.043, 0.013, -0.061, -0.045], atol=0.003)


def test_the_limit_of_tokens_is_kept_and_told_in_the_name() -> None:
    short = minilm(tokens=8)

    cut, other = short.encode(["night shifts on the ward and coffee", "night shifts on the ward and sleep"])

    assert short.name == encoder("minilm").name.replace("-128", "-8")
    assert cut.tobytes() == other.tobytes()


@pytest.mark.parametrize("tokens", [0, 2, 257])
def test_limits_that_the_model_was_not_made_for_are_refused(tokens: int) -> None:
    with pytest.raises(ValueError, match="reads 3 to 256 tokens"):
        minilm(tokens=tokens)
