"""In a blind programme a mentee chooses and books without a way to learn who the mentor is, until they accept."""

import json
import re
import zipfile
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from momentor.asking.actions import agree_to_show, ask_question, draft_question, locked, mark_answered
from momentor.asking.blind import NotOnTheList, key_of, people_behind
from momentor.asking.models import Answer, Question
from momentor.dispatch.actions import accept_offer
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.queries import proposed_for
from momentor.foundation.tenancy import acting_in
from momentor.notices.models import Notice
from momentor.people.export import export_of
from momentor.people.models import Organisation, Person, Programme
from momentor.scheduling.actions import set_weekly_hours
from momentor.scheduling.models import Booking
from tests.api_client import Program
from tests.cast import client_of, page
from tests.talks import ASKED, let_jobs_run

# What only Ben is: his place, his clock and his words. His first name stands in none of the pages by chance.
TRACES = ("Okafor", "Welder for 14 years", "Halifax", "TIG", "ships")


@pytest.fixture
def blind(organisation: Organisation, amina: Person, ben: Person) -> Any:
    """Ask a question of Amina's in a blind programme; Ben, who lives in Halifax, answered one like it before."""
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        programme = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)
        Person.objects.filter(pk=ben.pk).update(time_zone="America/Halifax")
        set_weekly_hours(by=ben, stretches=[(day, time(0), time(23)) for day in range(7)])

    def ask(text: str = ASKED) -> Question:
        with acting_in(organisation.pk, person_id=amina.pk):
            drafted = draft_question(by=amina, text=text, language="en", programme=programme, now=now)
            return Question.objects.select_related("programme", "mentee").get(pk=drafted.pk)

    return ask


def everything(organisation: Organisation, person: Person, question: Question) -> str:
    """Return all that this person's pages, programs, notices, live frames and archive say on the way to somebody."""
    browser, program = client_of(person), Program(organisation, person)
    names = ["dispatch:shortlist", "dispatch:search", "scheduling:slots", "asking:question"]
    read = [browser.get(page(name, question.pk, organisation=organisation), follow=True).content for name in names]
    read += [browser.get(page(name, organisation=organisation)).content for name in ("web:home", "notices:notices")]
    asked = [f"/questions/{question.pk}{rest}" for rest in ("", "/shortlist", "/search")]
    read += [program.ask("GET", path).content for path in [*asked, "/questions", "/bookings", "/notices", "/sessions"]]
    with acting_in(organisation.pk, person_id=person.pk):
        for booking in Booking.objects.filter(mentee=person):
            read.append(browser.get(page("scheduling:booking", booking.pk, organisation=organisation)).content)
            read.append(program.ask("GET", f"/bookings/{booking.pk}").content)
        facts = [json.dumps(one.facts) for one in Notice.objects.filter(person=person)]
    return "\n".join([*(one.decode() for one in read), *facts])


def key_in(content: str) -> str:
    found = re.search(r'name="mentor" value="([^"]+)"', content)
    assert found
    return found[1]


