"""How a list came about, on pages: for the one who asked, for coordinators, and for nobody else."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from momentor.asking.actions import draft_question
from momentor.asking.models import Question
from momentor.dispatch.actions import show_list, start_search
from momentor.dispatch.models import LearnedRanking, LedgerEntry
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import leave_organisation
from momentor.people.models import Membership, Organisation, Person, Programme
from momentor.trust.actions import block
from tests.cast import client_of, make_mentor, make_person, page

ASKED = "I weld pipes and was offered to lead a crew of eight. Would I be good at it?"
# What only the question says; topics and signals have names of their own.
WORDS = ("offered", "crew of eight", "would i be good")


@pytest.fixture
def question(organisation: Organisation, amina: Person, ben: Person, emil: Person) -> Question:
    with acting_in(organisation.pk, person_id=amina.pk):
        return draft_question(by=amina, text=ASKED, language="en", topics=["Leading"], now=timezone.now())


def shown(organisation: Organisation, question: Question, **how: Any) -> UUID:
    with acting_in(organisation.pk):
        found = Question.objects.select_related("programme", "mentee").get(pk=question.pk)
        return show_list(question=found, now=timezone.now(), **how).entry_id


def ask(organisation: Organisation, question: Question, by: Person) -> None:
    with acting_in(organisation.pk, person_id=by.pk):
        start_search(question=Question.objects.get(pk=question.pk), by=by, now=timezone.now())


def read(client: Client, organisation: Organisation, entry: UUID) -> tuple[int, str]:
    answer = client.get(page("dispatch:list", entry, organisation=organisation))
    return answer.status_code, answer.content.decode()


def test_the_shortlist_leads_to_how_it_came_about(
    organisation: Organisation, amina: Person, question: Question
) -> None:
    browser = client_of(amina)

    list_page = browser.get(page("dispatch:shortlist", question.pk, organisation=organisation)).content.decode()
    with acting_in(organisation.pk):
        entry = LedgerEntry.objects.get()
    status, said = read(browser, organisation, entry.pk)

    assert page("dispatch:list", entry.pk, organisation=organisation) in list_page
    assert status == 200
    assert "Ben Okafor" in said
    assert "Their profile speaks of" in said
    assert "counts 100 %" in said
    assert "2 mentors may be asked this" in said
    assert "For 1 of them something speaks" in said
    assert "the same list" in said


def test_it_says_when_the_question_was_written_anew_and_who_has_no_time(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=ben).update(capacity_per_week=0)
        Membership.objects.filter(person=emil).update(story="I led a crew of welders.", changed_at=timezone.now())
    entry = shown(organisation, question, take=1)
    before = read(client_of(amina), organisation, entry)[1]
    with acting_in(organisation.pk):
        Question.objects.update(text="Who teaches me to lead?")
    after = read(client_of(amina), organisation, entry)[1]

    assert "1 who would stand here has given all the time" in before
    assert "Ben Okafor" not in before
    assert "written your question differently since" not in before
    assert "written your question differently since" in after


def test_others_see_nothing_of_a_list(
    organisation: Organisation, question: Question, ben: Person, dana: Person, chloe: Person
) -> None:
    entry = shown(organisation, question)

    assert read(client_of(ben), organisation, entry)[0] == 404, "a mentor on the list"
    assert read(client_of(dana), organisation, entry)[0] == 404, "a draft is nobody else's business"
    assert read(client_of(chloe), organisation, entry)[0] == 403, "she is no member"
    assert read(client_of(None), organisation, entry)[0] == 403, "nor is a visitor"
    assert read(client_of(dana), organisation, uuid4())[0] == 404
    assert client_of(ben).get(page("dispatch:lists", organisation=organisation)).status_code == 403


def test_a_coordinator_sees_who_was_looked_at_and_no_word_of_the_question(
    organisation: Organisation, amina: Person, ben: Person, dana: Person, question: Question
) -> None:
    list_shown = shown(organisation, question)
    ask(organisation, question, amina)
    danas = client_of(dana)
    all_lists = danas.get(page("dispatch:lists", organisation=organisation)).content.decode()
    with acting_in(organisation.pk):
        wave = LedgerEntry.objects.get(search__isnull=False).pk

    for entry in (list_shown, wave):
        status, said = read(danas, organisation, entry)

        assert status == 200
        assert page("dispatch:list", entry, organisation=organisation) in all_lists
        assert "Ben Okafor" in said
        assert "Profile: " in said
        assert "(100 %)" in said
        assert "Leading" in said
        assert "the same list" in said
        assert "Weight of answers to like questions" in said
        assert not [word for word in (*WORDS, "amina", "yusuf") if word in (said + all_lists).casefold()]


def test_a_mentee_is_not_told_whom_a_search_asked(
    organisation: Organisation, amina: Person, dana: Person, question: Question
) -> None:
    ask(organisation, question, amina)
    with acting_in(organisation.pk):
        wave = LedgerEntry.objects.get()
        Membership.objects.filter(person=amina).update(roles=[Membership.Role.COORDINATOR])

    assert read(client_of(amina), organisation, wave.pk)[0] == 404, "not even as a coordinator"
    assert read(client_of(dana), organisation, wave.pk)[0] == 200


@pytest.mark.parametrize("coordinates", [False, True])
def test_a_blind_programme_gives_no_name_away(
    organisation: Organisation, amina: Person, ben: Person, question: Question, *, coordinates: bool
) -> None:
    with acting_in(organisation.pk):
        blind = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)
        Question.objects.update(programme=blind)
        if coordinates:
            Membership.objects.filter(person=amina).update(roles=[Membership.Role.COORDINATOR])
    entry = shown(organisation, question)
    with acting_in(organisation.pk):
        kept = LedgerEntry.objects.get(pk=entry)
        kept.result[0]["reasons"].append(
            {"kind": "experience", "weight": 0.5, "question": None, "words": [], "count": 57}
        )
        kept.save(update_fields=["result"])

    status, said = read(client_of(amina), organisation, entry)

    assert status == 200
    assert "A mentor 1" in said
    assert "57 questions" not in said, "by a count a profile could be found"
    assert not [trace for trace in ("Ben", "Okafor", "Welder for 14 years", str(ben.pk)) if trace in said]
    assert (
        not coordinates
        or str(entry) not in client_of(amina).get(page("dispatch:lists", organisation=organisation)).content.decode()
    )


def test_whoever_left_or_is_kept_apart_is_not_named_any_more(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person, question: Question
) -> None:
    entry = shown(organisation, question, first=emil.pk)
    with acting_in(organisation.pk, person_id=emil.pk):
        block(by=emil, about=amina, now=timezone.now())
    with acting_in(organisation.pk, person_id=ben.pk):
        leave_organisation(by=ben, now=timezone.now())
    ask(organisation, question, amina)

    mine, danas = read(client_of(amina), organisation, entry)[1], read(client_of(dana), organisation, entry)[1]

    assert not [name for name in ("Ben Okafor", "Emil") if name in mine]
    assert "Nobody stood on it whom you can see now." in mine
    assert "Ben Okafor" not in danas


def test_entries_that_cannot_be_made_again_say_why(
    organisation: Organisation, amina: Person, dana: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        Question.objects.update(state=Question.State.WITHDRAWN)
        old = LedgerEntry.objects.create(
            question=question, version="votes-1", weights={}, inputs={}, result=[], made_at=timezone.now()
        )
    entry = shown(organisation, question)
    with acting_in(organisation.pk):
        LedgerEntry.objects.filter(pk=entry).update(record={"kind": "list"})

    for person in (amina, dana):
        assert "from before what a list is made from was kept" in read(client_of(person), organisation, old.pk)[1]
        assert "cannot be made again by this version" in read(client_of(person), organisation, entry)[1]


def test_the_pages_need_few_queries_however_many_people_and_lists_there_are(
    organisation: Organisation,
    amina: Person,
    dana: Person,
    question: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        person = make_person(f"Mentor {number}", f"mentor{number}@example.org")
        make_mentor(organisation, person, headline="Led a crew of pipe welders")
    entry = shown(organisation, question, take=12)
    with acting_in(organisation.pk):
        Question.objects.update(state=Question.State.OPEN)
        for number in range(40):
            LedgerEntry.objects.create(
                question=question,
                version="votes-1",
                weights={},
                inputs={"topics": [], "considered": 0},
                result=[],
                made_at=timezone.now() - timedelta(days=number + 1),
            )
    aminas, danas = client_of(amina), client_of(dana)
    address = page("dispatch:list", entry, organisation=organisation)
    listing = page("dispatch:lists", organisation=organisation)
    for client, one in ((aminas, address), (danas, address), (danas, listing)):
        client.get(one)

    with django_assert_max_num_queries(12):
        aminas.get(address)
    with django_assert_max_num_queries(12):
        danas.get(address)
    with django_assert_max_num_queries(13):
        first = danas.get(listing).content.decode()
    assert first.count("A list that was shown") == 30
    assert "?page=2" in first


def test_coordinators_read_what_ranks_and_how_it_was_compared(
    organisation: Organisation, dana: Person, amina: Person
) -> None:
    listing = page("dispatch:lists", organisation=organisation)
    before = client_of(dana).get(listing).content.decode()
    with acting_in(organisation.pk):
        LearnedRanking.objects.create(
            chosen=LearnedRanking.Chosen.RANKER,
            questions=240,
            tested=48,
            answers=300,
            held_back={"ranker": 0.412, "products": 0.461, "weights": 0.353, "lately": 0.2, "prior": 0.3},
            made_at=timezone.now(),
        )

    after = client_of(dana).get(listing).content.decode()

    assert "Plain weights: answers to like questions count most" in before
    assert "newest 48 of 240 answered questions" in after
    assert re.findall(r"(\d+) %</dd>", after) == ["46", "35", "30", "20"]
    assert re.search(r"What was learned here <span[^>]*>in use", after)
    assert client_of(amina).get(listing).status_code in (403, 404)
    with acting_in(organisation.pk):
        assert not LearnedRanking.objects.visible_to(amina).exists()
