"""The learned ranker: what it learns, when it is used, and what holds of whatever it was taught."""

import json
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, Limits, PastQuestion, PersonText, Weights
from matchwell.encoders import LatentSemantic
from matchwell.learning import Learned, TooFewOutcomes, learn
from matchwell.ranker.fitting import Examples, fit
from matchwell.ranker.model import Ranker, UnreadableRanker, softmax
from tests.pure.matchwell.worlds import EVERYONE, World, asks, person_ids, texts, worlds

TOPICS = ("night shifts", "welding pipes", "garden soil", "python lists")


def village(questions: int = 400, people: int = 24) -> tuple[list[PersonText], list[PastQuestion], list[Answer]]:
    """Return a community where each person answers one topic, and mostly in one half of the day."""
    lot = np.random.default_rng(3)
    asked, given = [], []
    for number in range(questions):
        at = number / 3
        topic = int(lot.integers(len(TOPICS)))
        asked.append(
            PastQuestion(
                id=f"q{number:03}",
                text=f"{TOPICS[topic]} {TOPICS[topic].split()[0]} case {number % 11}",
                at=at,
                tags=frozenset({TOPICS[topic].split()[1]}) if number % 2 else frozenset(),
                asker=f"p{lot.integers(people):02}",
            )
        )
        is_night = at % 1 > 0.5
        able = [who for who in range(people) if who % len(TOPICS) == topic and (who % 8 < 4) == is_night]
        given += [
            Answer(question=f"q{number:03}", person=f"p{who:02}", at=at + 0.01 * (place + 1))
            for place, who in enumerate(lot.choice(able, 2, replace=False).tolist())
        ]
    return [PersonText(id=f"p{who:02}") for who in range(people)], asked, given


@cache
def taught() -> tuple[Index, Learned]:
    people, questions, answers = village()
    index = Index(encoder=LatentSemantic.fit(question.text for question in questions))
    index.add_people(people)
    index.add_questions(questions)
    index.add_answers(answers)
    return index, learn(index, questions)


def ranker() -> Ranker:
    return taught()[1].local  # type: ignore[return-value]


def test_it_learns_what_the_weights_do_not_know_and_takes_over() -> None:
    _, learned = taught()

    assert learned.chosen == "ranker"
    assert learned.ranker is learned.local is not None
    assert learned.tested == 300 * 0.2 * 2
    assert max(learned.held_back["ranker"], learned.held_back["products"]) > learned.held_back["weights"] + 0.1
    assert learned.held_back["lately"] < learned.held_back["weights"]
    assert "newest 120 questions" in learned.reason


def test_it_names_those_of_the_topic_who_are_awake() -> None:
    index, learned = taught()
    index.ranker = learned.ranker
    for at in (134.2, 134.8):
        best = index.rank(Ask(text="welding pipes welding case 4", at=at), take=3)

        assert {int(one.person[1:]) % 4 for one in best} == {1}
        assert {int(one.person[1:]) % 8 < 4 for one in best} == {at % 1 > 0.5}
        assert all(one.chance is not None and 0.2 < one.chance < 1 for one in best)
        assert {reason.kind for reason in best[0].reasons if reason.weight > 0} >= {"answered", "rhythm"}
        assert any(reason.question for reason in best[0].reasons)


def test_what_does_not_help_is_not_used() -> None:
    people, questions, _ = village(200)
    lot = np.random.default_rng(5)
    chance = [
        Answer(question=question.id, person=f"p{lot.integers(len(people)):02}", at=question.at + 0.01)
        for question in questions
    ]
    index = Index()
    index.add_people(people)
    index.add_questions(questions)
    index.add_answers(chance)

    learned = learn(index, questions)

    assert learned.ranker is None
    assert learned.chosen in ("weights", "lately")
    assert max(learned.held_back.values()) < 0.35


def test_ten_questions_teach_nothing() -> None:
    people, questions, answers = village(10)
    index = Index()
    index.add_people(people)
    index.add_questions(questions)
    index.add_answers(answers)

    with pytest.raises(TooFewOutcomes, match="at least 100 questions"):
        learn(index, questions)
    with pytest.raises(TooFewOutcomes):
        learn(Index(), [])


