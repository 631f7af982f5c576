"""The pages on the way to somebody: shortlist, search, desk and brief."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from momentor.asking.actions import agree_to_show, ask_question, draft_question, locked, mark_answered
from momentor.asking.models import Answer, Question
from momentor.dispatch.actions import accept_offer, start_search
from momentor.dispatch.models import Offer, Search
from momentor.dispatch.queries import brief_of
from momentor.foundation.jobs import run_waiting
from momentor.foundation.tenancy import acting_in
from momentor.people.actions import leave_organisation
from momentor.people.models import Membership, Organisation, Person, Programme
from momentor.sessions.models import Session
from momentor.trust.actions import block, unblock
from tests.api_client import Program
from tests.cast import client_of, make_mentor, make_person, page

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"
SECRET = "My husband Karel drinks; can I lead a crew of pipe welders all the same?"


@pytest.fixture
def question(organisation: Organisation, amina: Person) -> Question:
    with acting_in(organisation.pk):
        return draft_question(by=amina, text=ASKED, language="en", now=timezone.now())


def answered_by(mentor: Person, mentee: Person, text: str, *, is_shown: bool) -> Answer:
    now = timezone.now() - timedelta(days=9)
    question = draft_question(by=mentee, text=text, language="en", now=now)
    question = locked(ask_question(question=question, by=mentee, now=now))
    mark_answered(question=question, by=mentor, now=now)
    answer = Answer.objects.get(question=question)
    if is_shown:
        agree_to_show(answer_id=answer.pk, by=mentor, text="Lead one shift first.", now=now)
        agree_to_show(answer_id=answer.pk, by=mentee, text=None, now=now)
    return answer


def offer_to(mentor: Person, question: Question, by: Person) -> Offer:
    start_search(question=question, by=by, chosen=[mentor.pk], now=timezone.now())
    return Offer.objects.get(question=question, mentor=mentor)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


# The shortlist


def test_the_shortlist_says_who_why_and_how_soon(
    organisation: Organisation, amina: Person, dana: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        answered_by(ben, dana, "Should I lead a crew of pipe welders?", is_shown=True)

    content = read(client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation))

    assert "Ben Okafor" in content
    assert "Answered a question like yours, about" in content
    assert "Should I lead a crew of pipe welders?" in content
    assert "in 10</dd>" in content
    assert "Usually replies" in content
    assert page("trust:report", organisation=organisation) + f"?kind=profile&amp;id={ben.pk}" in content


def test_a_private_question_is_a_reason_without_being_read(
    organisation: Organisation, amina: Person, dana: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        answered_by(ben, dana, SECRET, is_shown=False)

    content = read(client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation))

    assert "Answered a question like yours, about" in content
    assert "Karel" not in content
    assert "drinks" not in content
    assert "Dana" not in content


def test_an_imported_question_may_be_quoted(
    organisation: Organisation, amina: Person, dana: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        answer = answered_by(ben, dana, "Leading a crew of pipe welders, worth it?", is_shown=False)
        Question.objects.filter(pk=answer.question_id).update(source="import/7")

    content = read(client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation))

    assert "Leading a crew of pipe welders, worth it?" in content


def test_somebody_who_has_not_joined_is_shown_and_cannot_be_ticked(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        Person.objects.filter(pk=ben.pk).update(is_claimed=False)

    content = read(client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation))

    assert "has not joined yet" in content
    assert 'name="mentor"' not in content


def test_an_empty_shortlist_leads_on(organisation: Organisation, amina: Person, question: Question) -> None:
    address = page("dispatch:shortlist", question.pk, organisation=organisation)

    content = read(client_of(amina), address)
    response = client_of(amina).post(address, {"how": "writing", "within": "72"})

    with acting_in(organisation.pk):
        question.refresh_from_db()
    assert "Nobody answers questions here yet" in content
    assert 'value="writing"' in content
    assert response.status_code == 303
    assert question.step == Question.Step.NOBODY


def test_choosing_one_asks_that_one(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    address = page("dispatch:shortlist", question.pk, organisation=organisation)

    response = client_of(amina).post(address, {"how": "chosen", "mentor": [str(ben.pk)]})

    with acting_in(organisation.pk):
        assert [offer.mentor_id for offer in Offer.objects.all()] == [ben.pk]
    assert response["Location"] == page("dispatch:search", question.pk, organisation=organisation)


def test_choosing_in_writing_by_a_time_asks_the_chosen_in_writing(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    address = page("dispatch:shortlist", question.pk, organisation=organisation)

    client_of(amina).post(address, {"how": "writing", "within": "24", "mentor": [str(ben.pk)]})

    with acting_in(organisation.pk):
        question.refresh_from_db()
        search = Search.objects.get()
    assert search.pace == Search.Pace.WRITTEN
    assert search.chosen == [ben.pk]
    assert question.answer_by is not None
    assert timedelta(hours=23) < question.answer_by - timezone.now() < timedelta(hours=25)


def test_whoever_is_first_asks_beyond_those_who_are_ticked(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    address = page("dispatch:shortlist", question.pk, organisation=organisation)

    client_of(amina).post(address, {"how": "first", "mentor": [str(ben.pk)]})

    with acting_in(organisation.pk):
        assert Search.objects.get().chosen == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"how": "chosen"}, "Choose at least one mentor"),
        ({"how": "chosen", "mentor": ["nonsense"]}, "Choose at least one mentor"),
        ({"how": "chosen", "mentor": ["01a2067f-d886-72c5-acd6-0a96428e5a8d"]}, "Please choose again from the list"),
        ({"how": "sideways"}, "Please look at this again"),
        ({}, "Please look at this again"),
    ],
)
def test_a_choice_that_cannot_be_is_answered_with_a_sentence(
    organisation: Organisation, amina: Person, ben: Person, question: Question, sent: dict[str, object], said: str
) -> None:
    response = client_of(amina).post(page("dispatch:shortlist", question.pk, organisation=organisation), sent)

    assert response.status_code == 422
    assert said in response.content.decode()
    with acting_in(organisation.pk):
        assert not Search.objects.exists()


def test_sending_the_choice_twice_asks_once(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    address = page("dispatch:shortlist", question.pk, organisation=organisation)
    for _time in range(2):
        client_of(amina).post(address, {"how": "chosen", "mentor": [str(ben.pk)]})

    with acting_in(organisation.pk):
        assert Search.objects.count() == Offer.objects.count() == 1


# The search, live


def test_the_search_page_counts_and_refreshes_itself(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=timezone.now())
    address = page("dispatch:search", question.pk, organisation=organisation)

    whole = read(client_of(amina), address)
    part = client_of(amina).get(address, headers={"HX-Request": "true"}).content.decode()

    assert "2 people have it in front of them." in whole
    assert re.search('hx-trigger="live:search from:body, .*live:on from:body, every 15s"', whole)
    assert "Reload" in whole
    assert "2 people have it in front of them." in part
    assert "<html" not in part


def test_when_the_search_enters_another_stage_the_whole_page_follows(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer = offer_to(ben, question, amina)
    address = page("dispatch:search", question.pk, organisation=organisation)
    stage = read(client_of(amina), address).split("?stage=")[1].split('"')[0]
    live = {"HX-Request": "true"}

    same = client_of(amina).get(address, {"stage": stage}, headers=live)
    client_of(ben).post(page("dispatch:pass", offer.pk, organisation=organisation))
    later = client_of(amina).get(address, {"stage": stage}, headers=live)

    assert "HX-Refresh" not in same
    assert later["HX-Refresh"] == "true"


def test_a_claim_leads_into_the_room(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        session = accept_offer(offer=offer_to(ben, question, amina), by=ben, now=timezone.now())
    address = page("dispatch:search", question.pk, organisation=organisation)
    room = page("sessions:session", session.pk, organisation=organisation)

    plain = client_of(amina).get(address)
    live = client_of(amina).get(address, headers={"HX-Request": "true"})

    assert (plain.status_code, plain["Location"]) == (303, room)
    assert live["HX-Redirect"] == room


def test_at_any_time_the_mentee_widens_turns_or_stops(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer_to(emil, question, amina)
    client = client_of(amina)

    client.post(page("dispatch:widening", question.pk, organisation=organisation))
    with acting_in(organisation.pk):
        widened = set(Offer.objects.values_list("mentor_id", flat=True))
    client.post(page("dispatch:writing", question.pk, organisation=organisation), {"within": "24"})
    with acting_in(organisation.pk):
        question.refresh_from_db()
        turned = question.step
    client.post(page("dispatch:stop", question.pk, organisation=organisation))

    with acting_in(organisation.pk):
        question.refresh_from_db()
    assert widened == {ben.pk, emil.pk}
    assert turned == Question.Step.BY_TIME
    assert question.state == Question.State.OPEN


def test_what_can_no_longer_be_done_is_said_and_harms_nothing(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    response = client_of(amina).post(page("dispatch:stop", question.pk, organisation=organisation), follow=True)

    assert "There is no search running" in response.content.decode()


# The desk and the brief


def test_the_desk_shows_what_waits_and_what_is_left_of_the_week(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer_to(ben, question, amina)

    content = read(client_of(ben), page("dispatch:desk", organisation=organisation))

    assert ASKED in content
    assert "Amina Yusuf" in content
    assert "3 of 3 conversations left." in content
    assert "I have a few minutes now" in content


def test_a_full_week_says_why_nothing_comes(organisation: Organisation, ben: Person) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=ben).update(capacity_per_week=0)

    content = read(client_of(ben), page("dispatch:desk", organisation=organisation))

    assert "Your week is full" in content
    assert "Nothing waits for you" not in content


def test_a_member_who_does_not_answer_is_invited_to(organisation: Organisation, amina: Person) -> None:
    content = read(client_of(amina), page("dispatch:desk", organisation=organisation))

    assert page("people:edit", organisation=organisation) in content


def test_accepting_leads_into_the_room_and_again_into_the_same(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer = offer_to(ben, question, amina)
    address = page("dispatch:acceptance", offer.pk, organisation=organisation)

    first, second = client_of(ben).post(address), client_of(ben).post(address)

    with acting_in(organisation.pk):
        session = Session.objects.get()
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == page("sessions:session", session.pk, organisation=organisation)


def test_who_comes_too_late_is_told_kindly(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        start_search(question=question, by=amina, chosen=[ben.pk, emil.pk], now=timezone.now())
        accept_offer(offer=Offer.objects.get(mentor=ben), by=ben, now=timezone.now())
        late = Offer.objects.get(mentor=emil)

    response = client_of(emil).post(page("dispatch:acceptance", late.pk, organisation=organisation), follow=True)

    content = response.content.decode()
    assert "Somebody else has taken this question" in content
    assert "This one is taken care of" in content
    assert ASKED not in content


def test_letting_it_lapse_makes_nobody_feel_guilty(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer = offer_to(ben, question, amina)
        Offer.objects.update(state=Offer.State.LAPSED)

    content = read(client_of(ben), page("dispatch:offer", offer.pk, organisation=organisation))

    assert "nobody counts it against you" in content


def test_passing_takes_a_reason_of_the_programme(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True, pass_reasons=["I know her too well"])
        Question.objects.filter(pk=question.pk).update(programme=programme)
        offer = offer_to(ben, question, amina)
    shown = read(client_of(ben), page("dispatch:offer", offer.pk, organisation=organisation))

    client_of(ben).post(page("dispatch:pass", offer.pk, organisation=organisation), {"reason": "I know her too well"})

    with acting_in(organisation.pk):
        offer.refresh_from_db()
    assert "I know her too well" in shown
    assert (offer.state, offer.pass_reason) == (Offer.State.PASSED, "I know her too well")


@pytest.mark.parametrize("by_api", [True, False])
def test_the_usual_reasons_to_pass_stand_in_the_mentors_language_and_a_coordinators_own_as_they_are(
    organisation: Organisation, amina: Person, ben: Person, question: Question, by_api: bool
) -> None:
    own = "Her brother works here"
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True)
        programme.pass_reasons = [*programme.pass_reasons, own]
        programme.save()
        Question.objects.filter(pk=question.pk).update(programme=programme)
        offer = offer_to(ben, question, amina)
    browser, program = client_of(ben), Program(organisation, ben)
    browser.cookies["language"] = "de"
    program.headers["Accept-Language"] = "de"

    if by_api:
        reasons = program.get(f"/offers/{offer.pk}")["pass_reasons"]
        program.post(f"/offers/{offer.pk}/pass", {"reason": "Nicht mein Gebiet"})
    else:
        shown = read(browser, page("dispatch:offer", offer.pk, organisation=organisation))
        reasons = re.findall(r'name="reason" value="([^"]+)"', shown)
        browser.post(page("dispatch:pass", offer.pk, organisation=organisation), {"reason": "Nicht mein Gebiet"})

    assert reasons == [
        "Nicht mein Gebiet",
        "Gerade keine Zeit",
        "Ich kenne die Person",
        "Mir ist nicht wohl dabei",
        own,
    ]
    with acting_in(organisation.pk):
        offer.refresh_from_db()
    assert offer.pass_reason == "Not my field"


def test_reading_the_brief_is_noted_once(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        offer = offer_to(ben, question, amina)
    address = page("dispatch:offer", offer.pk, organisation=organisation)
    read(client_of(ben), address)
    with acting_in(organisation.pk):
        first = Offer.objects.get().seen_at

    read(client_of(ben), address)

    with acting_in(organisation.pk):
        assert first is not None
        assert Offer.objects.get().seen_at == first


def test_ten_minutes_bring_a_question(
    organisation: Organisation, amina: Person, emil: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        start_search(question=question, by=amina, now=timezone.now())

    response = client_of(emil).post(page("dispatch:pull", organisation=organisation), {"minutes": "10"})
    content = read(client_of(emil), response["Location"])

    assert "You asked for a question, and this one waits" in content
    assert ASKED in content


def test_ten_minutes_without_a_question_say_so(organisation: Organisation, emil: Person) -> None:
    response = client_of(emil).post(page("dispatch:pull", organisation=organisation), {"minutes": "x"}, follow=True)

    assert "No question is waiting that fits you right now" in response.content.decode()


@pytest.mark.parametrize("hidden", ["anonymous", "blind"])
def test_before_accepting_nothing_tells_who_asks(
    organisation: Organisation, amina: Person, ben: Person, question: Question, hidden: str
) -> None:
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True, blind_accept=hidden == "blind")
        Question.objects.filter(pk=question.pk).update(is_anonymous=hidden == "anonymous", programme=programme)
        question.refresh_from_db()
        offer = offer_to(ben, question, amina)
        brief = brief_of(Offer.objects.select_related("question__programme").get(pk=offer.pk), now=timezone.now())
    client = client_of(ben)

    desk = read(client, page("dispatch:desk", organisation=organisation))
    sheet = read(client, page("dispatch:offer", offer.pk, organisation=organisation))
    as_json = json.dumps(brief.as_json())

    for text in (desk, sheet, as_json):
        assert ASKED in text or json.dumps(ASKED)[1:-1] in text
        for trace in ("Amina", "Yusuf", str(amina.pk), amina.email, "Six years of welding"):
            assert trace not in text
    assert brief.asker is None
    assert brief.hidden_because == hidden


def test_where_a_programme_decides_blind_the_shortlist_has_no_names(
    organisation: Organisation, amina: Person, ben: Person, question: Question
) -> None:
    with acting_in(organisation.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True, blind_accept=True)
        Question.objects.filter(pk=question.pk).update(programme=programme)

    content = read(client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation))

    assert "Ask this mentor" in content
    assert "Welder for 14 years" not in content
    assert "Ben" not in content
    assert page("people:person", ben.pk, organisation=organisation) not in content


def test_strangers_and_other_tenants_find_no_offer(
    organisation: Organisation,
    other_organisation: Organisation,
    amina: Person,
    ben: Person,
    emil: Person,
    chloe: Person,
    question: Question,
) -> None:
    with acting_in(organisation.pk):
        offer = offer_to(ben, question, amina)

    for name in ("dispatch:offer", "dispatch:acceptance", "dispatch:pass"):
        here = page(name, offer.pk, organisation=organisation)
        there = page(name, offer.pk, organisation=other_organisation)
        for person in (emil, amina):
            response = client_of(person).get(here) if name == "dispatch:offer" else client_of(person).post(here)
            assert response.status_code == 404
        response = client_of(chloe).get(there) if name == "dispatch:offer" else client_of(chloe).post(there)
        assert response.status_code == 404
        assert client_of(chloe).post(here).status_code in (403, 404)
    with acting_in(organisation.pk):
        assert Offer.objects.get().state == Offer.State.WAITING


@pytest.mark.parametrize("name", ["dispatch:widening", "dispatch:writing", "dispatch:stop"])
def test_nobody_else_changes_a_search(
    organisation: Organisation, amina: Person, ben: Person, question: Question, name: str
) -> None:
    with acting_in(organisation.pk):
        offer_to(ben, question, amina)

    assert client_of(ben).post(page(name, question.pk, organisation=organisation)).status_code == 404
    assert client_of(amina).get(page(name, question.pk, organisation=organisation)).status_code == 405


def test_a_question_that_was_offered_can_be_reported_without_naming_who_asks(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, question: Question
) -> None:
    from momentor.dispatch.reporting import reported_question

    with acting_in(organisation.pk):
        Question.objects.filter(pk=question.pk).update(is_anonymous=True)
        offer_to(ben, question, amina)

        subject = reported_question(question.pk, ben)

        assert subject is not None
        assert subject.about_id == amina.pk
        assert "Amina" not in f"{subject.title} {subject.context}"
        assert reported_question(question.pk, emil) is None


# How much a page asks of the database


@pytest.fixture
def many_mentors(organisation: Organisation, dana: Person) -> list[Person]:
    people = [make_person(f"Mentor {number}", f"mentor{number}@example.org") for number in range(40)]
    for person in people:
        make_mentor(organisation, person, headline="Led a crew of pipe welders", skills=["leading a crew"])
    return people


def test_the_shortlist_needs_few_queries_however_many_mentors_there_are(
    organisation: Organisation,
    amina: Person,
    dana: Person,
    many_mentors: list[Person],
    question: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with acting_in(organisation.pk):
        for mentor in many_mentors[:3]:
            answered_by(mentor, dana, f"Should I lead a crew of pipe welders? {mentor.name}", is_shown=True)
    client, address = client_of(amina), page("dispatch:shortlist", question.pk, organisation=organisation)
    client.get(address)

    with django_assert_max_num_queries(35):
        client.get(address)


def test_the_search_page_and_its_refresh_need_few_queries(
    organisation: Organisation,
    amina: Person,
    many_mentors: list[Person],
    question: Question,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with acting_in(organisation.pk):
        start_search(question=question, by=amina, now=timezone.now())
    client, address = client_of(amina), page("dispatch:search", question.pk, organisation=organisation)
    client.get(address)

    with django_assert_max_num_queries(18):
        client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address, headers={"HX-Request": "true"})


def test_the_desk_needs_the_same_queries_for_one_question_and_for_ten(
    organisation: Organisation, ben: Person, dana: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=ben).update(capacity_per_week=20)
        search: Search | None = None
        for number in range(10):
            mentee = make_person(f"Mentee {number}", f"mentee{number}@example.org")
            question = Question.objects.create(mentee=mentee, text=ASKED, state=Question.State.SEARCHING)
            search = Search.objects.create(question=question, started_at=timezone.now())
            lapses_at = timezone.now() + timedelta(hours=1)
            Offer.objects.create(
                search=search, question=question, mentor=ben, wave=1, made_at=timezone.now(), lapses_at=lapses_at
            )
    client, address = client_of(ben), page("dispatch:desk", organisation=organisation)
    client.get(address)

    with django_assert_max_num_queries(24):
        content = client.get(address).content.decode()

    assert content.count(ASKED) == 10


def test_ids_in_addresses_are_checked(organisation: Organisation, amina: Person, question: Question) -> None:
    address = page("scheduling:slots", question.pk, organisation=organisation)

    assert client_of(amina).get(address, {"mentor": "nonsense"}).status_code == 404
    assert client_of(amina).get(address, {"mentor": str(UUID(int=0))}).status_code == 404


# From a profile to the one it is of


def ask_for(organisation: Organisation, mentor: Person, asker: Person, **choices: str) -> str:
    """Follow "Ask a question" on a mentor's profile, ask, and return the shortlist as it is read."""
    browser = client_of(asker)
    profile = read(browser, page("people:person", mentor.pk, organisation=organisation))
    found = re.search(r'href="([^"]+/ask/[^"]*)"', profile.split("<main")[1])
    assert found
    kept = browser.post(found[1], {"text": ASKED, "language": "en", "medium": "chat", "time_box": "10", **choices})
    assert kept.status_code == 303
    return read(browser, kept["Location"])


