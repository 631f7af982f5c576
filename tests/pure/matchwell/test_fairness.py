"""Who is found and who is helped, by group: examples to check by eye, and what holds for every community."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isclose, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.fairness import (
    FEWEST,
    Estimate,
    MenteeRecord,
    MentorRecord,
    Row,
    gini,
    mentee_report,
    mentor_report,
    weight_of,
    wilson,
)


def mentor(group: str | None, invitations: int, accepted: int = 0, told: int = 0, helped: int = 0) -> MentorRecord:
    return MentorRecord(
        group=group,
        invitations=invitations,
        exposure=invitations * weight_of(2),
        accepted=accepted,
        told=told,
        helped=helped,
    )


def mentee(group: str | None, asked: int, answered: int, minutes: float | None = None) -> MenteeRecord:
    return MenteeRecord(group=group, asked=asked, answered=answered, minutes=minutes)


def names(rows: Sequence[Row]) -> list[str]:
    return [row.label or row.part for row in rows]


def figure(row: Row, name: str) -> Estimate:
    found = row.figures[name]
    assert found is not None
    return found


def test_a_place_counts_less_the_further_down_it_is() -> None:
    assert weight_of(1) == 1
    assert weight_of(3) == 0.5
    assert weight_of(10) == pytest.approx(1 / log2(11))


def test_mentors_are_told_by_invitations_a_head_and_the_share_they_accept() -> None:
    report = mentor_report([*[mentor("yes", 2, 1)] * 10, *[mentor("no", 6, 3)] * 10])

    everybody, no, yes = report.rows
    assert names(report.rows) == ["all", "no", "yes"]
    assert figure(everybody, "invitations").value == 4
    assert figure(yes, "invitations").value == 2
    assert figure(yes, "invitations").ratio == 0.5
    assert figure(no, "exposure").value == pytest.approx(6 * weight_of(2))
    assert figure(yes, "accepted").value == 0.5
    assert (figure(yes, "invitations").differs, figure(no, "invitations").differs) == (-1, 1)
    assert figure(yes, "accepted").differs == 0
    assert yes.figures["helped"] is None
    assert report.busiest == pytest.approx(60 / 80)


def test_mentees_are_told_by_answers_wait_and_help() -> None:
    waits = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0]
    quick = [mentee("yes", 2, 2, wait) for wait in waits]
    slow = [mentee("no", 2, 1, wait * 60) for wait in waits]
    silent = [mentee(None, 1, 0) for _ in range(6)]

    everybody, no, yes, quiet = mentee_report([*quick, *slow, *silent]).rows

    assert (yes.people, no.people, quiet.part, quiet.people) == (8, 8, "silent", 6)
    assert figure(yes, "minutes").value == 8.5
    assert (figure(yes, "minutes").low, figure(yes, "minutes").high) == (6.0, 12.0)
    assert figure(no, "answered").value == 0.5
    assert figure(yes, "answered").differs == 1
    assert figure(quiet, "answered").differs == -1
    assert quiet.figures["minutes"] is None
    assert figure(everybody, "minutes").people == 16


def test_groups_of_few_are_put_together() -> None:
    mentors = [mentor(group, 1) for group, size in (("a", 9), ("b", 3), ("c", 3), (None, 7)) for _ in range(size)]

    rows = mentor_report(mentors).rows

    assert [(row.label or row.part, row.people) for row in rows] == [
        ("all", 22),
        ("a", 9),
        ("others", 6),
        ("silent", 7),
    ]


def test_where_the_others_are_few_they_are_not_shown_by_what_is_missing() -> None:
    two = [mentor(group, 1) for group, size in (("a", 9), ("b", 2), (None, 6)) for _ in range(size)]
    one = [mentor(group, 1) for group, size in (("a", 9), ("b", 2)) for _ in range(size)]

    assert [(row.label or row.part, row.people) for row in mentor_report(two).rows] == [
        ("all", 17),
        ("a", 9),
        ("others", 8),
    ]
    assert names(mentor_report(one).rows) == ["all"], "what is not of a would be of b"


def test_who_said_nothing_goes_with_the_few_before_any_group_does() -> None:
    sizes = (("a", 9), ("b", 6), ("c", 2), (None, 8))

    rows = mentor_report([mentor(group, 1) for group, size in sizes for _ in range(size)]).rows

    assert [(row.label or row.part, row.people) for row in rows] == [("all", 25), ("a", 9), ("b", 6), ("others", 10)]


def test_nothing_is_said_of_few() -> None:
    report = mentor_report([mentor("a", 3)] * 4)

    assert (report.rows, report.gini, report.busiest) == ((), None, None)
    assert mentee_report([]).rows == ()


def test_a_small_group_that_chance_could_have_made_does_not_differ() -> None:
    market = [mentor("rest", 0)] * 85 + [mentor("rest", 40)] * 10 + [mentor("five", 0)] * 5

    *_, five, _rest = sorted(mentor_report(market).rows, key=lambda row: row.label)

    assert figure(five, "invitations").value == 0
    assert figure(five, "invitations").high == 0, "the bootstrap alone would call it proven"
    assert figure(five, "invitations").differs == 0


def test_an_interval_is_as_wide_as_people_differ() -> None:
    alike = [mentee(None, 10, 5 + number % 2) for number in range(20)]
    apart = [mentee(None, 10, 10 * (number % 2)) for number in range(20)]

    [even], [split] = mentee_report(alike).rows, mentee_report(apart).rows

    wide = figure(split, "answered").high - figure(split, "answered").low
    assert figure(even, "answered").high - figure(even, "answered").low < wide / 2
    assert wide > 2 * 1.96 * (0.25 / 20) ** 0.5 * 0.9, "as wide as that of twenty people"


def test_a_talkative_person_makes_no_interval_narrower() -> None:
    alike = [mentee("a", 2, 1) for _ in range(20)]
    with_one = [*alike, mentee("a", 1000, 500)]

    [few], [many] = mentee_report(alike).rows, mentee_report(with_one).rows

    assert (
        figure(many, "answered").high - figure(many, "answered").low
        > figure(few, "answered").high - figure(few, "answered").low
    )


def test_the_gini_coefficient_is_that_of_the_books() -> None:
    assert gini([3, 3, 3]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(1 - 1 / 4)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([0, 0]) is None
    assert gini([]) is None


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert list(wilson(0.5, 10)) == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert list(wilson(0.0, 5)) == pytest.approx([0.0, 0.4345], abs=1e-4)
    assert wilson(1.0, 5)[0] == pytest.approx(0.5655, abs=1e-4)


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="accepts more"):
        MentorRecord(group=None, invitations=1, exposure=1.0, accepted=2)
    with pytest.raises(ValueError, match="than were asked"):
        MenteeRecord(group=None, asked=1, answered=2)
    with pytest.raises(ValueError, match="minutes"):
        MenteeRecord(group=None, asked=1, answered=1, minutes=inf)


groups = st.sampled_from(["a", "b", "c", "d", None])
counts = st.integers(0, 30)
mentors = st.lists(
    st.builds(
        lambda group, more, accepted, told, helped: mentor(group, accepted + more, accepted, told + helped, helped),
        groups,
        counts,
        counts,
        counts,
        counts,
    ),
    max_size=40,
)
mentees = st.lists(
    st.builds(
        lambda group, more, answered, minutes: mentee(group, answered + more, answered, minutes),
        groups,
        counts,
        counts,
        st.none() | st.floats(0, 1e5),
    ),
    max_size=40,
)


@given(people=mentors, asking=mentees, data=st.data())
def test_the_order_in_which_people_are_told_changes_nothing(
    people: list[MentorRecord], asking: list[MenteeRecord], data: st.DataObject
) -> None:
    assert mentor_report(data.draw(st.permutations(people))) == mentor_report(people)
    assert mentee_report(data.draw(st.permutations(asking))) == mentee_report(asking)


@given(people=mentors)
def test_everybody_is_in_one_row_and_no_row_is_of_few(people: list[MentorRecord]) -> None:
    rows = mentor_report(people).rows

    assert all(row.people >= FEWEST for row in rows)
    assert bool(rows) is (len(people) >= FEWEST)
    if rows:
        everybody, *parts = rows
        assert everybody.people == len(people)
        assert not parts or sum(row.people for row in parts) == len(people)
        assert len(parts) != 1
    for row in rows:
        assert all(estimate is None or estimate.people >= FEWEST for estimate in row.figures.values())


@given(people=mentors)
def test_a_figure_lies_in_its_interval_and_the_groups_make_up_the_whole(people: list[MentorRecord]) -> None:
    rows = mentor_report(people).rows

    for row in rows:
        for name, estimate in row.figures.items():
            if estimate is not None:
                assert estimate.low <= estimate.value + 1e-9
                assert estimate.high >= estimate.value - 1e-9
                assert name not in {"accepted", "helped"} or 0 <= estimate.low <= estimate.high <= 1
    if len(rows) > 1:
        everybody, *parts = rows
        whole = sum(figure(row, "invitations").value * row.people for row in parts)
        assert isclose(whole, figure(everybody, "invitations").value * everybody.people, abs_tol=1e-6)


@given(people=mentors)
def test_what_groups_people_name_changes_nothing_about_all(people: list[MentorRecord]) -> None:
    silent = mentor_report([replace(one, group=None) for one in people])

    report = mentor_report(people)

    assert silent.rows == report.rows[:1]
    assert (silent.gini, silent.busiest) == (report.gini, report.busiest)


@given(values=st.lists(st.integers(0, 1000), min_size=1, max_size=30), times=st.integers(1, 50))
def test_the_gini_coefficient_knows_no_unit(values: list[int], times: int) -> None:
    found = gini(values)

    assert found is None or -1e-12 <= found <= 1 - 1 / len(values) + 1e-12
    assert gini([times * value for value in values]) == (None if found is None else pytest.approx(found))


def test_groups_drawn_by_lot_seldom_differ() -> None:
    chance = np.random.default_rng(7)
    differing = 0
    for _ in range(100):
        invitations = chance.pareto(1.2, size=60).astype(int)
        lot = chance.permutation(60) < 15
        rows = mentor_report(
            [mentor("lot" if is_in else None, int(count)) for is_in, count in zip(lot, invitations, strict=True)]
        ).rows
        differing += abs(figure(rows[1], "invitations").differs)

    assert differing <= 12, "some five of a hundred, by chance"