def test_nothing_on_the_way_says_who_the_mentors_are(
    organisation: Organisation, amina: Person, ben: Person, blind: Any
) -> None:
    question = blind()
    browser = client_of(amina)
    address = page("dispatch:shortlist", question.pk, organisation=organisation)
    read = everything(organisation, amina, question)

    pushed: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "pg_notify" in str(sql):
            pushed.append(str(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        sent = {"how": "chosen", "mentor": key_in(browser.get(address).content.decode())}
        assert browser.post(address, sent)["Location"].endswith("/search/")
        let_jobs_run()
    read += everything(organisation, amina, question)

    with acting_in(organisation.pk):
        assert Search.objects.get(question=question).chosen == [ben.pk]
    assert pushed
    to_her = [one for one in pushed if f":{amina.pk}" in one]
    for trace in (*TRACES, str(ben.pk), ben.pk.hex):
        assert trace not in read
        assert not [one for one in to_her if trace in one]


def test_a_booked_time_says_no_more(organisation: Organisation, amina: Person, ben: Person, blind: Any) -> None:
    question = blind()
    address = page("scheduling:slots", question.pk, organisation=organisation)
    shown = client_of(amina).get(address).content.decode()
    starts = re.findall(r'name="starts_at" value="([^"]+)"', shown)[-1]

    response = client_of(amina).post(address, {"mentor": key_in(shown), "starts_at": starts})
    let_jobs_run()

    assert response.status_code == 303
    read = everything(organisation, amina, question)
    for trace in (*TRACES, str(ben.pk)):
        assert trace not in read


def test_a_program_asks_and_books_by_the_keys_of_the_shortlist(
    organisation: Organisation, amina: Person, ben: Person, blind: Any
) -> None:
    question, program = blind(), Program(organisation, amina)
    (proposed,) = program.get(f"/questions/{question.pk}/shortlist")
    key = proposed["person"]

    slots = program.get(f"/people/{key}/slots?question={question.pk}")
    program.refused("GET", f"/people/{key}/slots", status=404)
    booked = program.post(
        "/bookings", {"question": str(question.pk), "mentor": key, "starts_at": slots[5]["starts_at"]}
    )

    assert (proposed["name"], proposed["headline"]) == ("", "")
    assert booked["mentor"] is None
    assert key != str(ben.pk)
    with acting_in(organisation.pk):
        assert Booking.objects.get().mentor_id == ben.pk


@pytest.mark.parametrize("wrong", ["of another question", "a person", "made up", "no key"])
def test_a_key_that_does_not_hold_for_the_question_is_refused_with_a_sentence(
    organisation: Organisation, amina: Person, ben: Person, blind: Any, wrong: str
) -> None:
    question, other = blind(), blind("How do I price my first welding job for a neighbour?")
    sent = {
        "of another question": str(key_of(other, ben.pk)),
        "a person": str(ben.pk),
        "made up": str(uuid4()),
        "no key": "ben",
    }[wrong]
    browser, program = client_of(amina), Program(organisation, amina)
    slots_at = page("scheduling:slots", question.pk, organisation=organisation)
    starts = (timezone.now() + timedelta(hours=3)).isoformat()

    listed = browser.post(
        page("dispatch:shortlist", question.pk, organisation=organisation), {"how": "chosen", "mentor": sent}
    )
    booked = browser.post(slots_at, {"mentor": sent, "starts_at": starts})

    assert listed.status_code >= 400
    assert ("choose again from the list" if wrong != "no key" else "Choose at least one mentor") in (
        listed.content.decode()
    )
    assert booked.status_code >= 400
    assert "choose again from the list" in booked.content.decode()
    assert browser.get(slots_at, {"mentor": sent}).status_code == 404
    if wrong != "no key":
        program.refused("POST", f"/questions/{question.pk}/search", {"chosen": [sent]}, status=404, code="NotOnTheList")
        body = {"question": str(question.pk), "mentor": sent, "starts_at": starts}
        program.refused("POST", "/bookings", body, status=404, code="NotOnTheList")
    with acting_in(organisation.pk):
        assert not Search.objects.exists()
        assert not Booking.objects.exists()


def test_asking_twice_with_the_same_keys_shows_the_search_that_runs(
    organisation: Organisation, amina: Person, ben: Person, blind: Any
) -> None:
    question, program = blind(), Program(organisation, amina)
    chosen = [one["person"] for one in program.get(f"/questions/{question.pk}/shortlist")]

    first = program.post(f"/questions/{question.pk}/search", {"chosen": chosen})
    second = program.post(f"/questions/{question.pk}/search", {"chosen": chosen})

    assert (first["state"], second["state"]) == ("running", "running")


def test_reasons_do_not_quote_what_names_its_mentor(
    organisation: Organisation, amina: Person, ben: Person, dana: Person, blind: Any
) -> None:
    now = timezone.now() - timedelta(days=9)
    with acting_in(organisation.pk, person_id=dana.pk):
        past = draft_question(by=dana, text=f"{ASKED} I am new to it.", language="en", now=now)
        past = locked(ask_question(question=past, by=dana, now=now))
        mark_answered(question=past, by=ben, now=now)
        answer = Answer.objects.get(question=past)
        agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=now)
        agree_to_show(answer_id=answer.pk, by=dana, text=None, now=now)
    question = blind()

    with acting_in(organisation.pk, person_id=amina.pk):
        (hidden,) = [one for one in proposed_for(question, now=timezone.now()) if one.person_id == ben.pk]
        question.programme = None
        (named,) = [one for one in proposed_for(question, now=timezone.now()) if one.person_id == ben.pk]

    assert any(reason.quotes for reason in named.reasons)
    assert not any(reason.quotes for reason in hidden.reasons)
    assert [reason.text for reason in hidden.reasons] == [reason.text for reason in named.reasons]


def test_a_key_says_nothing_and_is_another_one_for_each_question(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, blind: Any
) -> None:
    question, other = blind(), blind("How do I price my first welding job for a neighbour?")
    keys = [key_of(asked, mentor.pk) for asked in (question, other) for mentor in (ben, emil)]

    assert len({*keys, ben.pk, emil.pk}) == 6
    with acting_in(organisation.pk):
        assert people_behind(question, keys[:2]) == [ben.pk, emil.pk]
        assert people_behind(other, keys[3:]) == [emil.pk]
        with pytest.raises(NotOnTheList):
            people_behind(other, keys[:1])


def test_once_the_mentor_has_accepted_the_two_know_each_other(
    organisation: Organisation, amina: Person, ben: Person, blind: Any
) -> None:
    question, program = blind(), Program(organisation, amina)
    program.post(f"/questions/{question.pk}/search", {"chosen": [str(key_of(question, ben.pk))]})
    with acting_in(organisation.pk, person_id=ben.pk):
        accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=timezone.now())

    assert program.get(f"/questions/{question.pk}")["mentor"] == {"id": str(ben.pk), "name": "Ben Okafor"}


def test_the_archive_of_the_mentee_holds_keys_and_no_ids(
    organisation: Organisation, amina: Person, ben: Person, blind: Any
) -> None:
    question, program = blind(), Program(organisation, amina)
    program.post(f"/questions/{question.pk}/search", {"chosen": [str(key_of(question, ben.pk))]})

    with zipfile.ZipFile(export_of(amina, now=timezone.now())) as archive:
        kept = {name: archive.read(name).decode() for name in archive.namelist()}

    assert json.loads(kept["workshop/searches.json"])[0]["chosen"] == [str(key_of(question, ben.pk))]
    assert str(ben.pk) not in f"{kept}"
