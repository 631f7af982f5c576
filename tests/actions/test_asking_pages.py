"""The pages of the one who asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from momentor.asking.actions import (
    agree_to_show,
    ask_question,
    draft_question,
    locked,
    mark_answered,
    mark_waiting,
    note_gap,
)
from momentor.asking.models import LONGEST_QUESTION, Answer, Question
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Enrolment, Organisation, Person, Programme
from tests.cast import NOW, client_of, membership_of, page

COACH_QUERIES = 15
GAP_QUERIES = 13
ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"


@pytest.fixture
def draft(organisation: Organisation, amina: Person) -> Question:
    with acting_in(organisation.pk):
        return draft_question(by=amina, text=ASKED, language="en", topics=["leading a crew"], now=timezone.now())


@pytest.fixture
def answered(organisation: Organisation, dana: Person, ben: Person) -> Answer:
    """A question of Dana's that Ben answered, and that both let others read."""
    with acting_in(organisation.pk):
        question = draft_question(by=dana, text="Should I lead a crew of pipe welders?", language="en", now=NOW)
        question = locked(ask_question(question=question, by=dana, now=NOW))
        mark_answered(question=question, by=ben, now=NOW)
        answer = Answer.objects.get(question=question)
        agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=NOW)
        agree_to_show(answer_id=answer.pk, by=dana, text=None, now=NOW)
        return answer


def test_asking_makes_a_draft_and_leads_to_those_who_could_answer(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).post(
        page("asking:new", organisation=organisation), {"text": ASKED, "topics": "crew, pipes"}
    )

    with acting_in(organisation.pk):
        question = Question.objects.get()
    assert response.status_code == 303
    assert response["Location"] == page("dispatch:shortlist", question.pk, organisation=organisation)
    assert question.state == Question.State.DRAFT
    assert question.topics == ["crew", "pipes"]
    assert question.language == "en"
    assert question.medium == "chat"


def test_a_question_never_comes_from_an_address(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).get(page("asking:new", organisation=organisation), {"text": "Should I lead?"})

    assert "Should I lead?" not in response.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Please write your question in words."),
        (" \n\t ", "Please write your question in words."),
        ("?!…", "Please write your question in words."),
        ("\x00\x01\x02", "Please write your question in words."),
        ("pipe " * 20_000, f"This is longer than {LONGEST_QUESTION} characters."),
    ],
)
def test_what_cannot_be_a_question_comes_back_with_a_sentence(
    organisation: Organisation, amina: Person, text: str, said: str
) -> None:
    response = client_of(amina).post(page("asking:new", organisation=organisation), {"text": text})

    content = response.content.decode()
    assert response.status_code == 422
    assert said in content
    assert text.strip("\x00\x01\x02 \n\t") in content
    with acting_in(organisation.pk):
        assert not Question.objects.exists()


def test_control_characters_are_dropped_and_the_words_stay(organisation: Organisation, amina: Person) -> None:
    client_of(amina).post(
        page("asking:new", organisation=organisation), {"text": "Lead\x00 a\x07 crew\u202e?\r\nOr not?"}
    )

    with acting_in(organisation.pk):
        assert Question.objects.get().text == "Lead a crew?\nOr not?"


