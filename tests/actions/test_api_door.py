"""Who comes in, how often, and in what form: what holds for every address of the API."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from momentor.api import limits
from momentor.api.models import ApiToken
from momentor.api.openapi import document
from momentor.foundation.ids import new_id
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Membership, Organisation, Person, Programme
from tests.api_client import Program, problem_in, token_of
from tests.cast import client_of, make_member, make_organisation, page

pytestmark = pytest.mark.django_db
ASKED = {"text": "How do I become a foreman without losing my friends?", "language": "en"}


@pytest.fixture(autouse=True)
def full_allowances() -> Iterator[None]:
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def hers(organisation: Organisation, amina: Person) -> Program:
    return Program(organisation, amina)


# Who comes in


def test_without_token_and_session_nobody_comes_in(organisation: Organisation) -> None:
    nobody = Program(organisation, None)

    response = nobody.ask("GET", "/me")

    assert problem_in(response)["code"] == "NotSignedIn"
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer mom_wrong", "bearer \u00e9", "Basic YTpi", "Token abc"]
)
def test_a_made_up_token_opens_nothing(organisation: Organisation, header: str) -> None:
    stranger = Program(organisation, None)
    stranger.headers["Authorization"] = header

    stranger.refused("GET", "/me", status=401, code="NotSignedIn")


def test_a_wrong_token_does_not_fall_back_on_the_session(organisation: Organisation, amina: Person) -> None:
    browser = Program(organisation, amina, by_token=False)
    browser.get("/me")
    browser.headers["Authorization"] = "Bearer mom_wrong"

    browser.refused("GET", "/me", status=401)


@pytest.mark.parametrize(
    "change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}]
)
def test_a_token_that_ended_opens_nothing(hers: Program, organisation: Organisation, change: dict[str, Any]) -> None:
    hers.get("/me")
    with acting_in(organisation.pk):
        ApiToken.objects.update(**change)

    hers.refused("GET", "/me", status=401, code="NotSignedIn")


def test_a_token_of_another_organisation_opens_nothing(
    organisation: Organisation, other_organisation: Organisation, chloe: Person
) -> None:
    guest = Program(organisation, None)
    guest.headers["Authorization"] = f"Bearer {token_of(chloe, other_organisation)}"

    guest.refused("GET", "/me", status=401, code="NotSignedIn")


def test_a_token_of_somebody_in_both_organisations_knows_its_own_alone(
    hers: Program, organisation: Organisation, other_organisation: Organisation, amina: Person
) -> None:
    make_member(other_organisation, amina)
    browser = Program(organisation, amina, by_token=False)

    assert [one["organisation"]["slug"] for one in hers.get("/me/memberships")["items"]] == ["workshop"]
    assert {one["organisation"]["slug"] for one in browser.get("/me/memberships")["items"]} == {"workshop", "harbour"}
    hers.refused("GET", f"/at/{other_organisation.slug}/api/v1/me", status=401)


@pytest.mark.parametrize(
    "change", [{"state": Membership.State.LEFT}, {"state": Membership.State.BARRED}, {"state": Membership.State.ASKED}]
)
def test_who_is_no_member_any_more_has_no_token_any_more(
    hers: Program, organisation: Organisation, amina: Person, change: dict[str, Any]
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(**change)

    hers.refused("GET", "/me", status=401)


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_claimed": False}])
def test_an_account_out_of_use_has_no_token(
    hers: Program, organisation: Organisation, amina: Person, change: dict[str, Any]
) -> None:
    with acting_in(organisation.pk):
        Person.objects.filter(pk=amina.pk).update(**change)

    hers.refused("GET", "/me", status=401)


def test_the_answer_is_the_same_for_an_organisation_that_does_not_exist(
    organisation: Organisation, chloe: Person
) -> None:
    def of_slug(slug: str, client: Client) -> tuple[int, Any]:
        response = client.get(f"/at/{slug}/api/v1/me")
        return response.status_code, problem_in(response)

    for client in (client_of(None), client_of(chloe)):
        assert of_slug("workshop", client) == of_slug("no-such-place", client)
    assert of_slug("workshop", client_of(chloe))[0] == 404


def test_a_token_notes_its_use_once_a_minute(hers: Program, organisation: Organisation) -> None:
    hers.get("/me")
    with acting_in(organisation.pk):
        first = ApiToken.objects.get().used_at
    hers.get("/me")
    with acting_in(organisation.pk):
        second = ApiToken.objects.get().used_at

    assert first is not None
    assert first == second


def test_a_session_writes_only_with_the_proof_that_our_page_sends_it(organisation: Organisation, amina: Person) -> None:
    browser = client_of(amina)
    browser.handler.enforce_csrf_checks = True
    address = f"/at/{organisation.slug}/api/v1/questions"
    token = "a" * 32
    browser.cookies["csrf"] = token

    forged = browser.post(address, ASKED, content_type="application/json")
    asked = browser.post(address, ASKED, content_type="application/json", headers={"X-CSRFToken": token})
    read = browser.get(address)

    assert problem_in(forged)["code"] == "NotFromHere"
    assert forged.status_code == 403
    assert asked.status_code == 201
    assert len(json.loads(read.content)["items"]) == 1


def test_nobody_asks_before_agreeing_to_the_code_of_conduct(
    hers: Program, organisation: Organisation, amina: Person
) -> None:
    with acting_in(organisation.pk):
        Membership.objects.filter(person=amina).update(agreed_to_conduct_at=None)

    hers.refused("POST", "/questions", ASKED, status=403, code="ConductNotAgreed")
    hers.patch("/me/profile", {"headline": "Welder"})
    hers.refused("PUT", "/me/agreement", {"agrees": True, "is_of_age": False}, status=403, code="TooYoung")
    hers.put("/me/agreement", {"agrees": True, "is_of_age": True})
    hers.post("/questions", ASKED)


# What belongs to others


def object_routes() -> list[tuple[str, str]]:
    return [
        (method.upper(), path) for path, methods in document()["paths"].items() for method in methods if "{" in path
    ]


BODIES = {
    "/search": {},
    "/writing": {},
    "/pass": {},
    "/messages": {"client_id": "a", "body": "Hello"},
    "/extension": {"minutes": 5},
    "/takeaway": {"insight": "x"},
    "/feedback": {"moved": 3},
    "/thanks": {"words": "x"},
    "/outcome": {"was_applied": True},
    "/reply": {"reply": "done"},
    "/agreement": {},
    "/wish": {"wants_mentor": False},
    "/places": {"places": 2},
}


@pytest.fixture
def story(organisation: Organisation, hers: Program, ben: Person) -> dict[str, str]:
    """Make one thing of every kind, between Amina and Ben."""
    from momentor.matches.models import Match
    from momentor.notices.models import Notice
    from momentor.people.models import Programme
    from momentor.scheduling.models import Booking
    from tests.actions.test_api_loop import open_session

    his = Program(organisation, ben)
    room = open_session(hers, his)
    his.post(f"/sessions/{room}/messages", {"client_id": "b", "body": "Lead one shift."})
    week = (timezone.now() + timedelta(days=7)).date().isoformat()
    hers.put(f"/sessions/{room}/takeaway", {"insight": "Try", "first_step": "Ask", "check_on": week})
    hers.post(f"/sessions/{room}/end")
    hers.put(f"/sessions/{room}/feedback", {"moved": 4})
    hers.post(f"/sessions/{room}/thanks", {"words": "Thank you"})
    session = hers.get(f"/sessions/{room}")
    answer = hers.get(f"/questions/{session['question']}/answers")[0]
    with acting_in(organisation.pk):
        offer = str(_only("dispatch.Offer").pk)
        nudge = str(_only("learning.Nudge").pk)
        notice = Notice.objects.create(person=hers.person, kind="test", once="test")  # type: ignore[misc]
        booking = Booking.objects.create(
            question_id=session["question"],
            mentee=hers.person,  # type: ignore[misc]
            mentor=ben,
            medium="chat",
            during=(timezone.now(), timezone.now() + timedelta(minutes=10)),
            booked_at=timezone.now(),
        )
        programme = Programme.objects.create(name="First crews", matches_people=True)
        match = Match.objects.create(programme=programme, mentee=hers.person, mentor=ben, made_at=timezone.now())  # type: ignore[misc]
    sample = his.post("/me/samples", {"question": "Which gas?", "answer": "Argon."})
    return {
        "question_id": session["question"],
        "session_id": room,
        "offer_id": offer,
        "nudge_id": nudge,
        "notice_id": str(notice.pk),
        "booking_id": str(booking.pk),
        "answer_id": answer["id"],
        "sample_id": sample["id"],
        "file_id": str(new_id()),
        "programme_id": str(programme.pk),
        "match_id": str(match.pk),
    }


def _only(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label).objects.get()


def test_what_belongs_to_others_is_not_there_for_a_member_who_is_a_stranger_to_it(
    organisation: Organisation, story: dict[str, str], dana: Person, emil: Person
) -> None:
    """Every address with an id in it; Dana coordinates, and still reads nobody's words."""
    strangers = [Program(organisation, dana), Program(organisation, emil)]
    walked = 0
    for method, path in object_routes():
        if "{person_id}" in path:  # members see each other; blocks are in another test
            continue
        limits.forget_all()
        place = path.format(**story)
        body = BODIES.get("/" + place.rsplit("/", 1)[-1])
        for stranger in strangers:
            if path.endswith("/files") and method == "POST":
                found: Any = stranger.client.post(stranger.base + place, {"file": _a_file()}, headers=stranger.headers)
            else:
                given = {"text": "x"} if method == "PATCH" else body if method in {"POST", "PUT"} else None
                found = stranger.ask(method, place, given)
            assert (method, path, found.status_code) == (method, path, 404), found.content
            problem_in(found)
        walked += 1
    assert walked >= 35


