"""Odd input gives a plain answer or a plain refusal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchwell.similar import Texts, alike, clusters, duplicates, groups, read
from tests.pure.matchwell.similar.careers import community

ODD = {
    "empty": "",
    "blank": " \n\t ",
    "100 kB": "night shift " * 8_500,
    "one long word": "a" * 100_000,
    "emoji only": "👩‍🚀🚀🚀🏳️‍🌈",
    "control characters": "\x00night\x07 \x1bshift\x9f",
    "lone surrogate": "night \ud800 shift",
    "mixed scripts": "night नाइट 夜勤 ночь ليل กลางคืน νύχτα",
    "signs only": "?!#++--__..",
    "stop words only": "how do I do it and who is the one",
    "page code": "<script>alert('night')</script>",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_any_text_may_be_read_and_asked(text: str) -> None:
    there = community(odd=text, odd2=text, odd3=f"{text} shift")

    assert all(0 < one.nearness <= 1 for one in alike(there, text, take=50))
    assert all(len(group.ids) > 1 for group in groups(there))
    assert all(isinstance(cluster.label, str) for cluster in clusters(there).clusters)
    assert all(0 < one.nearness <= 1 for one in duplicates(there))


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text(), max_size=6), ask=st.text())
def test_no_text_breaks_anything(texts: list[str], ask: str) -> None:
    there = read(Texts(ids=[str(place) for place in range(len(texts))], texts=texts))

    for near in alike(there, ask):
        assert all(word in ask for word in near.words)
    groups(there)
    clusters(there, fewest=1)
    duplicates(there)


def test_all_texts_equal_and_one_text() -> None:
    equal = read(Texts(ids=["a", "b", "c"], texts=["night shifts"] * 3))
    assert [one.id for one in alike(equal, "night shifts")] == ["a", "b", "c"]
    assert [group.ids for group in groups(equal)] == [("a", "b", "c")]
    assert [group.ids for group in duplicates(equal)] == [("a", "b", "c")]
    one = read(Texts(ids=["a"], texts=["night shifts"]))
    assert [near.id for near in alike(one, "night shifts")] == ["a"]
    assert duplicates(one) == []


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_vectors_that_are_none_are_refused_with_a_sentence(wrong: float) -> None:
    vectors = np.ones((2, 3))
    vectors[1, 2] = wrong
    with pytest.raises(ValueError, match="not finite"):
        Texts(ids=["a", "b"], texts=["x", "y"], vectors=vectors)
    there = read(Texts(ids=["a", "b"], texts=["x", "y"], vectors=np.ones((2, 3))))
    with pytest.raises(ValueError, match="3 finite numbers"):
        alike(there, "x", vector=vectors[1])


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"texts": ["x"]}, "2 ids, but 1 texts"),
        ({"languages": ["en"]}, "2 ids, but 1 languages"),
        ({"writers": ["a", "b", "c"]}, "2 ids, but 3 writers"),
        ({"ids": ["a", "a"]}, "'a' stands there twice"),
        ({"texts": "xy"}, "Put the one text into a list"),
        ({"vectors": np.ones((3, 4))}, r"\[2, d\]; these have the shape \[3, 4\]"),
        ({"vectors": np.ones(2)}, r"shape \[2\]"),
        ({"vectors": np.ones((2, 5000))}, "4096 entries at most, not 5000"),
    ],
)
def test_columns_that_do_not_fit_are_refused_with_a_sentence(columns: dict[str, object], sentence: str) -> None:
    given_columns: dict[str, object] = {"ids": ["a", "b"], "texts": ["x", "y"]} | columns
    with pytest.raises(ValueError, match=sentence):
        Texts(**given_columns)  # type: ignore[arg-type]  # wrong on purpose


def test_a_vector_where_none_was_read_is_refused() -> None:
    with pytest.raises(ValueError, match="read without vectors"):
        alike(community(), "night", vector=np.ones(3))


def test_vectors_of_zeros_say_nothing() -> None:
    there = read(Texts(ids=["a", "b"], texts=["night shifts", "night shifts"], vectors=np.zeros((2, 4))))

    assert [one.id for one in alike(there, "night", vector=np.zeros(4))] == ["a", "b"]
    assert [group.ids for group in duplicates(there)] == [("a", "b")]
    assert groups(there)
