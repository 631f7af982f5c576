"""Clusters of all that a community asks."""

import numpy as np
import pytest

from matchwell.similar import Clusters, Texts, clusters, read
from matchwell.similar.agreement import adjusted_mutual_information
from tests.pure.matchwell.similar.careers import MATTERS, community, matter_of, meant, told


def agreement(found: Clusters) -> float:
    """Return how well clusters agree with the matters."""
    label_of = found.label_of()
    return adjusted_mutual_information([matter_of(name) for name in label_of], list(label_of.values()))


def larger(**more: str) -> tuple[list[str], list[str]]:
    """Return ids and texts of a community in which every question was asked in a few variations."""
    spoken = ["", "Please tell me. ", "I am new here. ", "As a beginner: ", "Since last year, "]
    there = {f"{name}{way}": f"{words}{text}" for name, text in told().items() for way, words in enumerate(spoken)}
    there |= more
    return list(there), list(there.values())


def test_clusters_are_the_matters() -> None:
    found = clusters(community(), count=8)

    assert agreement(found) > 0.4
    assert sum(len(cluster.ids) for cluster in found.clusters) + len(found.alone) == 40


def test_with_vectors_they_are_exactly_the_matters() -> None:
    texts = told()
    there = read(Texts(ids=list(texts), texts=list(texts.values()), vectors=meant(list(texts)), encoder="minilm"))

    found = clusters(there, count=8)

    assert agreement(found) == pytest.approx(1)
    assert all(cluster.typical in cluster.ids for cluster in found.clusters)


def test_no_two_clusters_have_the_same_name() -> None:
    names = [cluster.label for cluster in clusters(community(), count=12).clusters]

    assert len(names) == len(set(names))
    assert all(names)


def test_the_wanted_number_is_the_most_there_are() -> None:
    for count in (1, 3, 8):
        assert 1 <= len(clusters(community(), count=count).clusters) <= count


def test_a_few_questions_more_change_little() -> None:
    ids, texts = larger()
    before = clusters(read(Texts(ids=ids, texts=texts)), count=8)
    ids, texts = larger(new1="Night shifts again, on the ward", new2="Which soil for roses?", new3="Salary in Bremen")

    there = read(Texts(ids=ids, texts=texts))
    anew, going_on = clusters(there, count=8), clusters(there, count=8, earlier=before)

    old = before.label_of()
    for now, least in ((anew.label_of(), 0.8), (going_on.label_of(), 0.95)):
        both = sorted(old.keys() & now.keys())
        assert adjusted_mutual_information([old[one] for one in both], [now[one] for one in both]) > least
    assert {cluster.label for cluster in going_on.clusters} == {cluster.label for cluster in before.clusters}


def test_going_on_makes_room_for_what_is_new() -> None:
    ids, texts = larger()
    before = clusters(read(Texts(ids=ids, texts=texts)), count=8)
    sailing = {
        f"sail{number}": f"Sailing upwind: how do I trim the jib in {number} knots of wind?" for number in range(12)
    }
    ids, texts = larger(**sailing)

    now = clusters(read(Texts(ids=ids, texts=texts)), count=10, earlier=before)

    assert any(set(sailing) <= set(cluster.ids) for cluster in now.clusters)


def test_small_clusters_are_left_alone() -> None:
    found = clusters(community(), count=8, fewest=6)

    assert all(len(cluster.ids) >= 6 for cluster in found.clusters)
    assert len(found.alone) + sum(len(cluster.ids) for cluster in found.clusters) == 40


def test_texts_beyond_the_sample_go_to_the_nearest_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from matchwell.similar import clusters as module  # the function hides the module of its name

    ids, texts = larger()
    monkeypatch.setattr(sys.modules["matchwell.similar.clusters"], "BEGUN_WITH", 80)
    monkeypatch.setattr(sys.modules["matchwell.similar.clusters"], "LEARNED_FROM", 100)

    found = module(read(Texts(ids=ids, texts=texts)), count=8)

    assert sum(len(cluster.ids) for cluster in found.clusters) > 150
    assert agreement(found) > 0.4


def test_nothing_one_text_and_equal_texts() -> None:
    assert clusters(read(Texts(ids=[], texts=[]))) == Clusters(clusters=(), alone=())
    assert clusters(read(Texts(ids=["a"], texts=["night shifts"]))).alone == ("a",)
    equal = clusters(read(Texts(ids=[f"{number:02}" for number in range(20)], texts=["night shifts"] * 20)))
    assert [cluster.label for cluster in equal.clusters] in ([], ["night shifts"])
    silent = clusters(read(Texts(ids=["a", "b", "c"], texts=["", "👩‍🚀", "   "])))
    assert silent == Clusters(clusters=(), alone=("a", "b", "c"))


def test_none_is_no_number_of_clusters() -> None:
    with pytest.raises(ValueError, match="at least one cluster, not 0"):
        clusters(community(), count=0)


def test_vectors_alone_may_speak() -> None:
    ids = [f"{matter}{number}" for matter in MATTERS for number in range(5)]
    there = read(Texts(ids=ids, texts=["👩‍🚀"] * len(ids), vectors=meant(ids), encoder="minilm"))

    found = clusters(there, count=8)

    members = {frozenset(cluster.ids) for cluster in found.clusters}
    assert members == {frozenset(f"{matter}{number}" for number in range(5)) for matter in MATTERS}
    assert {cluster.label for cluster in found.clusters} == {""}
    assert np.isfinite(len(found.alone))
