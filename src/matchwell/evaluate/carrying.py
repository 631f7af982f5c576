"""Learn a ranker from several communities, for those that have nothing to learn from yet.

`python -m matchwell.evaluate.carrying FOLDER ... [--judge FOLDER ...] [--write FILE]` first leaves out one community at
a time and judges there what was learned from the others: only a ranker that beats the fusion on each of them is worth
carrying over. Learned from is what came before each community's own window, so that a folder may be judged later with
the ranker that it helped to make. `--judge` names folders to judge by, but not to learn from.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from matchwell.columns import Floats
from matchwell.evaluate.cases import window
from matchwell.evaluate.logs import read
from matchwell.evaluate.reporting import encoder_for, with_vectors
from matchwell.learning import Lesson, examples_of, lesson_of
from matchwell.measures import interval
from matchwell.ranker.features import tells_days
from matchwell.ranker.fitting import Examples, fit
from matchwell.ranker.model import Ranker

MOST = 1500  # questions of one community, the newest, so that the large ones do not drown the small
PENALTY = 100.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class School:
    """A community: what it teaches, and what it is judged by. `fusion` is the nDCG@10 of each of the latter."""

    name: str
    before: Sequence[Lesson]
    judged: Sequence[Lesson]
    fusion: Floats


def school(folder: Path) -> School:
    """Read a community. Raises UnreadableFolder."""
    log = read(folder)
    asked = window(log)
    encoder = encoder_for(log, asked)
    if encoder is not None:
        log = with_vectors(log, encoder)
    index = log.index()
    border = min(question.at for question in asked)
    ordered = sorted(log.questions, key=lambda question: (question.at, question.id))
    before: list[Lesson] = []
    judged: list[Lesson] = []
    for question in ordered[len(ordered) // 6 :]:
        until = question.at + log.answer_days
        lesson = lesson_of(index, question, log.limits, until if question.at >= border else min(until, border))
        if lesson is not None:
            (judged if question.at >= border else before).append(lesson)
    fusion = np.array([lesson.of(lesson.fusion) for lesson in judged])
    return School(name=log.name, before=before[-MOST:], judged=judged, fusion=fusion)


def carried(schools: Sequence[School]) -> Ranker:
    """Return what these communities teach together, of what means the same everywhere: not days and hours."""
    taught = [examples_of(one.before) for one in schools if one.before]
    names = taught[0].names
    kept = [column for column, name in enumerate(names) if not tells_days(name)]
    ends = np.cumsum([0, *(len(one.values) for one in taught)])
    fitted = fit(
        Examples(
            names=tuple(names[column] for column in kept),
            values=np.concatenate([one.values[:, kept] for one in taught]),
            is_right=np.concatenate([one.is_right for one in taught]),
            starts=np.concatenate([one.starts + end for one, end in zip(taught, ends, strict=False)]),
        ),
        penalty=PENALTY,
        paired=0,
    )
    return replace(
        fitted,
        names=names,
        center=_among(names, kept, fitted.center, 0.0),
        spread=_among(names, kept, fitted.spread, 1.0),
        weights=_among(names, kept, fitted.weights, 0.0),
    )


def left_out(schools: Sequence[School], also_judged: Sequence[School]) -> Mapping[str, Mapping[str, float]]:
    """Judge on each community what the others teach: nDCG@10 beside the fusion's, and the difference's interval."""
    found = {}
    for one in (*schools, *also_judged):
        ranker = carried([other for other in schools if other is not one])
        ndcg = np.array([lesson.judged_by(ranker) for lesson in one.judged])
        low, high = interval(ndcg - one.fusion)
        found[one.name] = {"prior": float(ndcg.mean()), "fusion": float(one.fusion.mean()), "low": low, "high": high}
    return found


def _among(names: Sequence[str], kept: Sequence[int], values: Sequence[float], other: float) -> tuple[float, ...]:
    every = [other] * len(names)
    for column, value in zip(kept, values, strict=True):
        every[column] = float(f"{value:.6g}")
    return tuple(every)


def main() -> int:
    """Print the table; return 1 where what was carried over loses to the fusion, and then write nothing."""
    parser = argparse.ArgumentParser("matchwell.evaluate.carrying", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--judge", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    schools = [school(folder) for folder in arguments.folders]
    table = left_out(schools, [school(folder) for folder in arguments.judge])
    for name, row in table.items():
        interval_text = f"{row['low']:+.3f}..{row['high']:+.3f}"
        sys.stdout.write(f"{name:20} fusion {row['fusion']:.4f}  carried over {row['prior']:.4f}  {interval_text}\n")
    if any(row["prior"] <= row["fusion"] for row in table.values()):
        sys.stdout.write("It does not beat the fusion everywhere. Nothing was written.\n")
        return 1
    if arguments.write is not None:
        arguments.write.write_text(carried(schools).to_json() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
