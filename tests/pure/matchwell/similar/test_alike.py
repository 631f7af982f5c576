"""The nearest texts, and the number that says how near."""

import numpy as np
import pytest

from matchwell.likelihood import OF_SHARES
from matchwell.similar import Texts, alike, nearness, read
from matchwell.similar.comparing import each_with_each, pair_by_pair
from tests.pure.matchwell.similar.careers import MATTERS, SAID_AGAIN, community, matter_of, meant, told


def test_the_nearest_questions_are_about_the_same_matter() -> None:
    near = alike(community(), "I work night shifts on a ward. How do I sleep after them?", take=3)

    assert [matter_of(one.id) for one in near] == ["night"] * 3
    assert near[0].nearness > near[1].nearness > near[2].nearness > 0.1
    assert "night" in near[0].words


def test_the_words_in_common_are_written_as_they_were_asked() -> None:
    [near] = alike(community(), "WELDING thin Pipes?", take=1)

    assert set(near.words) == {"WELDING", "thin", "Pipes"}


@pytest.mark.parametrize("again", SAID_AGAIN.values(), ids=SAID_AGAIN.keys())
@pytest.mark.parametrize("matter", MATTERS)
def test_a_question_that_is_said_again_is_nearest_to_itself(matter: str, again: object) -> None:
    assert callable(again)
    near = alike(community(), again(MATTERS[matter][1]), take=2)

    assert near[0].id == f"{matter}1"
    assert near[0].nearness > 0.9
    assert all(one.nearness < near[0].nearness for one in near[1:])


def test_nothing_in_common_is_no_nearness() -> None:
    assert alike(community(), "Zebras") == []
    assert alike(community(), "") == []
    assert alike(community(), "👩‍🚀") == []


def test_only_what_is_near_enough_and_wanted_is_returned() -> None:
    text = MATTERS["salary"][0]
    everything = alike(community(), text, take=99)

    assert alike(community(), text, take=99, least=0.01) == [one for one in everything if one.nearness > 0.01]
    assert [one.id for one in alike(community(), text, among={"salary1", "soil"})] == ["salary1"]
    assert alike(community(), text, take=0) == []


def test_vectors_bring_near_what_has_no_words_in_common() -> None:
    texts = told() | {"night9": "Sleeping in the morning with curtains drawn"}
    vectors = meant(list(texts))
    there = read(Texts(ids=list(texts), texts=list(texts.values()), vectors=vectors, encoder="minilm"))
    asked = "Zebras"

    near = alike(there, asked, vector=vectors[list(texts).index("night0")], take=6)

    assert {matter_of(one.id) for one in near} == {"night"}
    assert near[0].id == "night0"
    assert near[0].words == ()


def test_without_a_vector_of_its_own_a_text_is_compared_by_its_words() -> None:
    texts = told()
    vectors = meant(list(texts))
    vectors[list(texts).index("night0")] = 0.0
    with_vectors = read(Texts(ids=list(texts), texts=list(texts.values()), vectors=vectors, encoder="minilm"))

    [by_words] = alike(community(), MATTERS["night"][1], among={"night0"})
    [beside_vectors] = alike(with_vectors, MATTERS["night"][1], vector=vectors[1], among={"night0"})
    [without] = alike(with_vectors, MATTERS["night"][1], among={"night0"})

    assert beside_vectors == by_words == without


def test_texts_in_two_languages_need_no_words_in_common() -> None:
    texts = {
        "night0": "How do I survive night shifts?",
        "garden0": "Tomatoes on a balcony",
        "salary0": "A higher salary",
    }
    vectors = meant(list(texts))
    there = read(
        Texts(
            ids=list(texts),
            texts=list(texts.values()),
            vectors=vectors,
            encoder="universal",
            languages=["en", "en-GB", None],
        )
    )

    across = alike(there, "Wie überstehe ich Nachtdienste?", vector=vectors[0], language="de", take=1)
    unknown = alike(there, "Wie überstehe ich Nachtdienste?", vector=vectors[0], take=1)

    assert across[0].id == unknown[0].id == "night0"
    assert across[0].nearness > unknown[0].nearness > 0


def test_comparing_pair_by_pair_is_comparing_each_with_each() -> None:
    texts = told()
    there = read(Texts(ids=list(texts), texts=list(texts.values()), vectors=meant(list(texts)), encoder="minilm"))
    rows = np.arange(len(there))

    square = each_with_each(there, rows, rows)
    listed = pair_by_pair(there, np.repeat(rows, len(rows)), np.tile(rows, len(rows)))

    assert square.nearness.ravel() == pytest.approx(listed.nearness, abs=2e-6)
    assert (square.nearness == square.nearness.T).all()
    one = alike(there, texts["night0"], vector=meant(list(texts))[0], take=99)
    asked = dict(zip(there.texts.ids, square.nearness[there.texts.ids.index("night0")].tolist(), strict=True))
    assert {near.id: near.nearness for near in one} == pytest.approx(asked, abs=2e-6)


def test_more_in_common_never_makes_it_less() -> None:
    steps = np.linspace(0, 1, 50)
    for encoder in ("minilm", "universal", "somebody's"):
        by_words = nearness(steps, np.full(50, 1.0), encoder=encoder)
        by_meaning = nearness(np.full(50, 0.2), steps * 10 - 3, encoder=encoder)
        assert (np.diff(by_words) >= 0).all()
        assert (np.diff(by_meaning) >= 0).all()
    assert (np.diff(nearness(steps)) >= 0).all()
    assert (np.diff(nearness(steps, curves=OF_SHARES)) >= 0).all()
    assert nearness(0.0) == 0
    assert nearness(1.0) > 0.99


def test_the_number_does_not_depend_on_how_much_else_was_asked() -> None:
    """A community four times as large, that asks about as many matters: the same pairs are as near."""
    asked = MATTERS["salary"][1]

    near = [
        alike(
            community(
                **{f"{name}{copy}x": f"{text} {copy}" for copy in range(copies) for name, text in told().items()}
            ),
            asked,
            among={"salary2"},
        )[0].nearness
        for copies in (4, 16)
    ]

    assert near[0] == pytest.approx(near[1], abs=0.1)
