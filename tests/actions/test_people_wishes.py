"""Saying in a programme that one would like a mentor of one's own, and how many mentees one takes."""

import re
from typing import Any

import pytest

from momentor.foundation.models import EventRecord
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import (
    edit_programme,
    enrol,
    leave_organisation,
    offer_places,
    say_wish,
    start_programme,
    withdraw,
)
from momentor.people.actions.programmes import (
    BlindOrMatched,
    NotInProgramme,
    NotMatchedHere,
    WishEmpty,
    WishTooLong,
    WrongPlaces,
)
from momentor.people.export import exported
from momentor.people.models import Enrolment, Organisation, Person, Programme
from momentor.people.standing import NotAMember, member
from tests.cast import NOW, client_of, page

WISH = "I was offered to lead a crew and would like to learn it from somebody who did."


@pytest.fixture
def crews(organisation: Organisation, amina: Person, ben: Person, dana: Person) -> Programme:
    """A programme that gives mentors, with Amina and Ben in it."""
    with acting_in(organisation.pk, person_id=dana.pk):
        programme = start_programme(by=dana, now=NOW, name="First crews", matches_people=True)
        for person in (amina, ben):
            enrol(programme=programme, membership=member(person), by=dana, now=NOW)
    return programme


def part_of(person: Person, programme: Programme) -> Enrolment:
    return Enrolment.objects.get(programme=programme, membership__person=person)


@pytest.mark.usefixtures("acting")
def test_a_wish_is_kept_without_control_characters_and_can_be_taken_back(crews: Programme, amina: Person) -> None:
    say_wish(programme=crews, by=amina, wants_mentor=True, wish=f"  {WISH}\x00\r\n", now=NOW)
    assert (part_of(amina, crews).wants_mentor, part_of(amina, crews).wish) == (True, WISH)

    say_wish(programme=crews, by=amina, wants_mentor=False, wish="ignored", now=NOW)

    assert (part_of(amina, crews).wants_mentor, part_of(amina, crews).wish) == (False, "")
    said = EventRecord.objects.filter(name="WishSaid").order_by("id").values_list("facts", flat=True)
    assert [facts["wants_mentor"] for facts in said] == [True, False]
    assert WISH not in str(list(said))


@pytest.mark.usefixtures("acting")
def test_what_cannot_be_wished_is_refused_with_its_reason(
    crews: Programme, amina: Person, emil: Person, dana: Person, chloe: Person
) -> None:
    cases: list[tuple[Person, str, type[Refusal]]] = [
        (amina, "", WishEmpty),
        (amina, " \n\t ", WishEmpty),
        (amina, "x" * 501, WishTooLong),
        (emil, WISH, NotInProgramme),
        (chloe, WISH, NotAMember),
    ]
    for who, wish, expected in cases:
        with pytest.raises(expected):
            say_wish(programme=crews, by=who, wants_mentor=True, wish=wish, now=NOW)
    plain = start_programme(by=dana, now=NOW, name="Only questions")
    enrol(programme=plain, membership=member(amina), by=dana, now=NOW)
    with pytest.raises(NotMatchedHere):
        say_wish(programme=plain, by=amina, wants_mentor=True, wish=WISH, now=NOW)


@pytest.mark.usefixtures("acting")
def test_a_mentor_says_how_many_mentees_they_take(crews: Programme, ben: Person) -> None:
    for places in (0, 4, None):
        offer_places(programme=crews, by=ben, places=places, now=NOW)
        assert part_of(ben, crews).places == places
    for wrong in (-1, 51):
        with pytest.raises(WrongPlaces, match="from 0 to 50"):
            offer_places(programme=crews, by=ben, places=wrong, now=NOW)


@pytest.mark.usefixtures("acting")
def test_in_a_programme_for_everybody_a_part_begins_with_the_wish(amina: Person, dana: Person) -> None:
    everybody = start_programme(by=dana, now=NOW, name="All", is_for_all=True, matches_people=True)

    say_wish(programme=everybody, by=amina, wants_mentor=True, wish=WISH, now=NOW)
    say_wish(programme=everybody, by=amina, wants_mentor=True, wish=WISH, now=NOW)

    assert Enrolment.objects.filter(programme=everybody).count() == 1


@pytest.mark.usefixtures("acting")
def test_nobody_is_matched_by_name_where_mentors_decide_blind(crews: Programme, dana: Person) -> None:
    with pytest.raises(BlindOrMatched):
        start_programme(by=dana, now=NOW, name="Both", blind_accept=True, matches_people=True)
    with pytest.raises(BlindOrMatched):
        edit_programme(programme=crews, by=dana, now=NOW, blind_accept=True)


@pytest.mark.usefixtures("acting")
def test_who_leaves_takes_the_wish_along(crews: Programme, amina: Person, ben: Person) -> None:
    say_wish(programme=crews, by=amina, wants_mentor=True, wish=WISH, now=NOW)
    parts = {part.name: list(part.rows) for part in exported(amina)}
    assert parts["programmes.json"][0] | {"enrolled_at": None} == {
        "programme__name": "First crews",
        "enrolled_at": None,
        "wants_mentor": True,
        "wish": WISH,
        "places": None,
    }

    withdraw(programme=crews, membership=member(amina), by=amina, now=NOW)
    leave_organisation(by=ben, now=NOW)

    assert not Enrolment.objects.exists()


def test_the_page_of_a_programme_asks_and_says_what_is_noted(
    organisation: Organisation, crews: Programme, amina: Person
) -> None:
    browser: Any = client_of(amina)
    there = page("people:programme", crews.pk, organisation=organisation)
    wish = page("people:wish", crews.pk, organisation=organisation)
    assert "Would you like a mentor of your own?" in browser.get(there).content.decode()

    empty = browser.post(wish, {"wish": " "}, follow=True).content.decode()
    said = browser.post(wish, {"wish": WISH}, follow=True).content.decode()
    again = browser.post(wish, {"wants": "no", "wish": WISH}, follow=True).content.decode()

    assert "Write in a sentence or two" in empty
    assert "You would like a mentor" in said
    assert WISH in said
    assert "Mentees at most" not in said
    assert "You said that you would not" in again
    assert WISH not in again


def test_the_wish_of_somebody_else_is_not_on_the_page(
    organisation: Organisation, crews: Programme, amina: Person, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk, person_id=amina.pk):
        say_wish(programme=crews, by=amina, wants_mentor=True, wish=WISH, now=NOW)
    there = page("people:programme", crews.pk, organisation=organisation)

    for who in (ben, dana):
        assert WISH not in client_of(who).get(there).content.decode()
    assert 'name="places"' in client_of(ben).get(there).content.decode()
    assert 'name="wish"' not in client_of(dana).get(there).content.decode()  # she takes no part


@pytest.mark.parametrize(("given", "says"), [("3", "Saved."), ("999", "less than or equal to 50"), ("x", "whole")])
def test_places_are_said_on_the_page(
    organisation: Organisation, crews: Programme, ben: Person, given: str, says: str
) -> None:
    browser: Any = client_of(ben)

    answer = browser.post(page("people:places", crews.pk, organisation=organisation), {"places": given}, follow=True)

    assert says in re.sub(r"\s+", " ", answer.content.decode())


def test_a_form_does_not_take_both_rules_at_once(organisation: Organisation, dana: Person) -> None:
    given = {"name": "Both", "goal": "", "pass_reasons": "", "blind_accept": "on", "matches_people": "on"}

    answer: Any = client_of(dana).post(page("people:programmes", organisation=organisation), given)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "matches_people": ["Where mentors decide blind, nobody is matched by name: choose one of the two."]
    }
