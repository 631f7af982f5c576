"""The plan with the most matches, the most score, and ties by identifier."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell.programme import Fits, Match, Mentee, Mentor, Programme, assign
from matchwell.programme.market import market
from matchwell.programme.optimum import best_choice
from matchwell.programme.prices import prices
from matchwell.programme.ties import settle
from matchwell.programme.weighing import Pairs, weigh
from tests.pure.matchwell.programme.small import every_plan, may_meet, programmes, scores, shuffled, spring


def test_the_best_for_all_is_not_the_best_for_each() -> None:
    plan = assign(spring())

    assert plan.mentor_of() == {"amina": "emil", "chloe": "ben", "dora": "emil"}
    assert plan.unmatched == ()
    assert plan.matches[0] == Match(mentee="amina", mentor="emil", score=0.8, parts=(("goals", 0.5), ("topic", 0.3)))
    assert plan.matches[1] == Match(mentee="chloe", mentor="ben", score=0.8, parts=(("topic", 0.8),))
    assert plan.total == pytest.approx(1.8)


def test_a_weight_moves_the_plan() -> None:
    plan = assign(spring(), weights={"goals": 0.5})

    assert plan.mentor_of() == {"amina": "ben", "chloe": "emil", "dora": "emil"}
    assert plan.matches[1].parts == (("topic", 0.5), ("goals", 0.05))


def test_more_mentees_matched_goes_before_any_score() -> None:
    programme = Programme(
        mentees=[Mentee(id="amina"), Mentee(id="chloe")],
        mentors=[Mentor(id="ben"), Mentor(id="emil")],
        fits=Fits(
            mentee=["amina", "amina", "chloe"], mentor=["ben", "emil", "ben"], parts={"topic": [1e6, -1e6, -1e6]}
        ),
    )

    assert assign(programme).mentor_of() == {"amina": "emil", "chloe": "ben"}


def test_of_two_alike_the_lower_identifiers_come_first() -> None:
    alike = Programme(
        mentees=[Mentee(id="dora"), Mentee(id="amina"), Mentee(id="chloe")],
        mentors=[Mentor(id="emil"), Mentor(id="ben")],
        fits=Fits(
            mentee=["dora", "dora", "chloe", "chloe", "amina", "amina"],
            mentor=["ben", "emil"] * 3,
            parts={"topic": [0.1, 0.2, 0.2, 0.3, 0.3, 0.4]},
        ),
    )

    plan = assign(alike)

    assert plan.mentor_of() == {"amina": "ben", "chloe": "emil"}
    assert plan.unmatched == ("dora",)


def test_a_wish_speaks_for_a_pair_that_nobody_thought_of() -> None:
    programme = Programme(
        mentees=[Mentee(id="amina", wishes=("emil", "ben"))],
        mentors=[Mentor(id="ben"), Mentor(id="emil", wishes=("amina",))],
        fits=Fits(mentee=["amina"], mentor=["ben"], parts={"topic": [0.9]}),
    )

    [match] = assign(programme).matches
    [other] = assign(programme, weights={"mentee_wish": 0.5, "mentor_wish": 0.0}).matches

    assert (match.mentor, match.parts) == ("emil", (("mentee_wish", 1.0), ("mentor_wish", 1.0)))
    assert (other.mentor, other.parts) == ("ben", (("topic", 0.9), ("mentee_wish", 0.25)))


@given(programme=programmes())
def test_the_plan_is_the_one_that_trying_every_plan_finds(programme: Programme) -> None:
    score = scores(programme)
    mentors = [one.id for one in programme.mentors]

    def goodness(plan: dict[str, str]) -> tuple[int, float, list[int]]:
        places = [mentors.index(plan[one.id]) if one.id in plan else len(mentors) for one in programme.mentees]
        return len(plan), round(sum(score[pair] for pair in plan.items()), 6), [-place for place in places]

    plan = assign(programme)

    assert plan.mentor_of() == max(every_plan(programme), key=goodness)
    assert {(match.mentee, match.mentor): match.score for match in plan.matches} == pytest.approx(
        {pair: score[pair] for pair in plan.mentor_of().items()}
    )


@given(programme=programmes(), data=st.data())
def test_the_order_in_which_a_programme_is_told_changes_nothing(programme: Programme, data: st.DataObject) -> None:
    weights = {"topic": 0.7, "goals": 0.1}

    assert assign(shuffled(data, programme), weights=weights) == assign(programme, weights=weights)


@given(programme=programmes())
def test_every_plan_keeps_the_limits(programme: Programme) -> None:
    mentees = {one.id: one for one in programme.mentees}
    mentors = {one.id: one for one in programme.mentors}

    plan = assign(programme)

    given_to = [match.mentor for match in plan.matches]
    assert all(given_to.count(one.id) <= one.capacity for one in programme.mentors)
    assert all(may_meet(programme, mentees[match.mentee], mentors[match.mentor]) for match in plan.matches)
    assert sorted([*plan.mentor_of(), *plan.unmatched]) == sorted(mentees)
    assert all(sum(one for _, one in match.parts) == pytest.approx(match.score) for match in plan.matches)


@given(programme=programmes(), data=st.data())
def test_one_more_mentor_never_lowers_the_number_matched(programme: Programme, data: st.DataObject) -> None:
    wishing = st.lists(st.sampled_from(programme.mentees), unique=True) if programme.mentees else st.just([])
    wishes = tuple(one.id for one in data.draw(wishing))
    more = replace(programme, mentors=[*programme.mentors, Mentor(id="r1b", capacity=2, wishes=wishes)])

    assert len(assign(more).matches) >= len(assign(programme).matches)


@given(
    seed=st.integers(0, 1000), grades=st.sampled_from([1, 3, 1000]), places=st.integers(1, 4), choices=st.integers(1, 6)
)
def test_whichever_best_choice_a_solver_finds_the_answer_is_the_same(
    seed: int, grades: int, places: int, choices: int
) -> None:
    chance = np.random.default_rng(seed)
    mentee = np.repeat(np.arange(60, dtype=np.int32), choices)
    mentor = np.concatenate([np.sort(chance.choice(20, choices, replace=False)) for _ in range(60)]).astype(np.int32)
    pairs = Pairs(
        mentee=mentee,
        mentor=mentor,
        score=chance.integers(grades, size=len(mentee)) / grades,
        row=np.arange(len(mentee)),
        mentees=60,
        capacity=chance.integers(1, places + 1, size=20).astype(np.int32),
    )
    mirrored = replace(
        pairs,
        mentee=59 - mentee[::-1],
        mentor=19 - mentor[::-1],
        score=pairs.score[::-1],
        capacity=pairs.capacity[::-1],
    )

    forth, back = market(pairs, pairs.score), market(mirrored, mirrored.score)
    where, other = best_choice(forth), best_choice(back)[::-1]

    other = np.where(other == forth.nobody, forth.nobody, 19 - other)
    assert (np.bincount(where, minlength=21)[:20] <= pairs.capacity).all()
    assert forth.gained(where).sum() == forth.gained(other).sum()
    assert settle(forth, other, prices(forth, other)).tolist() == where.tolist()


@given(programme=programmes())
def test_a_choice_that_is_not_the_best_has_no_prices(programme: Programme) -> None:
    pairs = weigh(programme)
    whole = market(pairs, pairs.score)
    where = best_choice(whole)
    worse = where.copy()
    worse[whole.gained(where) == whole.gained(where).max(initial=0)] = whole.nobody

    if (worse == where).all():
        return
    with pytest.raises(ValueError, match="not the best"):
        prices(whole, worse)


def test_an_empty_programme_has_an_empty_plan() -> None:
    nobody = Programme(mentees=[], mentors=[], fits=Fits(mentee=[], mentor=[], parts={}))
    alone = Programme(mentees=[Mentee(id="amina")], mentors=[], fits=Fits(mentee=[], mentor=[], parts={}))

    assert assign(nobody).matches == ()
    assert assign(alone).unmatched == ("amina",)
