"""Questions that belong together."""

import pytest

from matchwell.similar import Texts, TooMany, groups, read
from tests.pure.matchwell.similar.careers import MATTERS, community, matter_of, meant, told


def test_groups_are_of_one_matter_and_have_a_name_from_their_words() -> None:
    found = groups(community())

    assert all(len({matter_of(name) for name in group.ids}) == 1 for group in found)
    assert len(found) >= 6
    assert {"night shifts", "salary"} <= {piece for group in found for piece in group.label.split(", ")}


def test_who_is_alone_is_in_no_group() -> None:
    found = groups(community(zebra="Are zebras white or black?"))

    assert "zebra" not in {name for group in found for name in group.ids}


def test_the_largest_group_comes_first_and_nobody_is_in_two() -> None:
    found = groups(community())

    assert [len(group.ids) for group in found] == sorted((len(group.ids) for group in found), reverse=True)
    everybody = [name for group in found for name in group.ids]
    assert len(everybody) == len(set(everybody))


def test_only_those_among_are_grouped_and_the_others_say_which_words_are_common() -> None:
    wanted = {"night0", "night1", "night2", "salary0", "garden1"}

    found = groups(community(), among=wanted)

    assert [group.ids for group in found] == [("night0", "night1", "night2")]


def test_a_stricter_bound_makes_smaller_groups() -> None:
    loose, strict = (groups(community(), least=least) for least in (0.02, 0.6))

    of_loose = {frozenset(group.ids) for group in loose}
    assert sum(len(group.ids) for group in strict) < sum(map(len, of_loose))
    assert all(any(set(group.ids) <= larger for larger in of_loose) for group in strict)


def test_vectors_gather_whole_matters() -> None:
    texts = told()
    there = read(
        Texts(ids=list(texts), texts=list(texts.values()), vectors=meant(list(texts), noise=0.2), encoder="minilm")
    )

    found = groups(there)

    assert {frozenset(group.ids) for group in found} == {
        frozenset(f"{matter}{number}" for number in range(5)) for matter in MATTERS
    }


def test_nothing_and_one_text_make_no_group() -> None:
    assert groups(read(Texts(ids=[], texts=[]))) == []
    assert groups(read(Texts(ids=["a"], texts=["night shifts"]))) == []
    assert groups(community(), among=[]) == []


def test_too_many_to_compare_each_with_each_are_refused_with_a_sentence() -> None:
    ids = [f"{number}" for number in range(2_001)]
    with pytest.raises(TooMany, match="2001 texts are too many"):
        groups(read(Texts(ids=ids, texts=["night"] * len(ids))))
