"""The demo community as it is written down in `community/*.toml`."""

import tomllib
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "community"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOME = "workshop"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a mentor wrote, some hours after the question."""

    by: str
    text: str
    hours_later: float
    helped: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the past, and its answers."""

    key: str
    asker: str
    text: str
    topics: list[str]
    language: str
    days_ago: float
    time_box: int
    medium: str
    may_be_shown: bool
    organisation: str = HOME
    answer: list[Answer] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A stretch of the week in which a mentor may be booked."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person with a profile."""

    key: str
    name: str
    headline: str
    story: str
    skills: list[str]
    languages: list[str]
    time_zone: str
    mediums: list[str]
    capacity_per_week: int
    asked_about: str
    answers: bool
    roles: list[str]
    weekly_hours: list[str]
    member_for_days: int
    organisation: str = HOME

    @property
    def hours(self) -> list[Hours]:
        return [_hours(text) for text in self.weekly_hours]


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Rules and people under one name."""

    name: str
    description: str = ""
    default: bool = True
    people: list[str] = field(default_factory=list)
    matches_people: bool = False
    wishes: dict[str, str] = field(default_factory=dict)  # by person


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """A community, and what holds in it."""

    slug: str
    name: str
    description: str
    code_of_conduct: str
    minimum_age: int
    pass_reasons: list[str]
    local_help: list[dict[str, str]]
    programme: list[Programme]


@dataclass(frozen=True, kw_only=True)
class Community:
    """Everything the demo starts with."""

    organisations: list[Organisation]
    members: list[Member]
    questions: list[Question]

    def members_of(self, slug: str) -> list[Member]:
        return [member for member in self.members if member.organisation == slug]

    def questions_of(self, slug: str) -> list[Question]:
        return [question for question in self.questions if question.organisation == slug]


def read_community(folder: Path = FOLDER) -> Community:
    """Return the community of a folder. Raises TypeError for a field that does not exist."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    organisations = [
        Organisation(slug=slug, programme=[Programme(**each) for each in rest.pop("programme")], **rest)
        for file in files
        for slug, rest in file.get("organisation", {}).items()
    ]
    return Community(
        organisations=organisations,
        members=[Member(**each) for file in files for each in file.get("person", [])],
        questions=[_question(each) for file in files for each in file.get("question", [])],
    )


def _question(fields: dict[str, Any]) -> Question:
    return Question(**{**fields, "answer": [Answer(**each) for each in fields.get("answer", [])]})


def _hours(text: str) -> Hours:
    day, stretch = text.split(" ")
    starts, ends = (time.fromisoformat(part) for part in stretch.split("-"))
    return Hours(weekday=DAYS.index(day), starts=starts, ends=ends)