def test_another_organisation_finds_none_of_it_even_by_its_ids(
    story: dict[str, str], organisation: Organisation, other_organisation: Organisation, chloe: Person, amina: Person
) -> None:
    outside = Program(other_organisation, chloe)
    inside = Program(organisation, chloe, by_token=False)
    for method, path in object_routes():
        limits.forget_all()
        place = path.format(**story, person_id=amina.pk)
        body = {"text": "x"} if method == "PATCH" else BODIES.get("/" + place.rsplit("/", 1)[-1])
        for program in (outside, inside):
            if path.endswith("/files") and method == "POST":
                found: Any = program.client.post(program.base + place, {"file": _a_file()}, headers=program.headers)
            else:
                found = program.ask(method, place, body if method in {"POST", "PUT", "PATCH"} else None)
            assert (method, path, found.status_code) == (method, path, 404), found.content
            problem_in(found)


def _a_file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.txt", b"hello", content_type="text/plain")


# The form of a request


def test_an_address_that_is_not_there_is_a_problem_and_no_page(hers: Program, organisation: Organisation) -> None:
    for path in ("/nothing", "/questions/1", "/questions/", "/questions/not-an-id", "/me/../me/x"):
        hers.refused("GET", path, status=404, code="NothingHere")
    hers.refused("GET", f"/at/{organisation.slug}/api/v2/me", status=404)
    hers.refused("GET", f"/at/{organisation.slug}/api/", status=404)


