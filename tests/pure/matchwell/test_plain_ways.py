"""What is quick in an index, held against the plain way to say the same."""

from collections import Counter, defaultdict
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchwell import Answer, Ask, Index, Limits, PastQuestion, PersonText
from matchwell.asked import AskedTerms
from matchwell.best import best
from matchwell.bm25 import K1, B
from matchwell.evidence import gather
from matchwell.nearest import MOST_REPEATS, nearest
from matchwell.parts import MANY
from matchwell.products import in_singles, products
from matchwell.words import question_terms

from .worlds import World, asks, question_ids, texts, worlds

moments = st.sampled_from([1.0, 400.0, 1000.0])


@given(world=worlds, ask=asks, at=moments, gone=st.sets(question_ids, max_size=3), days=st.sampled_from([inf, 100.0]))
def test_experience_is_the_number_of_answers_to_questions_that_were_there(
    world: World, ask: Ask, at: float, gone: set[str], days: float
) -> None:
    index = world.index()
    index.remove_questions(gone)
    state = index._state

    found = gather(state, replace(ask, at=at, languages=frozenset(), asker=None), Limits(active_days=days))

    asked_before = {question.id for question in world.questions if question.at < at} - gone
    given_before = [one for one in world.answers if one.at < at and one.question in asked_before]
    counts = Counter(one.person for one in given_before)
    active = {one.person for one in given_before if one.at >= at - days}
    for person in world.people:
        number = state.person_numbers[person.id]
        is_eligible = person.id in active or not counts[person.id]
        assert found.eligible[number] == is_eligible
        assert found.experience[number] == (counts[person.id] if is_eligible else 0)


@given(world=worlds, text=texts, later=texts, at=moments, gone=st.sets(question_ids, max_size=3))
def test_nearness_by_words_is_what_the_formula_says_of_each_question(
    world: World, text: str, later: str, at: float, gone: set[str]
) -> None:
    index = world.index()
    index.add_questions([PastQuestion(id="q3", text=later, at=500)])
    index.remove_questions(gone)
    state = index._state
    usable = state.questions.before(at)
    asked = AskedTerms.read(text, state.term_numbers)

    found = nearest(asked, state.questions, known=usable, wanted=usable)

    told = {one.id: one for one in world.questions} | {"q3": PastQuestion(id="q3", text=later, at=500)}
    bags = {name: question_terms(one.text) for name, one in told.items() if one.at < at and name not in gone}
    expected = _bm25(bags, question_terms(text))
    rows = {state.questions.id_of_row(row): row for row in np.flatnonzero(usable).tolist()}
    assert rows.keys() == bags.keys()
    for name, row in rows.items():
        assert found.similarity[row] == pytest.approx(min(sum(expected[name].values()), 1.0))
        assert sorted(found.gains(row)) == sorted(
            place for place, tokens in enumerate(asked.places) if tokens[0].term in bags[name]
        )
    assert not found.similarity[~usable].any()


def _bm25(bags: dict[str, list[str]], asked: list[str]) -> dict[str, dict[str, float]]:
    """Return what each term adds to each text, as a share of what the ask itself would get."""
    mean = max(sum(map(len, bags.values())) / max(len(bags), 1), 1.0)
    holding = Counter(term for bag in bags.values() for term in set(bag))
    times = Counter(asked)
    worth = {
        term: np.log1p((len(bags) - holding[term] + 0.5) / (holding[term] + 0.5)) * min(times[term], MOST_REPEATS)
        for term in times
    }

    def gains(bag: list[str]) -> dict[str, float]:
        counts = Counter(bag)
        return {
            term: worth[term] * counts[term] * (K1 + 1) / (counts[term] + K1 * (1 - B + B * len(bag) / mean))
            for term in worth
            if counts[term]
        }

    whole = sum(gains(asked).values())
    found: dict[str, dict[str, float]] = defaultdict(dict)
    return found | {name: {term: gain / whole for term, gain in gains(bag).items()} for name, bag in bags.items()}


@pytest.mark.parametrize("scores", ["spread", "few above zero", "equal", "the best side by side"])
def test_the_best_of_very_many_are_those_of_sorting_all(scores: str) -> None:
    chance = np.random.default_rng(3)
    values = np.round(chance.random(200_000), 4)
    if scores == "few above zero":
        values[chance.random(len(values)) < 0.999] = 0.0
    elif scores == "equal":
        values[:] = 0.5
    elif scores == "the best side by side":
        values = np.sort(values)

    found = best(values, 100, lambda place: f"{place:06}")

    expected = sorted(np.flatnonzero(values > 0).tolist(), key=lambda place: (-values[place], place))[:100]
    assert found == expected


@pytest.mark.parametrize("rows", [0, 1, 3_000, 2 * MANY + 5])
def test_products_are_exact_by_whoever_multiplies(rows: int) -> None:
    chance = np.random.default_rng(1)
    vectors = chance.integers(-127, 128, (rows, 16), dtype=np.int8)
    asked = chance.integers(-127, 128, 16, dtype=np.int8)
    by_numpy = np.empty(rows, np.float32)

    in_singles(vectors, asked, by_numpy)

    expected = (vectors.astype(np.int64) @ asked.astype(np.int64)).tolist()
    assert by_numpy.tolist() == expected
    assert products(vectors, asked).tolist() == expected


def test_the_longest_vectors_add_up_exactly() -> None:
    vectors = np.full((2, 1024), 127, np.int8)
    vectors[1] = -127

    assert products(vectors, vectors[0]).tolist() == [127 * 127 * 1024, -127 * 127 * 1024]


def test_an_answer_counts_from_the_moment_its_question_is_known() -> None:
    index = Index()
    index.add_people([PersonText(id="ben")])
    index.add_answers([Answer(question="q1", person="ben", at=1)])
    before = gather(index._state, Ask(text="night", at=10), Limits())

    index.add_questions([PastQuestion(id="q1", text="night", at=0)])

    assert before.experience.tolist() == [0]
    assert gather(index._state, Ask(text="night", at=10), Limits()).experience.tolist() == [1]
