"""What every encoder promises."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchwell.encoders import MiniLM, UniversalSentenceEncoder, WordTable, WrongWeights, checked, find_installed
from tests.pure.matchwell.encoders.weights import ALL, WARD, encoder
from tests.pure.matchwell.test_bad_input import ODD_TEXTS

CLASSES = {"minilm": MiniLM, "universal": UniversalSentenceEncoder, "wordtable": WordTable}


@pytest.mark.parametrize("name", ALL)
def test_rows_are_of_unit_length(name: str) -> None:
    encoded = encoder(name).encode(WARD)

    assert encoded.shape == (len(WARD), encoder(name).dim)
    assert encoded.dtype == np.float32
    assert np.allclose(np.linalg.norm(encoded, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_a_text_has_the_same_bits_in_any_company(name: str) -> None:
    texts = [*WARD, *ODD_TEXTS.values(), *reversed(WARD)]

    together = encoder(name).encode(texts)

    for text, row in zip(texts, together, strict=True):
        assert encoder(name).encode([text])[0].tobytes() == row.tobytes()


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gives_a_vector_or_zeros(name: str, texts: list[str]) -> None:
    encoded = checked(encoder(name)).encode(texts)

    assert encoded.shape == (len(texts), encoder(name).dim)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_texts_give_a_vector_or_zeros(name: str, text: str) -> None:
    assert checked(encoder(name)).encode([text]).shape == (1, encoder(name).dim)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_text_with_nothing_in_it_gives_zeros(name: str, text: str) -> None:
    assert not encoder(name).encode([text]).any()


@pytest.mark.parametrize("name", ["minilm", "universal", "latent"])
def test_a_text_of_signs_that_it_does_not_know_gives_zeros(name: str) -> None:
    assert not encoder(name).encode(["\U0001fabf\U0001fabf"]).any()


@pytest.mark.parametrize("name", ALL)
def test_the_end_of_a_long_text_is_not_read(name: str) -> None:
    opening = " ".join(WARD * 5)[:800]

    one, other = encoder(name).encode([opening, opening + " " + "welding " * 10_000])

    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("name", ALL)
def test_no_text_gives_no_row_and_one_text_must_be_in_a_list(name: str) -> None:
    assert encoder(name).encode([]).shape == (0, encoder(name).dim)
    with pytest.raises(ValueError, match="Put the one text into a list"):
        encoder(name).encode("night shifts")


@pytest.mark.parametrize("name", ALL)
def test_texts_that_mean_alike_lie_nearer(name: str) -> None:
    ask, near, far = encoder(name).encode(["nurse on night shifts", "sleep for a nurse at night", "welding pipes"])

    assert ask @ near > ask @ far + 0.1


@pytest.mark.parametrize("name", ALL)
def test_several_threads_get_what_one_gets(name: str) -> None:
    expected = encoder(name).encode(WARD).tobytes()
    seen: list[bytes] = []

    threads = [Thread(target=lambda: seen.append(encoder(name).encode(WARD).tobytes())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [expected] * 4


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("file", [0, 1])
def test_files_cut_short_are_refused_before_they_are_read(name: str, file: int, tmp_path: Path) -> None:
    encoder(name)
    paths = list(find_installed()[name].paths)
    cut = tmp_path / paths[file].name
    cut.write_bytes(paths[file].read_bytes()[:-1000])
    paths[file] = cut

    with pytest.raises(WrongWeights, match=cut.name):
        CLASSES[name](*paths)


def test_a_text_in_two_languages_is_one_to_the_universal_encoder() -> None:
    german, english, other = encoder("universal").encode(
        ["Wie überlebe ich Nachtschichten?", "How do I survive night shifts?", "Which gloves for welding?"]
    )

    assert german @ english > german @ other + 0.2
