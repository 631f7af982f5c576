"""What is expected of an offer, from few observations; and how it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from momentor.dispatch.chances import chance
from momentor.dispatch.plain import chance_in_words, listed, time_in_words

presences = some.sampled_from(["available", "hours", "reachable"])


@given(presences, some.integers(0, 50), some.integers(0, 50))
def test_each_yes_raises_the_chance_and_each_no_lowers_it(presence: str, taken: int, refused: int) -> None:
    made = taken + refused
    now = chance(presence=presence, taken=taken, made=made, minutes=[]).of_yes

    assert 0 < now < 1
    assert chance(presence=presence, taken=taken + 1, made=made + 1, minutes=[]).of_yes > now
    assert chance(presence=presence, taken=taken, made=made + 1, minutes=[]).of_yes < now


def test_without_history_presence_alone_speaks() -> None:
    expected = [chance(presence=p, taken=0, made=0, minutes=[]).of_yes for p in ("available", "hours", "reachable")]

    assert expected == sorted(expected, reverse=True)


def test_many_quick_answers_outweigh_the_first_guess() -> None:
    assert chance(presence="reachable", taken=9, made=9, minutes=[2.0] * 9).minutes == 2.0
    assert chance(presence="reachable", taken=1, made=1, minutes=[2.0]).minutes == 30.0


@pytest.mark.parametrize(
    ("of_yes", "words"), [(0.02, "less than 1 in 10"), (0.15, "2 in 10"), (0.84, "8 in 10"), (0.999, "9 in 10")]
)
def test_a_chance_is_said_as_people_count_and_never_as_certain(of_yes: float, words: str) -> None:
    assert chance_in_words(of_yes) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.4, "less than a minute"),
        (1.0, "1 minute"),
        (4.2, "4 minutes"),
        (33.0, "35 minutes"),
        (120.0, "2 hours"),
        (60 * 47.0, "47 hours"),
        (60 * 72.0, "3 days"),
    ],
)
def test_a_time_is_said_as_people_say_it(minutes: float, words: str) -> None:
    assert time_in_words(minutes) == words


def test_words_are_listed_as_in_a_sentence() -> None:
    assert [listed(words) for words in ([], ["crew"], ["crew", "pipes"], ["a", "b", "c"])] == [
        "",
        "crew",
        "crew and pipes",
        "a, b and c",
    ]
