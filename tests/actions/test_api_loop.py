"""The loop by API alone: two programs, one conversation, from the question to what came of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from momentor.asking.actions import agree_to_show, ask_question, draft_question, locked, mark_answered
from momentor.asking.models import Answer
from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Nudge
from momentor.people.models import Organisation, Person
from tests.api_client import Program

pytestmark = pytest.mark.django_db

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"


@pytest.fixture
def hers(organisation: Organisation, amina: Person) -> Program:
    return Program(organisation, amina)


@pytest.fixture
def his(organisation: Organisation, ben: Person) -> Program:
    return Program(organisation, ben)


def open_session(hers: Program, his: Program) -> str:
    """Walk from a question to a room in which both are, and return its id."""
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    hers.post(f"/questions/{question['id']}/search", {"chosen": [str(his.person.pk)]})  # type: ignore[union-attr]
    offer = his.get("/offers")["items"][0]
    session = his.post(f"/offers/{offer['id']}/acceptance")
    hers.put(f"/sessions/{session['id']}/attendance")
    his.put(f"/sessions/{session['id']}/attendance")
    return str(session["id"])


def test_a_program_hears_of_what_was_asked_already_and_how_near_it_is(
    hers: Program, his: Program, organisation: Organisation, ben: Person, dana: Person
) -> None:
    with acting_in(organisation.pk):
        told = draft_question(by=dana, text="Should I lead a crew of pipe welders?", language="en", now=timezone.now())
        told = locked(ask_question(question=told, by=dana, now=timezone.now()))
        mark_answered(question=told, by=ben, now=timezone.now())
        answer = Answer.objects.get(question=told)
        agree_to_show(answer_id=answer.pk, by=ben, text="Lead one shift first.", now=timezone.now())
        agree_to_show(answer_id=answer.pk, by=dana, text=None, now=timezone.now())
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    hers.post(f"/questions/{question['id']}/search", {"chosen": [str(ben.pk)]})

    again = hers.post("/coach", {"text": f"Hello! {ASKED.upper()}"})
    other = hers.post("/coach", {"text": "How do I become a leader?"})
    [same] = hers.get("/answers?like=Should%20I%20lead%20a%20crew%20of%20pipe%20welders?")

    assert again["asked_already"] == question["id"]
    assert other["asked_already"] is None
    assert same["nearness"] > 0.9


def test_a_question_comes_to_its_outcome_by_api_alone(
    hers: Program, his: Program, organisation: Organisation, ben: Person
) -> None:
    his.put("/me/availability", {"minutes": 60})
    advice = hers.post("/coach", {"text": "How do I become a leader?"})
    question = hers.post("/questions", {"text": ASKED, "language": "en", "time_box": advice["time_box"]})
    question = hers.patch(f"/questions/{question['id']}", {"topics": ["welding"]})
    shortlist = hers.get(f"/questions/{question['id']}/shortlist")
    hers.post(f"/questions/{question['id']}/search", {"chosen": [shortlist[0]["person"]]})
    offer = his.get("/offers")["items"][0]
    session = his.post(f"/offers/{offer['id']}/acceptance")
    room = f"/sessions/{session['id']}"
    hers.put(f"{room}/attendance")
    running = his.put(f"{room}/attendance")
    his.post(f"{room}/messages", {"client_id": "b1", "body": "Lead one shift first."})
    hers.post(f"{room}/messages", {"client_id": "a1", "body": "Whom do I ask?", "about": 1})
    hers.post(f"{room}/extension", {"minutes": 5})
    longer = his.post(f"{room}/extension", {"minutes": 10})
    said = hers.get(f"{room}/messages")["items"]
    week = (timezone.now() + timedelta(days=7)).date().isoformat()
    hers.put(
        f"{room}/takeaway",
        {"insight": "Try it first", "plan_if": "a lead is needed", "plan_then": "I ask", "check_on": week},
    )
    ended = hers.post(f"{room}/end")
    hers.put(f"{room}/feedback", {"moved": 4, "likely": 80, "right_person": True})
    hers.post(f"{room}/thanks", {"words": "That was what I needed."})
    with acting_in(organisation.pk):
        Nudge.objects.update(due_at=timezone.now(), sent_at=timezone.now())
    nudge = hers.get("/nudges?waiting=true")["items"][0]
    hers.post(f"/nudges/{nudge['id']}/reply", {"reply": "done", "helped": True, "words": "It went well."})

    assert question["topics"] == ["welding"]
    assert shortlist[0]["person"] == str(ben.pk)
    assert shortlist[0]["reasons"]
    assert running["state"] == "running"
    assert longer["time_box"] == advice["time_box"] + 5
    assert [(one["seq"], one["body"]) for one in said if one["kind"] == "text"] == [
        (1, "Lead one shift first."),
        (2, "Whom do I ask?"),
    ]
    assert ended["state"] == "ended"
    assert hers.get(f"/questions/{question['id']}")["state"] == "answered"
    assert his.get(f"{room}/thanks")["words"] == "That was what I needed."
    assert his.get(f"{room}/outcome") == {"was_applied": True, "helped": True, "words": "It went well."}
    assert his.get(f"{room}/takeaway")["finished_at"]


def test_a_message_sent_twice_with_its_client_id_is_stored_once(hers: Program, his: Program) -> None:
    room = f"/sessions/{open_session(hers, his)}"

    first = hers.post(f"{room}/messages", {"client_id": "a1", "body": "Hello"})
    second = hers.post(f"{room}/messages", {"client_id": "a1", "body": "Hello"})

    assert first == second
    assert len([one for one in his.get(f"{room}/messages")["items"] if one["body"] == "Hello"]) == 1


def test_messages_are_read_on_from_a_number(hers: Program, his: Program) -> None:
    room = f"/sessions/{open_session(hers, his)}"
    for number in range(5):
        hers.post(f"{room}/messages", {"client_id": f"a{number}", "body": f"line {number}"})
    all_of_it = his.get(f"{room}/messages")
    middle = all_of_it["items"][1]["seq"]

    rest = his.get(f"{room}/messages?after={middle}&limit=2")

    assert [one["seq"] for one in rest["items"]] == [middle + 1, middle + 2]
    assert rest["last_seq"] == all_of_it["last_seq"]


def test_what_was_said_is_changed_and_taken_back_by_its_author_alone(hers: Program, his: Program) -> None:
    room = f"/sessions/{open_session(hers, his)}"
    seq = hers.post(f"{room}/messages", {"client_id": "a1", "body": "Helo"})["seq"]

    hers.post(f"{room}/messages", {"client_id": "a2", "kind": "edit", "about": seq, "body": "Hello"})
    his.refused(
        "POST", f"{room}/messages", {"client_id": "b1", "kind": "deletion", "about": seq}, status=403, code="NotYours"
    )

    assert his.get(f"{room}/messages?after={seq - 1}")["items"][0]["body"] == "Hello"


def test_a_mentor_hands_the_question_back_and_the_mentee_sees_it_search_again(hers: Program, his: Program) -> None:
    session = open_session(hers, his)

    back = his.post(f"/sessions/{session}/return")

    assert back["state"] == "returned"
    assert back["end_reason"] == "handed_back"


def test_a_mentor_passes_and_no_longer_reads_the_question(hers: Program, his: Program) -> None:
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    hers.post(f"/questions/{question['id']}/search", {"chosen": [str(his.person.pk)]})  # type: ignore[union-attr]
    offer = his.get("/offers")["items"][0]

    passed = his.post(f"/offers/{offer['id']}/pass", {"reason": "Not my field"})

    assert offer["text"] == ASKED
    assert (passed["state"], passed["text"], passed["mentee"]) == ("passed", "", None)
    assert his.get("/offers")["items"] == []


def test_who_stays_anonymous_is_not_named_before_the_mentor_accepts(hers: Program, his: Program) -> None:
    question = hers.post("/questions", {"text": ASKED, "language": "en", "is_anonymous": True})
    hers.post(f"/questions/{question['id']}/search", {"chosen": [str(his.person.pk)]})  # type: ignore[union-attr]
    response = his.ask("GET", "/offers")
    offer = his.get("/offers")["items"][0]
    session = his.post(f"/offers/{offer['id']}/acceptance")

    assert str(hers.person.pk) not in response.content.decode()  # type: ignore[union-attr]
    assert "Amina" not in response.content.decode()
    assert offer["mentee"] is None
    assert offer["hidden_because"] == "anonymous"
    assert session["mentee"]["name"] == "Amina Yusuf"


def test_ten_minutes_pull_the_question_that_waits(hers: Program, his: Program) -> None:
    his.put("/me/pause", {})
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    hers.post(f"/questions/{question['id']}/search", {"in_writing": True})
    his.delete("/me/pause")

    offer = his.post("/pulls", {"minutes": 15})

    assert offer["question"] == question["id"]


def test_a_search_is_watched_widened_turned_into_writing_and_ended_by_taking_the_question_back(
    hers: Program, his: Program, emil: Person
) -> None:
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    place = f"/questions/{question['id']}"

    started = hers.post(f"{place}/search", {"chosen": [str(his.person.pk)]})  # type: ignore[union-attr]
    widened = hers.post(f"{place}/search/widening")
    written = hers.post(f"{place}/search/writing", {})
    withdrawn = hers.post(f"{place}/withdrawal")

    assert (started["state"], started["pace"], started["may_widen"]) == ("running", "live", True)
    assert widened["is_widened"]
    assert written["pace"] == "written"
    assert withdrawn["state"] == "withdrawn"


def test_a_free_slot_is_booked_and_given_back(hers: Program, his: Program) -> None:
    every_day = [{"weekday": day, "starts": "00:00", "ends": "23:45"} for day in range(7)]
    his.put("/me/weekly-hours", {"stretches": every_day})
    question = hers.post("/questions", {"text": ASKED, "language": "en"})
    mentor = str(his.person.pk)  # type: ignore[union-attr]
    slot = hers.get(f"/people/{mentor}/slots?minutes=10")[5]

    booking = hers.post("/bookings", {"question": question["id"], "mentor": mentor, "starts_at": slot["starts_at"]})
    listed = his.get("/bookings?ahead=true")["items"]
    cancelled = his.post(f"/bookings/{booking['id']}/cancellation")

    assert booking["starts_at"] == slot["starts_at"]
    assert [one["id"] for one in listed] == [booking["id"]]
    assert cancelled["is_cancelled"]


def test_a_member_shows_themselves_and_is_found(hers: Program, his: Program) -> None:
    his.patch(
        "/me/profile",
        {
            "headline": "Certifies welders",
            "skills": [{"name": "TIG welding"}],
            "quiet_from": "22:00",
            "quiet_until": "07:00",
        },
    )
    profile = his.get("/me/profile")
    found = hers.get("/people?mentors=true&medium=chat&language=de")["items"]

    assert profile["headline"] == "Certifies welders"
    assert profile["quiet_from"] == "22:00:00"
    assert [(one["person"]["name"], one["skills"]) for one in found] == [("Ben Okafor", ["TIG welding"])]


def test_who_is_blocked_finds_nothing_any_more(hers: Program, his: Program, amina: Person, ben: Person) -> None:
    hers.put(f"/blocks/{ben.pk}")

    his.refused("GET", f"/people/{amina.pk}", status=404)
    assert his.get("/people?mentors=false")["items"] == his.get("/people?limit=100")["items"]
    assert str(amina.pk) not in str(his.get("/people"))
    assert [one["person"]["id"] for one in hers.get("/blocks")["items"]] == [str(ben.pk)]
    hers.delete(f"/blocks/{ben.pk}")
    assert str(amina.pk) in str(his.get("/people"))


def test_a_report_reaches_the_moderators(hers: Program, ben: Person, organisation: Organisation) -> None:
    made = hers.post(
        "/reports", {"kind": "profile", "subject": str(ben.pk), "reason": "selling", "words": "Sells courses."}
    )

    assert [one["id"] for one in hers.get("/reports")["items"]] == [made["id"]]
    hers.refused(
        "POST",
        "/reports",
        {"kind": "profile", "subject": made["id"], "reason": "selling"},
        status=404,
        code="NothingToReport",
    )
