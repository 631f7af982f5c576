"""Wishes compared with what mentors know, through the door that questions go through as well."""

import pytest
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch.candidates import nearest_to, words_between
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from tests.cast import make_mentor, make_person
from tests.programmes import TEACHING, WELDING

pytestmark = pytest.mark.usefixtures("acting")


def nearest(wishes: dict[Person, str], *among: Person, take: int = 50) -> dict[str, list[str]]:
    """Return by name who is nearest to a wish, the nearest first."""
    names = {person.pk: person.name for person in (*wishes, *among)}
    found = nearest_to(
        {person.pk: wish for person, wish in wishes.items()},
        among=[person.pk for person in among],
        now=timezone.now(),
        take=take,
    )
    return {names[one.person_id]: [names[mentor_id] for mentor_id in one.scores] for one in found}


def test_each_wish_finds_those_who_know_about_it(amina: Person, dana: Person, ben: Person, emil: Person) -> None:
    found = nearest({amina: WELDING, dana: TEACHING}, ben, emil)

    assert found["Amina Yusuf"][0] == "Ben Okafor"
    assert found["Dana Novak"][0] == "Emil Sørensen"


def test_only_those_who_are_asked_about_are_found_and_so_many(amina: Person, ben: Person, emil: Person) -> None:
    assert nearest({amina: WELDING}, emil)["Amina Yusuf"] in ([], ["Emil Sørensen"])
    assert len(nearest({amina: f"{WELDING} {TEACHING}"}, ben, emil, take=1)["Amina Yusuf"]) == 1
    assert nearest({amina: WELDING}) == {"Amina Yusuf": []}
    assert nearest({}, ben) == {}


def test_what_mentors_answered_speaks_for_them_and_nobody_is_near_to_their_own_wish(
    organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    question = draft_question(by=amina, text="How do I sharpen a scythe for wet grass?", now=timezone.now())
    Question.objects.filter(pk=question.pk).update(state=Question.State.ANSWERED, asked_at=timezone.now())
    Answer.objects.create(question=question, mentor=emil, given_at=timezone.now())

    found = nearest({ben: "I would like to learn to sharpen scythes."}, ben, emil)

    assert found == {"Ben Okafor": ["Emil Sørensen"]}


def test_the_words_that_speak_for_somebody_stand_as_they_were_written(amina: Person, ben: Person, emil: Person) -> None:
    now = timezone.now()

    words = words_between("To lead CREWS of Welders, far from cooking.", of=amina.pk, to=ben.pk, now=now)

    assert {"CREWS", "Welders"} <= set(words)
    assert "cooking" not in words
    assert words_between("cooking", of=amina.pk, to=ben.pk, now=now) == []


@pytest.mark.parametrize("wish", ["", "🪡", "<script>alert(1)</script>", "x" * 500, "焊接", "\u202e"])
def test_odd_wishes_are_compared_as_well(amina: Person, ben: Person, wish: str) -> None:
    assert list(nearest({amina: wish}, ben)) == ["Amina Yusuf"]


def test_mentors_of_another_organisation_are_not_near_to_anything(
    organisation: Organisation, other_organisation: Organisation, amina: Person, ben: Person
) -> None:
    away = make_person("Welder Elsewhere", "elsewhere@example.org")
    make_mentor(other_organisation, away, headline="Led crews of welders for thirty years")

    with acting_in(organisation.pk):
        assert "Welder Elsewhere" not in nearest({amina: WELDING}, ben, away)["Amina Yusuf"]
