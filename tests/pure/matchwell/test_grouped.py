"""Rows in groups, held against plain lists."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchwell.grouped import Grouped

groups_of_rows = st.lists(st.integers(min_value=0, max_value=6), max_size=30)


@given(
    groups=groups_of_rows,
    later=groups_of_rows,
    asked=st.lists(st.integers(min_value=0, max_value=9), max_size=5),
    until=st.integers(min_value=0, max_value=60),
    most=st.none() | st.integers(min_value=0, max_value=4),
)
def test_it_holds_what_a_list_a_group_would(
    groups: list[int], later: list[int], asked: list[int], until: int, most: int | None
) -> None:
    everything = np.array([*groups, *later], np.int32)
    grouped = Grouped.of(everything[: len(groups)]).with_more(everything)

    taken = grouped.take(np.array(asked, np.int32), until=until, most=most)

    expected = [[row for row, group in enumerate(everything) if group == one and row < until] for one in asked]
    newest = [rows if most is None else rows[len(rows) - min(most, len(rows)) :] for rows in expected]
    assert taken.rows.tolist() == [row for rows in newest for row in rows]
    assert taken.owner.tolist() == [place for place, rows in enumerate(newest) for _ in rows]
    assert taken.counts.tolist() == [len(rows) for rows in expected]
    assert taken.starts.tolist() == [sum(map(len, newest[:place])) for place in range(len(asked))]


@given(groups=groups_of_rows, later=groups_of_rows)
def test_it_tells_the_first_row_and_the_number_of_rows_of_each_group(groups: list[int], later: list[int]) -> None:
    everything = np.array([*groups, *later], np.int32)
    grouped = Grouped.of(everything[: len(groups)]).with_more(everything)
    there = sorted(set(everything.tolist()))

    assert grouped.first(np.array(there, np.int32)).tolist() == [everything.tolist().index(group) for group in there]
    assert grouped.counts(10).tolist() == [everything.tolist().count(group) for group in range(10)]


def test_a_thousand_newer_rows_are_sorted_in_and_nothing_is_lost() -> None:
    everything = np.arange(3000, dtype=np.int32) % 7
    grouped = Grouped.of(everything[:1000])
    for end in range(1100, 3001, 100):
        grouped = grouped.with_more(everything[:end])

    assert len(grouped) == 3000
    assert grouped.take(np.array([3], np.int32), until=3000).rows.tolist() == list(range(3, 3000, 7))
