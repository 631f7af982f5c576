"""A half-life that a community teaches, taken only where it is surely better."""

from dataclasses import replace
from functools import cache
from math import inf

import pytest

from matchwell import Answer, Index, PastQuestion, Weights
from matchwell.ageing import HalfLife, TooFewVotes, learn_half_life
from matchwell.evaluate.logs import Log
from matchwell.learning import TooFewOutcomes

TOPICS = ("night shifts", "welding pipes", "bread dough", "bicycle gears")
VOTES = Weights(recent=0, tags=0)
QUESTIONS = 400


def village(*, turn: int, questions: int = QUESTIONS) -> Log:
    """Return a community of four topics, two questions a day, where who answers a topic moves on after `turn` days.

    Whose turn is over has answered as often as whose turn it is.
    """
    asked, given = [], []
    for number in range(questions):
        day, topic = number // 2, (number * 7) % len(TOPICS)
        asked.append(PastQuestion(id=f"q{number:03}", text=f"{TOPICS[topic]} case {number % 5}", at=float(day)))
        for place in range(2):
            who = f"p{topic}{(day // turn + place * 3) % 6}"
            given.append(Answer(question=f"q{number:03}", person=who, at=day + 0.1 * (place + 1)))
    return Log(name="village", questions=asked, answers=given)


def _learn(log: Log, *, weights: Weights = VOTES, until: float = inf) -> HalfLife:
    return learn_half_life(log.index(weights=weights), log, until=until, half_lives=(30, 180, 730))


@cache
def learned(turn: int) -> HalfLife:
    log = village(turn=turn)
    return _learn(log)


def test_where_people_move_on_evidence_ages_sooner() -> None:
    found = learned(20)

    assert found.days == found.candidate < 180
    assert found.low > 0
    assert found.ndcg[found.days] > found.ndcg[180] + 0.02
    assert f"{found.days:g} days do surely better than 180" in found.reason


def test_where_nobody_moves_on_the_usual_half_life_stays() -> None:
    found = learned(10_000)

    assert found.days == 180
    assert found.low <= 0 <= found.high


def test_what_is_held_back_has_no_say_in_the_choice() -> None:
    """The last fifth turns against what was learned before: the choice is the same, and is not taken."""
    log = village(turn=20)
    border = log.questions[int(QUESTIONS * (0.25 + 0.75 * 0.6))].at
    oldest = {answer.question: f"p{answer.person[1]}0" for answer in log.answers}
    turned = replace(
        log,
        answers=[one if one.at < border else replace(one, person=oldest[one.question]) for one in log.answers],
    )

    found = _learn(turned)

    assert found.candidate == learned(20).candidate
    assert found.days == 180
    assert "which stay" in found.reason


def test_the_same_community_teaches_the_same_in_whatever_order_it_is_told() -> None:
    log = village(turn=20)
    told = replace(log, questions=log.questions[::-1], answers=log.answers[::-1])

    assert _learn(told) == learned(20)


def test_what_comes_later_teaches_nothing() -> None:
    whole, early = village(turn=20), village(turn=20, questions=300)
    until = whole.questions[300].at

    found = _learn(whole, until=until)

    assert found == _learn(early, until=until)


def test_the_half_life_of_an_index_is_what_another_must_beat() -> None:
    log = village(turn=20)
    weights = replace(VOTES, half_life=learned(20).days)

    found = _learn(log, weights=weights)

    assert found.days == weights.half_life
    assert f"no half-life does better than {weights.half_life:g} days" in found.reason


def test_below_a_hundred_outcomes_nothing_is_learned() -> None:
    log = village(turn=20, questions=120)

    with pytest.raises(TooFewVotes, match=r"at least 100 questions .* Stay with the usual one") as refusal:
        _learn(log)

    assert 0 < refusal.value.found < 100
    with pytest.raises(TooFewOutcomes, match="there are 0"):
        learn_half_life(Index(), Log(name="nobody", questions=[], answers=[]))


@pytest.mark.parametrize("wrong", [0.0, -30.0, float("inf"), float("nan")])
def test_a_half_life_that_is_none_is_refused(wrong: float) -> None:
    log = village(turn=20)

    with pytest.raises(ValueError, match="days above zero"):
        learn_half_life(log.index(), log, half_lives=[30, wrong])


def test_it_says_how_far_it_is() -> None:
    log = village(turn=20)
    told: list[tuple[int, int]] = []

    learn_half_life(log.index(), log, half_lives=[30], progress=lambda done, of: told.append((done, of)))

    assert told == [(0, 300), (100, 300), (200, 300)]
