"""The room by plain forms: what the two see and say, and what nobody else does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from momentor.asking.actions import draft_question
from momentor.dispatch.actions import accept_offer, start_search
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in
from momentor.people.models import Organisation, Person
from momentor.sessions.models import Message, Session
from tests.cast import client_of, page


@pytest.fixture
def session(organisation: Organisation, amina: Person, ben: Person) -> Session:
    now = timezone.now()
    with acting_in(organisation.pk, person_id=amina.pk):
        question = draft_question(by=amina, text="Should I lead a crew of eight?", language="en", now=now)
        search = start_search(question=question, by=amina, chosen=[ben.pk], now=now)
        return accept_offer(offer=Offer.objects.get(search=search), by=ben, now=now)


def test_the_two_talk_by_plain_forms(organisation: Organisation, session: Session, amina: Person, ben: Person) -> None:
    room = page("sessions:session", session.pk, organisation=organisation)
    assert client_of(amina).get(room).status_code == 303
    client_of(ben).get(room)
    client_of(ben).post(room + "messages/", {"body": "Lead one shift first. See https://example.org", "cid": "b1"})

    seen = client_of(amina).get(room)

    assert seen.status_code == 200
    assert "Lead one shift first." in seen.content.decode()
