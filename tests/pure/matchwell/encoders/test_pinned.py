"""Files of weights are the pinned ones, or are refused."""

import hashlib
from pathlib import Path

import pytest

from matchwell.encoders import PINNED, Pinned, WrongWeights, verify

WEIGHTS = b"0.25 " * 1000
KNOWN = Pinned(package="ward", version="1.0", path="ward/model.onnx", sha256=hashlib.sha256(WEIGHTS).hexdigest())


def test_the_pinned_file_passes(tmp_path: Path) -> None:
    path = tmp_path / "renamed"
    path.write_bytes(WEIGHTS)

    verify(path, KNOWN)


@pytest.mark.parametrize("content", [WEIGHTS[:-1], WEIGHTS[:100], b"", WEIGHTS + b" ", b"0.26 " * 1000])
def test_a_file_cut_short_or_exchanged_is_refused_with_the_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)

    with pytest.raises(WrongWeights, match=r"Install ward 1\.0 again, or go on without") as refusal:
        verify(path, KNOWN)

    assert str(path) in str(refusal.value)
    assert (refusal.value.path, refusal.value.expected) == (path, KNOWN.sha256)
    assert refusal.value.found == hashlib.sha256(content).hexdigest()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="model"):
        verify(tmp_path / "model.onnx", KNOWN)


def test_every_pin_is_a_hash_of_one_file() -> None:
    assert all(len(bytes.fromhex(pinned.sha256)) == 32 for pinned in PINNED)
    assert len({pinned.sha256 for pinned in PINNED}) == len({pinned.path for pinned in PINNED}) == len(PINNED)
