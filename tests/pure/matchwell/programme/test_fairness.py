"""Welfare that lifts the low, plans that spread, and how groups fare."""

from math import isnan, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.programme import Fits, Mentee, Mentor, Plan, Programme, assign, by_group, soften, spread
from matchwell.programme.values import Match
from tests.pure.matchwell.programme.small import every_plan, programmes, scores, shuffled, spring


def one_favourite() -> Programme:
    """Ten mentees who all like Ben a little better than Emil; each could take all of them."""
    mentees = [f"mentee{number}" for number in range(10)]
    return Programme(
        mentees=[Mentee(id=name) for name in mentees],
        mentors=[Mentor(id="ben", capacity=10), Mentor(id="emil", capacity=10)],
        fits=Fits(mentee=mentees * 2, mentor=["ben"] * 10 + ["emil"] * 10, parts={"topic": [0.6] * 10 + [0.5] * 10}),
    )


def test_a_product_of_scores_lifts_the_one_who_would_have_little() -> None:
    programme = Programme(
        mentees=[Mentee(id="amina"), Mentee(id="chloe")],
        mentors=[Mentor(id="ben"), Mentor(id="emil")],
        fits=Fits(
            mentee=["amina", "amina", "chloe", "chloe"],
            mentor=["ben", "emil", "ben", "emil"],
            parts={"topic": [1.0, 0.6, 0.5, 0.2]},
        ),
    )

    assert assign(programme).mentor_of() == {"amina": "ben", "chloe": "emil"}
    assert assign(programme, welfare="nash").mentor_of() == {"amina": "emil", "chloe": "ben"}


@given(programme=programmes(least=0.1, most_wishes=0))
def test_the_product_is_the_largest_there_is(programme: Programme) -> None:
    score = {pair: one + 0.1 for pair, one in scores(programme).items()}
    fits = programme.fits
    raised = Programme(
        mentees=programme.mentees,
        mentors=programme.mentors,
        fits=Fits(mentee=fits.mentee, mentor=fits.mentor, parts={**fits.parts, "base": [0.1] * len(fits.mentee)}),
        blocks=programme.blocks,
        most_hours_apart=programme.most_hours_apart,
    )
    best_of = {one.id: max((score[pair] for pair in score if pair[0] == one.id), default=1) for one in raised.mentees}

    def product(plan: dict[str, str]) -> float:
        return prod(score[pair] / best_of[pair[0]] for pair in plan.items())

    plan = assign(raised, welfare="nash").mentor_of()

    most = max(map(len, every_plan(raised)))
    assert len(plan) == most
    assert product(plan) == pytest.approx(max(product(one) for one in every_plan(raised) if len(one) == most), rel=1e-6)


@given(programme=programmes(least=0.0, most_wishes=0), factor=st.floats(0.01, 100))
def test_whose_scores_run_high_gets_nothing_more_by_a_product(programme: Programme, factor: float) -> None:
    fits = programme.fits
    raised = [factor if mentee == "m0" else 1.0 for mentee in fits.mentee]
    louder = Programme(
        mentees=programme.mentees,
        mentors=programme.mentors,
        fits=Fits(
            mentee=fits.mentee,
            mentor=fits.mentor,
            parts={name: fits.part(name) * np.array(raised) for name in fits.parts},
        ),
        blocks=programme.blocks,
    )
    quiet = Programme(mentees=programme.mentees, mentors=programme.mentors, fits=fits, blocks=programme.blocks)
    score = scores(quiet)

    heard, unheard = (assign(one, welfare="nash").mentor_of() for one in (louder, quiet))

    assert heard.keys() == unheard.keys()
    assert prod(score[pair] for pair in heard.items()) == pytest.approx(
        prod(score[pair] for pair in unheard.items()), rel=1e-5
    )


def test_a_product_of_scores_below_zero_is_refused() -> None:
    programme = Programme(
        mentees=[Mentee(id="amina")],
        mentors=[Mentor(id="ben")],
        fits=Fits(mentee=["amina"], mentor=["ben"], parts={"topic": [-0.1]}),
    )

    with pytest.raises(ValueError, match="none can be below zero"):
        assign(programme, welfare="nash")


def test_a_soft_plan_spreads_the_load_and_the_rounded_one_keeps_it() -> None:
    soft = soften(one_favourite(), softness=2.0)
    share = dict(zip(zip(soft.mentee, soft.mentor, strict=True), soft.share.tolist(), strict=True))

    loads = [match.mentor for match in spread(one_favourite(), softness=2.0).matches]

    assert soft.has_converged
    assert share["mentee0", "ben"] / share["mentee0", "emil"] == pytest.approx(np.exp(1.0))
    assert [match.mentor for match in assign(one_favourite()).matches] == ["ben"] * 10
    assert (loads.count("ben"), loads.count("emil")) == (8, 2)


@given(programme=programmes(least=0.0), softness=st.sampled_from([0.1, 0.5, 2.0]))
def test_shares_add_up_to_no_more_than_people_and_places(programme: Programme, softness: float) -> None:
    soft = soften(programme, softness=softness)
    people = {one.id: 1.0 + soft.error * len(programme.mentees) for one in programme.mentees}
    places = {one.id: float(one.capacity) for one in programme.mentors}

    assert (soft.share >= 0).all()
    for side, most in ((soft.mentee, people), (soft.mentor, places)):
        for name in set(side):
            total = sum(one for who, one in zip(side, soft.share.tolist(), strict=True) if who == name)
            assert total <= most[name] + 1e-9
    assert set(zip(soft.mentee, soft.mentor, strict=True)) == set(scores(programme))