def named_first(shortlist: str) -> str:
    return shortlist.split('<ol class="shortlist">')[1].split("</article>", maxsplit=1)[0]


def test_whose_profile_one_came_from_stands_first_and_is_ticked(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        answered_by(ben, dana, "Should I lead a crew of pipe welders?", is_shown=True)

    found = ask_for(organisation, emil, amina)

    assert "Emil" in named_first(found)
    assert "You came from their profile" in named_first(found)
    assert f'value="{emil.pk}" checked' in named_first(found)
    assert "Ben Okafor" in found


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"medium": "async"}, "Emil Sørensen does not answer in the way you chose."),
        ({"language": "de"}, "Emil Sørensen does not talk in the language of your question."),
    ],
)
def test_who_cannot_be_asked_is_said_so_in_plain_words(
    organisation: Organisation, amina: Person, emil: Person, choices: dict[str, str], sentence: str
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=emil).update(mediums=["chat"])

    found = ask_for(organisation, emil, amina, **choices)

    assert sentence in found
    assert f'value="{emil.pk}"' not in found


def reopened(organisation: Organisation, asker: Person) -> tuple[str, str]:
    """Return the shortlist and the form of the one draft there is, as they are read from "My questions" later."""
    with acting_in(organisation.pk):
        draft = Question.objects.get(mentee=asker, state=Question.State.DRAFT)
    browser = client_of(asker)
    shortlist = read(browser, page("dispatch:shortlist", draft.pk, organisation=organisation))
    return shortlist.split("<main")[1], read(browser, page("asking:edit", draft.pk, organisation=organisation))


