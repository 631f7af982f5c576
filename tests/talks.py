"""Bringing two people of the cast into one room, for the tests of pages that begin there."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.dispatch.actions import accept_offer, start_search
from momentor.dispatch.models import Offer
from momentor.foundation.jobs import run_waiting
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.actions import attend, end_session
from momentor.sessions.models import Session
from momentor.sessions.posting import post_message

ASKED = "I weld pipes and was offered to lead a crew of eight. How do I find out whether I would be good at it?"


def open_talk(
    organisation: Organisation,
    mentee: Person,
    mentor: Person,
    *,
    medium: str = "chat",
    came: tuple[Person, ...] = (),
    now: datetime | None = None,
    **choices: Any,
) -> Session:
    """Return a session about a question that this mentor accepted, with those who came in the room."""
    now = now or timezone.now()
    with acting_in(organisation.pk, person_id=mentee.pk):
        given = {"text": ASKED, "language": "en", "medium": medium, **choices}
        question = draft_question(by=mentee, now=now, **given)
        search = start_search(question=question, by=mentee, chosen=[mentor.pk], in_writing=medium == "async", now=now)
        offer = Offer.objects.get(search=search, mentor=mentor)
        session = accept_offer(offer=offer, by=mentor, now=now)
        for person in came:
            attend(session_id=session.pk, person_id=person.pk, now=now)
        return Session.objects.select_related("question", "mentee", "mentor").get(pk=session.pk)


def say(organisation: Organisation, session: Session, by: Person, body: str, *, client_id: str | None = None) -> int:
    """Say something in a session, and return its number."""
    with acting_in(organisation.pk):
        return post_message(
            session=session, by=by, body=body, client_id=client_id or f"{by.pk}:{body}"[:64], now=timezone.now()
        )


def end_talk(organisation: Organisation, session: Session, by: Person) -> Session:
    """End a session."""
    with acting_in(organisation.pk):
        return end_session(session=session, by=by, now=timezone.now())


def let_jobs_run(*, until: datetime | None = None) -> int:
    """Run what is queued and due."""
    with acting_in(None):
        return run_waiting(until=until or timezone.now())
