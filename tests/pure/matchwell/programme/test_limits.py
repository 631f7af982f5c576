"""Hard limits, one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.programme import Fits, Mentee, Mentor, Programme, assign, spread, stable
from matchwell.programme.limits import hours_apart
from tests.pure.matchwell.programme.small import may_meet, programmes


def two(mentee: Mentee, mentor: Mentor) -> Programme:
    """Return a programme of two who would fit."""
    return Programme(
        mentees=[mentee], mentors=[mentor], fits=Fits(mentee=[mentee.id], mentor=[mentor.id], parts={"topic": [1.0]})
    )


@pytest.mark.parametrize(
    ("here", "there", "meet"),
    [
        ({"pt"}, {"pt-BR"}, True),
        ({"en-GB"}, {"en_US", "fr"}, True),
        ({"de"}, {"EN"}, False),
        (set(), {"en"}, True),
        ({"en"}, set(), True),
    ],
)
def test_languages_meet_in_their_primary_part_and_an_empty_set_meets_any(
    here: set[str], there: set[str], meet: bool
) -> None:
    programme = two(Mentee(id="amina", languages=frozenset(here)), Mentor(id="ben", languages=frozenset(there)))

    assert bool(assign(programme).matches) is meet


@pytest.mark.parametrize("block", [("amina", "ben"), ("ben", "amina")])
def test_a_block_holds_either_way_round_and_others_are_passed_over(block: tuple[str, str]) -> None:
    programme = two(Mentee(id="amina"), Mentor(id="ben"))

    assert assign(replace(programme, blocks=[block])).unmatched == ("amina",)
    assert assign(replace(programme, blocks=[("amina", "stranger")])).unmatched == ()


def test_nobody_is_their_own_mentor() -> None:
    assert assign(two(Mentee(id="ben"), Mentor(id="ben"))).unmatched == ("ben",)


def test_clocks_too_far_apart_keep_people_apart_if_the_programme_says_so() -> None:
    programme = two(Mentee(id="amina", utc_offset=5.5), Mentor(id="ben", utc_offset=-3.0))

    assert assign(programme).unmatched == ()
    assert assign(replace(programme, most_hours_apart=8.5)).unmatched == ()
    assert assign(replace(programme, most_hours_apart=8.0)).unmatched == ("amina",)
    assert assign(replace(programme, mentors=[Mentor(id="ben")], most_hours_apart=0.0)).unmatched == ()


@given(here=st.floats(-12, 14), there=st.floats(-12, 14))
def test_hours_apart_go_round_the_clock(here: float, there: float) -> None:
    [apart] = hours_apart(np.array([here]), np.array([there]))

    assert 0 <= apart <= 12
    assert apart == hours_apart(np.array([there]), np.array([here]))[0]
    assert hours_apart(np.array([13.0]), np.array([-11.0]))[0] == 0, "the same hour, a day apart"


@given(programme=programmes(least=0.0))
def test_no_way_of_planning_breaks_a_limit_or_a_capacity(programme: Programme) -> None:
    mentees = {one.id: one for one in programme.mentees}
    mentors = {one.id: one for one in programme.mentors}

    for plan in (assign(programme, welfare="nash"), stable(programme), spread(programme)):
        taken = [match.mentor for match in plan.matches]
        assert all(taken.count(one.id) <= one.capacity for one in programme.mentors)
        assert all(may_meet(programme, mentees[one.mentee], mentors[one.mentor]) for one in plan.matches)
