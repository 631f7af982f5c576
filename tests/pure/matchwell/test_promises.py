"""What holds for every community, drawn by chance."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, Limits, PastQuestion, PersonText
from tests.pure.matchwell.worlds import (
    EVERYONE,
    NO_PLACES,
    NOW,
    World,
    answers,
    asks,
    people,
    person_ids,
    question_ids,
    questions,
    texts,
    worlds,
)


@given(world=worlds, ask=asks, data=st.data())
def test_the_order_in_which_things_are_told_changes_nothing(world: World, ask: Ask, data: st.DataObject) -> None:
    index = Index()
    steps: list[Callable[[], None]] = [
        *(lambda one=one: index.add_people([one]) for one in world.people),
        *(lambda one=one: index.add_questions([one]) for one in world.questions),
        *(lambda one=one: index.add_answers([one]) for one in world.answers),
    ]
    for step in data.draw(st.permutations(steps)):
        step()

    assert index.rank(ask, take=EVERYONE) == world.index().rank(ask, take=EVERYONE)
    assert index.alike(ask.text, take=EVERYONE) == world.index().alike(ask.text, take=EVERYONE)


changes = st.lists(
    st.one_of(
        st.tuples(st.just("add_people"), st.lists(people, max_size=3)),
        st.tuples(st.just("add_questions"), st.lists(questions, max_size=3)),
        st.tuples(st.just("add_answers"), st.lists(answers, max_size=5)),
        st.tuples(st.just("remove_people"), st.lists(person_ids, max_size=2)),
        st.tuples(st.just("remove_questions"), st.lists(question_ids, max_size=2)),
        st.tuples(st.just("remove_answers"), st.lists(st.tuples(question_ids, person_ids), max_size=3)),
    ),
    max_size=12,
)


@given(changes=changes, ask=asks)
def test_an_index_that_grew_and_shrank_is_as_one_built_at_once(changes: list[tuple[str, list]], ask: Ask) -> None:  # type: ignore[type-arg]  # one list a kind of change
    index = Index()
    left = Left()
    for change, values in changes:
        getattr(index, change)(values)
        getattr(left, change)(values)

    assert index.rank(ask, take=EVERYONE) == left.index().rank(ask, take=EVERYONE)
    assert index.alike(ask.text, take=EVERYONE) == left.index().alike(ask.text, take=EVERYONE)


class Left:
    """What should be left after some changes, kept in plain dictionaries."""

    def __init__(self) -> None:
        self.people: dict[str, PersonText] = {}
        self.questions: dict[str, PastQuestion] = {}
        self.answers: dict[tuple[str, str], Answer] = {}

    def add_people(self, values: list[PersonText]) -> None:
        self.people.update({one.id: one for one in values})

    def add_questions(self, values: list[PastQuestion]) -> None:
        self.questions.update({one.id: one for one in values})

    def add_answers(self, values: list[Answer]) -> None:
        for one in values:
            known = self.answers.get((one.question, one.person), one)
            self.answers[one.question, one.person] = min(known, one, key=lambda answer: answer.at)

    def remove_people(self, ids: list[str]) -> None:
        self.people = {name: one for name, one in self.people.items() if name not in ids}
        self.answers = {pair: one for pair, one in self.answers.items() if pair[1] not in ids}

    def remove_questions(self, ids: list[str]) -> None:
        self.questions = {name: one for name, one in self.questions.items() if name not in ids}
        self.answers = {pair: one for pair, one in self.answers.items() if pair[0] not in ids}

    def remove_answers(self, pairs: list[tuple[str, str]]) -> None:
        self.answers = {pair: one for pair, one in self.answers.items() if pair not in pairs}

    def index(self) -> Index:
        return World(
            people=list(self.people.values()),
            questions=list(self.questions.values()),
            answers=list(self.answers.values()),
        ).index()


@given(world=worlds, ask=asks)
def test_the_reasons_add_up_to_the_score(world: World, ask: Ask) -> None:
    for one in world.index().rank(ask, limits=Limits(load={"p1": 3.0}), take=EVERYONE):
        assert sum(reason.weight for reason in one.reasons) == pytest.approx(one.score)
        assert all(reason.weight > 0 for reason in one.reasons)
        assert list(one.reasons) == sorted(one.reasons, key=lambda reason: -reason.weight)


@given(world=worlds, ask=asks)
def test_every_word_given_as_a_reason_stands_in_the_ask(world: World, ask: Ask) -> None:
    for one in world.index().rank(ask, take=EVERYONE):
        for reason in one.reasons:
            spoken = ask.tags if reason.kind == "tags" else ask.text
            assert all(word in spoken for word in reason.words)
            assert bool(reason.words) is (reason.kind != "recent")


@given(world=worlds, ask=asks)
def test_the_best_come_first_and_ties_go_to_the_lower_id(world: World, ask: Ask) -> None:
    ranked = world.index(NO_PLACES).rank(ask, take=EVERYONE)

    assert ranked == sorted(ranked, key=lambda one: (-one.score, one.person))
    assert world.index(NO_PLACES).rank(ask, take=2) == ranked[:2]


@given(world=worlds, ask=asks)
def test_people_without_evidence_change_nobodys_order(world: World, ask: Ask) -> None:
    index = world.index()
    before = index.rank(ask, take=EVERYONE)

    index.add_people([PersonText(id="a silent one"), PersonText(id="z silent one", background=frozenset({"law"}))])

    assert index.rank(ask, take=EVERYONE) == before


@given(world=worlds, ask=asks, newcomer=texts)
def test_a_newcomers_profile_changes_nothing_among_people_with_history(world: World, ask: Ask, newcomer: str) -> None:
    index = world.index(NO_PLACES)
    before = [one for one in index.rank(ask, take=EVERYONE) if not one.is_newcomer]

    index.add_people([PersonText(id="newcomer", text=newcomer)])

    assert [one for one in index.rank(ask, take=EVERYONE) if not one.is_newcomer] == before


@given(world=worlds, ask=asks, never=st.frozensets(person_ids), only=st.none() | st.frozensets(person_ids))
def test_limits_are_kept_and_change_nothing_among_the_rest(
    world: World, ask: Ask, never: frozenset[str], only: frozenset[str] | None
) -> None:
    index = world.index(NO_PLACES)

    limited = index.rank(ask, limits=Limits(never=never, only=only), take=EVERYONE)

    everyone = index.rank(ask, take=EVERYONE)
    assert limited == [one for one in everyone if one.person not in never and (only is None or one.person in only)]
    assert ask.asker not in {one.person for one in everyone}


@given(world=worlds, ask=asks, full=st.frozensets(person_ids))
def test_whoever_has_no_room_left_is_as_good_as_kept_away(world: World, ask: Ask, full: frozenset[str]) -> None:
    index = world.index(NO_PLACES)
    everyone = index.rank(ask, take=EVERYONE)

    room = dict.fromkeys(full, 0.0) | {"p0": 2.0}
    with_room = index.rank(ask, limits=Limits(room=room), take=EVERYONE)

    assert with_room == [one for one in everyone if one.person not in full - {"p0"}]


@given(world=worlds, ask=asks, load=st.floats(min_value=0, max_value=1000))
def test_more_load_never_raises_anybody(world: World, ask: Ask, load: float) -> None:
    index = world.index(NO_PLACES)
    before = index.order(ask, take=EVERYONE)

    for busy in before:
        after = index.order(ask, limits=Limits(load={busy: load}), take=EVERYONE)

        assert after.index(busy) >= before.index(busy)
        assert [one for one in after if one != busy] == [one for one in before if one != busy]


@given(world=worlds, ask=asks, later=st.lists(questions), answered=st.lists(answers))
def test_what_comes_after_the_ask_says_nothing(
    world: World, ask: Ask, later: list[PastQuestion], answered: list[Answer]
) -> None:
    index = world.index()
    before = index.rank(ask, take=EVERYONE)

    index.add_questions(
        PastQuestion(id=f"later {one.id}", text=one.text, at=NOW + one.at, tags=one.tags) for one in later
    )
    known = {(one.question, one.person) for one in world.answers}
    for one in answered:
        index.add_answers([Answer(question=f"later {one.question}", person=one.person, at=one.at)])
        if (one.question, one.person) not in known:
            index.add_answers([Answer(question=one.question, person=one.person, at=NOW + one.at)])

    assert index.rank(ask, take=EVERYONE) == before


@given(world=worlds, ask=asks, extra=answers)
def test_evidence_taken_back_leaves_no_trace(world: World, ask: Ask, extra: Answer) -> None:
    assume((extra.question, extra.person) not in {(one.question, one.person) for one in world.answers})
    index = world.index()
    before = index.rank(ask, take=EVERYONE)

    index.add_answers([extra])
    index.add_questions([PastQuestion(id="extra", text=ask.text, at=1)])
    index.remove_answers([(extra.question, extra.person)])
    index.remove_questions(["extra"])

    assert index.rank(ask, take=EVERYONE) == before