def test_letters_in_a_wrong_encoding_are_asked_for_again(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).generic(
        "POST",
        page("asking:new", organisation=organisation),
        b"text=Soll+ich+f%FChren%3F",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 422
    assert "Please type them again" in response.content.decode()
    assert "hren?" in response.content.decode()


def test_a_draft_is_changed_with_the_same_form(organisation: Organisation, amina: Person, draft: Question) -> None:
    address = page("asking:edit", draft.pk, organisation=organisation)
    shown = client_of(amina).get(address).content.decode()

    response = client_of(amina).post(address, {"text": "Should I lead a crew at all?", "time_box": "20"})

    with acting_in(organisation.pk):
        draft.refresh_from_db()
    assert "leading a crew" in shown
    assert response.status_code == 303
    assert draft.text == "Should I lead a crew at all?"
    assert draft.time_box == 20


def test_a_stated_time_is_the_mentees_own_clock(organisation: Organisation, amina: Person) -> None:
    wanted = (timezone.now() + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    given = {"text": ASKED, "answer_by": wanted.strftime("%Y-%m-%dT%H:%M")}

    client_of(amina).post(page("asking:new", organisation=organisation), given)

    with acting_in(organisation.pk):
        answer_by = Question.objects.get().answer_by
    assert answer_by is not None
    assert (wanted - answer_by) in (timedelta(hours=1), timedelta(hours=2))  # Berlin


def test_a_time_gone_by_cannot_be_stated(organisation: Organisation, amina: Person) -> None:
    given = {"text": ASKED, "answer_by": "2020-01-01T10:00"}

    response = client_of(amina).post(page("asking:new", organisation=organisation), given)

    assert response.status_code == 422
    assert "between one hour and 30 days" in response.content.decode()


def test_more_questions_than_a_day_allows_keep_the_text(
    organisation: Organisation, amina: Person, settings: Settings
) -> None:
    settings.QUESTIONS_A_DAY = 1
    address = page("asking:new", organisation=organisation)
    client_of(amina).post(address, {"text": "Should I lead a crew?"})

    response = client_of(amina).post(address, {"text": "And what of the night shifts?"})

    assert response.status_code == 429
    assert "And what of the night shifts?" in response.content.decode()
    assert "come back tomorrow" in response.content.decode()


def test_only_mediums_that_have_a_room_can_be_chosen(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).post(page("asking:new", organisation=organisation), {"text": ASKED, "medium": "xr"})

    assert response.status_code == 422


def test_somebody_in_one_programme_asks_in_it_without_being_asked(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        mine = Programme.objects.create(name="Welders", is_for_all=True)
        other = Programme.objects.create(name="Managers")

    client_of(amina).post(page("asking:new", organisation=organisation), {"text": ASKED})
    refused = client_of(amina).post(
        page("asking:new", organisation=organisation), {"text": ASKED, "programme": other.pk}
    )

    with acting_in(organisation.pk):
        assert {question.programme for question in Question.objects.select_related("programme")} == {mine}
    assert refused.status_code == 303


def test_of_several_programmes_only_ones_own_can_be_chosen(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        first, second, third = (Programme.objects.create(name=name) for name in ("A", "B", "C"))
        for programme in (first, second):
            Enrolment.objects.create(programme=programme, membership=membership_of(amina, organisation))
    address = page("asking:new", organisation=organisation)

    kept = client_of(amina).post(address, {"text": ASKED, "programme": second.pk, "audience": "programme"})
    refused = client_of(amina).post(address, {"text": ASKED, "programme": third.pk})

    assert kept.status_code == 303
    assert refused.status_code == 422
    with acting_in(organisation.pk):
        assert Question.objects.get().programme_id == second.pk


# The coach


def test_the_coach_says_what_is_missing_and_proposes(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).post(
        page("asking:coach", organisation=organisation), {"text": "Any tips on leading a crew?"}
    )

    content = response.content.decode()
    assert "Which part of it matters to you now?" in content
    assert "data-starter=" in content
    assert "Proposed:" in content
    assert "<html" not in content


def test_the_coach_is_silent_about_nothing(organisation: Organisation, amina: Person) -> None:
    response = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": " ? "})

    assert "data-starter" not in response.content.decode()


def test_without_script_an_offer_of_the_coach_keeps_ones_own_words(organisation: Organisation, amina: Person) -> None:
    given = {"text": "Any tips on leading?", "add": "no_goal", "time_box": "30"}

    response = client_of(amina).post(page("asking:new", organisation=organisation), given)

    content = response.content.decode()
    assert response.status_code == 200
    assert "Any tips on leading?\n\nA good answer would help me decide: " in content
    assert (
        'value="30" id="id_time_box_4" checked' in content
        or 'value="30" class="segments" id="id_time_box_4" checked' in content
    )
    with acting_in(organisation.pk):
        assert not Question.objects.exists()


def test_an_offer_of_the_coach_cuts_nothing_off_a_long_text(organisation: Organisation, amina: Person) -> None:
    text = "Any tips on leading? " + "pipe " * 5_000 + "The end."

    response = client_of(amina).post(page("asking:new", organisation=organisation), {"text": text, "add": "no_goal"})

    assert f"{text}\n\nA good answer would help me decide: " in response.content.decode()


def test_words_of_crisis_show_help_first_and_block_nothing(organisation: Organisation, amina: Person) -> None:
    organisation.local_help = [{"name": "Night line", "phone": "116 123", "url": ""}]
    organisation.save()
    text = "I lost my job and I want to kill myself. Who can tell me how to go on?"

    noticed = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": text})
    kept = client_of(amina).post(page("asking:new", organisation=organisation), {"text": text})
    next_page = client_of(amina).get(kept["Location"])

    assert "Night line" in noticed.content.decode()
    assert "Answered already?" not in noticed.content.decode()
    assert 'id="help" hx-swap-oob="true"' in noticed.content.decode()
    assert kept.status_code == 303
    assert "Night line" in next_page.content.decode()


def test_what_is_answered_already_can_be_read_while_writing(
    organisation: Organisation, amina: Person, answered: Answer
) -> None:
    response = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": ASKED})

    content = response.content.decode()
    assert "Lead one shift first." in content
    assert "This answers it" in content
    assert "Ask a person anyway" in content
    assert "Dana" not in content


def test_an_answer_that_one_of_the_two_took_back_is_not_read(
    organisation: Organisation, amina: Person, dana: Person, answered: Answer
) -> None:
    client_of(dana).post(page("asking:hiding", answered.pk, organisation=organisation))

    response = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": ASKED})

    assert "Lead one shift first." not in response.content.decode()


def test_who_is_kept_apart_does_not_read_the_others_answers(
    organisation: Organisation, amina: Person, ben: Person, answered: Answer
) -> None:
    from momentor.trust.actions import block

    with acting_in(organisation.pk):
        block(about=amina, by=ben, now=timezone.now())

    response = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": ASKED})

    assert "Lead one shift first." not in response.content.decode()


def test_this_answers_it_keeps_nothing_of_what_was_not_sent(
    organisation: Organisation, amina: Person, answered: Answer
) -> None:
    response = client_of(amina).post(page("asking:already", organisation=organisation), {"text": ASKED})

    assert response.status_code == 303
    with acting_in(organisation.pk):
        assert not Question.objects.filter(mentee=amina).exists()


def test_this_answers_it_withdraws_a_draft_politely(
    organisation: Organisation, amina: Person, draft: Question, answered: Answer
) -> None:
    shown = client_of(amina).get(page("dispatch:shortlist", draft.pk, organisation=organisation)).content.decode()
    client = client_of(amina)

    response = client.post(
        page("asking:withdrawal", draft.pk, organisation=organisation), {"reason": "answered_already"}, follow=True
    )

    with acting_in(organisation.pk):
        draft.refresh_from_db()
    assert "Lead one shift first." in shown
    assert draft.state == Question.State.WITHDRAWN
    assert draft.reason == "answered_already"
    assert "Good that there was an answer" in response.content.decode()


def test_what_asks_nearly_the_same_is_marked(organisation: Organisation, amina: Person, answered: Answer) -> None:
    where = page("asking:coach", organisation=organisation)

    same, near = (
        client_of(amina).post(where, {"text": text}).content.decode()
        for text in ("Hello! SHOULD I lead a crew of pipe welders?", ASKED)
    )

    assert "nearly the same question" in same
    assert "Lead one shift first." in near
    assert "nearly the same question" not in near


# What one has asked already

AGAIN = (
    "Hello, I weld pipes and was OFFERED to lead a crew of eight. How do I find out if I would be good at it? Thanks!"
)


@pytest.fixture
def open_question(organisation: Organisation, amina: Person, draft: Question) -> Question:
    with acting_in(organisation.pk):
        return ask_question(question=draft, by=amina, now=timezone.now())


def test_who_asks_again_what_is_still_open_is_told_before_sending(
    organisation: Organisation, amina: Person, open_question: Question
) -> None:
    client = client_of(amina)

    while_writing = client.post(page("asking:coach", organisation=organisation), {"text": AGAIN}).content.decode()
    sent = client.post(page("asking:new", organisation=organisation), {"text": AGAIN}, follow=True)

    for content in (while_writing, sent.content.decode()):
        assert "You have asked this already, and it is still open:" in content
        assert page("asking:question", open_question.pk, organisation=organisation) in content


def test_another_question_about_the_same_matter_is_no_repetition(
    organisation: Organisation, amina: Person, open_question: Question
) -> None:
    text = "How much more is paid for leading a crew of eight who weld pipes?"

    content = client_of(amina).post(page("asking:coach", organisation=organisation), {"text": text}).content.decode()

    assert "You have asked this already" not in content


def test_what_is_closed_or_asked_by_others_is_no_repetition(
    organisation: Organisation, amina: Person, emil: Person, ben: Person, open_question: Question
) -> None:
    where = page("asking:coach", organisation=organisation)

    of_others = client_of(emil).post(where, {"text": AGAIN}).content.decode()
    with acting_in(organisation.pk):
        mark_answered(question=locked(open_question), by=ben, now=timezone.now())
    closed = client_of(amina).post(where, {"text": AGAIN}).content.decode()

    assert "You have asked this already" not in of_others
    assert "You have asked this already" not in closed


def test_a_question_that_is_open_is_no_repetition_of_itself(
    organisation: Organisation, amina: Person, open_question: Question
) -> None:
    address = page("dispatch:shortlist", open_question.pk, organisation=organisation)

    assert "You have asked this already" not in client_of(amina).get(address).content.decode()


# One's own question


def test_the_page_of_a_question_says_where_it_stands(
    organisation: Organisation, amina: Person, draft: Question
) -> None:
    response = client_of(amina).get(page("asking:question", draft.pk, organisation=organisation))

    content = response.content.decode()
    assert "This is a draft" in content
    assert "Nobody yet" in content
    assert "Together" not in content
    assert 'aria-current="step"' in content


def test_a_withdrawn_question_is_asked_again_without_standing_in_an_address(
    organisation: Organisation, amina: Person, draft: Question
) -> None:
    client = client_of(amina)
    client.post(page("asking:withdrawal", draft.pk, organisation=organisation))
    shown = client.get(page("asking:question", draft.pk, organisation=organisation)).content.decode()

    response = client.post(page("web:begin", organisation=organisation), {"text": draft.text}, follow=True)

    assert f'name="text" value="{draft.text}"' in shown
    assert "?text=" not in shown
    assert [where for where, _ in response.redirect_chain] == [page("asking:new", organisation=organisation)]
    assert draft.text in response.content.decode()


def test_a_question_can_be_withdrawn_twice_without_harm(
    organisation: Organisation, amina: Person, draft: Question
) -> None:
    address = page("asking:withdrawal", draft.pk, organisation=organisation)

    first, second = client_of(amina).post(address), client_of(amina).post(address)

    assert first.status_code == second.status_code == 303
    with acting_in(organisation.pk):
        draft.refresh_from_db()
    assert draft.state == Question.State.WITHDRAWN


def test_the_list_of_questions_has_pages(organisation: Organisation, amina: Person) -> None:
    with acting_in(organisation.pk):
        Question.objects.bulk_create([Question(mentee=amina, text=f"Question number {n}?") for n in range(45)])
    address = page("asking:questions", organisation=organisation)

    first = client_of(amina).get(address).content.decode()
    third = client_of(amina).get(address, {"page": "3"}).content.decode()
    beyond = client_of(amina).get(address, {"page": "99999999999999999999"}).content.decode()

    assert first.count("Question number") == 20
    assert third.count("Question number") == 5
    assert beyond == third or beyond.count("Question number") == 5


def test_an_empty_list_tells_the_next_step(organisation: Organisation, amina: Person) -> None:
    content = client_of(amina).get(page("asking:questions", organisation=organisation)).content.decode()

    assert page("asking:new", organisation=organisation) in content
    assert "No questions yet" in content


@pytest.mark.parametrize(
    "name", ["asking:question", "asking:edit", "dispatch:shortlist", "dispatch:search", "scheduling:slots"]
)
def test_nobody_else_finds_a_question(
    organisation: Organisation,
    other_organisation: Organisation,
    ben: Person,
    dana: Person,
    chloe: Person,
    draft: Question,
    name: str,
) -> None:
    address = page(name, draft.pk, organisation=organisation)
    elsewhere = page(name, draft.pk, organisation=other_organisation)

    assert client_of(ben).get(address).status_code == 404
    assert client_of(dana).get(address).status_code == 404
    assert client_of(chloe).get(elsewhere).status_code == 404
    assert client_of(chloe).get(address).status_code in (403, 404)
    assert "crew" not in client_of(chloe).get(address).content.decode()


# Letting others read an answer


def test_an_answer_is_shown_only_once_both_agreed(
    organisation: Organisation, amina: Person, ben: Person, draft: Question
) -> None:
    with acting_in(organisation.pk):
        mark_answered(
            question=locked(ask_question(question=draft, by=amina, now=timezone.now())), by=ben, now=timezone.now()
        )
        answer = Answer.objects.get()
    address = page("asking:answer", answer.pk, organisation=organisation)

    empty = client_of(ben).post(address, {"text": "  "})
    client_of(amina).post(address)
    with acting_in(organisation.pk):
        before = Answer.objects.shown().exists()
    client_of(ben).post(address, {"text": "Lead one shift first."})
    with acting_in(organisation.pk):
        with_one = Answer.objects.shown().exists()
    client_of(amina).post(address)
    with acting_in(organisation.pk):
        with_both = Answer.objects.shown().exists()
    client_of(ben).post(address, {"text": "Lead two shifts first."})
    with acting_in(organisation.pk):
        with_other_words = Answer.objects.shown().exists()

    assert empty.status_code == 422
    assert (before, with_one, with_both, with_other_words) == (False, False, True, False)


def test_nobody_else_sees_or_decides_on_an_answer(organisation: Organisation, emil: Person, answered: Answer) -> None:
    address = page("asking:answer", answered.pk, organisation=organisation)

    assert client_of(emil).get(address).status_code == 404
    assert client_of(emil).post(address, {"text": "Mine now"}).status_code == 404
    assert client_of(emil).post(page("asking:hiding", answered.pk, organisation=organisation)).status_code == 404


# How much a page asks of the database


def test_the_ask_page_needs_few_queries(
    organisation: Organisation, amina: Person, django_assert_max_num_queries: "DjangoAssertNumQueries"
) -> None:
    client, address = client_of(amina), page("asking:new", organisation=organisation)
    client.get(address)

    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_page_of_a_question_needs_the_same_queries_for_a_long_story(
    organisation: Organisation, amina: Person, draft: Question, django_assert_max_num_queries: "DjangoAssertNumQueries"
) -> None:
    client, address = client_of(amina), page("asking:question", draft.pk, organisation=organisation)
    client.get(address)

    with django_assert_max_num_queries(36):
        client.get(address)


def test_the_coach_needs_few_queries(
    organisation: Organisation,
    amina: Person,
    answered: Answer,
    open_question: Question,
    django_assert_max_num_queries: "DjangoAssertNumQueries",
) -> None:
    client, address = client_of(amina), page("asking:coach", organisation=organisation)
    client.post(address, {"text": AGAIN})

    with django_assert_max_num_queries(COACH_QUERIES):
        client.post(address, {"text": AGAIN})


def test_the_page_of_gaps_needs_the_same_queries_for_many(
    organisation: Organisation,
    amina: Person,
    dana: Person,
    settings: Settings,
    django_assert_max_num_queries: "DjangoAssertNumQueries",
) -> None:
    settings.OPEN_QUESTIONS = settings.QUESTIONS_A_DAY = 100
    client, address = client_of(dana), page("asking:gaps", organisation=organisation)
    for number in range(12):
        a_gap(organisation, amina, text=f"How do I weld pipe number {number} overhead?", topics=["pipes"])
    client.get(address)

    with django_assert_max_num_queries(GAP_QUERIES):
        client.get(address)


# What coordinators see of it


def a_gap(organisation: Organisation, by: Person, *, text: str = ASKED, **choices: Any) -> Question:
    with acting_in(organisation.pk):
        question = draft_question(by=by, text=text, now=timezone.now(), **choices)
        question = locked(ask_question(question=question, by=by, now=timezone.now()))
        mark_waiting(question=question, step=Question.Step.NOBODY, reason="nobody", now=timezone.now())
        note_gap(question=question, now=timezone.now())
        return question


def test_a_coordinator_sees_what_is_missing_but_not_who_asked_nor_their_words(
    organisation: Organisation, amina: Person, ben: Person, dana: Person, chloe: Person
) -> None:
    a_gap(organisation, amina, language="de", topics=["leading a crew", "pipes"])
    where = page("asking:gaps", organisation=organisation)

    seen = client_of(dana).get(where).content.decode()
    others = [client_of(one).get(where).status_code for one in (ben, chloe)]

    main = seen.split("<main")[1].split("</main>")[0]
    assert "leading a crew" in main
    assert "German" in main
    assert "still waits" in main
    assert "Amina" not in main
    assert "weld pipes" not in main
    assert where in client_of(dana).get(page("people:members", organisation=organisation)).content.decode()
    assert others == [403, 403]


def test_what_was_found_since_is_no_longer_wanted(
    organisation: Organisation, amina: Person, ben: Person, dana: Person
) -> None:
    question = a_gap(organisation, amina, topics=["pipes"])
    with acting_in(organisation.pk):
        mark_answered(question=locked(question), by=ben, now=timezone.now())

    seen = client_of(dana).get(page("asking:gaps", organisation=organisation)).content.decode()

    assert "answered since" in seen
    assert "Still wanted" not in seen


def test_the_oldest_gap_is_a_page_away_and_an_empty_list_leads_on(
    organisation: Organisation, amina: Person, dana: Person, settings: Settings
) -> None:
    settings.OPEN_QUESTIONS = settings.QUESTIONS_A_DAY = 100
    where = page("asking:gaps", organisation=organisation)
    empty = client_of(dana).get(where).content.decode()
    for number in range(21):
        a_gap(organisation, amina, topics=[f"topic {number}"])

    first, second = (client_of(dana).get(f"{where}?page={number}").content.decode() for number in (1, 2))

    assert "Nothing is missing" in empty
    assert "topic 20<" in first
    assert "topic 0<" not in first.split('<ul class="stack tight">')[1]
    assert "topic 0<" in second


def wanted_on(organisation: Organisation, coordinator: Person) -> str:
    """Return what a coordinator reads as still wanted."""
    seen = client_of(coordinator).get(page("asking:gaps", organisation=organisation)).content.decode()
    return " ".join(seen.split('id="topics-h"')[1].split("</section>")[0].split()) if "topics-h" in seen else ""


NIGHTS = [
    "How do I survive night shifts on the ward with children?",
    "Night shifts on the ward leave me tired. How do you sleep?",
    "Sleeping badly since I work night shifts on the ward, with my epilepsy: what helps?",
]


def test_gaps_about_the_same_matter_are_one_entry_in_words_that_three_people_used(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    for text, person in zip(NIGHTS, (amina, ben, emil), strict=True):
        a_gap(organisation, person, text=text)
    a_gap(organisation, amina, text="Which electrode do I need for thin pipes overhead?", topics=["pipes"])

    wanted = wanted_on(organisation, dana)

    assert "night shifts" in wanted
    assert '<span class="count">3</span>' in wanted
    assert "pipes" in wanted
    assert not any(word in wanted for word in ("epilepsy", "children", "electrode", "tired"))


def test_no_word_of_two_people_is_shown(
    organisation: Organisation, amina: Person, ben: Person, dana: Person, settings: Settings
) -> None:
    settings.OPEN_QUESTIONS = settings.QUESTIONS_A_DAY = 100
    for text, person in zip(NIGHTS, (amina, ben, amina), strict=True):
        a_gap(organisation, person, text=text)

    assert wanted_on(organisation, dana) == ""


def test_gaps_about_the_same_matter_go_by_the_topic_that_half_of_them_name(
    organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person
) -> None:
    named: tuple[list[str], ...] = (["night work"], ["night work", "sleep"], [])
    for text, person, topics in zip(NIGHTS, (amina, ben, emil), named, strict=True):
        a_gap(organisation, person, text=text, topics=topics)

    wanted = wanted_on(organisation, dana)

    assert "night work" in wanted
    assert '<span class="count">3</span>' in wanted
    assert "sleep" not in wanted
