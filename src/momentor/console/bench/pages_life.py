"""The person for whom `momentor bench pages` asks, and the community around her.

Django's parts are imported inside: this module is read before the throw-away site is entered.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from momentor.people.models import Person

ONE_LINE = "one line"
ASKED = (
    "I am offered a foreman role and fear to lose the craft. "
    "How did you decide, and what would you ask first if you were me?"
)


@dataclass
class Life:
    """The person who looks, the way in, and the pages."""

    host: str
    cookie: str
    members: int = 0
    questions: int = 0
    pages: dict[str, str] = field(default_factory=dict)


def make_life(members: int, questions: int) -> Life:
    """Fill the site to these numbers, and give one person of it something on every page."""
    from django.utils import timezone

    from momentor.asking.models import Question
    from momentor.demo.load import demo_id
    from momentor.foundation.addresses import path_in
    from momentor.foundation.tenancy import acting_in, signing_in
    from momentor.people.models import Membership, Organisation, Person

    now = timezone.now()
    organisation = Organisation.objects.get(slug="workshop")
    with signing_in():
        amina, ben, emil = (Person.objects.get(pk=demo_id("person", key)) for key in ("amina", "ben", "emil"))
        cookie = _sign_in(amina)
    with acting_in(organisation.pk):
        _fill(members, questions, now)
    with acting_in(organisation.pk, person_id=amina.pk):
        room, draft = _busy_with(amina, ben, emil, now)
        life = Life(host="localhost", cookie=cookie)
        life.members = Membership.objects.active().count()
        life.questions = Question.objects.history().count()
    life.pages = {
        ONE_LINE: f"/at/{organisation.slug}/one-line/",
        "home": path_in(organisation, "web:home"),
        "ask": path_in(organisation, "asking:new"),
        "shortlist": path_in(organisation, "dispatch:shortlist", draft),
        "session": path_in(organisation, "sessions:session", room),
    }
    return life


def _sign_in(person: Person) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _fill(members: int, questions: int, now: Any) -> None:
    """Add members and answered questions to those of the demo, in words of theirs, always the same."""
    from datetime import timedelta

    from momentor.asking.models import Answer, Question
    from momentor.people.models import Membership, Person

    chance = random.Random(7)  # noqa: S311 - for the same community in every run, not for secrets
    there = list(Membership.objects.mentors().select_related("person"))
    missing = members - Membership.objects.active().count()
    people = [
        Person(email=f"member{n}@example.org", name=f"Member {n}", languages=["en"], time_zone="Europe/Berlin")
        for n in range(max(0, missing))
    ]
    from momentor.foundation.tenancy import signing_in

    with signing_in():
        Person.objects.bulk_create(people)
    like = [chance.choice(there) for _person in people]
    Membership.objects.bulk_create(
        Membership(
            person=person,
            joined_at=now,
            agreed_to_conduct_at=now,
            headline=one.headline,
            story=one.story,
            answers_questions=True,
            mediums=one.mediums,
        )
        for person, one in zip(people, like, strict=True)
    )
    told = list(Question.objects.history().values_list("text", "topics"))
    mentors = [one.person for one in there] + people
    more = [
        Question(
            mentee=chance.choice(mentors),
            text=f"{chance.choice(told)[0]} {chance.choice(told)[0]}",
            topics=chance.choice(told)[1],
            language="en",
            state=Question.State.ANSWERED,
            asked_at=now - timedelta(days=chance.randint(2, 400)),
            changed_at=now - timedelta(days=1),
        )
        for _number in range(max(0, questions - len(told)))
    ]
    Question.objects.bulk_create(more)
    Answer.objects.bulk_create(
        Answer(question=question, mentor=mentor, given_at=question.changed_at, helped=True)
        for question in more
        if (mentor := chance.choice(mentors)) != question.mentee
    )


def _busy_with(amina: Person, ben: Person, emil: Person, now: Any) -> tuple[Any, Any]:
    """Give Amina a running conversation, one in writing, and a draft; return the first room and the draft."""
    from momentor.asking.actions import draft_question
    from momentor.foundation.ids import new_id
    from momentor.people.models import Medium
    from momentor.sessions.actions import attend
    from momentor.sessions.posting import post_message

    room = _open_room(amina, ben, "Do I take the foreman role after six years at the bench?", Medium.CHAT, now)
    for person in (amina, ben):
        attend(session_id=room.pk, person_id=person.pk, now=now)
    room.refresh_from_db()
    for number in range(40):
        post_message(
            session=room,
            by=(amina, ben)[number % 2],
            body="I had the same offer, said yes, and went back to the bench a year later. " * (1 + number % 3),
            client_id=str(new_id()),
            now=now,
        )
    _open_room(amina, emil, "How does one teach a trade to people over thirty?", Medium.ASYNC, now)
    draft = draft_question(
        by=amina,
        text=ASKED,
        now=now,
        topics=["leading a crew", "welding"],
        language="en",
    )
    return room.pk, draft.pk


def _open_room(mentee: Person, mentor: Person, text: str, medium: str, now: Any) -> Any:
    from momentor.asking.actions import draft_question
    from momentor.dispatch.actions import accept_offer, start_search
    from momentor.dispatch.models import Offer

    question = draft_question(by=mentee, text=text, now=now, medium=medium, language="en")
    start_search(question=question, by=mentee, chosen=[mentor.pk], now=now)
    return accept_offer(offer=Offer.objects.get(question=question, mentor=mentor), by=mentor, now=now)
