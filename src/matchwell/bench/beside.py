"""What else could look for past questions, on the same vectors and texts: how long, and how much of the truth it finds.

Each looks for the hundred nearest questions, which is only the first step of a ranking. `recall` is the share of the
hundred that are nearest by exact cosine (for bm25s: by our own words) that it finds.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from matchwell.asked import AskedTerms
from matchwell.bench.community import Community, Vectors
from matchwell.columns import Array
from matchwell.index import Index
from matchwell.nearest import nearest
from matchwell.words import question_terms

TIMED = 100  # asks

Places = npt.NDArray[np.int64]
Found = dict[str, Any]


def nearest_of(scores: Array, take: int) -> Places:
    """Return the places of the highest scores, in any order, int64 [take]; fewer if there are fewer."""
    if len(scores) <= take:
        return np.arange(len(scores))
    places: Places = np.argpartition(-scores, take)[:take]
    return places


def judged(look: Callable[[Array], Sequence[int] | Places], asked: Sequence[Array], truth: Sequence[Places]) -> Found:
    """Time a way to look, and say how much of the truth it finds."""
    look(asked[0])
    times, recall = [], []
    for ask, right in zip(asked[:TIMED], truth[:TIMED], strict=False):
        start = perf_counter()
        found = look(ask)
        times.append(1e3 * (perf_counter() - start))
        recall.append(len(np.intersect1d(found, right)) / max(len(right), 1))
    return {"p95_ms": float(np.percentile(times, 95)), "recall": float(np.mean(recall))}


def missing(package: str) -> Found:
    """Say that a package is not installed."""
    return {"why": f"the package {package} is not installed"}


def stored(work: Path) -> tuple[npt.NDArray[np.int8], Array, Array]:
    """Return the vectors of the stored index int8 [r, d], those asked float32 [a, d], and the truth int64 [a, k]."""
    meanings = Index.load(work / "index")._state.questions.meanings
    assert meanings is not None
    return meanings.older, np.load(work / "asked.npy"), np.load(work / "truth.npy")


def brute_force(work: Path, community: Community, vectors: Vectors) -> Found:
    """Multiply all vectors in float32, as numpy does it, and take the highest."""
    rows, asked, truth = stored(work)
    units = rows.astype(np.float32)
    units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-9)
    return judged(lambda ask: nearest_of(units @ ask, truth.shape[1]), list(asked), list(truth))


def usearch_hnsw(work: Path, community: Community, vectors: Vectors) -> Found:
    """Look in a graph of near neighbours (HNSW) of half-precision vectors."""
    try:
        engine = import_module("usearch.index")
    except ImportError:
        return missing("usearch")
    rows, asked, truth = stored(work)
    index = engine.Index(ndim=rows.shape[1], metric="cos", dtype="f16", expansion_search=128)
    for first in range(0, len(rows), 50_000):
        some = rows[first : first + 50_000].astype(np.float32)
        index.add(np.arange(first, first + len(some)), some)
    return judged(lambda ask: np.asarray(index.search(ask, truth.shape[1]).keys, np.int64), list(asked), list(truth))


def bm25s(work: Path, community: Community, vectors: Vectors) -> Found:
    """Look by words in bm25s, with the same terms."""
    try:
        engine = import_module("bm25s")
    except ImportError:
        return missing("bm25s")
    numbers: dict[str, int] = {}
    texts = (question.text for question in chain.from_iterable(community.batches(None)))
    terms = [[numbers.setdefault(term, len(numbers)) for term in question_terms(text)] for text in texts]
    index = engine.BM25(method="lucene", k1=1.2, b=0.75)
    index.index((terms, numbers), show_progress=False)
    state = Index.load(work / "index")._state
    usable = state.questions.current()
    asks = community.asks(TIMED, vectors)
    truth = []
    for ask in asks:
        read = AskedTerms.read(ask.text, state.term_numbers)
        truth.append(nearest_of(nearest(read, state.questions, known=usable, wanted=usable).similarity, 100))
    asked = [np.array([numbers[term] for term in question_terms(ask.text) if term in numbers]) for ask in asks]
    return judged(lambda ask: nearest_of(index.get_scores_from_ids(ask.tolist()), 100), asked, truth)


WAYS: Mapping[str, Callable[[Path, Community, Vectors], Found]] = {
    "bm25s": bm25s,
    "brute_force": brute_force,
    "usearch_hnsw": usearch_hnsw,
}
