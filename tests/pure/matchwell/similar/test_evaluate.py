"""Clusters are held against tags, against who answered, and against other ways."""

import json
from pathlib import Path

import pytest

from matchwell.similar.evaluate import main
from tests.pure.matchwell.similar.logs import written


def test_the_figures_come_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path / "careers"))]) == 0

    [told] = json.loads(capsys.readouterr().out)["sets"]
    assert told["name"] == "careers"
    assert told["questions"] == 40
    assert set(told["ways"]) == {"words", "k_means_on_latent", "tags"}
    assert told["ways"]["words"]["purity"] == 1, "all have the tag career"
    assert told["ways"]["words"]["answerer_lift"] > 2
    assert 0 < told["ways"]["words"]["covered"] <= 1
    assert told["when_new_ones_come"]["ami_going_on"] > 0.8
    assert told["when_new_ones_come"]["names_kept_going_on"] >= told["when_new_ones_come"]["names_kept"]


def test_a_folder_without_a_log_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert ".parquet" in capsys.readouterr().err
