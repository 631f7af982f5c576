"""Who stands where on a shortlist, and why: on a ward small enough to check by eye, and drawn by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell import Weights
from matchwell.shortlist import Place, Scored, shortlist
from tests.pure.matchwell.worlds import EVERYONE, NO_PLACES

ONE_NEIGHBOUR = replace(NO_PLACES, neighbours_within=5)


@dataclass(frozen=True, kw_only=True)
class One:
    """A person as the shortlist sees them."""

    id: str
    score: float
    background: frozenset[str] = frozenset()
    is_newcomer: bool = False
    own_words: float = 0.0
    load: float = 0.0
    room: float = inf


def scored(people: Sequence[One], *, is_log: bool = False) -> Scored:
    backgrounds = list(dict.fromkeys([frozenset(), *(one.background for one in people)]))
    return Scored(
        ids=[one.id for one in people],
        person=np.arange(len(people), dtype=np.int32),
        score=np.array([one.score for one in people], np.float64),
        is_newcomer=np.array([one.is_newcomer for one in people], np.bool_),
        own_words=np.array([one.own_words for one in people], np.float64),
        load=np.array([one.load for one in people], np.float64),
        room=np.array([one.room for one in people], np.float64),
        background=np.array([backgrounds.index(one.background) for one in people], np.int32),
        backgrounds=backgrounds,
        is_log=is_log,
    )


def listed(
    people: Sequence[One], weights: Weights = NO_PLACES, take: int = EVERYONE, *, is_log: bool = False
) -> list[tuple[str, str]]:
    """Return who stands where and why."""
    return [(people[place.person].id, place.why) for place in places(people, weights, take, is_log=is_log)]


def places(people: Sequence[One], weights: Weights, take: int = EVERYONE, *, is_log: bool = False) -> list[Place]:
    return shortlist(scored(people, is_log=is_log), weights, take)


def nurses(*scores: float) -> list[One]:
    return [One(id=f"nurse {place}", score=score, background=HEALTH) for place, score in enumerate(scores, start=1)]


HEALTH, TRADES, LAW = frozenset({"health"}), frozenset({"trades"}), frozenset({"law"})


def test_somebody_from_another_field_stands_fifth_when_they_are_strong_enough() -> None:
    ward = nurses(10, 9, 8, 7, 6, 5.5)
    emil = One(id="emil", score=5, background=TRADES)

    assert listed([*ward, emil], ONE_NEIGHBOUR)[4:] == [("emil", "neighbour"), ("nurse 5", "rank"), ("nurse 6", "rank")]
    assert ("emil", "rank") in listed([*ward, replace(emil, score=4.99)], ONE_NEIGHBOUR)
    assert ("emil", "neighbour") in listed(
        [*ward, replace(emil, score=2)], replace(ONE_NEIGHBOUR, neighbour_strength=0.2)
    )


def test_the_strongest_from_another_field_is_taken_whichever_field_that_is() -> None:
    others = [One(id="emil", score=6, background=TRADES), One(id="lea", score=6.5, background=LAW)]

    assert listed([*nurses(10, 9, 8, 7, 7), *others], ONE_NEIGHBOUR)[4] == ("lea", "neighbour")


def test_nobody_is_moved_where_fields_are_mixed_or_not_known() -> None:
    emil = One(id="emil", score=5, background=TRADES)
    mixed = [*nurses(10, 9, 8, 7), One(id="lea", score=6, background=LAW)]
    two_fields = [*nurses(10, 9), *(replace(one, id=f"{one.id} at law", background=LAW) for one in nurses(8, 7))]
    unknown = [replace(one, background=frozenset()) for one in nurses(10, 9, 8, 7, 6)]

    for first in (mixed, [*two_fields, One(id="x", score=6)], unknown):
        assert all(why == "rank" for _, why in listed([*first, emil], ONE_NEIGHBOUR))


def test_who_shares_the_field_or_states_none_is_no_neighbour() -> None:
    both = One(id="both", score=5.5, background=HEALTH | TRADES)
    silent = One(id="silent", score=5.5)

    assert all(why == "rank" for _, why in listed([*nurses(10, 9, 8, 7, 6), both, silent], ONE_NEIGHBOUR))


def test_a_place_is_kept_only_for_a_newcomer_whose_words_are_near_enough() -> None:
    newcomer = One(id="new", score=3, is_newcomer=True, own_words=0.3)
    weights = replace(NO_PLACES, newcomer_places=(1,), newcomer_fit=0.3)

    assert listed([*nurses(10, 9), newcomer], weights)[0] == ("new", "newcomer")
    assert listed([*nurses(10, 9), replace(newcomer, own_words=0.29)], weights)[2] == ("new", "rank")
    with pytest.raises(ValueError, match="from 0 to 1"):
        Weights(newcomer_fit=1.1)


def test_a_neighbour_takes_no_place_from_a_newcomer() -> None:
    newcomers = [One(id=f"new {n}", score=1 + n / 10, background=HEALTH, is_newcomer=True, own_words=1) for n in (1, 2)]
    emil = One(id="emil", score=5.2, background=TRADES)
    weights = replace(ONE_NEIGHBOUR, newcomer_places=(5, 7))

    assert listed([*nurses(10, 9, 8, 7, 6, 5.5), emil, *newcomers], weights)[3:7] == [
        ("emil", "neighbour"),
        ("new 2", "newcomer"),
        ("nurse 4", "rank"),
        ("new 1", "newcomer"),
    ]


def test_a_newcomer_whom_a_neighbour_would_push_off_the_kept_place_stays_there() -> None:
    newcomer = One(id="new", score=7, background=HEALTH, is_newcomer=True, own_words=1)
    emil = One(id="emil", score=6, background=TRADES)
    weights = replace(ONE_NEIGHBOUR, newcomer_places=(4,), neighbours_within=3)

    assert listed([*nurses(10, 9, 8), newcomer, emil], weights) == [
        ("nurse 1", "rank"),
        ("nurse 2", "rank"),
        ("emil", "neighbour"),
        ("new", "newcomer"),
        ("nurse 3", "rank"),
    ]


def test_whoever_has_no_room_is_out() -> None:
    people = [One(id="full", score=3, room=0), One(id="one left", score=2, room=1), One(id="any", score=1)]

    assert listed(people) == [("one left", "rank"), ("any", "rank")]


def test_invitations_hold_back_as_said() -> None:
    people = [One(id="ben", score=2.0, load=15), One(id="zoe", score=1.6)]

    ben, zoe = places(people, replace(NO_PLACES, load=0.05))
    assert ben.score == pytest.approx(2.0 / 16**0.05)
    assert zoe.score == 1.6
    assert ben.score == pytest.approx(2.0 * exp(-ben.held_back))
    assert listed(people, replace(NO_PLACES, load=0.1)) == [("zoe", "rank"), ("ben", "rank")]


def test_a_score_that_is_not_a_number_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="not a number"):
        scored([One(id="ben", score=nan)])
    with pytest.raises(ValueError, match="a part of the best"):
        Weights(neighbour_strength=0)


people_lists = st.lists(
    st.builds(
        One,
        id=st.text("abcdefgh", min_size=1, max_size=3),
        score=st.integers(1, 40).map(lambda tenths: tenths / 10),
        background=st.sampled_from([frozenset[str](), HEALTH, TRADES, LAW, HEALTH | TRADES]),
        is_newcomer=st.booleans(),
        own_words=st.sampled_from([0.0, 0.5, 0.7]),
        load=st.sampled_from([0.0, 0.0, 1.0, 7.0, 500.0]),
        room=st.sampled_from([inf, inf, 3.0, 1.0, 0.0, -2.0]),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)
wanted = st.builds(
    Weights,
    newcomer_places=st.lists(st.integers(1, 8), max_size=3).map(tuple),
    newcomer_fit=st.sampled_from([0.0, 0.0, 0.6]),
    neighbours_within=st.integers(0, 6),
    neighbour_strength=st.sampled_from([0.1, 0.5, 1.0]),
    load=st.sampled_from([0.0, 0.1, 0.25]),
)


@given(people=people_lists, weights=wanted, take=st.integers(0, 8), data=st.data())
def test_the_order_in_which_people_are_given_changes_nothing(
    people: list[One], weights: Weights, take: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(people))

    def told(those: Sequence[One]) -> list[tuple[str, str, float, float]]:
        found = places(those, weights, take)
        return [(those[one.person].id, one.why, one.score, one.held_back) for one in found]

    assert told(shuffled) == told(people)


@given(people=people_lists, weights=wanted, take=st.integers(0, 14))
def test_a_longer_list_begins_with_the_shorter_one(people: list[One], weights: Weights, take: int) -> None:
    assert listed(people, weights, take) == listed(people, weights)[:take]


@given(people=people_lists, weights=wanted)
def test_everybody_with_room_stands_once_and_the_rest_in_order(people: list[One], weights: Weights) -> None:
    found = places(people, weights)

    assert sorted(one.person for one in found) == [row for row, one in enumerate(people) if one.room > 0]
    by_rank = [one for one in found if one.why == "rank"]
    assert by_rank == sorted(by_rank, key=lambda one: (-one.score, people[one.person].id))
    assert sum(one.why == "neighbour" for one in found) <= 1
    assert sum(one.why == "newcomer" for one in found) <= len(set(weights.newcomer_places))


@given(people=people_lists, weights=wanted)
def test_newcomers_whose_words_fit_stand_where_places_were_kept_for_them(people: list[One], weights: Weights) -> None:
    found = [people[one.person] for one in places(people, weights)]
    fits = [one.is_newcomer and one.own_words >= max(weights.newcomer_fit, 0.1) for one in found]

    for reserved, place in enumerate(sorted(set(weights.newcomer_places)), start=1):
        if place <= len(found):
            assert sum(fits[:place]) >= min(reserved, sum(fits))


@given(people=people_lists, weights=wanted)
def test_a_neighbour_stands_among_the_first_just_when_the_question_allows(people: list[One], weights: Weights) -> None:
    without = places(people, replace(weights, neighbours_within=0))
    first, further = without[: weights.neighbours_within], without[weights.neighbours_within :]
    free = [place for place in range(1, len(first) + 1) if place not in weights.newcomer_places]
    backgrounds = [people[one.person].background for one in first]
    field = {label for label in HEALTH | TRADES | LAW if sum(label in one for one in backgrounds) > len(first) / 2}
    from_elsewhere = [one for one in without if people[one.person].background - field == people[one.person].background]
    neighbours = [one for one in from_elsewhere if people[one.person].background]
    least = weights.neighbour_strength * max((one.score for one in first), default=0)
    strong = [one for one in neighbours if one.score >= least]

    found = places(people, weights)

    if len(first) < 2 or not (field and free and strong) or any(one in first for one in neighbours):
        assert found == without
    else:
        assert found[free[-1] - 1].why == "neighbour"
        assert found[free[-1] - 1].score == max(one.score for one in further if one in strong)
        assert found[: free[-1] - 1] == without[: free[-1] - 1]


@given(people=people_lists, weights=wanted)
def test_where_no_background_is_stated_fields_change_nothing(people: list[One], weights: Weights) -> None:
    silent = [replace(one, background=frozenset()) for one in people]

    assert listed(silent, weights) == listed(people, replace(weights, neighbours_within=0))


@given(people=people_lists, weights=wanted, data=st.data())
def test_strengths_and_their_logarithms_give_the_same_list(
    people: list[One], weights: Weights, data: st.DataObject
) -> None:
    logs = data.draw(st.lists(st.integers(-9, 9), min_size=len(people), max_size=len(people), unique=True))
    as_logs = [replace(one, score=float(score)) for one, score in zip(people, logs, strict=True)]
    as_strengths = [replace(one, score=exp(one.score)) for one in as_logs]

    assert listed(as_logs, weights, is_log=True) == listed(as_strengths, weights)


@given(people=people_lists, weight=st.sampled_from([0.1, 0.25]), load=st.floats(0, 1e6))
def test_more_invitations_never_raise_anybody(people: list[One], weight: float, load: float) -> None:
    weights = replace(NO_PLACES, load=weight)
    before = [name for name, _ in listed(people, weights)]

    for row, one in enumerate(people):
        busier = [*people[:row], replace(one, load=one.load + load), *people[row + 1 :]]
        after = [name for name, _ in listed(busier, weights)]
        if one.id in before:
            assert after.index(one.id) >= before.index(one.id)
        assert [name for name in after if name != one.id] == [name for name in before if name != one.id]
