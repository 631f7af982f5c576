"""The demo community is data. These tests keep it whole, so that nobody meets a gap in it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest

FOLDER = Path(__file__).parents[2] / "src" / "momentor" / "demo" / "community"
MEDIUMS = {"chat", "voice", "video", "async"}
TIME_BOXES = {5, 10, 15, 20, 30, 45, 60}
ROLES = {"member", "coordinator", "moderator"}
WEEKLY_HOURS = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
BCP47 = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")

Row = dict[str, Any]


def rows(name: str) -> Iterator[Row]:
    for path in sorted(FOLDER.glob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).get(name, [])


PERSON_ROWS = list(rows("person"))
PEOPLE = {person["key"]: person for person in PERSON_ROWS}
QUESTIONS = list(rows("question"))
ORGANISATIONS = tomllib.loads((FOLDER / "community.toml").read_text(encoding="utf-8"))["organisation"]


def home_of(row: Row) -> str:
    return str(row.get("organisation", "workshop"))


WORKSHOP_MENTORS = [p for p in PERSON_ROWS if p["answers"] and home_of(p) == "workshop"]
WORKSHOP_QUESTIONS = [q for q in QUESTIONS if home_of(q) == "workshop"]
ANSWERS = [(question, answer) for question in QUESTIONS for answer in question["answer"]]
each_person = pytest.mark.parametrize("person", PERSON_ROWS, ids=lambda p: p["key"])
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["key"])


def test_the_cast_is_there_and_chloe_is_a_stranger() -> None:
    assert {"amina", "ben", "emil", "chloe", "dana"} <= PEOPLE.keys()
    assert home_of(PEOPLE["chloe"]) == "harbour"
    assert not PEOPLE["amina"]["answers"]
    assert PEOPLE["ben"]["answers"]
    assert PEOPLE["emil"]["answers"]
    assert {"coordinator", "moderator"} <= set(PEOPLE["dana"]["roles"])


def test_the_community_is_large_and_varied_enough_to_convince() -> None:
    fields = Counter(question["topics"][0] for question in WORKSHOP_QUESTIONS)
    languages = Counter(question["language"] for question in WORKSHOP_QUESTIONS)

    assert len(WORKSHOP_MENTORS) >= 60
    assert len(WORKSHOP_QUESTIONS) >= 200
    assert len([field for field, count in fields.items() if count >= 4]) >= 12
    assert len(languages) >= 8
    assert languages["de"] >= 15
    assert len({person["time_zone"].split("/")[0] for person in WORKSHOP_MENTORS}) >= 6


def test_about_half_of_the_questions_may_be_shown() -> None:
    share = sum(question["may_be_shown"] for question in QUESTIONS) / len(QUESTIONS)

    assert 0.4 <= share <= 0.6


def test_a_few_answers_did_not_help() -> None:
    unhelpful = [answer for _, answer in ANSWERS if not answer["helped"]]

    assert 5 <= len(unhelpful) <= len(ANSWERS) / 10


def test_most_mentors_have_a_history_and_only_newcomers_have_none() -> None:
    answered = Counter(answer["by"] for _, answer in ANSWERS)

    for person in WORKSHOP_MENTORS:
        is_newcomer = person["member_for_days"] <= 30
        assert answered[person["key"]] <= 12, person["key"]
        assert answered[person["key"]] >= 2 or is_newcomer, person["key"]


def test_no_key_is_used_twice() -> None:
    keys = Counter(row["key"] for row in [*PERSON_ROWS, *QUESTIONS])

    assert [key for key, count in keys.items() if count > 1] == []


def test_no_text_is_used_twice() -> None:
    texts = Counter(
        [person["name"] for person in PERSON_ROWS]
        + [person["headline"] for person in PERSON_ROWS]
        + [person["story"] for person in PERSON_ROWS]
        + [question["text"] for question in QUESTIONS]
        + [answer["text"] for _, answer in ANSWERS]
    )

    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("organisation", ORGANISATIONS.values(), ids=lambda o: o["name"])
def test_an_organisation_says_what_its_members_need_to_know(organisation: Row) -> None:
    defaults = [programme["name"] for programme in organisation["programme"] if programme["default"]]

    assert organisation["name"]
    assert organisation["description"]
    assert organisation["code_of_conduct"].strip()
    assert organisation["minimum_age"] >= 16
    assert organisation["pass_reasons"]
    assert defaults == ["Everyone"]
    assert len(organisation["local_help"]) <= 10  # as many as the page of the organisation keeps
    for help_line in organisation["local_help"]:
        assert set(help_line) == {"name", "phone", "url"}  # the page shown in a crisis links to these
        assert help_line["name"]
        assert help_line["phone"] or help_line["url"].startswith("https://")


def test_a_programme_lists_only_members_of_its_organisation() -> None:
    for slug, organisation in ORGANISATIONS.items():
        for programme in organisation["programme"]:
            assert [key for key in programme.get("people", []) if home_of(PEOPLE[key]) != slug] == []


def test_who_wishes_for_a_mentor_is_in_a_programme_that_gives_them() -> None:
    wishes = 0
    for organisation in ORGANISATIONS.values():
        for programme in organisation["programme"]:
            wished = programme.get("wishes", {})
            assert set(wished) <= set(programme.get("people", []))
            assert programme.get("matches_people", False) or not wished
            assert all(20 <= len(wish) <= 500 for wish in wished.values())
            wishes += len(wished)

    assert wishes >= 5


@each_person
def test_a_person_is_complete(person: Row) -> None:
    assert home_of(person) in ORGANISATIONS
    assert re.fullmatch(r"[a-z]+", person["key"])
    assert 10 <= len(person["headline"]) <= 120
    assert 80 <= len(person["story"]) <= 900
    assert 3 <= len(set(person["skills"])) == len(person["skills"]) <= 8
    assert person["asked_about"]
    assert person["capacity_per_week"] >= 1
    assert person["member_for_days"] >= 1
    assert set(person["roles"]) <= ROLES
    assert "answers" in person


@each_person
def test_a_person_can_be_reached_in_place_time_and_language(person: Row) -> None:
    assert person["time_zone"] in available_timezones()
    assert person["languages"]
    assert all(BCP47.fullmatch(tag) for tag in person["languages"])
    assert person["mediums"]
    assert set(person["mediums"]) <= MEDIUMS
    for hours in person["weekly_hours"]:
        assert WEEKLY_HOURS.fullmatch(hours), hours
        start, end = hours.split()[1].split("-")
        assert start < end, hours


@each_question
def test_a_question_is_one_that_its_asker_could_have_asked(question: Row) -> None:
    asker = PEOPLE[question["asker"]]

    assert home_of(question) == home_of(asker)
    assert question["language"] in asker["languages"]
    assert question["medium"] in asker["mediums"]
    assert 0 < question["days_ago"] < asker["member_for_days"]
    assert question["time_box"] in TIME_BOXES
    assert 1 <= len(question["topics"]) <= 4
    assert 40 <= len(question["text"]) <= 700


@each_question
def test_a_question_is_answered_by_others_who_could_answer_it(question: Row) -> None:
    answers = question["answer"]

    assert 1 <= len(answers) <= 3
    assert len({answer["by"] for answer in answers}) == len(answers)
    for answer in answers:
        mentor = PEOPLE[answer["by"]]
        assert mentor["answers"], answer["by"]
        assert answer["by"] != question["asker"]
        assert home_of(mentor) == home_of(question)
        assert question["language"] in mentor["languages"], answer["by"]
        assert question["medium"] in mentor["mediums"], answer["by"]
        assert question["days_ago"] < mentor["member_for_days"], answer["by"]
        assert 0 < answer["hours_later"] < question["days_ago"] * 24
        assert 30 <= len(answer["text"]) <= 900
        assert isinstance(answer["helped"], bool)


def test_the_questions_span_a_year_and_reach_up_to_now() -> None:
    ages = [question["days_ago"] for question in QUESTIONS]

    assert min(ages) < 7
    assert max(ages) > 365