@given(programme=programmes())
def test_a_spread_plan_matches_as_many_as_any(programme: Programme) -> None:
    assert len(spread(programme).matches) == len(assign(programme).matches)


@given(programme=programmes(), data=st.data())
def test_the_order_in_which_a_programme_is_told_changes_nothing(programme: Programme, data: st.DataObject) -> None:
    assert spread(shuffled(data, programme)) == spread(programme)


def test_a_plan_of_little_softness_is_the_one_of_the_highest_total() -> None:
    soft = soften(spring(), softness=0.02)

    share = dict(zip(zip(soft.mentee, soft.mentor, strict=True), soft.share.tolist(), strict=True))
    planned = assign(spring()).mentor_of()
    assert soft.has_converged
    assert {pair: round(one, 2) for pair, one in share.items()} == {
        pair: float(pair in planned.items()) for pair in share
    }


@pytest.mark.parametrize(
    "odd", [{"softness": 0.0}, {"softness": float("nan")}, {"tolerance": -1.0}, {"most_sweeps": 0}]
)
def test_a_softness_of_nothing_is_refused(odd: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        soften(one_favourite(), **odd)  # type: ignore[arg-type]  # odd on purpose


def test_a_soft_plan_cut_short_says_so() -> None:
    scarce = Programme(
        mentees=[Mentee(id=f"mentee{number}", wishes=("ben", "emil")) for number in range(5)],
        mentors=[Mentor(id="ben", capacity=2), Mentor(id="emil", capacity=1)],
        fits=Fits(mentee=(), mentor=(), parts={}),
    )

    assert not soften(scarce, most_sweeps=1).has_converged
    assert soften(scarce).has_converged
    assert soften(scarce).share.sum() == pytest.approx(3, abs=0.01)


def labelled(fits: list[float | None], label: str | None = "a", first: int = 0) -> tuple[list[Mentee], list[Match]]:
    """Return mentees of a group, and matches with Ben for those who have a fit."""
    names = [f"mentee{first + place:03}" for place in range(len(fits))]
    matches = [
        Match(mentee=name, mentor="ben", score=fit, parts=())
        for name, fit in zip(names, fits, strict=True)
        if fit is not None
    ]
    return [Mentee(id=name, group=label) for name in names], matches


def planned(*groups: tuple[list[Mentee], list[Match]]) -> tuple[Programme, Plan]:
    mentees = [one for people, _ in groups for one in people]
    matches = [one for _, made in groups for one in made]
    programme = Programme(
        mentees=mentees, mentors=[Mentor(id="ben", capacity=100)], fits=Fits(mentee=(), mentor=(), parts={})
    )
    matched = {one.mentee for one in matches}
    unmatched = tuple(one.id for one in mentees if one.id not in matched)
    return programme, Plan(matches=tuple(matches), unmatched=unmatched)


def test_groups_are_told_by_share_matched_and_mean_fit() -> None:
    programme, plan = planned(
        labelled([0.4, 0.6, None, None] * 5), labelled([1.0] * 20, "b", 20), labelled([None] * 6, None, 40)
    )

    a, b, unsaid = by_group(programme, plan)

    assert (a.side, a.label, a.people) == ("mentees", "a", 20)
    assert (a.matched.mean, a.fit.mean) == pytest.approx((0.5, 0.5))
    assert a.matched.low < 0.5 < a.matched.high
    assert a.fit.low < 0.5 < a.fit.high
    assert (b.matched.low, b.matched.high) == (1.0, 1.0)
    assert (unsaid.label, unsaid.matched.mean) == (None, 0.0)
    assert isnan(unsaid.fit.mean)
    assert isnan(unsaid.fit.low)


def test_a_group_of_few_is_left_out_and_the_others_stay_as_they_are() -> None:
    many, few = labelled([0.4, 0.6, None] * 4), labelled([0.9, None], "b", 50)

    [alone] = by_group(*planned(many))
    [beside_few] = by_group(*planned(many, few))
    shown = by_group(*planned(many, few), fewest=1)

    assert alone == beside_few
    assert [one.label for one in shown if one.side == "mentees"] == ["a", "b"]


def test_mentors_have_groups_too() -> None:
    mentees, _ = labelled([0.0] * 4)
    programme = Programme(
        mentees=mentees,
        mentors=[Mentor(id=f"mentor{number}", capacity=2, group="x") for number in range(5)],
        fits=Fits(mentee=(), mentor=(), parts={}),
    )
    matches = [
        Match(mentee=one.id, mentor=mentor, score=score, parts=())
        for one, mentor, score in zip(mentees, ["mentor0", "mentor0", "mentor1"], [0.2, 0.4, 0.9], strict=False)
    ]

    [x] = by_group(programme, Plan(matches=tuple(matches), unmatched=(mentees[3].id,)), fewest=5)

    assert (x.side, x.label, x.people) == ("mentors", "x", 5)
    assert (x.matched.mean, x.fit.mean) == pytest.approx((0.4, (0.3 + 0.9) / 2))


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    [group] = by_group(*planned(labelled([0.5, None] * 200)))

    error = 1.96 * np.sqrt(0.25 / 400)
    assert group.matched.low == pytest.approx(0.5 - error, abs=0.01)
    assert group.matched.high == pytest.approx(0.5 + error, abs=0.01)
