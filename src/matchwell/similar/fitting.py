"""Fit and judge the curves of `likelihood` on logged questions: `python -m matchwell.similar.fitting FOLDER...`.

It is known of two parts of one question that they belong together: its title and its body, its title and the first
words of the body, its first and its second half. Parts of two questions are taken not to. So the curves say how likely
two texts are parts of one question, for short texts and long ones. Every figure is of a community that was left out of
the fit. `--encoder minilm` and `--encoder universal` fit with what these make of the texts as well.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from matchwell.columns import Bools, Floats
from matchwell.encoders import Encoder, load_installed
from matchwell.index import Index
from matchwell.similar.alike import compared
from matchwell.similar.logged import Logged, logged
from matchwell.similar.reading import read
from matchwell.similar.texts import Texts
from matchwell.values import PastQuestion

MOST_QUESTIONS = 600  # of a community
MOST_ASKS = 300  # of these
FEWEST_WORDS = 30  # of a body that can be split
OPENING = 12  # words
BINS = 10
_RIDGE = 1e-5

Part = Callable[[Logged], str]
KINDS: Sequence[tuple[Part, Part]] = (
    (lambda one: one.title, lambda one: one.body),
    (lambda one: one.title, lambda one: " ".join(one.body.split()[:OPENING])),
    (lambda one: f"{one.title}. {_half(one.body, 0)}", lambda one: _half(one.body, 1)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of parts: `quantities` float64 [p, 3] (cosine and share of the words, meanings above the usual), and which
    belong together, bool [p]. `weight` float64 [p] adds up to one, half of it on those that do.
    """

    quantities: Floats
    together: Bools
    weight: Floats


