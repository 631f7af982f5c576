"""The large community that figures are taken on."""

from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from matchwell import Index
from matchwell.bench.community import ENCODED, NOISE, Community, Source
from matchwell.evaluate.logs import UnreadableFolder
from matchwell.words import terms

BUILT_IN = Source.of(None)


def vectors(dim: int = 16) -> np.ndarray:  # float32 [ENCODED, dim]
    drawn = np.random.default_rng(1).standard_normal((ENCODED, dim)).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn


def test_the_same_seed_makes_the_same_community_and_another_seed_another() -> None:
    first, again, other = (Community(BUILT_IN, questions=300, people=40, seed=seed) for seed in (1, 1, 2))

    assert list(first.batches(vectors())) == list(again.batches(vectors()))
    assert list(first.answers()) == list(again.answers())
    assert first.asks(5, None) == again.asks(5, None)
    assert list(first.batches(None)) != list(other.batches(None))


def test_it_is_made_of_the_sentences_of_the_small_one() -> None:
    community = Community(BUILT_IN, questions=200, people=40)
    known = set(chain.from_iterable(terms(" ".join(sentences)) for sentences in BUILT_IN.sentences))

    questions = list(chain.from_iterable(community.batches(None)))

    assert len({one.text for one in questions}) > 150
    assert all(set(terms(one.text)) <= known for one in questions)
    assert [one.text for one in questions] == community.texts


def test_later_questions_are_as_near_to_a_real_one_as_the_noise_lets_them() -> None:
    real = vectors(64)
    community = Community(BUILT_IN, questions=ENCODED + 500, people=40)

    batches = list(community.batches(real))

    assert all((one.vector == real[place]).all() for place, one in enumerate(batches[0][:100]))
    later = np.array([one.vector for one in batches[-1]])
    nearest = (later @ real.T).max(axis=1)
    assert np.median(nearest) == pytest.approx(1 / np.sqrt(1 + NOISE**2), abs=0.03)


def test_an_index_of_it_ranks_people_for_its_asks() -> None:
    community = Community(BUILT_IN, questions=400, people=50)
    index = Index()
    for people in community.persons():
        index.add_people(people)
    for questions in community.batches(vectors()):
        index.add_questions(questions)
    answers = list(chain.from_iterable(community.answers()))
    index.add_answers(answers)

    assert 600 < len(answers) < 1400
    assert all(index.rank(ask) for ask in community.asks(5, vectors()))


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFolder):
        Source.of(tmp_path)
