"""Stable plans, against the literature and against trying everything."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.programme import Fits, Mentee, Mentor, Plan, Programme, assign, blocking_pairs, stable
from matchwell.programme.values import Match
from tests.pure.matchwell.programme.lists import given_to, markets, other_lists, told
from tests.pure.matchwell.programme.small import (
    every_plan,
    orders,
    programmes,
    scores,
    shuffled,
    spring,
    who_would_rather,
)


def every_stable_plan(programme: Programme) -> list[dict[str, str]]:
    return [one for one in every_plan(programme) if not who_would_rather(programme, one)]


def test_gale_and_shapley_1962_example_1_three_stable_plans_of_six() -> None:
    programme = told(
        {"alpha": "ABC", "beta": "BCA", "gamma": "CAB"},
        {"A": ["beta", "gamma", "alpha"], "B": ["gamma", "alpha", "beta"], "C": ["alpha", "beta", "gamma"]},
    )

    assert stable(programme).mentor_of() == {"alpha": "A", "beta": "B", "gamma": "C"}
    assert stable(programme, favouring="mentors").mentor_of() == {"alpha": "C", "beta": "A", "gamma": "B"}
    assert {"alpha": "B", "beta": "C", "gamma": "A"} in every_stable_plan(programme)
    assert len(every_stable_plan(programme)) == 3


def test_gale_and_shapley_1962_example_2_one_stable_plan_and_nobody_gets_their_first_choice() -> None:
    programme = told(
        {"alpha": "ABCD", "beta": "ADCB", "gamma": "BACD", "delta": "DBCA"},
        {
            "A": ["delta", "gamma", "alpha", "beta"],
            "B": ["beta", "delta", "alpha", "gamma"],
            "C": ["delta", "alpha", "beta", "gamma"],
            "D": ["gamma", "beta", "alpha", "delta"],
        },
    )

    [only] = every_stable_plan(programme)

    assert only == {"alpha": "C", "beta": "D", "gamma": "A", "delta": "B"}
    assert stable(programme).mentor_of() == stable(programme, favouring="mentors").mentor_of() == only


def test_roth_and_sotomayor_1990_the_college_admissions_where_a_college_does_better_by_not_telling() -> None:
    students = {"s1": ["C3", "C1", "C2"], "s2": ["C2", "C1", "C3"], "s3": ["C1", "C3", "C2"], "s4": ["C1", "C2", "C3"]}
    colleges = {
        "C1": ["s1", "s2", "s3", "s4"],
        "C2": ["s1", "s2", "s3", "s4"],
        "C3": ["s3", "s1", "s2", "s4"],
    }
    places = {"C1": 2}

    truthful = told(students, colleges, places)
    untold = told(students, colleges | {"C1": ["s1", "s4"]}, places)

    assert len(every_stable_plan(truthful)) == 1
    assert given_to(stable(truthful)) == {"C1": {"s3", "s4"}, "C2": {"s2"}, "C3": {"s1"}}
    assert given_to(stable(truthful, favouring="mentors")) == given_to(stable(truthful))
    assert given_to(stable(untold, favouring="mentors")) == {"C1": {"s1", "s4"}, "C2": {"s2"}, "C3": {"s3"}}


def test_the_example_by_which_residents_are_told_how_the_national_match_works() -> None:
    programme = told(
        {
            "Arthur": ["City"],
            "Sunny": ["City", "Mercy"],
            "Darrius": ["City", "Mercy", "General"],
            "Joseph": ["City", "General", "Mercy"],
            "Latha": ["Mercy", "City", "General"],
        },
        {
            "Mercy": ["Darrius", "Latha", "Sunny", "Joseph"],
            "City": ["Darrius", "Arthur", "Sunny", "Latha", "Joseph"],
            "General": ["Darrius", "Joseph", "Latha"],
        },
        {"Mercy": 2, "City": 2, "General": 2},
    )

    plan = stable(programme)

    assert given_to(plan) == {"Mercy": {"Latha", "Sunny"}, "City": {"Darrius", "Arthur"}, "General": {"Joseph"}}


def test_two_prefer_each_other_to_the_best_for_all() -> None:
    assert blocking_pairs(spring(), assign(spring())) == [("amina", "ben")]
    assert stable(spring()).mentor_of() == {"amina": "ben", "chloe": "emil", "dora": "emil"}


def test_a_wish_stands_before_every_score() -> None:
    programme = Programme(
        mentees=[Mentee(id="amina", wishes=("emil",)), Mentee(id="chloe")],
        mentors=[Mentor(id="ben"), Mentor(id="emil", wishes=("chloe",))],
        fits=Fits(
            mentee=["amina", "amina", "chloe", "chloe"],
            mentor=["ben", "emil", "ben", "emil"],
            parts={"topic": [0.9, 0.1, 0.9, 0.8]},
        ),
    )

    assert stable(programme).mentor_of() == {"amina": "emil", "chloe": "ben"}


@given(programme=programmes())
def test_nobody_would_rather_have_each_other(programme: Programme) -> None:
    assert who_would_rather(programme, stable(programme).mentor_of()) == []
    assert who_would_rather(programme, stable(programme, favouring="mentors").mentor_of()) == []


@given(programme=programmes(), data=st.data())
def test_who_would_rather_have_each_other_is_found(programme: Programme, data: st.DataObject) -> None:
    mentor_of = data.draw(st.sampled_from(list(islice(every_plan(programme), 50))))
    by_hand = Plan(
        matches=tuple(Match(mentee=one, mentor=mentor_of[one], score=0, parts=()) for one in sorted(mentor_of)),
        unmatched=tuple(one.id for one in programme.mentees if one.id not in mentor_of),
    )

    assert blocking_pairs(programme, by_hand) == who_would_rather(programme, mentor_of)


@given(programme=programmes(most_people=3))
def test_no_stable_plan_is_better_or_worse_for_any_mentee(programme: Programme) -> None:
    likes, _ = orders(programme)
    best, worst = stable(programme).mentor_of(), stable(programme, favouring="mentors").mentor_of()
    plans = every_stable_plan(programme)

    assert best in plans
    assert worst in plans
    for other in plans:
        assert best.keys() == other.keys(), "the rural hospitals theorem"
        for mentee in other:
            place = likes[mentee].index
            assert place(best[mentee]) <= place(other[mentee]) <= place(worst[mentee])


@given(market=markets(complete=True, most=3), data=st.data())
def test_dubins_and_freedman_1981_no_mentee_does_better_by_another_list(
    market: tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]], data: st.DataObject
) -> None:
    mentees, mentors, places = market
    who = data.draw(st.sampled_from(sorted(mentees)))
    truth = mentees[who]
    given = stable(told(mentees, mentors, places)).mentor_of().get(who)
    contents = truth.index(given) if given else len(truth)

    for pretended in other_lists(truth):
        other = stable(told(mentees | {who: pretended}, mentors, places)).mentor_of().get(who)
        assert other is None or truth.index(other) >= contents


@given(programme=programmes(most_wishes=0))
def test_without_wishes_the_stable_plan_takes_the_best_pair_of_all_and_so_on(programme: Programme) -> None:
    fits = programme.fits
    apart = Fits(mentee=fits.mentee, mentor=fits.mentor, parts={"rank": range(len(fits.mentee))})
    programme = replace(programme, fits=apart)
    score = scores(programme)
    room = {one.id: one.capacity for one in programme.mentors}
    greedy: dict[str, str] = {}
    for mentee, mentor in sorted(score, key=lambda pair: -score[pair]):
        if mentee not in greedy and room[mentor]:
            greedy[mentee] = mentor
            room[mentor] -= 1

    assert stable(programme).mentor_of() == stable(programme, favouring="mentors").mentor_of() == greedy


@given(programme=programmes(), data=st.data())
def test_the_order_in_which_a_programme_is_told_changes_nothing(programme: Programme, data: st.DataObject) -> None:
    other = shuffled(data, programme)

    assert stable(other) == stable(programme)
    assert stable(other, favouring="mentors") == stable(programme, favouring="mentors")


def test_weights_are_checked_here_too() -> None:
    with pytest.raises(ValueError, match="no part 'charm'"):
        stable(spring(), weights={"charm": 1.0})
