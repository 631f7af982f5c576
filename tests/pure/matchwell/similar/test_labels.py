"""Names of groups, from their own words."""

import numpy as np
import pytest

from matchwell.similar import Texts, labels, read
from tests.pure.matchwell.similar.careers import MATTERS, community, matter_of


def named(texts: list[list[str]], **more: object) -> list[str]:
    """Return the names of groups of texts."""
    flat = [text for group in texts for text in group]
    ids = [f"{number:03}" for number in range(len(flat))]
    there = read(Texts(ids=ids, texts=flat, writers=more.pop("writers", None)))  # type: ignore[arg-type]  # as it comes
    ends = np.cumsum([len(group) for group in texts])
    return labels(there, np.split(np.arange(len(flat)), ends[:-1]), **more)  # type: ignore[arg-type]  # as it comes


def test_every_matter_is_named_by_its_own_words() -> None:
    there = community()
    rows = {
        matter: [row for row, name in enumerate(there.texts.ids) if matter_of(name) == matter] for matter in MATTERS
    }

    names = dict(zip(rows, labels(there, [np.array(of_one) for of_one in rows.values()]), strict=True))

    assert names["night"].startswith("night shifts")
    assert "welding" in names["welding"]
    assert "presentation" in names["speaking"]
    assert "team lead" in names["leading"]
    assert "work visa" in names["abroad"]
    assert "Python" in names["python"]
    assert len(set(names.values())) == len(names)


def test_words_are_shown_as_most_people_write_them() -> None:
    texts = ["Postgres indexes", "PostgreSQL indexing", "PostgreSQL index", "tune a PostgreSQL index"]

    [name] = named([texts])

    assert name == "PostgreSQL index"


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert named([["Salaries in May", "Salaries in June", "What salaries are paid", "Salaries again"]]) == ["salaries"]


def test_no_word_that_says_nothing_stands_alone() -> None:
    [name] = named(
        [["I want to know what the problem with my visa is", "A question about the visa", "visa, thank you"]]
    )

    assert name == "visa"


def test_what_is_written_without_spaces_is_shown_whole() -> None:
    assert named([["履歴書の書き方", "履歴書について", "良い履歴書"], ["salary"]])[0].startswith("履歴書")


def test_no_two_groups_have_the_same_name() -> None:
    names = named([["night shifts"] * 3, ["night shifts"] * 3, ["night shifts"] * 3])

    assert names == ["night shifts", "night shifts (2)", "night shifts (3)"]


def test_two_groups_that_begin_alike_are_told_apart_by_more_words() -> None:
    first = ["salary talk in Munich", "salary talk Munich rent", "Munich salary talk"]
    second = ["salary talk in Oslo", "salary talk Oslo tax", "Oslo salary talk"]

    names = named([first, second, ["pipes"], ["soil"]])

    assert len({*names}) == 4
    assert "Munich" in names[0] or "Oslo" in names[1]


def test_a_word_of_one_person_is_not_shown_where_several_must_have_written_it() -> None:
    texts = [
        ["my illness and night shifts", "my illness and night shifts again", "night shifts", "night shifts, tired"]
    ]
    writers = ["amina", "amina", "ben", "chloe"]

    [open_name] = named(texts, writers=writers)
    [kept_back] = named(texts, writers=writers, fewest_writers=3)

    assert "illness" in open_name
    assert kept_back == "night shifts"
    assert named(texts, writers=["amina"] * 4, fewest_writers=2) == [""]


def test_a_name_is_kept_while_its_words_still_tell() -> None:
    group = ["night shifts sleep", "night shifts and sleep", "sleep after night shifts"]

    assert named([group, ["pipes"]], keep=["sleep", ""])[0] == "sleep"
    assert named([group, ["pipes"]], keep=["salary", ""])[0] != "salary"


@pytest.mark.parametrize("texts", [["👩‍🚀", "🚀"], ["", ""], ["2016", "2017"]])
def test_without_a_word_there_is_no_name(texts: list[str]) -> None:
    assert named([texts]) == [""]
