"""The bench measures what it says, on a small size."""

import json

import pytest

from matchwell.similar.bench import drawn, main, measure


def test_a_size_is_measured_beside_plain_ways() -> None:
    told = measure(400)

    assert told["texts"] == 400
    assert told["twins_found"] == 1
    assert told["duplicates"] == 4
    assert told["clusters"] > 3
    assert set(told["steps"]) == {"draw", "read", "alike", "duplicates", "clusters"}
    assert all(step["wall_s"] > 0 for step in (*told["steps"].values(), *told["beside"].values()))
    assert told["peak_mb_beside"] >= told["peak_mb"] > 0


def test_the_same_seed_draws_the_same_texts() -> None:
    (one, twins), (again, _), (other, _) = drawn(50, 1), drawn(50, 1), drawn(50, 2)

    assert one.texts == again.texts
    assert one.texts != other.texts
    assert (one.meanings == again.meanings).all()  # type: ignore[union-attr]  # they have some
    assert all(name in one.ids for pair in twins for name in pair)


def test_each_size_is_measured_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["60"]) == 0
    assert [size["texts"] for size in json.loads(capsys.readouterr().out)["sizes"]] == [60]
