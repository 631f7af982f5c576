"""People with rooms of two to measure with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as Cookie
from django.utils import timezone
from django.utils.crypto import get_random_string

from momentor.asking.models import Question
from momentor.foundation.tenancy import acting_in, signing_in
from momentor.people.models import Membership, Organisation, Person
from momentor.sessions.models import Attendance, Session

LONG = timedelta(days=2)


def make_rooms(count: int) -> list[dict[str, Any]]:
    """Write this many people, each in a running session with their neighbour, and return where each sits."""
    organisation = Organisation.objects.create(name="Bench", slug="bench")
    people = [Person(email=f"talker{number}@example.org", name=f"Talker {number}") for number in range(count)]
    with signing_in():
        Person.objects.bulk_create(people)
    with acting_in(organisation.pk):
        Membership.objects.bulk_create([Membership(person=person) for person in people])
        rooms = _rooms(people)
    cookies = [_cookie(person) for person in people]
    Cookie.objects.bulk_create(cookies)
    return [
        {
            "path": "/at/bench/live",
            "room": str(rooms[number // 2].pk),
            "person": str(person.pk),
            "key": cookies[number].session_key,
            "after": 2**53 - 1,  # nothing said before is shown
        }
        for number, person in enumerate(people)
    ]


def _rooms(people: list[Person]) -> list[Session]:
    now = timezone.now()
    pairs = [(people[number], people[(number + 1) % len(people)]) for number in range(0, len(people), 2)]
    questions = [
        Question(mentee=mentee, text="?", state="in_session", medium="chat", time_box=60) for mentee, _ in pairs
    ]
    Question.objects.bulk_create(questions)
    rooms = [
        Session(
            question=question,
            mentee=mentee,
            mentor=mentor,
            medium="chat",
            time_box=60,
            state="running",
            opened_at=now,
            started_at=now,
            ends_at=now + LONG,
        )
        for question, (mentee, mentor) in zip(questions, pairs, strict=True)
    ]
    Session.objects.bulk_create(rooms)
    Attendance.objects.bulk_create(
        [
            Attendance(session=room, person=person, came_at=now)
            for room, pair in zip(rooms, pairs, strict=True)
            for person in pair
        ]
    )
    return rooms


def _cookie(person: Person) -> Cookie:
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    return Cookie(
        session_key=get_random_string(32, VALID_KEY_CHARS),
        session_data=store.encode(dict(store.items())),
        expire_date=timezone.now() + LONG,
    )