def test_another_method_is_refused_and_told_which_there_are(hers: Program) -> None:
    response = hers.ask("DELETE", "/questions")

    assert problem_in(response)["code"] == "MethodNotAllowed"
    assert response["Allow"] == "GET, HEAD, POST"


def test_head_is_answered_as_get(hers: Program) -> None:
    assert hers.ask("HEAD", "/me").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "MalformedJson"),
        ('{"text": "a", "text": "b"}', 400, "MalformedJson"),
        ('{"text": NaN}', 400, "MalformedJson"),
        (b'{"text": "\xff"}', 400, "MalformedJson"),
        ('{"text": "a"}'.encode("utf-16"), 400, "MalformedJson"),
        ("[" * 100_000, 400, "MalformedJson"),
        ("[]", 422, "FieldsWrong"),
        ("null", 422, "FieldsWrong"),
        ('"text"', 422, "FieldsWrong"),
        ("", 422, "FieldsWrong"),
    ],
)
def test_a_body_that_is_no_such_json_is_refused(hers: Program, body: str | bytes, status: int, code: str) -> None:
    hers.refused("POST", "/questions", body, status=status, code=code)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"text": 5}, "#/text"),
        ({"text": None}, "#/text"),
        ({"text": "x" * 5001}, "#/text"),
        ({"text": "a\u0000b"}, "#/text"),
        ({"text": ""}, "#/text"),
        ({"topics": ["a", ""]}, "#/topics/1"),
        ({"topics": "welding"}, "#/topics"),
        ({"topics": ["a"] * 9}, "#/topics"),
        ({"time_box": 11}, "#/time_box"),
        ({"time_box": "10"}, "#/time_box"),
        ({"time_box": 10.5}, "#/time_box"),
        ({"is_anonymous": "yes"}, "#/is_anonymous"),
        ({"is_anonymous": 1}, "#/is_anonymous"),
        ({"medium": "letter"}, "#/medium"),
        ({"programme": "x"}, "#/programme"),
        ({"programme": 5}, "#/programme"),
        ({"state": "answered"}, "#/state"),
        ({"mentee": "someone"}, "#/mentee"),
        ({"a/b~c": 1}, "#/a~1b~0c"),
    ],
)
def test_each_field_that_is_wrong_is_named(hers: Program, change: dict[str, Any], pointer: str) -> None:
    found = hers.refused("POST", "/questions", ASKED | change, status=422, code="FieldsWrong")

    assert [one for one in found["errors"] if one["pointer"].startswith(pointer)], found
    assert all(one["detail"] for one in found["errors"])


