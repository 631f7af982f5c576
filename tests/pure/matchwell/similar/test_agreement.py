"""Measures of agreement, held against sums done by hand and published values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.similar.agreement import adjusted_mutual_information, purity

groupings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def test_the_same_grouping_under_other_names_agrees_wholly() -> None:
    assert adjusted_mutual_information("aabbcc", [1, 1, 2, 2, 3, 3]) == pytest.approx(1)


def test_a_known_value() -> None:
    """The example of scikit-learn's documentation for this measure, with the mean of the entropies."""
    assert adjusted_mutual_information([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(0.298792, abs=1e-6)


def test_a_grouping_of_one_tells_nothing() -> None:
    assert adjusted_mutual_information("aaaa", "abab") == 0
    assert adjusted_mutual_information("aaaa", "aaaa") == 0


@given(pairs=groupings)
def test_it_is_the_same_both_ways_and_at_most_one(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)

    there, back = adjusted_mutual_information(one, other), adjusted_mutual_information(other, one)

    assert there == pytest.approx(back, abs=1e-9)
    assert there <= 1 + 1e-9


def test_groupings_of_other_things_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        adjusted_mutual_information("ab", "abc")


def test_purity_is_the_share_that_has_the_most_common_tag() -> None:
    a, b = frozenset({"a"}), frozenset({"b", "a"})
    assert purity([[a, a, b], [b, frozenset()]]) == pytest.approx(4 / 5)
    assert math.isnan(purity([]))
