"""How long it takes and how much memory, beside plain ways: `python -m matchwell.similar.bench 1000 20000 200000`.

Texts are drawn by a seed: each is about one of some matters, whose words are drawn more often, with words from a Zipf
law around them; vectors are the direction of the matter with noise. Each size is measured in a process of its own.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Any

import numpy as np
import numpy.typing as npt

from matchwell.columns import Array
from matchwell.similar.alike import Near, alike
from matchwell.similar.clusters import clusters
from matchwell.similar.comparing import each_with_each
from matchwell.similar.duplicates import duplicates
from matchwell.similar.reading import Read, read
from matchwell.similar.texts import Texts

SIZES = (1_000, 20_000, 200_000)
DIM = 384
WORDS = 30  # of a text
VOCABULARY = 40_000
OF_A_MATTER = 60  # words that belong to one matter
OFTEN = 0.4  # of the words of a text are of its matter
NOISE = 1.6  # of the length of the matter's own direction
TWINS = 0.01  # of the texts are another one, cut and greeted around
ASKS = 200
MOST_PLAIN = 20_000  # texts of which each is compared with each in the plain way


def measure(size: int, seed: int = 0) -> dict[str, Any]:
    """Return what it takes with so many texts, ready for JSON.

    `{"texts": …, "steps": {"draw" | "read" | "alike" | "duplicates" | "clusters": {"wall_s": …, "cpu_s": …}},
    "twins_found": …, "duplicates": …, "clusters": …, "peak_mb": …, "beside": {"every_pair" | "k_means": {…} | null},
    "peak_mb_beside": …}`. `alike` is one ask, the mean of many. `twins_found` is the share of the drawn twins that
    `duplicates` found. `every_pair` compares each with each, null above 20,000 texts; `k_means` is ten turns of k-means
    over the vectors alone, from a drawn start.
    """
    steps: dict[str, dict[str, float]] = {}
    (texts, twins), steps["draw"] = _timed(lambda: drawn(size, seed))
    there, steps["read"] = _timed(lambda: read(texts))
    asks = np.random.default_rng([seed, size]).integers(size, size=ASKS).tolist()
    _nothing, asking = _timed(lambda: [_ask(there, row) for row in asks])
    steps["alike"] = {name: seconds / ASKS for name, seconds in asking.items()}
    same, steps["duplicates"] = _timed(lambda: duplicates(there))
    found, steps["clusters"] = _timed(lambda: clusters(there))
    peak = _peak()
    together = {frozenset((one, other)) for group in same for one in group.ids for other in group.ids}
    vectors = np.asarray(texts.meanings, np.float32)
    return {
        "texts": size,
        "steps": steps,
        "twins_found": sum(frozenset(pair) in together for pair in twins) / max(len(twins), 1),
        "duplicates": len(same),
        "clusters": len(found.clusters),
        "peak_mb": peak,
        "beside": {
            "every_pair": _timed(lambda: _every_pair(there))[1] if size <= MOST_PLAIN else None,
            "k_means": _timed(lambda: _k_means(vectors, len(found.clusters) or 1))[1],
        },
        "peak_mb_beside": _peak(),
    }


def _ask(there: Read, row: int) -> list[Near]:
    return alike(there, there.texts.texts[row], vector=_vector(there.texts, row), take=10)


def drawn(size: int, seed: int) -> tuple[Texts, list[tuple[str, str]]]:
    """Return texts with vectors, and which of them are twins."""
    chance = np.random.default_rng([seed, size])
    matters = max(2, int(np.sqrt(size / 2)))
    of_matter = chance.integers(VOCABULARY, size=(matters, OF_A_MATTER))
    directions = chance.standard_normal((matters, DIM)).astype(np.float32)
    about = chance.integers(matters, size=size)
    words = chance.zipf(1.2, size=(size, WORDS)) % VOCABULARY
    own = of_matter[about[:, None], chance.integers(OF_A_MATTER, size=(size, WORDS))]
    words = np.where(chance.random((size, WORDS)) < OFTEN, own, words)
    vectors = directions[about] + NOISE * chance.standard_normal((size, DIM)).astype(np.float32)
    texts = [" ".join(map(_word, row)) for row in words.tolist()]
    ids = [f"t{place:07}" for place in range(size)]
    twins = []
    for place in range(0, int(TWINS * size) * 2, 2):
        texts[place + 1] = f"Hello everybody. {' '.join(texts[place].split()[: WORDS * 9 // 10])} Thanks!"
        vectors[place + 1] = vectors[place] + 0.1 * chance.standard_normal(DIM)
        twins.append((ids[place], ids[place + 1]))
    return Texts(ids=ids, texts=texts, vectors=vectors, encoder="minilm"), twins


def _word(number: int) -> str:
    letters = ""
    while True:
        letters += "bdfgklmnprstvz"[number % 14] + "aeiou"[number // 14 % 5]
        number //= 70
        if not number:
            return f"{letters}x"


def _vector(texts: Texts, row: int) -> npt.NDArray[np.float32]:
    assert texts.meanings is not None
    vector: npt.NDArray[np.float32] = texts.meanings[row].astype(np.float32)
    return vector


def _every_pair(there: Read) -> float:
    rows = np.arange(len(there))
    return sum(
        float((each_with_each(there, rows[first : first + 500], rows).nearness > 0.5).sum())
        for first in range(0, len(rows), 500)
    )


def _k_means(vectors: npt.NDArray[np.float32], count: int) -> Array:
    units: Array = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centres: Array = units[np.random.default_rng(0).choice(len(units), count, replace=False)]
    for _ in range(10):
        nearest = np.concatenate([(units[at : at + 8192] @ centres.T).argmax(1) for at in range(0, len(units), 8192)])
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, units)
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return centres


def _timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = perf_counter(), process_time()
    made = work()
    return made, {"wall_s": perf_counter() - wall, "cpu_s": process_time() - cpu}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> int:
    """Print the figures of each size as JSON."""
    if arguments[:1] == ["--one"]:
        sys.stdout.write(json.dumps(measure(int(arguments[1]))))
        return 0
    sizes = [int(size) for size in arguments] or SIZES
    ones = [
        subprocess.run(
            [sys.executable, "-m", "matchwell.similar.bench", "--one", str(size)], check=True, capture_output=True
        ).stdout
        for size in sizes
    ]
    sys.stdout.write(json.dumps({"sizes": [json.loads(one) for one in ones]}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
