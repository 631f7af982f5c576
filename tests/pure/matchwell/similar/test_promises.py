"""What holds for any texts, drawn by chance."""

from collections.abc import Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchwell.similar import Read, Texts, alike, clusters, duplicates, groups, read
from matchwell.similar.comparing import each_with_each
from tests.pure.matchwell.similar.careers import few_texts, words


def told(texts: Mapping[str, str], *, with_vectors: bool, order: list[str] | None = None) -> Read:
    """Read texts in some order; a vector is made of the id alone."""
    ids = order if order is not None else list(texts)
    vectors = [np.random.default_rng(list(name.encode())).standard_normal(6) for name in ids]
    return read(
        Texts(
            ids=ids,
            texts=[texts[name] for name in ids],
            vectors=np.array(vectors).reshape(len(ids), 6) if with_vectors else None,
            encoder="minilm" if with_vectors else "",
            writers=[name[0] for name in ids],
        )
    )


@settings(max_examples=60, deadline=None)
@given(texts=few_texts, ask=words, with_vectors=st.booleans(), data=st.data())
def test_the_order_in_which_texts_come_changes_nothing(
    texts: dict[str, str], ask: str, with_vectors: bool, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(texts)))
    one = told(texts, with_vectors=with_vectors)
    other = told(texts, with_vectors=with_vectors, order=list(order))
    vector = np.arange(6.0) if with_vectors else None

    assert alike(one, ask, vector=vector, take=20) == alike(other, ask, vector=vector, take=20)
    assert groups(one) == groups(other)
    assert duplicates(one) == duplicates(other)
    assert clusters(one) == clusters(other)


@settings(max_examples=60, deadline=None)
@given(texts=few_texts, with_vectors=st.booleans())
def test_nearness_is_the_same_both_ways_and_between_nothing_and_certain(
    texts: dict[str, str], with_vectors: bool
) -> None:
    there = told(texts, with_vectors=with_vectors)
    rows = np.arange(len(there))

    near = each_with_each(there, rows, rows).nearness

    assert (near == near.T).all()
    assert ((near >= 0) & (near <= 1)).all()


@settings(max_examples=60, deadline=None)
@given(texts=few_texts, ask=words)
def test_the_nearest_come_first_and_ties_go_to_the_lower_id(texts: dict[str, str], ask: str) -> None:
    near = alike(told(texts, with_vectors=False), ask, take=20)

    assert near == sorted(near, key=lambda one: (-one.nearness, one.id))
    assert all(one.words and all(word in ask for word in one.words) for one in near)
    assert alike(told(texts, with_vectors=False), ask, take=2) == near[:2]


@settings(max_examples=60, deadline=None)
@given(texts=few_texts, with_vectors=st.booleans())
def test_every_text_is_in_one_place(texts: dict[str, str], with_vectors: bool) -> None:
    there = told(texts, with_vectors=with_vectors)

    found = clusters(there, fewest=2)

    placed = sorted([name for cluster in found.clusters for name in cluster.ids] + list(found.alone))
    assert placed == sorted(texts)
    labels = [cluster.label for cluster in found.clusters if cluster.label]
    assert len(labels) == len(set(labels))
    for several in (groups(there), duplicates(there)):
        names = [name for one in several for name in one.ids]
        assert len(names) == len(set(names))
        assert all(len(one.ids) > 1 for one in several)


@settings(max_examples=60, deadline=None)
@given(texts=few_texts)
def test_texts_with_the_same_words_and_numbers_are_duplicates(texts: dict[str, str]) -> None:
    together = {name: group.ids for group in duplicates(told(texts, with_vectors=False)) for name in group.ids}

    for one, text in texts.items():
        for other, same in texts.items():
            if one < other and text == same and text.strip():
                assert other in together[one]
