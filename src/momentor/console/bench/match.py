"""Measure matching at size: build, memory, load, delay of a question and updates, beside other engines in the same run.

Communities of each size are made by a seed from a folder of logged questions, or from a few sentences that come along:
the texts of the first 20,000 questions are really encoded, later ones vary them, their vectors with noise. No site is
needed or touched.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from matchwell.bench.beside import WAYS
from matchwell.bench.community import ENCODED
from matchwell.bench.measuring import SIZES, measure
from matchwell.evaluate.logs import UnreadableFolder
from momentor.console.bench.match_vectors import WAYS as IN_POSTGRES
from momentor.console.bench.throwaway import this_machine
from momentor.console.serving import at_least_one
from momentor.console.trouble import Trouble

EXAMPLE = "momentor bench match --json"
BESIDE = (*WAYS, *IN_POSTGRES)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    sizes = ",".join(map(str, SIZES))
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N", help=f"past questions: {sizes}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="logged questions to make the communities from")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed makes other communities: 0")
    parser.add_argument("--encoded", type=at_least_one, default=ENCODED, metavar="N", help=f"texts encoded: {ENCODED}")
    parser.add_argument("--beside", nargs="*", choices=BESIDE, default=BESIDE, metavar="NAME", help=", ".join(BESIDE))


def main(arguments: argparse.Namespace) -> int:
    try:
        found = measure(
            arguments.sizes,
            data=arguments.data,
            seed=arguments.seed,
            encoded=arguments.encoded,
            beside=[name for name in WAYS if name in arguments.beside],
            others={name: way for name, way in IN_POSTGRES.items() if name in arguments.beside},
            tell=lambda what: print(what, file=sys.stderr, flush=True),
        )
    except UnreadableFolder as refusal:
        raise Trouble(str(refusal)) from refusal
    found["machine"] = this_machine()
    print(json.dumps(found, indent=1) if arguments.json else _as_table(found))
    return 0


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(at_least_one, text.split(",")))


def _as_table(found: dict[str, Any]) -> str:
    """Return the figures as the tables of docs/reference/performance.md."""
    machine, encoding = found["machine"], found["encoding"]
    where = (
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
        f"load {machine['load_before']} at the end; texts of {encoding['source']} recombined, seed {encoding['seed']}"
    )
    vectors = (
        f"{encoding['texts']} texts really encoded by {encoding['encoder']}, {encoding['texts_per_s']:.0f} a second "
        f"({encoding['cpu_ms']:.0f} ms CPU each); others vary them, with noise of {encoding['noise']} their length"
    )
    sizes = [f"{one['questions']:,}" for one in found["sizes"]]
    lines = [where, vectors, "", f"| | {' | '.join(sizes)} |", f"|{'---|' * (1 + len(sizes))}"]
    both = [{**one, **more} for one, more in zip(found["sizes"], found["more"], strict=True)]
    for what, name in ROWS.items():
        lines.append(f"| {what} | {' | '.join(_shown(one[name]) for one in both)} |")
    lines.append(f"| p95 ms with the ranker | {' | '.join(_shown(one['with_ranker']['p95_ms']) for one in both)} |")
    for name in found["sizes"][0]["beside"]:
        cells = [_beside(one["beside"][name]) for one in found["sizes"]]
        lines.append(f"| beside it: {name}, p95 ms (recall) | {' | '.join(cells)} |")
    why = {name: reason for more in found["more"] for name, reason in more["without_figures"].items()}
    return "\n".join([*lines, *(f"No figures for {name}: {reason}" for name, reason in why.items())])


ROWS = {
    "people": "people",
    "build, s": "build_s",
    "stored, MB": "index_mb",
    "load, s": "load_s",
    "memory of its own, MB": "resident_mb",
    "mapped files in memory, MB": "mapped_mb",
    "p50 ms": "p50_ms",
    "p95 ms": "p95_ms",
    "p99 ms": "p99_ms",
    "p95 ms of CPU": "p95_cpu_ms",
    "updates a second": "updates_per_s",
}


def _shown(figure: float) -> str:
    return f"{figure:,.2f}" if figure < 10 else f"{figure:,.0f}"


def _beside(figures: dict[str, float] | None) -> str:
    return "" if figures is None else f"{_shown(figures['p95_ms'])} ({figures['recall']:.3f})"
