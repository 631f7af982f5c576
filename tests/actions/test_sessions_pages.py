"""The room by plain forms: what the two see, say and do, and what nobody else does."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from momentor.foundation.models import EventRecord
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.actions import hand_back
from momentor.sessions.jobs import tell_forgotten_moves
from momentor.sessions.models import Attendance, Message, Session
from tests.cast import client_of, page
from tests.talks import end_talk, let_jobs_run, open_talk, say

OURS: dict[str, Any] = {"headers": {"Sec-Fetch-Site": "same-origin"}, "content_type": "application/json"}


def room_of(organisation: Organisation, session: Session) -> str:
    return page("sessions:session", session.pk, organisation=organisation)


def seen(response: Any) -> str:
    text: str = response.content.decode()
    return text


@pytest.fixture
def session(organisation: Organisation, amina: Person, ben: Person) -> Session:
    return open_talk(organisation, amina, ben, came=(amina, ben))


def test_opening_the_page_is_coming_and_the_second_starts_the_clock(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben)
    room = room_of(organisation, session)

    first = client_of(amina).get(room, follow=True)
    second = client_of(ben).get(room, follow=True)

    assert "Ben Okafor has two minutes to come" in seen(first)
    assert "of 10 min" in seen(second)
    with acting_in(organisation.pk):
        assert Session.objects.get(pk=session.pk).state == Session.State.RUNNING


def test_a_page_that_a_browser_fetches_ahead_is_not_coming(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben)

    client_of(amina).get(room_of(organisation, session), headers={"Sec-Purpose": "prefetch;prerender"})

    with acting_in(organisation.pk):
        assert Attendance.objects.get(session=session, person=amina).came_at is None


def test_what_one_says_by_form_the_other_reads_after_a_reload(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    room = room_of(organisation, session)

    sent = client_of(ben).post(room + "messages/", {"body": "Lead one shift first.\n<b>Really</b>", "cid": "b1"})
    read = client_of(amina).get(room)

    assert (sent.status_code, sent.url) == (303, room)  # type: ignore[attr-defined]  # a redirect
    assert "Lead one shift first." in seen(read)
    assert "&lt;b&gt;Really&lt;/b&gt;" in seen(read)
    assert "seen" in seen(client_of(ben).get(room))


def test_sending_a_form_twice_says_it_once(organisation: Organisation, session: Session, ben: Person) -> None:
    browser = client_of(ben)

    for _ in range(2):
        browser.post(room_of(organisation, session) + "messages/", {"body": "Once", "cid": "b1"})

    with acting_in(organisation.pk):
        assert Message.objects.filter(session=session).count() == 1


def test_one_replies_edits_and_takes_back_without_script(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    room, browser = room_of(organisation, session), client_of(ben)
    asked = say(organisation, session, amina, "What did you look at?")
    composer = browser.get(f"{room}?reply={asked}")
    browser.post(room + "messages/", {"body": "The crue", "cid": "b1", "about": asked})
    editing = browser.get(f"{room}?edit={asked + 1}")
    browser.post(room + "messages/", {"body": "The crew", "cid": "b2", "about": asked + 1, "kind": "edit"})
    browser.post(room + "messages/", {"body": "Oops", "cid": "b3"})
    browser.post(room + "messages/", {"cid": "b4", "about": asked + 3, "kind": "deletion"})

    text = seen(client_of(amina).get(room))

    assert "Reply to: “What did you look at?”" in seen(composer)
    assert "Editing: “The crue”" in seen(editing)
    assert "The crew" in text
    assert "The crue" not in text
    assert "edited" in text
    assert f'href="#m{asked}"' in text
    assert "This message was taken back." in text
    assert "Oops" not in text


def test_nobody_changes_what_the_other_said(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    number = say(organisation, session, amina, "My words")

    answer = client_of(ben).post(
        room_of(organisation, session) + "messages/",
        {"body": "Other words", "cid": "b1", "about": number, "kind": "edit"},
        follow=True,
    )

    assert "Only your own message can be changed" in seen(answer)
    assert "My words" in seen(answer)


@pytest.mark.parametrize(
    ("body", "sentence"), [("", "Write something first."), ("x" * 4001, "longer than 4000 characters")]
)
def test_an_empty_or_endless_message_gets_a_sentence(
    organisation: Organisation, session: Session, ben: Person, body: str, sentence: str
) -> None:
    answer = client_of(ben).post(room_of(organisation, session) + "messages/", {"body": body, "cid": "b1"}, follow=True)

    assert sentence in seen(answer)


def test_a_stranger_with_the_address_of_a_room_finds_nothing(
    organisation: Organisation, session: Session, chloe: Person, emil: Person
) -> None:
    room = room_of(organisation, session)

    given = {"body": "Hi", "cid": "1", "minutes": 5}
    doings = ("messages", "files", "extension", "end", "handing-back", "takeaway", "feedback", "thanks")
    for person in (chloe, emil, None):
        browser = client_of(person)
        answers = [browser.get(room), *(browser.post(f"{room}{what}/", given) for what in doings)]
        assert {answer.status_code for answer in answers} <= {404, 403, 302}
        assert not any("crew of eight" in seen(answer) for answer in answers)
    with acting_in(organisation.pk):
        assert not Message.objects.exists()
        assert Session.objects.get(pk=session.pk).state == Session.State.RUNNING


def test_what_a_browser_kept_offline_arrives_in_order_and_once(
    organisation: Organisation, session: Session, ben: Person
) -> None:
    kept = {"items": [{"cid": f"o{number}", "body": f"Line {number}"} for number in range(3)]}
    browser = client_of(ben)

    first = browser.post(room_of(organisation, session) + "messages/", json.dumps(kept), **OURS)
    again = browser.post(room_of(organisation, session) + "messages/", json.dumps(kept), **OURS)

    assert first.json() == {"items": [{"cid": f"o{number}", "seq": number + 1} for number in range(3)]}
    assert again.json() == first.json()
    with acting_in(organisation.pk):
        said = Message.objects.filter(session=session).order_by("seq").values_list("body", flat=True)
        assert list(said) == ["Line 0", "Line 1", "Line 2"]


def test_each_kept_message_gets_its_own_answer(organisation: Organisation, session: Session, ben: Person) -> None:
    kept = [
        {"cid": "a", "body": "Fine"},
        {"cid": "b", "body": " "},
        "nonsense",
        {"body": "no id"},
        {"cid": "c", "kind": "file"},
    ]

    answer = client_of(ben).post(room_of(organisation, session) + "messages/", json.dumps({"items": kept}), **OURS)

    told = answer.json()["items"]
    assert told[0] == {"cid": "a", "seq": 1}
    assert [one.get("code") for one in told[1:]] == ["MessageEmpty", "WrongField", "WrongField", "NotYours"]


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"items": 7}', '{"items": null}', '{"items": "ab"}', '{"items": {}}', "[" * 100_000]
)
def test_a_list_that_is_none_is_refused(organisation: Organisation, session: Session, ben: Person, body: str) -> None:
    answer = client_of(ben).post(room_of(organisation, session) + "messages/", body, **OURS)

    assert answer.status_code == 422


def test_another_site_cannot_speak_for_somebody(organisation: Organisation, session: Session, ben: Person) -> None:
    browser = client_of(ben)
    browser.handler.enforce_csrf_checks = True
    where = room_of(organisation, session) + "messages/"
    forged = json.dumps({"items": [{"cid": "x", "body": "Not me"}]})

    answers = [
        browser.post(where, {"body": "Not me", "cid": "x"}),
        browser.post(where, forged, content_type="text/plain"),
        browser.post(where, forged, content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}),
        browser.post(where, forged, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    with acting_in(organisation.pk):
        assert not Message.objects.exists()


def test_more_minutes_come_when_both_tap(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    room = room_of(organisation, session)

    client_of(amina).post(room + "extension/", {"minutes": 10})
    offered = client_of(ben).get(room)
    client_of(ben).post(room + "extension/", {"minutes": 10})

    assert "Agree to 10 more minutes" in seen(offered)
    with acting_in(organisation.pk):
        assert Session.objects.get(pk=session.pk).time_box == 20
    for person in (amina, ben):
        assert "10 more minutes</p>" in seen(client_of(person).get(room))


def test_what_the_product_says_in_a_room_is_in_the_language_of_the_talk(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    session = open_talk(organisation, amina, ben, came=(amina, ben), language="de")
    room = room_of(organisation, session)

    for person in (amina, ben):
        client_of(person).post(room + "extension/", {"minutes": 5})

    with acting_in(organisation.pk):
        [note] = Message.objects.filter(session=session)
    assert (note.sender, note.kind, note.body) == (None, "note", "5 Minuten mehr")


@pytest.mark.parametrize("minutes", ["", "7", "-5", "1000", "abc"])
def test_a_wrong_extension_changes_nothing(
    organisation: Organisation, session: Session, amina: Person, minutes: str
) -> None:
    answer = client_of(amina).post(room_of(organisation, session) + "extension/", {"minutes": minutes}, follow=True)

    assert "Choose 5, 10, 15 or 20 more minutes" in seen(answer)


def test_after_the_end_nothing_is_said_but_everything_is_read(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    room = room_of(organisation, session)
    say(organisation, session, ben, "Lead one shift first.")
    ended = client_of(amina).post(room + "end/", follow=True)

    late = client_of(ben).post(room + "messages/", {"body": "One more thing", "cid": "late"}, follow=True)

    assert "This conversation is over" in seen(ended)
    assert "Write the takeaway" in seen(ended)
    assert "This session is over" in seen(late)
    assert "Lead one shift first." in seen(late)
    assert 'name="body"' not in seen(late)


def test_a_script_gets_a_refusal_as_a_problem(organisation: Organisation, session: Session, amina: Person) -> None:
    end_talk(organisation, session, amina)

    answer = client_of(amina).post(
        room_of(organisation, session) + "extension/", {"minutes": 5}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "SessionOver"


def test_a_mentor_hands_back_and_both_pages_say_so(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    room = room_of(organisation, session)
    offered = seen(client_of(ben).get(room))
    not_offered = seen(client_of(amina).get(room))

    client_of(ben).post(room + "handing-back/")

    assert "Hand the question back" in offered
    assert "Hand the question back" not in not_offered
    assert "Ben Okafor handed your question back" in seen(client_of(amina).get(room))
    assert "You handed the question back" in seen(client_of(ben).get(room))


def test_a_mentee_cannot_hand_back(organisation: Organisation, session: Session, amina: Person) -> None:
    answer = client_of(amina).post(room_of(organisation, session) + "handing-back/", follow=True)

    assert "Only the two people in a session can do this" in seen(answer)
    with acting_in(organisation.pk):
        assert Session.objects.get(pk=session.pk).state == Session.State.RUNNING


def test_a_written_conversation_says_whose_move_it_is_and_has_no_clock(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, emil, medium="async")
    room = room_of(organisation, session)
    before = seen(client_of(emil).get(room))
    say(organisation, session, emil, "Which certificate?")

    after = seen(client_of(amina).get(room))
    listed = seen(client_of(amina).get(page("sessions:sessions", organisation=organisation)))

    assert "Your move" in before
    assert 'role="timer"' not in before
    assert "Your move" in after
    assert "Amina Yusuf’s move" in seen(client_of(emil).get(room))
    assert "Your move" in listed


def test_an_answered_written_question_is_not_handed_back(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, emil, medium="async")
    say(organisation, session, emil, "Yes.")

    text = seen(client_of(emil).get(room_of(organisation, session)))

    assert "Hand the question back" not in text


def test_the_list_shows_what_waits_first_and_goes_on_by_pages(
    organisation: Organisation, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        question = open_talk(organisation, amina, ben, came=(amina, ben)).question
        old = timezone.now() - timedelta(days=9)
        Session.objects.bulk_create(
            Session(
                question=question, mentee=amina, mentor=ben, medium="chat", time_box=10, opened_at=old, state="ended"
            )
            for _ in range(25)
        )
    browser, where = client_of(amina), page("sessions:sessions", organisation=organisation)

    first, second = browser.get(where), browser.get(f"{where}?after=20")

    assert seen(first).index("Go to the room") < seen(first).index("Ended")
    assert "?after=20" in seen(first)
    assert seen(second).count('class="words"') == 6
    for wrong in ("-1", "x", "9" * 30, "٣"):
        assert browser.get(where, {"after": wrong}).status_code == 200


def test_a_long_transcript_is_read_in_parts(
    organisation: Organisation, session: Session, amina: Person, ben: Person
) -> None:
    with acting_in(organisation.pk):
        Message.objects.bulk_create(
            Message(session=session, seq=n, sender=ben, client_id=str(n), body=f"Line {n}.", sent_at=timezone.now())
            for n in range(1, 251)
        )
        Session.objects.filter(pk=session.pk).update(last_seq=250)
    browser, room = client_of(amina), room_of(organisation, session)

    newest = seen(browser.get(room))
    earlier = seen(browser.get(f"{room}?before=51"))

    assert "Line 250." in newest
    assert "Line 50." not in newest
    assert "?before=51" in newest
    assert "Line 50." in earlier


def test_the_room_asks_the_database_twelve_times_at_most(
    organisation: Organisation,
    session: Session,
    amina: Person,
    ben: Person,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(10):
        say(organisation, session, ben, f"Line {number}")
    browser, room = client_of(amina), room_of(organisation, session)
    browser.get(room)

    with django_assert_max_num_queries(18) as asked:
        browser.get(room)

    real = [one["sql"] for one in asked if one["sql"].split()[0] == "SELECT" and "set_config" not in one["sql"]]
    assert len(real) <= 12, real


def test_the_other_is_told_of_a_written_message_once_a_turn(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, emil, medium="async")
    say(organisation, session, emil, "First thought.")
    say(organisation, session, emil, "Second thought.")
    let_jobs_run()

    with acting_in(organisation.pk):
        assert EventRecord.objects.filter(name="MovePassed").count() == 1
        assert EventRecord.objects.get(name="MovePassed").facts["person_id"] == str(amina.pk)


def test_a_message_whose_telling_was_lost_is_told_by_the_sweep(
    organisation: Organisation, amina: Person, emil: Person
) -> None:
    session = open_talk(organisation, amina, emil, medium="async")
    long_ago = timezone.now() - timedelta(minutes=10)
    with acting_in(organisation.pk):
        Message.objects.create(session=session, seq=1, sender=emil, client_id="1", body="Hello", sent_at=long_ago)
        Session.objects.filter(pk=session.pk).update(last_seq=1, next_move_by=amina)

        tell_forgotten_moves()
        tell_forgotten_moves()

        assert EventRecord.objects.filter(name="MovePassed", facts__session_id=str(session.pk)).count() == 1


def test_a_session_that_was_handed_back_twice_says_no_the_second_time(
    organisation: Organisation, session: Session, ben: Person
) -> None:
    with acting_in(organisation.pk):
        hand_back(session=session, by=ben, now=timezone.now())

    answer = client_of(ben).post(room_of(organisation, session) + "handing-back/", follow=True)

    assert "This session is over" in seen(answer)


def test_an_address_of_no_session_is_a_page_not_found(organisation: Organisation, amina: Person) -> None:
    assert client_of(amina).get(page("sessions:session", uuid4(), organisation=organisation)).status_code == 404
