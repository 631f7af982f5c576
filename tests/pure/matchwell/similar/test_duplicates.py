"""Texts that ask the same, and those that nearly do."""

from collections.abc import Callable

import numpy as np
import pytest

from matchwell.encoders import load_installed
from matchwell.similar import Texts, duplicates, read
from tests.pure.matchwell.similar.careers import MATTERS, SAID_AGAIN, community, meant, told


def test_a_community_without_duplicates_has_none() -> None:
    assert duplicates(community()) == []


@pytest.mark.parametrize("again", SAID_AGAIN.values(), ids=SAID_AGAIN.keys())
def test_what_is_said_again_is_found_and_nothing_else(again: Callable[[str], str]) -> None:
    copies = {f"x{matter}": again(texts[3]) for matter, texts in MATTERS.items()}

    found = duplicates(community(**copies))

    assert [one.ids for one in found] == sorted((f"{matter}3", f"x{matter}") for matter in MATTERS)
    assert all(one.nearness > 0.9 for one in found)


def test_it_says_which_words_are_the_same() -> None:
    [found] = duplicates(
        community(again="hello, MY SALARY is below that of a colleague, should I mention it in the negotiation??")
    )

    assert found.ids == ("again", "salary2")
    assert {"SALARY", "colleague", "negotiation", "mention"} <= set(found.words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pivot tables in Excel 2016 show wrong totals", "Pivot tables in Excel 2019 show wrong totals"),
        ("Can the IQ of an AI program be measured?", "Can the EQ of an AI program be measured?"),
        ("Elliptic curves", "Elliptic curves over finite fields in cryptography"),
        ("How do I hand over a ward?", "How do I hand over a project?"),
        ("How do I start in Norway as a welder of ships?", "How do I start in Norway as a teacher of music?"),
    ],
)
def test_one_telling_word_makes_another_question(one: str, other: str) -> None:
    assert duplicates(community(one=one, other=other)) == []


def test_what_is_like_a_neighbour_is_not_like_the_neighbours_neighbour() -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "sigma"]
    chain = {f"c{step}": " ".join(words[step : step + 10]) for step in range(3)}

    found = duplicates(community(**chain))

    assert [one.ids for one in found] == [("c0", "c1")], "c1 and c2 are as near, but c0 and c2 are not"


def test_many_copies_are_one_group() -> None:
    found = duplicates(community(**{f"copy{number:03}": MATTERS["night"][0] for number in range(300)}))

    assert [len(one.ids) for one in found] == [301]
    assert found[0].nearness == 1


def test_the_same_words_with_another_meaning_are_two_questions() -> None:
    texts = told() | {"x": f"{MATTERS['night'][1]} Nurses!"}
    ids = list(texts)
    far, near = meant(ids), meant(ids)
    near[-1] = near[ids.index("night1")]

    found = [
        duplicates(read(Texts(ids=ids, texts=list(texts.values()), vectors=vectors, encoder="minilm")))
        for vectors in (far, near)
    ]

    assert found[0] == []
    assert [one.ids for one in found[1]] == [("night1", "x")]


def test_other_words_with_the_same_meaning_are_one_question() -> None:
    texts = told() | {"x": "Night shifts make me exhausted: how do nurses sleep after working nights?"}
    ids = list(texts)
    vectors = meant(ids)
    vectors[-1] = vectors[ids.index("night1")] + 0.05
    there = read(Texts(ids=ids, texts=list(texts.values()), vectors=vectors, encoder="minilm"))

    [found] = duplicates(there)

    assert found.ids == ("night1", "x")
    assert "nurses" in found.words


def test_a_translation_is_found_by_an_encoder_of_many_languages() -> None:
    encoder = load_installed("universal").encoder
    if encoder is None:
        pytest.skip("The package with the universal sentence encoder is not installed.")
    texts = told() | {
        "xgarden": "Meine Tomaten haben braune Blätter. Zu viel Wasser in der Erde, oder ein Pilz?",
        "xsalary": "Comment demander un salaire plus élevé quand mon responsable dit que le budget est fermé ?",
        "xother": "Wie lange muss ein Kuchen im Ofen bleiben?",
    }
    languages = ["en"] * (len(texts) - 3) + ["de", "fr", "de"]
    there = read(
        Texts(
            ids=list(texts),
            texts=list(texts.values()),
            vectors=encoder.encode(list(texts.values())),
            encoder=encoder.name,
            languages=languages,
        )
    )

    assert [one.ids for one in duplicates(there)] == [("garden1", "xgarden"), ("salary0", "xsalary")]


def test_among_many_vectors_nearly_all_twins_are_found() -> None:
    chance = np.random.default_rng(3)
    size = 6_000
    vectors = chance.standard_normal((size, 24)).astype(np.float32)
    vectors[1::2] = vectors[::2] + 0.05 * chance.standard_normal((size // 2, 24))
    texts = [f"{_word(row // 2)} {_word(10_000 + row)} matter" for row in range(size)]
    ids = [f"{row:05}" for row in range(size)]

    found = duplicates(read(Texts(ids=ids, texts=texts, vectors=vectors, encoder="minilm")))

    twins = [one.ids for one in found]
    assert all(int(one) + 1 == int(other) and int(one) % 2 == 0 for one, other in twins)
    assert len(twins) > 0.97 * size / 2


def _word(number: int) -> str:
    return "x" + "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "x"