def test_a_draft_that_is_opened_again_knows_whose_profile_it_came_from(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        answered_by(ben, dana, "Should I lead a crew of pipe welders?", is_shown=True)
    ask_for(organisation, emil, amina)

    shortlist, form = reopened(organisation, amina)

    assert "Emil" in named_first(shortlist)
    assert f'value="{emil.pk}" checked' in named_first(shortlist)
    assert "For Emil Sørensen: they stand first" in form


def test_changing_a_draft_keeps_whom_it_is_for(organisation: Organisation, amina: Person, emil: Person) -> None:
    ask_for(organisation, emil, amina)
    with acting_in(organisation.pk):
        draft = Question.objects.get(mentee=amina)

    changed = {"text": f"{ASKED} Or not?", "language": "en", "medium": "chat", "time_box": "10"}
    client_of(amina).post(page("asking:edit", draft.pk, organisation=organisation), changed)

    assert "Emil" in named_first(reopened(organisation, amina)[0])


@pytest.mark.parametrize("who_blocks", ["mentee", "mentor"])
def test_two_who_are_kept_apart_are_not_brought_together_by_an_old_draft(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, who_blocks: str
) -> None:
    ask_for(organisation, emil, amina)
    by, about = (amina, emil) if who_blocks == "mentee" else (emil, amina)
    with acting_in(organisation.pk):
        block(about=about, by=by, now=timezone.now())
    at_once = reopened(organisation, amina)
    run_waiting(until=timezone.now())

    for shown in (*at_once, *reopened(organisation, amina)):
        assert "Emil" not in shown
    with acting_in(organisation.pk):
        assert Question.objects.get(mentee=amina).wanted is None
        unblock(about=about, by=by, now=timezone.now())
    assert "You came from their profile" not in reopened(organisation, amina)[0]


def test_a_mentor_who_left_is_forgotten_by_drafts(organisation: Organisation, amina: Person, emil: Person) -> None:
    ask_for(organisation, emil, amina)
    with acting_in(organisation.pk):
        leave_organisation(by=emil, now=timezone.now())
    run_waiting(until=timezone.now())

    assert "Emil" not in "".join(reopened(organisation, amina))
    with acting_in(organisation.pk):
        assert Question.objects.get(mentee=amina).wanted is None


def test_a_draft_in_a_blind_programme_names_nobody_later_either(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    with acting_in(organisation.pk):
        blind = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)
    ask_for(organisation, emil, amina, programme=str(blind.pk))

    shortlist, form = reopened(organisation, amina)

    assert "nobody is asked by name" in shortlist
    assert "Emil" not in shortlist
    assert "Emil" not in form


def test_in_a_blind_programme_nobody_is_asked_by_name(organisation: Organisation, amina: Person, emil: Person) -> None:
    with acting_in(organisation.pk):
        blind = Programme.objects.create(name="Blind", blind_accept=True, is_for_all=True)

    found = ask_for(organisation, emil, amina, programme=str(blind.pk))

    assert "nobody is asked by name" in found
    assert "You came from their profile" not in found
    assert "checked" not in found or str(emil.pk) not in found.split("checked")[0]


def test_a_stranger_or_somebody_kept_away_is_not_named_by_an_address(
    organisation: Organisation, question: Question, amina: Person, ben: Person, chloe: Person
) -> None:
    with acting_in(organisation.pk):
        block(about=amina, by=ben, now=timezone.now())
    where = page("dispatch:shortlist", question.pk, organisation=organisation)

    for who in (ben.pk, chloe.pk, "nobody"):
        found = read(client_of(amina), f"{where}?mentor={who}").split("<main")[1]
        assert "Ben" not in found
        assert "Chloe" not in found
