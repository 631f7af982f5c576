"""How mentees and mentors of a programme fit: parts, limits, and which pairs are worth a thought."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from momentor.matches.fitting import CANDIDATES, Offering, People, Seeking, Skills, Words, facts_of, fits
from momentor.matches.planning import WAYS, Task, packed, solve, unpacked

AMINA = Seeking(
    id="amina", text="I would like to lead a crew of welders.", languages=("de", "en"), utc_offset=1, wishes=("emil",)
)
BEN = Offering(id="ben", places=2, skills=("TIG welding", "leading a crew"), languages=("en-GB",), utc_offset=1)
EMIL = Offering(id="emil", places=1, skills=("teaching",), languages=("da", "de"), utc_offset=-5, wishes=("amina",))


def parts_of(people: People, words: Words | None = None) -> dict[tuple[str, str], dict[str, float]]:
    """Return by pair what speaks for it."""
    found = fits(people, words or Words(), weights={})
    return {
        pair: {name: float(found.part(name)[row]) for name in found.parts}
        for row, pair in enumerate(zip(found.mentee, found.mentor, strict=True))
    }


def crowd(mentees: int, mentors: int, **given: int) -> People:
    return People(
        seeking=[Seeking(id=f"a{number:03}", languages=("en",)) for number in range(mentees)],
        offering=[
            Offering(id=f"b{number:03}", places=given.get("places", 1), languages=("en",)) for number in range(mentors)
        ],
    )


def test_each_part_says_what_it_stands_for() -> None:
    words = Words()
    words.add("amina", {"ben": 3.0, "emil": 1.5, "nobody": 9.0})

    parts = parts_of(People(seeking=[AMINA], offering=[BEN, EMIL]), words)

    assert parts["amina", "ben"] == {
        "words": pytest.approx(3 / 9, abs=1e-6),  # the best anybody has for her is 9
        "skills": 1.0,
        "languages": 0.5,
        "hours": 1.0,
    }
    assert parts["amina", "emil"] == {
        "words": pytest.approx(1.5 / 9, abs=1e-6),
        "skills": 0.0,
        "languages": 1.0,
        "hours": 0.5,
    }


def test_the_scale_of_scores_makes_no_difference() -> None:
    people = People(seeking=[AMINA], offering=[BEN, EMIL])
    small, large = Words(), Words()
    small.add("amina", {"ben": 0.003, "emil": 0.001})
    large.add("amina", {"ben": 3000.0, "emil": 1000.0})

    assert parts_of(people, small) == parts_of(people, large)


def test_skills_are_found_by_their_words_in_any_form() -> None:
    skills = Skills([BEN, EMIL, replace(EMIL, id="other", skills=("", "…", "C++"))])

    assert skills.named_in("Who led a crew? I lead crews.") == [frozenset({"lead", "crew"})]
    assert skills.named_in("welding alone") == []
    assert skills.named_in("moving from C++ to teaching") == [frozenset({"c++"}), frozenset({"teach"})]


@pytest.mark.parametrize(
    "limited",
    [
        People(seeking=[AMINA], offering=[replace(BEN, id="amina")]),
        People(seeking=[AMINA], offering=[BEN], apart=frozenset({("ben", "amina")})),
        People(seeking=[AMINA], offering=[replace(BEN, languages=("fr",))]),
        People(seeking=[AMINA], offering=[replace(BEN, utc_offset=9)], most_hours_apart=6),
        People(seeking=[AMINA], offering=[replace(BEN, places=0)]),
        People(seeking=[AMINA], offering=[]),
        People(seeking=[], offering=[BEN]),
    ],
)
def test_no_pair_is_named_that_a_limit_rules_out(limited: People) -> None:
    assert parts_of(limited) == {}


def test_where_there_are_many_mentors_fifty_are_named_and_the_wished_always() -> None:
    people = crowd(3, 200)
    mine = replace(people.seeking[0], wishes=("b150",))
    theirs = replace(people.offering[199], wishes=("a001",))
    people = replace(people, seeking=[mine, *people.seeking[1:]], offering=[*people.offering[:199], theirs])

    named = fits(people, Words(), weights={})

    pairs = list(zip(named.mentee, named.mentor, strict=True))
    assert Counter(named.mentee) == dict.fromkeys(("a000", "a001", "a002"), CANDIDATES)
    assert ("a000", "b150") in pairs
    assert ("a001", "b199") in pairs
    assert len(set(pairs)) == len(pairs)


def test_where_everybody_is_nearest_to_the_same_few_all_the_same_get_a_mentor() -> None:
    people = crowd(300, 300)
    words = Words()
    for one in people.seeking:
        words.add(one.id, {f"b{number:03}": 1.0 for number in range(50)})

    programme = people.programme(fits(people, words, weights={}))
    found = solve(Task(programme=programme, way="most", weights={}, factors=()), lambda made: None)

    assert len(found["matches"]) >= 295
    assert len({mentor for _mentee, mentor, _score, _parts in found["matches"]}) == len(found["matches"])


def test_the_best_are_among_the_named() -> None:
    people, words = crowd(1, 300), Words()
    words.add("a000", {f"b{number:03}": 1 + number / 300 for number in range(300)})

    named = fits(people, words, weights={})

    assert {f"b{number:03}" for number in range(260, 300)} <= set(named.mentor)


@given(seed=some.integers(0, 2**32 - 1))
def test_the_order_of_people_changes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    people = People(
        seeking=[
            Seeking(
                id=f"a{number}",
                text=chance.choice(["leading crews", "teaching", ""]),
                languages=tuple(chance.sample(["en", "de", "fr"], chance.randint(0, 3))),
                utc_offset=chance.randint(-12, 14),
            )
            for number in range(chance.randint(0, 6))
        ],
        offering=[
            Offering(
                id=f"b{number}",
                places=chance.randint(0, 2),
                skills=("leading a crew",) if chance.random() < 0.5 else ("teaching",),
                languages=tuple(chance.sample(["en", "de", "fr"], chance.randint(0, 3))),
                utc_offset=chance.randint(-12, 14),
            )
            for number in range(chance.randint(0, 6))
        ],
    )
    words = Words()
    for one in people.seeking:
        words.add(one.id, {other.id: chance.random() for other in people.offering if chance.random() < 0.7})
    turned = replace(people, seeking=people.seeking[::-1], offering=people.offering[::-1])

    assert parts_of(people, words) == parts_of(turned, words)
    for points in parts_of(people, words).values():
        assert all(0 <= point <= 1.5 for point in points.values())


def test_what_can_be_said_of_a_pair_stands_in_their_own_words() -> None:
    told, other = facts_of(AMINA, BEN), facts_of(AMINA, EMIL)
    private = facts_of(replace(AMINA, own_words=False), BEN)

    assert (told.skills, told.language, told.hours_apart) == (("leading a crew",), "en", 0.0)
    assert (told.wished, told.wished_by) == (None, None)
    assert (other.language, other.hours_apart, other.wished, other.wished_by) == ("de", 6.0, 1, 1)
    assert private.skills == ()


# A task as bytes


@pytest.mark.parametrize("way", WAYS)
def test_a_task_that_was_packed_gives_the_same_plan(way: str) -> None:
    people, words = crowd(20, 6, places=2), Words()
    chance = np.random.default_rng(7)
    for one in people.seeking:
        words.add(one.id, {other.id: float(chance.random()) for other in people.offering})
    people = replace(people, apart=frozenset({("a000", "b000"), ("b001", "a001")}), most_hours_apart=9)
    weights = {"words": 2.0, "hours": 0.0}
    task = Task(programme=people.programme(fits(people, words, weights=weights)), way=way, weights=weights)
    made: list[int] = []

    there = solve(task, made.append)
    again = solve(unpacked(packed(task)), lambda made: None)

    assert there == again
    assert packed(unpacked(packed(task))) == packed(task)
    assert made == list(range(1, len(there["effects"]) + 2))
    assert len(there["effects"]) % 3 == 0
    assert len(there["matches"]) == 12
