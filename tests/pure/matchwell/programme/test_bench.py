"""The benchmark measures what it says, on something small."""

import json

import pytest

from matchwell.programme.bench import drawn, measure


def test_a_measurement_is_json_with_every_way_and_the_alternatives() -> None:
    told = json.loads(json.dumps(measure(sizes=[40], seed=1)))

    [size] = told["sizes"]
    ways = size["ways"]
    assert set(ways) == {
        "assign",
        "assign_nash",
        "stable_mentees",
        "stable_mentors",
        "spread",
        "greedy",
        "dense",
    }
    assert (size["mentees"], size["mentors"], size["pairs"], size["plans_in_preview"]) == (40, 8, 320, 10)
    assert ways["dense"]["total"] == pytest.approx(ways["assign"]["total"])
    assert ways["greedy"]["ratio"] <= ways["assign"]["ratio"] == 1.0
    assert ways["stable_mentees"]["blocking_pairs"] == 0


def test_a_programme_is_drawn_by_its_seed() -> None:
    assert drawn(20, 1).fits.part("topic").tolist() == drawn(20, 1).fits.part("topic").tolist()
    assert drawn(20, 1).fits.part("topic").tolist() != drawn(20, 2).fits.part("topic").tolist()