def test_it_learns_from_nothing_that_came_later() -> None:
    people, questions, answers = village(260)
    index = Index()
    index.add_people(people)
    index.add_questions(questions)
    index.add_answers(answers)
    early = learn(index, questions, until=70.0)

    index.remove_questions([question.id for question in questions if question.at >= 70.0])

    assert learn(index, questions, until=70.0) == early


def test_a_ranker_is_kept_as_text_and_read_back() -> None:
    assert Ranker.from_json(ranker().to_json()) == ranker()
    assert ranker().version == Ranker.from_json(ranker().to_json()).version


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept[:100],
        lambda kept: "{}",
        lambda kept: json.dumps({**json.loads(kept), "weights": [1.0]}),
        lambda kept: json.dumps({**json.loads(kept), "spread": [float("nan")] * len(json.loads(kept)["spread"])}),
        lambda kept: json.dumps({**json.loads(kept), "pairs": [[0, 1]]}),
        lambda kept: json.dumps({**json.loads(kept), "pairs": [[0, 1000]], "pair_weights": [1.0]}),
    ],
)
def test_a_damaged_ranker_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(UnreadableRanker, match="again"):
        Ranker.from_json(change(ranker().to_json()))


def test_a_ranker_for_other_features_is_left_aside() -> None:
    index, learned = taught()
    other = Ranker(names=("old",), center=(0.0,), spread=(1.0,), weights=(1.0,))
    ask = Ask(text="welding pipes", at=134.0)
    index.ranker = None
    without = index.rank(ask)

    index.ranker = other

    assert index.rank(ask) == without
    index.ranker = learned.ranker


def test_fitting_finds_the_weights_that_made_the_answers() -> None:
    lot = np.random.default_rng(11)
    wanted = np.array([2.0, -1.0, 0.0])
    values = lot.standard_normal((3000, 10, 3)).astype(np.float32)
    share = np.exp(values @ wanted)
    share /= share.sum(axis=1, keepdims=True)
    right = (share.cumsum(axis=1) > lot.random((3000, 1))).argmax(axis=1)
    examples = Examples(
        names=("a", "b", "c"),
        values=values.reshape(-1, 3),
        is_right=(np.arange(10) == right[:, None]).ravel(),
        starts=np.arange(0, 30_000, 10),
    )

    fitted = fit(examples, penalty=0.01, paired=0)

    assert np.array(fitted.weights) / np.array(fitted.spread) == pytest.approx(wanted, abs=0.1)
    assert fit(examples, penalty=0.01, paired=2).pairs == ((0, 0), (0, 1), (1, 1))


def test_shares_add_up_to_one_even_of_scores_far_apart() -> None:
    assert softmax(np.array([1000.0, 0.0, -1000.0])) == pytest.approx([1, 0, 0])
    assert len(softmax(np.empty(0))) == 0


# What holds for every community

lenient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def learned_index(world: World) -> Index:
    index = world.index(Weights(newcomer_places=(), enough_judged=1))
    index.ranker = ranker()
    return index


@lenient
@given(world=worlds, ask=asks, data=st.data())
def test_the_order_in_which_things_are_told_changes_nothing(world: World, ask: Ask, data: st.DataObject) -> None:
    index = Index(weights=Weights(newcomer_places=(), enough_judged=1), ranker=ranker())
    steps: list[Callable[[], None]] = [
        *(lambda one=one: index.add_people([one]) for one in world.people),
        *(lambda one=one: index.add_questions([one]) for one in world.questions),
        *(lambda one=one: index.add_answers([one]) for one in world.answers),
    ]
    for step in data.draw(st.permutations(steps)):
        step()

    assert index.rank(ask, take=EVERYONE) == learned_index(world).rank(ask, take=EVERYONE)


@lenient
@given(world=worlds, ask=asks)
def test_the_signals_add_up_to_the_score(world: World, ask: Ask) -> None:
    for one in learned_index(world).rank(ask, limits=Limits(load={"p1": 3.0}), take=EVERYONE):
        assert sum(reason.weight for reason in one.reasons) == pytest.approx(one.score)


