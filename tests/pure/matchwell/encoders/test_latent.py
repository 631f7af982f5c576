"""The encoder that needs no weights."""

import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.encoders import DamagedFile, EngineMissing, LatentSemantic
from tests.pure.matchwell.encoders.weights import WARD
from tests.pure.matchwell.worlds import texts as small_texts


def test_texts_that_share_company_lie_near_each_other() -> None:
    night, sleep, gloves = LatentSemantic.fit(WARD, dim=3).encode(["night shifts", "sleep", "welding gloves"])

    assert night @ sleep > 0.8
    assert night @ gloves < 0.3


@given(st.lists(small_texts, min_size=1, max_size=12).filter(any), st.randoms())
def test_the_order_of_the_texts_makes_no_difference(texts: list[str], chance: Random) -> None:
    shuffled = chance.sample(texts, len(texts))

    one, other = LatentSemantic.fit(texts, dim=4), LatentSemantic.fit(shuffled, dim=4)

    assert one.name == other.name
    assert one.encode(texts).tobytes() == other.encode(texts).tobytes()


def test_fewer_texts_than_dimensions_give_shorter_vectors() -> None:
    encoder = LatentSemantic.fit(["night shifts", "welding pipes", "night shifts"])

    assert encoder.dim == 2
    assert np.allclose(np.linalg.norm(encoder.encode(["night", "pipes", "night pipes"]), axis=1), 1)


def test_one_text_is_enough() -> None:
    assert LatentSemantic.fit(["night"]).encode(["night", "day"]).tolist() == [[1.0], [0.0]]


@pytest.mark.parametrize("texts", [[], [""], ["  ", "🚀", "the and of"]])
def test_nothing_to_learn_from_is_refused_with_a_sentence(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="no text with a word in it"):
        LatentSemantic.fit(texts)


def test_no_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one dimension"):
        LatentSemantic.fit(WARD, dim=0)


def test_without_the_engine_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)

    with pytest.raises(EngineMissing, match="needs the package scipy"):
        LatentSemantic.fit(WARD)


def test_the_directions_are_the_best_there_are() -> None:
    """Against the whole decomposition of a table that is small enough for it."""
    words = ["nurse", "night", "shift", "weld", "pipe", "glove", "salary", "talk", "sleep", "coffee", "winter"]
    texts = [f"{words[at % 7]} {words[at % 5]} {words[at % 11]}" for at in range(60)]
    counts = np.array([[text.split().count(word) for word in words] for text in texts])
    worth = 1 + np.log(61 / (1 + (counts > 0).sum(axis=0)))
    table = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * worth
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    expected = table @ np.linalg.svd(table)[2][:6].T
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)

    encoded = LatentSemantic.fit(texts, dim=6).encode(texts)

    assert np.allclose(encoded @ encoded.T, expected @ expected.T, atol=1e-4)


def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path: Path) -> None:
    encoder = LatentSemantic.fit([*WARD, "履歴書 と C++", "ночь"], dim=5)
    path = tmp_path / "latent.npz"

    encoder.save(path)
    encoder.save(path)
    loaded = LatentSemantic.load(path)

    assert (loaded.name, loaded.dim) == (encoder.name, encoder.dim)
    assert loaded.encode(WARD).tobytes() == encoder.encode(WARD).tobytes()
    assert [kept.name for kept in tmp_path.iterdir()] == ["latent.npz"]


def test_a_file_cut_anywhere_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latent.npz"
    LatentSemantic.fit(WARD, dim=3).save(path)
    whole = path.read_bytes()

    for content in (b"", b"night", whole[:10], whole[: len(whole) // 2], whole[:-1], whole.replace(b"worth", b"other")):
        path.write_bytes(content)
        with pytest.raises(DamagedFile, match="Fit it again"):
            LatentSemantic.load(path)


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "latent.npz"
    LatentSemantic.fit(WARD, dim=3).save(path)
    content = bytearray(path.read_bytes())
    content[-len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(DamagedFile):
        LatentSemantic.load(path)


def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "latent.npz"
    terms = np.frombuffer(b"night\nshift", np.uint8)
    with path.open("wb") as file:
        np.savez(file, terms=terms, worth=np.ones(1, np.float32), directions=np.ones((2, 1), np.float32))

    with pytest.raises(DamagedFile):
        LatentSemantic.load(path)


def test_other_texts_make_another_name() -> None:
    assert LatentSemantic.fit(WARD).name != LatentSemantic.fit(WARD[1:]).name