def test_a_missing_field_is_named(hers: Program) -> None:
    found = hers.refused("POST", "/questions", {}, status=422)

    assert found["errors"] == [{"detail": "This is needed.", "pointer": "#/text"}]


def test_halves_of_characters_are_refused(hers: Program) -> None:
    hers.refused("POST", "/questions", '{"text": "a \\ud800 b"}', status=422, code="FieldsWrong")


def test_refusals_speak_the_language_that_is_asked_for(hers: Program) -> None:
    found = hers.refused("POST", "/questions", {"text": "???"}, status=422, code="QuestionEmpty", Accept_Language="de")

    assert found["title"] == "Question empty"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?role=king", "FieldsWrong"),
        ("?limit=0", "FieldsWrong"),
        ("?limit=101", "FieldsWrong"),
        ("?limit=ten", "FieldsWrong"),
        ("?state=lost", "FieldsWrong"),
        ("?stat=draft", "NoSuchParameter"),
        ("?limit=5&limit=6", "ParameterTwice"),
        ("?cursor=made-up", "WrongCursor"),
        ("?cursor=%00", "FieldsWrong"),
        ("?cursor=", "FieldsWrong"),
    ],
)
def test_a_query_that_means_nothing_is_refused(hers: Program, query: str, code: str) -> None:
    hers.refused("GET", f"/questions{query}", status=422, code=code)


def test_a_body_of_another_type_is_refused(hers: Program) -> None:
    response = hers.client.generic(
        "POST",
        f"{hers.base}/questions",
        "text=a",
        content_type="application/x-www-form-urlencoded",
        headers=hers.headers,
    )

    assert problem_in(response)["code"] == "NotJson"
    assert response.status_code == 415


def test_an_answer_of_another_type_is_not_given(hers: Program) -> None:
    hers.refused("GET", "/me", status=406, code="NotAcceptable", Accept="text/html")
    assert hers.ask("GET", "/me", Accept="text/html, application/*;q=0.5").status_code == 200


def test_what_takes_no_body_refuses_one(hers: Program) -> None:
    question = hers.post("/questions", ASKED)

    hers.refused("POST", f"/questions/{question['id']}/withdrawal", {"why": "x"}, status=422, code="NoBodyWanted")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(hers: Program) -> None:
    hers.refused("POST", "/questions", '"' + "x" * 300_000 + '"', status=413, code="BodyTooLarge")


def test_a_body_in_chunks_is_refused(hers: Program) -> None:
    response = hers.client.generic(
        "POST", f"{hers.base}/questions", headers=hers.headers | {"Transfer-Encoding": "chunked"}, CONTENT_LENGTH=""
    )

    assert problem_in(response)["code"] == "LengthMissing"


