"""The bench, really run and small: the figures are there, and what they are taken from is right. Nothing is timed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchwell.bench.beside import judged, nearest_of, stored
from matchwell.bench.measuring import FIGURES, measure
from matchwell.evaluate.logs import UnreadableFolder

MORE = {
    *("build_cpu_s", "save_s", "build_peak_mb", "load_cpu_s", "p50_cpu_ms", "p95_cpu_ms", "p99_cpu_ms"),
    *("with_ranker", "resident_mb", "mapped_mb", "updates_per_cpu_s", "without_figures"),
}


def everything(work: Path) -> Mapping[str, Any]:
    """Look for the nearest as an engine outside of the library would."""
    rows, asked, truth = stored(work)
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return judged(lambda ask: nearest_of(units @ ask, truth.shape[1]), list(asked), list(truth))


def nothing(work: Path) -> Mapping[str, Any]:
    """Say why there is nothing to say."""
    return {"why": "there is none here"}


def test_it_measures_each_size_beside_other_engines() -> None:
    found = measure([300, 1200], encoded=40, beside=["brute_force"], others={"all": everything, "none": nothing})

    assert [one["questions"] for one in found["sizes"]] == [300, 1200]
    for one, more in zip(found["sizes"], found["more"], strict=True):
        assert set(one) == {"questions", "people", *FIGURES, "beside"}
        assert all(one[name] > 0 for name in FIGURES)
        assert one["p50_ms"] <= one["p95_ms"] <= one["p99_ms"]
        assert one["beside"]["none"] is None
        assert one["beside"]["brute_force"]["recall"] > 0.95
        assert one["beside"]["all"]["recall"] > 0.95
        assert set(more) == {"questions", "people", *MORE}
        assert more["without_figures"] == {"none": "there is none here"}
    assert found["encoding"]["texts"] == 40
    assert found["encoding"]["texts_per_s"] > 0


def test_who_finds_half_of_what_is_nearest_has_half_the_recall() -> None:
    truth = [np.array([1, 2, 3, 4])] * 3

    assert judged(lambda ask: [1, 2, 8, 9], [np.zeros(1)] * 3, truth)["recall"] == 0.5


def test_a_folder_that_is_none_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFolder):
        measure([10], data=tmp_path)
