"""The curves are fitted on questions of other communities, and judged on one that was left out."""

import json
from pathlib import Path

import numpy as np
import pytest

from matchwell.likelihood import OF_COSINES, OF_SHARES
from matchwell.similar.fitting import Pairs, fit, judge, main, measure, pairs
from matchwell.similar.logged import logged
from tests.pure.matchwell.similar.logs import written


def drawn(curve: tuple[float, ...], seed: int) -> Pairs:
    """Return pairs that belong together as often as a curve says."""
    chance = np.random.default_rng(seed)
    quantities = np.column_stack([chance.random(20_000), chance.random(20_000), chance.random(20_000) * 4])
    odds = curve[0] + curve[1] * quantities[:, 0] + curve[2] * quantities[:, 2]
    together = chance.random(20_000) < 1 / (1 + np.exp(-odds))
    return Pairs(quantities, together, np.full(20_000, 1 / 20_000))


def test_a_curve_is_found_again() -> None:
    curve = (-3.0, 2.0, 1.5)

    found = fit([drawn(curve, 1), drawn(curve, 2)], [0, 2])

    assert found == pytest.approx(curve, abs=0.15)
    assert judge(found, drawn(curve, 3), [0, 2])["calibration_error"] < 0.01


def test_a_slope_is_never_below_zero() -> None:
    assert fit([drawn((0.0, -2.0, 1.0), 1)], [0, 2])[1] == 0


def test_a_curve_that_is_off_is_found_out() -> None:
    assert judge(np.array([2.0, 2.0]), drawn((-3.0, 2.0, 0.0), 1), [0])["calibration_error"] > 0.3


def test_parts_of_a_question_are_told_from_parts_of_others(tmp_path: Path) -> None:
    held = pairs(logged(written(tmp_path / "careers")), None)

    assert held.weight.sum() == pytest.approx(1)
    assert held.weight[held.together].sum() == pytest.approx(0.5)
    for column, curves in ((0, OF_COSINES), (1, OF_SHARES)):
        shipped = np.array([curves[""].base, curves[""].words])
        nothing_known = judge(np.zeros(2), held, [column])["log_loss"]
        assert judge(shipped, held, [column])["log_loss"] < 0.85 * nothing_known, "a community that had no part in it"


def test_the_figures_come_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [written(tmp_path / "one"), written(tmp_path / "other", suffix="All the same, I would like to know it.")]

    assert main([str(folder) for folder in folders]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["curves"]["cosines"]["left_out"].keys() == {"one", "other"}
    assert set(told["curves"]) == {"cosines", "shares"}
    assert told["curves"]["cosines"]["curve"][1] > 0


def test_what_cannot_be_fitted_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="two folders or more"):
        measure([tmp_path], None)
    with pytest.raises(ValueError, match="body of 30 words"):
        pairs([], None)
    assert main([str(tmp_path), str(tmp_path)]) == 1
    assert ".parquet" in capsys.readouterr().err
