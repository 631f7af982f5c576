"""Who stands on a mentee's shortlist, and which places were kept for whom."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from momentor.asking.actions import draft_question
from momentor.asking.models import Answer, Question
from momentor.dispatch import candidates
from momentor.dispatch.actions import start_search
from momentor.dispatch.models import LedgerEntry, Offer, Search
from momentor.dispatch.queries import Proposed, proposed_for
from momentor.dispatch.reach import full_at, reach_of
from momentor.people.actions import save_sample_answer
from momentor.people.models import Membership, Organisation, Person
from momentor.sessions.models import Session
from tests.cast import NOW, make_mentor, make_person

pytestmark = pytest.mark.usefixtures("acting")

ASKED = "How do I hand over a night shift without forgetting half of it?"
ALIKE = "Handing over a night shift: what do I write down, and what do I forget?"
NEW_HERE = "New here: few have asked them yet"
NEIGHBOUR = "From a neighbouring field: another view of your question"


def mentor(organisation: Organisation, name: str, headline: str, **fields: object) -> Person:
    person = make_person(name, f"{name.casefold()}@example.org")
    make_mentor(organisation, person, headline=headline, **fields)
    return person


def has_answered(person: Person, times: int, words: str) -> None:
    then = NOW - timedelta(days=20)
    for number in range(times):
        asked = Question.objects.create(text=f"{words} ({number})", asked_at=then, state=Question.State.ANSWERED)
        Answer.objects.create(question=asked, mentor=person, given_at=then)


@pytest.fixture
def ward(organisation: Organisation) -> list[Person]:
    """Five nurses who have answered much alike, the first the most."""
    nurses = [mentor(organisation, f"Nurse{number}", "Nurse on a surgical ward") for number in range(5)]
    for number, nurse in enumerate(nurses):
        has_answered(nurse, 8 - number, ALIKE)
    return nurses


@pytest.fixture
def question(amina: Person) -> Question:
    return draft_question(by=amina, text=ASKED, language="en", now=NOW)


def said(found: Iterable[Proposed]) -> dict[str, list[str]]:
    return {one.name: [reason.text for reason in one.reasons] for one in found}


def test_a_newcomer_and_a_neighbour_stand_beside_those_who_fit_best_and_it_says_why(
    organisation: Organisation, ward: list[Person], question: Question
) -> None:
    nora = mentor(organisation, "Nora", "Nurse at night, new to the ward")
    save_sample_answer(by=nora, question=ALIKE, answer="The three who worry me, first.", now=NOW)
    tower = mentor(organisation, "Roza", "Logistics on a container terminal")
    has_answered(tower, 3, ALIKE)

    found = proposed_for(question, now=NOW)

    assert [one.name for one in found] == ["Nurse0", "Nurse1", "Nurse2", "Nora", "Roza"]
    assert said(found)["Nora"][0] == NEW_HERE
    assert said(found)["Roza"][0] == NEIGHBOUR
    assert not {NEW_HERE, NEIGHBOUR} & {text for name in ("Nurse0", "Nurse1", "Nurse2") for text in said(found)[name]}


def test_no_place_is_kept_where_nobody_new_or_from_elsewhere_fits(
    organisation: Organisation, ward: list[Person], question: Question
) -> None:
    mentor(organisation, "Bea", "Tax, and only tax")
    mentor(organisation, "Timo", "Guards a museum at night")

    assert [one.name for one in proposed_for(question, now=NOW)] == ["Nurse0", "Nurse1", "Nurse2"]


def test_whoever_has_no_time_left_gives_way_to_those_who_have(
    organisation: Organisation, ward: list[Person], amina: Person, question: Question
) -> None:
    for nurse in ward[:2]:
        Membership.objects.here().filter(person=nurse).update(capacity_per_week=1)
        earlier = Question.objects.create(mentee=amina, text="How do I read a rota?")
        Session.objects.create(question=earlier, mentor=nurse, mentee=amina, medium="chat", time_box=10, opened_at=NOW)
    Membership.objects.here().filter(person=ward[2]).update(capacity_per_week=0)

    found = proposed_for(question, now=NOW)

    assert full_at(NOW) == {nurse.pk for nurse in ward[:3]}
    assert {one.person_id for one in reach_of((nurse.pk for nurse in ward), now=NOW).values() if not one.has_room} == {
        nurse.pk for nurse in ward[:3]
    }
    assert [one.name for one in found] == ["Nurse3", "Nurse4", "Nurse0"], "who is full fills up what is left"
    assert [one.may_be_asked for one in found] == [True, True, False]


def test_those_who_were_invited_often_lately_stand_back(ward: list[Person], amina: Person, question: Question) -> None:
    def invite(days_ago: int) -> None:
        then = NOW - timedelta(days=days_ago)
        asked = Question.objects.create(mentee=amina, text=ASKED)
        search = Search.objects.create(question=asked, started_at=then, state=Search.State.STOPPED)
        Offer.objects.create(
            search=search,
            question=asked,
            mentor=ward[0],
            wave=1,
            state=Offer.State.PASSED,
            made_at=then,
            lapses_at=then,
        )

    for _ in range(20):
        invite(days_ago=40)
    long_ago = proposed_for(question, now=NOW)
    for number in range(20):
        invite(days_ago=number + 1)
    lately = proposed_for(question, now=NOW)

    assert long_ago[0].name == "Nurse0"
    assert lately[0].name == "Nurse1"


def test_the_ledger_says_why_each_stood_where_they_stood(
    organisation: Organisation, ward: list[Person], amina: Person, question: Question
) -> None:
    start_search(question=question, by=amina, now=NOW)

    entry = LedgerEntry.objects.get()
    assert entry.version == candidates.VERSION
    assert {row["why"] for row in entry.result} == {"rank"}
    assert entry.weights["neighbours_within"] == 5
