"""What is measured, each step in a process of its own, so that memory is that of the step alone."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from matchwell.bench import beside
from matchwell.bench.community import Community, Source, Vectors
from matchwell.columns import Array
from matchwell.encoders import Encoder, LatentSemantic, best_installed
from matchwell.index import Index
from matchwell.ranker.prior import prior
from matchwell.values import Answer, Ask

ASKS = 200
WARM = 5  # asks before anything is timed
UPDATES = 50  # questions, each with an answer
NEAREST = 100
VECTORS, ASKED, TRUTH, INDEX = "vectors.npy", "asked.npy", "truth.npy", "index"


def encode(work: Path, source: Source, *, questions: int, people: int, seed: int, encoded: int) -> dict[str, Any]:
    """Encode the texts that are really encoded, and keep their vectors in `work`."""
    texts = Community(source, questions=questions, people=people, seed=seed, encoded=encoded).texts
    encoder: Encoder | None = best_installed({"en"}).encoder
    if encoder is None:
        encoder = LatentSemantic.fit(texts)
    (vectors, wall, cpu) = _timed(lambda: encoder.encode(texts))
    np.save(work / VECTORS, vectors)
    return {
        "encoder": encoder.name,
        "texts": len(texts),
        "texts_per_s": len(texts) / wall,
        "cpu_ms": 1e3 * cpu / len(texts),
    }


def build(work: Path, community: Community, vectors: Vectors) -> dict[str, float]:
    """Build an index and store it. The time in which the community itself is made is not counted."""
    index = Index()
    wall = cpu = 0.0
    for add, batches in (
        (index.add_people, community.persons()),
        (index.add_questions, community.batches(vectors)),
        (index.add_answers, community.answers()),
    ):
        for batch in batches:
            _nothing, took, used = _timed(lambda add=add, batch=batch: add(batch))  # type: ignore[misc]
            wall, cpu = wall + took, cpu + used
    _nothing, saving, _used = _timed(lambda: index.save(work / INDEX))
    stored = sum(path.stat().st_size for path in (work / INDEX).rglob("*") if path.is_file())
    return {
        "build_s": wall,
        "build_cpu_s": cpu,
        "save_s": saving,
        "index_mb": stored / 2**20,
        "build_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def serve(work: Path, community: Community, vectors: Vectors) -> dict[str, Any]:
    """Load the index, ask it, and add to it; with plain weights, and with the ranker that was learned elsewhere."""
    before = _memory()
    index, loading, loading_cpu = _timed(lambda: Index.load(work / INDEX))
    asks = community.asks(ASKS, vectors)
    found: dict[str, Any] = {"load_s": loading, "load_cpu_s": loading_cpu, **_asked(index, asks)}
    index.ranker = prior()
    found["with_ranker"] = _asked(index, asks)
    index.ranker = None
    after = _memory()
    found["resident_mb"] = after["RssAnon"] - before["RssAnon"]
    found["mapped_mb"] = after["RssFile"] - before["RssFile"]
    later = community.later(UPDATES, vectors)

    def update() -> None:
        for number, question in enumerate(later):
            index.add_questions([question])
            index.add_answers([Answer(question=question.id, person=f"p{number:07}", at=question.at + 1)])

    _nothing, wall, cpu = _timed(update)
    found |= {"updates_per_s": 2 * UPDATES / wall, "updates_per_cpu_s": 2 * UPDATES / cpu}
    _keep_truth(work, index, asks)
    return found


def _asked(index: Index, asks: list[Ask]) -> dict[str, float]:
    for ask in asks[:WARM]:
        index.rank(ask)
    times = [_timed(lambda ask=ask: index.rank(ask))[1:] for ask in asks]  # type: ignore[misc]
    wall, cpu = np.array(times).T * 1e3
    names = ("p50", "p95", "p99")
    return {
        **{f"{name}_ms": float(np.percentile(wall, int(name[1:]))) for name in names},
        **{f"{name}_cpu_ms": float(np.percentile(cpu, int(name[1:]))) for name in names},
    }


def _keep_truth(work: Path, index: Index, asks: list[Ask]) -> None:
    """Keep what the nearest vectors really are, for those that only look for them."""
    meanings = index._state.questions.meanings
    assert meanings is not None
    asked = np.array([ask.vector for ask in asks], np.float32)
    first = len(meanings.older)
    truth = [beside.nearest_of(meanings.nearness(vector)[:first], NEAREST) for vector in asked]
    np.save(work / ASKED, asked)
    np.save(work / TRUTH, np.array(truth))


def _memory() -> dict[str, float]:
    """Return what this process holds, in MB: its own (RssAnon), and of mapped files (RssFile)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return {name: int(line.split()[1]) / 1024 for line in lines if (name := line.split(":")[0]).startswith("Rss")}


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    wall, cpu = perf_counter(), process_time()
    made = work()
    return made, perf_counter() - wall, process_time() - cpu


def main(arguments: list[str]) -> int:
    """Do one step, and print what was found as JSON."""
    step, told = arguments[0], json.loads(arguments[1])
    work, seed, encoded = Path(told["work"]), told["seed"], told["encoded"]
    source = Source.of(Path(told["data"]) if told["data"] else None)
    size = {"questions": told["questions"], "people": told["people"]}
    if step == "encode":
        found = encode(work, source, **size, seed=seed, encoded=encoded)
    else:
        vectors: Array = np.load(work / VECTORS)
        community = Community(source, **size, seed=seed, encoded=encoded)
        vectors = vectors[: len(community.texts)]
        steps: dict[str, Callable[[], dict[str, Any]]] = {
            "build": lambda: build(work, community, vectors),
            "serve": lambda: serve(work, community, vectors),
            **{
                name: lambda way=way: way(work, community, vectors)  # type: ignore[misc]
                for name, way in beside.WAYS.items()
            },
        }
        found = steps[step]()
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