def test_what_breaks_is_told_without_details(hers: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momentor.people.api.me._me", lambda request: 1 / 0)

    found = hers.refused("GET", "/me", status=500, code="Broken")

    assert "division" not in json.dumps(found)


def test_when_the_database_is_away_it_says_when_to_come_back(hers: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(request: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("momentor.people.api.me._me", away)

    response = hers.ask("GET", "/me")

    assert problem_in(response)["code"] == "Away"
    assert response["Retry-After"] == "5"


@pytest.mark.parametrize(
    "broken",
    ["momentor.web.middleware.Organisation.objects.filter", "django.contrib.sessions.backends.db.SessionStore.load"],
)
def test_where_the_database_is_away_before_the_door_programs_still_get_a_problem(
    organisation: Organisation, amina: Person, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def away(*args: object, **names: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    program, browser = Program(organisation, amina, by_token=False), client_of(amina)
    program.client.raise_request_exception = browser.raise_request_exception = False
    program.headers["Accept-Language"] = "de"
    monkeypatch.setattr(broken, away)

    response = program.ask("GET", "/me")
    page_of_hers = browser.get(page("web:home", organisation=organisation), headers={"accept-language": "de"})

    found = problem_in(response)
    assert (response.status_code, found["code"], response["Retry-After"]) == (503, "Away", "5")
    assert "Datenbank" in found["detail"]
    assert (page_of_hers.status_code, page_of_hers["Retry-After"]) == (503, "5")
    assert "Gleich wieder da" in page_of_hers.content.decode()


def test_a_change_that_breaks_half_way_leaves_nothing(
    hers: Program, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("momentor.people.api.me._profile", lambda request: 1 / 0)

    hers.refused("PATCH", "/me/profile", {"headline": "Another", "skills": [{"name": "x"}]}, status=500)

    with acting_in(organisation.pk):
        assert Membership.objects.get(person=hers.person).headline != "Another"


# How often


def test_who_asks_too_fast_is_told_how_long_to_wait(hers: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 3)
    monkeypatch.setattr(limits, "A_MINUTE", 1)
    limits.forget_all()
    answers = [hers.ask("GET", "/me") for _ in range(5)]

    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    assert problem_in(answers[-1])["code"] == "TooFast"
    assert int(answers[-1]["Retry-After"]) >= 1
    assert answers[0]["RateLimit"].startswith('"person";r=2;')


def test_what_one_person_asks_takes_nothing_from_another(
    hers: Program, organisation: Organisation, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    his = Program(organisation, ben)
    monkeypatch.setattr(limits, "AT_ONCE", 1)
    limits.forget_all()
    hers.get("/me")

    assert his.ask("GET", "/me").status_code == 200


def test_answers_are_for_one_person_and_no_cache(hers: Program) -> None:
    response = hers.ask("GET", "/me")

    assert response["Cache-Control"] == "private, no-store"
    assert response["Vary"] == "Authorization, Cookie, Accept-Language"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/json; charset=utf-8"


# Lists


def test_pages_hold_still_while_rows_come_in_between(hers: Program, organisation: Organisation, amina: Person) -> None:
    from momentor.asking.models import Question

    with acting_in(organisation.pk):
        for number in range(7):
            Question.objects.create(mentee=amina, text=f"Question {number}")

    first = hers.get("/questions?limit=3")
    with acting_in(organisation.pk):
        Question.objects.create(mentee=amina, text="One that came later")
    second = hers.get(f"/questions?limit=3&cursor={first['next']}")
    third = hers.get(f"/questions?limit=3&cursor={second['next']}")

    texts = [one["text"] for page in (first, second, third) for one in page["items"]]
    assert texts == [f"Question {number}" for number in reversed(range(7))]
    assert third["next"] is None


def test_every_programme_is_on_one_of_the_pages(hers: Program, organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        for number in range(5):
            Programme.objects.create(name=f"Programme {number}", is_for_all=True)
        Programme.objects.create(name="Not hers")

    first = hers.get("/programmes?limit=3")
    second = hers.get(f"/programmes?limit=3&cursor={first['next']}")

    names = [one["name"] for page in (first, second) for one in page["items"]]
    assert names == [f"Programme {number}" for number in reversed(range(5))]
    assert second["next"] is None


def test_every_organisation_of_ones_own_is_on_one_of_the_pages(organisation: Organisation, amina: Person) -> None:
    places = [make_organisation(f"Place {number}", f"place-{number}") for number in range(3)]
    for place in places:
        make_member(place, amina)
    browser = Program(organisation, amina, by_token=False)

    first = browser.get("/me/memberships?limit=2")
    second = browser.get(f"/me/memberships?limit=2&cursor={first['next']}")

    slugs = [one["organisation"]["slug"] for page in (first, second) for one in page["items"]]
    assert slugs == ["place-2", "place-1", "place-0", "workshop"]
    assert second["next"] is None


def test_a_cursor_is_of_use_to_its_person_and_its_list_alone(
    hers: Program, organisation: Organisation, ben: Person
) -> None:
    for _ in range(2):
        hers.post("/questions", ASKED)
    cursor = hers.get("/questions?limit=1")["next"]

    hers.refused("GET", f"/sessions?cursor={cursor}", status=422, code="WrongCursor")
    Program(organisation, ben).refused("GET", f"/questions?cursor={cursor}", status=422, code="WrongCursor")


LISTS = sorted(
    path for path, methods in document()["paths"].items() if "get" in methods and re.fullmatch(r"/[a-z]+", path)
)


@pytest.mark.parametrize("path", [path for path in LISTS if path not in {"/me", "/events", "/answers"}])
def test_a_list_asks_the_database_as_often_for_many_as_for_one(
    path: str, hers: Program, organisation: Organisation, amina: Person, ben: Person, emil: Person
) -> None:
    his = Program(organisation, ben)
    _fill(organisation, amina, ben, 1)
    his.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        his.get(path)
    _fill(organisation, amina, ben, 6)
    with CaptureQueriesContext(connection) as many:
        his.get(path)

    assert len(many) <= len(few), [query["sql"] for query in many]
    assert len(many) <= 16


def _fill(organisation: Organisation, amina: Person, ben: Person, count: int) -> None:
    """Write rows of every kind that Ben may see."""
    from momentor.asking.models import Question
    from momentor.dispatch.models import Offer, Search
    from momentor.learning.models import Nudge, Takeaway
    from momentor.notices.models import Notice
    from momentor.people.models import Block, Skill
    from momentor.scheduling.models import Booking
    from momentor.sessions.models import Session
    from momentor.trust.models import Report
    from tests.cast import make_person

    now = timezone.now()
    for _ in range(count):
        mark = new_id().hex
        other = make_person(f"Person {mark}", f"{mark}@example.org")
        member = make_member(organisation, other, answers_questions=True)
        with acting_in(organisation.pk):
            Skill.objects.create(membership=member, name="welding")
            Programme.objects.create(name=mark, is_for_all=True)
            question = Question.objects.create(mentee=other, claimed_by=ben, text="How?", state="in_session")
            search = Search.objects.create(question=question, started_at=now)
            reasons = [{"kind": "recent", "weight": 1.0, "question": str(question.pk), "words": []}]
            Offer.objects.create(
                search=search, question=question, mentor=ben, wave=1, made_at=now, reasons=reasons,
                lapses_at=now + timedelta(minutes=5),
            )  # fmt: skip
            session = Session.objects.create(
                question=question, mentee=other, mentor=ben, medium="chat", time_box=10, opened_at=now
            )
            Takeaway.objects.create(session=session, insight="x")
            own = Session.objects.create(
                question=Question.objects.create(mentee=ben, text="And I?"), mentee=ben, mentor=other, medium="chat",
                time_box=10, opened_at=now,
            )  # fmt: skip
            card = Takeaway.objects.create(session=own, insight="x", first_step="y", check_on=now.date())
            Nudge.objects.create(takeaway=card, number=1, due_at=now)
            begins = now + timedelta(days=Booking.objects.count() + 1)
            Booking.objects.create(
                question=question, mentee=other, mentor=ben, medium="chat", booked_at=now,
                during=(begins, begins + timedelta(minutes=10)),
            )  # fmt: skip
            Notice.objects.create(person=ben, kind="test", once=mark)
            Report.objects.create(by=ben, about=other, subject_kind="profile", subject_id=other.pk, reason="other")
            Block.objects.create(by=ben, about=make_person("Gone", f"gone-{mark}@example.org"))
