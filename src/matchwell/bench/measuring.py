"""Matching at size: build, store, load, ask and update communities of several sizes, and other engines beside them."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matchwell.bench.beside import WAYS
from matchwell.bench.community import ENCODED, NOISE, Source

SIZES = (20_000, 200_000, 1_000_000)
PEOPLE_EACH = 5  # questions for each person
FIGURES = ("build_s", "index_mb", "load_s", "p50_ms", "p95_ms", "p99_ms", "updates_per_s")

Way = Callable[[Path], Mapping[str, Any]]


def measure(
    sizes: Sequence[int] = SIZES,
    *,
    data: Path | None = None,
    seed: int = 0,
    encoded: int = ENCODED,
    beside: Sequence[str] = tuple(WAYS),
    others: Mapping[str, Way] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Return the figures of each size, ready for JSON.

    `{"sizes": [{"questions", "people", "build_s", "index_mb", "load_s", "p50_ms", "p95_ms", "p99_ms", "updates_per_s",
    "beside": {name: {"p95_ms", "recall"} | null}}], "more": [...], "encoding": {...}}`. `more` has for each size what
    else was found: processor time, memory, the same with a ranker, and why an engine has no figures. `others` look in a
    folder as `beside` does; `tell` hears what is being done. Raises UnreadableFolder.
    """
    source = Source.of(data)
    with TemporaryDirectory(prefix="matchwell-bench-") as folder:
        work = Path(folder)
        told = {"work": folder, "data": str(data.resolve()) if data else None, "seed": seed, "encoded": encoded}
        tell(f"encoding {min(encoded, max(sizes)):,} texts")
        encoding = _step("encode", told | _size(max(sizes)))
        ones, more = [], []
        for questions in sizes:
            size = _size(questions)
            found: dict[str, Any] = {}
            for name in ("build", "serve"):
                tell(f"{questions:,} questions: {name}")
                found |= _step(name, told | size)
            looked: dict[str, Mapping[str, Any]] = {}
            for name in beside:
                tell(f"{questions:,} questions: {name}")
                looked[name] = _step(name, told | size)
            for name, way in (others or {}).items():
                tell(f"{questions:,} questions: {name}")
                looked[name] = way(work)
            why = {name: one["why"] for name, one in looked.items() if "why" in one}
            shown = {name: None if name in why else dict(one) for name, one in looked.items()}
            ones.append({**size, **{name: found.pop(name) for name in FIGURES}, "beside": shown})
            more.append({**size, **found, "without_figures": why})
    return {
        "sizes": ones,
        "more": more,
        "encoding": {**encoding, "source": source.name, "noise": NOISE, "seed": seed},
    }


def _size(questions: int) -> dict[str, int]:
    return {"questions": questions, "people": max(questions // PEOPLE_EACH, 1)}


def _step(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "matchwell.bench.steps", name, json.dumps(told)], check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