@lenient
@given(world=worlds, ask=asks)
def test_people_without_evidence_change_nobodys_order(world: World, ask: Ask) -> None:
    index = learned_index(world)
    before = index.rank(ask, take=EVERYONE)

    index.add_people([PersonText(id="a silent one"), PersonText(id="z silent one", languages=frozenset({"en"}))])

    assert index.rank(ask, take=EVERYONE) == before


@lenient
@given(world=worlds, ask=asks, newcomer=texts)
def test_a_newcomers_profile_changes_nothing_among_people_with_history(world: World, ask: Ask, newcomer: str) -> None:
    index = learned_index(world)
    before = [one for one in index.rank(ask, take=EVERYONE) if not one.is_newcomer]

    index.add_people([PersonText(id="newcomer", text=newcomer)])

    assert [one for one in index.rank(ask, take=EVERYONE) if not one.is_newcomer] == before


def test_a_newcomer_stands_among_the_experienced_where_the_weights_would_put_them() -> None:
    people, questions, answers = village()
    index = Index(weights=Weights(newcomer_places=(), enough_judged=1, neighbours_within=0), ranker=ranker())
    index.add_people([*people, PersonText(id="baker", text="I bake sourdough, rye and every other bread")])
    index.add_questions(questions)
    index.add_answers(answers)
    bread = Ask(text="How do I bake a sourdough rye bread?", at=questions[-1].at + 1)

    first, *others = index.rank(bread, take=5)

    assert (first.person, first.is_newcomer) == ("baker", True)
    assert [one.kind for one in first.reasons if one.weight > 0] == ["profile"]
    assert first.score > others[0].score
    assert first.chance is not None
    assert 0 < first.chance <= 1


def test_among_a_handful_the_weights_rank() -> None:
    people, questions, answers = village()
    people = people[:8]
    index = Index(ranker=ranker())
    plain = Index()
    for one in (index, plain):
        one.add_people(people)
        one.add_questions(questions)
        one.add_answers(answers)
    ask = Ask(text="night shifts", at=questions[-1].at + 1)

    assert index.rank(ask) == plain.rank(ask)


def test_where_nobody_has_answered_yet_the_weights_rank() -> None:
    index = Index(ranker=ranker())
    index.add_people([PersonText(id="baker", text="I bake sourdough, rye and every other bread")])

    (only,) = index.rank(Ask(text="How do I bake a sourdough rye bread?", at=1.0))

    assert (only.person, only.chance) == ("baker", None)


@lenient
@given(world=worlds, ask=asks, never=st.frozensets(person_ids))
def test_who_is_blocked_never_appears(world: World, ask: Ask, never: frozenset[str]) -> None:
    ranked = learned_index(world).rank(ask, limits=Limits(never=never), take=EVERYONE)

    assert never.isdisjoint(one.person for one in ranked)


@lenient
@given(world=worlds, ask=asks, extra=worlds)
def test_removing_evidence_removes_its_effect(world: World, ask: Ask, extra: World) -> None:
    index = learned_index(world)
    before = index.rank(ask, take=EVERYONE)
    new = {f"new {question.id}": question for question in extra.questions}
    index.add_questions(
        PastQuestion(id=name, text=question.text, at=question.at, tags=question.tags) for name, question in new.items()
    )
    index.add_answers(
        Answer(question=f"new {answer.question}", person=answer.person, at=answer.at) for answer in extra.answers
    )

    index.remove_questions(f"new {number}" for number in [f"q{place}" for place in range(10)])

    assert index.rank(ask, take=EVERYONE) == before


@lenient
@given(world=worlds, ask=asks)
def test_asking_again_gives_the_same(world: World, ask: Ask) -> None:
    index = learned_index(world)

    assert index.rank(ask, take=EVERYONE) == index.rank(ask, take=EVERYONE)


@lenient
@given(world=worlds, ask=asks)
def test_a_list_may_be_made_without_what_was_learned(world: World, ask: Ask) -> None:
    index = learned_index(world)
    plain = world.index(Weights(newcomer_places=(), enough_judged=1))

    assert index.rank(ask, take=EVERYONE, learned=False) == plain.rank(ask, take=EVERYONE)
