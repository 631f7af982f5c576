"""Which field of work somebody comes from, by what they say of themselves in a few words."""

import pytest

from momentor.people.fields import FIELDS, fields_in, mentions_in


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (["Nurse in Leicester, three years on a surgical ward"], {"health"}),
        (["District nurse, shipyard welder until I was thirty", "TIG welding"], {"health", "trades"}),
        (["Examinierte Krankenpflegerin in Bremen"], {"health"}),
        (["Master electrician with nine staff"], {"trades"}),
        (["Backend engineer in Porto", "Python", "code review"], {"software", "engineering"}),
        (["Labour lawyer in Mexico City", "labour law"], {"law"}),
        (["HEAD OF A CHOIR; (singing)"], {"arts"}),
        (["Answered questions about postgresql, replication"], set()),
        ([], set()),
    ],
)
def test_a_field_is_told_by_words_of_the_trade(said: list[str], fields: set[str]) -> None:
    assert fields_in(said) == fields


@pytest.mark.parametrize(
    "said", ["A long career in a nursery", "An article on wardrobes", "Single parent, courteous", "Lawn care", "Trader"]
)
def test_what_only_sounds_alike_is_no_field(said: str) -> None:
    assert fields_in([said]) == frozenset()


def test_what_people_of_every_field_do_is_nobodys_field() -> None:
    said = ["Leads a team and founder of a small business"]

    assert fields_in(said) == frozenset()
    assert set(mentions_in(said)) == {"leading", "own business"}


def test_no_word_of_a_field_is_written_in_a_way_that_never_matches() -> None:
    for field, stems in FIELDS.items():
        for stem in stems:
            assert field in mentions_in([stem.upper()]), (field, stem)