def pairs(questions: Sequence[Logged], encoder: Encoder | None) -> Pairs:
    """Compare parts of questions. Raises ValueError where fewer than two have a body that can be split."""
    able = [one for one in questions if len(one.body.split()) >= FEWEST_WORDS]
    if len(able) < 2:
        raise ValueError(
            f"Fewer than two questions have a body of {FEWEST_WORDS} words: there is nothing to learn from."
        )
    able = able[:: max(1, len(able) // MOST_QUESTIONS)][:MOST_QUESTIONS]
    quantities = np.concatenate([_compared(able, left, right, encoder) for left, right in KINDS])
    asks = len(able[:MOST_ASKS])
    together = np.tile(np.eye(asks, len(able), dtype=np.bool_).ravel(), len(KINDS))
    weight = np.where(together, 0.5 / together.sum(), 0.5 / (~together).sum())
    return Pairs(quantities, together, weight)


def fit(many: Sequence[Pairs], columns: Sequence[int]) -> Floats:
    """Return base and slopes, float64 [1 + c], of the likeliest logistic curve whose slopes are not below zero.

    Every community counts alike.
    """
    points = np.concatenate([_points(one, columns) for one in many])
    together = np.concatenate([one.together for one in many])
    weight = np.concatenate([one.weight for one in many]) / len(many)
    scale = points.std(axis=0)

    def loss(curve: Floats) -> tuple[float, Floats]:
        odds = curve[0] + (points / scale) @ curve[1:]
        wrong = weight * (1 / (1 + np.exp(-odds)) - together)
        lost = float((weight * np.logaddexp(0.0, np.where(together, -odds, odds))).sum())
        ridge = np.concatenate([[0.0], _RIDGE * curve[1:]])
        return lost + float(curve @ ridge) / 2, np.concatenate([[wrong.sum()], (points / scale).T @ wrong]) + ridge

    start = np.zeros(1 + len(columns))
    bounds = [(None, None), *[(0.0, None)] * len(columns)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    curve: Floats = np.concatenate([found.x[:1], found.x[1:] / scale])
    return curve


def judge(curve: Floats, held: Pairs, columns: Sequence[int]) -> dict[str, float]:
    """Return the mean logarithm lost, and by how much chances are off on average, in ten bins, at even odds."""
    odds = curve[0] + _points(held, columns) @ curve[1:]
    chance = 1 / (1 + np.exp(-odds))
    lost = float((held.weight * np.logaddexp(0.0, np.where(held.together, -odds, odds))).sum())
    off = np.bincount((chance * BINS).astype(int).clip(0, BINS - 1), held.weight * (chance - held.together), BINS)
    return {"log_loss": lost, "calibration_error": float(np.abs(off).sum())}


def measure(folders: Sequence[Path], encoder_name: str | None) -> dict[str, Any]:
    """Return the curves, fitted on all folders, and how each does on a folder that was left out, ready for JSON.

    `{"encoder": …, "curves": {"cosines" | "shares": {"curve": […], "left_out": {folder: {"log_loss": …,
    "calibration_error": …}}}}}`; with an encoder "meanings" as well. Raises ValueError for fewer than two folders, or
    an encoder that cannot be used.
    """
    if len(folders) < 2:
        raise ValueError("Name two folders or more: each is judged by what the others say.")
    encoder = _encoder(encoder_name)
    held = {folder.name: pairs(logged(folder), encoder) for folder in folders}
    ways = {"cosines": [0], "shares": [1]}
    if encoder is not None:
        ways = {"cosines": [0, 2], "shares": [1, 2], "meanings": [2]}
    return {
        "encoder": encoder_name,
        "pairs": {name: len(one.together) for name, one in held.items()},
        "curves": {way: _fitted(held, columns) for way, columns in ways.items()},
    }


def _fitted(held: dict[str, Pairs], columns: Sequence[int]) -> dict[str, Any]:
    left_out = {
        name: judge(fit([one for other, one in held.items() if other != name], columns), mine, columns)
        for name, mine in held.items()
    }
    return {"curve": fit(list(held.values()), columns).round(3).tolist(), "left_out": left_out}


def _compared(questions: Sequence[Logged], left: Part, right: Part, encoder: Encoder | None) -> Floats:
    ids = [f"{place:06}" for place in range(len(questions))]
    texts, asks = [right(one) for one in questions], [left(one) for one in questions[:MOST_ASKS]]
    vectors = None if encoder is None else encoder.encode(texts)
    asked = [None] * len(asks) if encoder is None else [*encoder.encode(asks)]
    there = read(Texts(ids=ids, texts=texts, vectors=vectors, encoder=encoder.name if encoder else ""))
    index = Index()
    index.add_questions(PastQuestion(id=name, text=text, at=0.0) for name, text in zip(ids, texts, strict=True))
    rows = []
    for ask, vector in zip(asks, asked, strict=True):
        words, meanings = compared(there, ask, vector)
        shares = {one.question: one.similarity for one in index.alike(ask, take=len(ids))}
        above = np.zeros(len(ids)) if meanings is None else np.nan_to_num(meanings)
        rows.append(np.stack([words, [shares.get(name, 0.0) for name in ids], np.maximum(above, 0.0)], axis=1))
    return np.concatenate(rows)


def _points(one: Pairs, columns: Sequence[int]) -> Floats:
    points: Floats = one.quantities[:, list(columns)]
    return points


def _half(text: str, which: int) -> str:
    words = text.split()
    middle = len(words) // 2
    return " ".join(words[middle:] if which else words[:middle])


def _encoder(name: str | None) -> Encoder | None:
    if name is None:
        return None
    loaded = load_installed(name)
    if loaded.encoder is None:
        raise ValueError(" ".join(refused.reason for refused in loaded.refused))
    return loaded.encoder


def main(arguments: Sequence[str]) -> int:
    """Print the figures as JSON, or say why there are none."""
    parser = argparse.ArgumentParser("python -m matchwell.similar.fitting", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--encoder", choices=["minilm", "universal"])
    given = parser.parse_args(arguments)
    try:
        found = measure(given.folders, given.encoder)
    except (ValueError, OSError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
