"""Bring the demo community to life: its rows in the database, with times counted back from the day of loading.

Every row has the same id wherever it is loaded, so loading again adds what is new and changes nothing that is there.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from momentor.asking.models import Answer, Question
from momentor.demo import community
from momentor.demo.accounts import email_of, password
from momentor.dispatch.studying import study_later
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Enrolment, Membership, Organisation, Person, Programme, Skill
from momentor.scheduling.models import WeeklyHours

# Ids of the demo carry this instant (1 January 2026): before anything that happens on a site, as times of ids go.
BEFORE_ALL = 1_767_225_600_000
PRESENT = ("ben", "emil")
PRESENT_FOR = timedelta(hours=8)
HOST = "dana"


def main() -> None:
    load(community.read_community(), now=timezone.now())


@transaction.atomic
def load(written: community.Community, *, now: datetime) -> None:
    """Put the whole community into the database, or none of it."""
    for organisation in written.organisations:
        _load_organisation(organisation, now)
    with signing_in():
        _load_people(written.members, now)
    for organisation in written.organisations:
        with acting_in(demo_id("organisation", organisation.slug)):
            _load_members(organisation, written.members_of(organisation.slug), now)
            _load_questions(written.questions_of(organisation.slug), now)
            study_later()


def wake_mentors(*, now: datetime) -> None:
    """Let two mentors be there for some hours, so that the first question finds somebody."""
    with acting_in(demo_id("organisation", community.HOME)):
        Membership.objects.active().filter(
            pk__in=[demo_id("membership", key) for key in PRESENT],
        ).update(available_until=now + PRESENT_FOR)


def demo_id(kind: str, key: str) -> UUID:
    """Return the id of one thing of the demo, in the form of UUID version 7."""
    chance = int.from_bytes(hashlib.sha256(f"momentor demo/{kind}/{key}".encode()).digest()[:10], "big")
    value = (BEFORE_ALL << 80) | chance
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))


def _load_organisation(written: community.Organisation, now: datetime) -> None:
    Organisation.objects.bulk_create(
        [
            Organisation(
                id=demo_id("organisation", written.slug),
                slug=written.slug,
                name=written.name,
                description=written.description.strip(),
                code_of_conduct=written.code_of_conduct.strip(),
                minimum_age=written.minimum_age,
                local_help=written.local_help,
                entry=Organisation.Entry.OPEN if written.slug == community.HOME else Organisation.Entry.INVITED,
                is_demo=True,
                created_at=now - timedelta(days=500),
            )
        ],
        ignore_conflicts=True,
    )


def _load_people(members: list[community.Member], now: datetime) -> None:
    known = set(Person.objects.filter(is_demo=True).values_list("pk", flat=True))
    # One hash for all: a hundred of their own would take most of the start, and the password is no secret.
    hashed = make_password(password())
    new = [
        Person(
            id=demo_id("person", member.key),
            email=email_of(member.key),
            password=hashed,
            name=member.name,
            languages=member.languages,
            time_zone=member.time_zone,
            of_age_confirmed_at=now,
            is_demo=True,
            is_staff=member.key == HOST,
            is_superuser=member.key == HOST,
            joined_at=now - timedelta(days=member.member_for_days),
        )
        for member in members
        if demo_id("person", member.key) not in known
    ]
    Person.objects.bulk_create(new)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in new
    )


def _load_members(organisation: community.Organisation, members: list[community.Member], now: datetime) -> None:
    new = _create(Membership, [_membership(member, now) for member in members])
    newcomers = [member for member in members if demo_id("membership", member.key) in new]
    _create(
        Skill,
        [
            Skill(
                id=demo_id("skill", f"{member.key}/{name}"), membership_id=demo_id("membership", member.key), name=name
            )
            for member in newcomers
            for name in dict.fromkeys(member.skills)
        ],
    )
    _create(
        WeeklyHours,
        [
            WeeklyHours(
                id=demo_id("hours", f"{member.key}/{number}"),
                membership_id=demo_id("membership", member.key),
                weekday=hours.weekday,
                starts=hours.starts,
                ends=hours.ends,
            )
            for member in newcomers
            for number, hours in enumerate(member.hours)
        ],
    )
    _load_programmes(organisation, {member.key for member in newcomers}, now)


def _membership(member: community.Member, now: datetime) -> Membership:
    joined_at = now - timedelta(days=member.member_for_days)
    return Membership(
        id=demo_id("membership", member.key),
        person_id=demo_id("person", member.key),
        roles=[role for role in member.roles if role != Membership.Role.MEMBER],
        joined_at=joined_at,
        agreed_to_conduct_at=joined_at,
        headline=member.headline,
        story=member.story.strip(),
        asked_about=member.asked_about.strip(),
        mediums=member.mediums,
        answers_questions=member.answers,
        capacity_per_week=member.capacity_per_week,
        changed_at=now,
    )


def _load_programmes(organisation: community.Organisation, newcomers: set[str], now: datetime) -> None:
    def identify(programme: community.Programme) -> UUID:
        return demo_id("programme", f"{organisation.slug}/{programme.name}")

    _create(
        Programme,
        [
            Programme(
                id=identify(programme),
                name=programme.name,
                goal=programme.description,
                pass_reasons=organisation.pass_reasons,
                is_for_all=programme.default,
                matches_people=programme.matches_people,
                created_at=now - timedelta(days=500),
            )
            for programme in organisation.programme
        ],
    )
    _create(
        Enrolment,
        [
            Enrolment(
                id=demo_id("enrolment", f"{organisation.slug}/{programme.name}/{key}"),
                programme_id=identify(programme),
                membership_id=demo_id("membership", key),
                enrolled_at=now,
                wants_mentor=True if key in programme.wishes else None,
                wish=programme.wishes.get(key, ""),
            )
            for programme in organisation.programme
            for key in programme.people
            if key in newcomers
        ],
    )


def _load_questions(questions: list[community.Question], now: datetime) -> None:
    new = _create(Question, [_question(question, now) for question in questions])
    _create(
        Answer,
        [
            _answer(question, answer, now)
            for question in questions
            if demo_id("question", question.key) in new
            for answer in question.answer
        ],
    )


def _question(written: community.Question, now: datetime) -> Question:
    asked_at = now - timedelta(days=written.days_ago)
    best = next((answer for answer in written.answer if answer.helped), written.answer[0] if written.answer else None)
    last = max((answer.hours_later for answer in written.answer), default=0.0)
    return Question(
        id=demo_id("question", written.key),
        source=f"demo/{written.key}",
        mentee_id=demo_id("person", written.asker),
        claimed_by_id=demo_id("person", best.by) if best else None,
        text=written.text.strip(),
        topics=written.topics,
        language=written.language,
        medium=written.medium,
        time_box=written.time_box,
        state=Question.State.ANSWERED if best else Question.State.WITHDRAWN,
        asked_at=asked_at,
        changed_at=asked_at + timedelta(hours=last),
    )


def _answer(question: community.Question, written: community.Answer, now: datetime) -> Answer:
    given_at = now - timedelta(days=question.days_ago) + timedelta(hours=written.hours_later)
    agreed_at = given_at + timedelta(hours=1) if question.may_be_shown else None
    return Answer(
        id=demo_id("answer", f"{question.key}/{written.by}"),
        question_id=demo_id("question", question.key),
        mentor_id=demo_id("person", written.by),
        text=written.text.strip(),
        given_at=min(given_at, now),
        helped=written.helped,
        mentor_agreed_at=agreed_at,
        mentee_agreed_at=agreed_at,
        stored_at=now,
    )


def _create(kind: type[models.Model], rows: list[Any]) -> set[Any]:
    """Store the rows whose ids are not there yet, and return those ids."""
    manager = kind._default_manager
    known = set(manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.pk not in known]
    manager.bulk_create(new)
    return {row.pk for row in new}
