"""Whatever its description allows, and whatever it does not, is sent to the API by everybody: it keeps its word.

Schemathesis makes the requests from the description, good ones and bad ones, always the same ones; ids of things that
are there are put in for some of those it makes up. Each request is undone, so that the next meets the same world.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from momentor.api import limits
from momentor.api.openapi import document
from momentor.asking.models import Answer, Question
from momentor.dispatch.models import Offer
from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Nudge
from momentor.notices.models import Notice
from momentor.people.models import Membership, Organisation, Person, Programme, SampleAnswer
from momentor.scheduling.actions import book_slot, set_weekly_hours
from momentor.scheduling.models import Booking
from momentor.scheduling.queries import slots_of
from momentor.sessions.models import Upload
from tests.api_client import Program
from tests.cast import make_member, make_person, membership_of
from tests.talks import end_talk, let_jobs_run, open_talk, say

EXAMPLES = 4  # for each person at each address: three minutes in all on two cores
WHO = ("nobody", "mentee", "mentor", "coordinator", "moderator")
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DESCRIPTION = schemathesis.openapi.from_dict(document())
# A stream that stays open is served beside Django, and has tests of its own.
OPERATIONS: dict[str, Any] = {
    f"{found.method.upper()} {found.path}": found
    for found in (result.ok() for result in DESCRIPTION.get_all_operations() if isinstance(result, Ok))
    if found.path != "/events"
}
Ids = dict[str, list[str]]
Case = schemathesis.Case[Any]
Operation = Any  # generic in what only its parser knows


@pytest.fixture(autouse=True)
def full_allowances() -> Iterator[None]:
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def callers(organisation: Organisation, amina: Person, ben: Person, dana: Person) -> dict[str, Program]:
    """Five programs: Dana coordinates here, and Mira moderates."""
    mira = make_person("Mira Lund", "mira@example.org")
    make_member(organisation, mira, roles=[Membership.Role.MODERATOR])
    with acting_in(organisation.pk):
        Membership.objects.filter(person=dana).update(roles=[Membership.Role.COORDINATOR])
    people = dict(zip(WHO, (None, amina, ben, dana, mira), strict=True))
    return {who: Program(organisation, person) for who, person in people.items()}


@pytest.fixture
def ids(callers: dict[str, Program], organisation: Organisation, amina: Person, ben: Person, emil: Person) -> Ids:
    """Make some of everything between Amina and Ben, and return its ids by what the description calls them."""
    now = timezone.now()
    hers, his = callers["mentee"], callers["mentor"]
    over = open_talk(organisation, amina, ben, came=(amina, ben))
    say(organisation, over, ben, "Lead one shift.")
    week = (now + timedelta(days=7)).date().isoformat()
    hers.put(f"/sessions/{over.pk}/takeaway", {"insight": "Try", "first_step": "Ask", "check_on": week})
    end_talk(organisation, over, amina)
    hers.put(f"/sessions/{over.pk}/feedback", {"moved": 4})
    live = open_talk(organisation, amina, ben, came=(amina, ben), text="May a foreman be friends with the crew?")
    say(organisation, live, amina, "Hello.")
    his.post("/me/samples", {"question": "Which gas?", "answer": "Argon."})
    hers.post("/questions", {"text": "How do I price a weld for a neighbour?", "language": "en"})
    asked = hers.post("/questions", {"text": "Which certificate for pipes on ships is worth it?", "language": "en"})
    hers.post(f"/questions/{asked['id']}/search", {"chosen": [str(emil.pk)]})
    booked = hers.post("/questions", {"text": "How do I sell a small workshop?", "language": "en"})
    with acting_in(organisation.pk, person_id=amina.pk):
        programme = Programme.objects.create(name="Welders", is_for_all=True)
        set_weekly_hours(by=emil, stretches=[(day, time(0), time(23)) for day in range(7)])
        slot = slots_of(membership_of(emil, organisation), minutes=10, now=now)[3]
        question = Question.objects.get(pk=booked["id"])
        book_slot(question=question, by=amina, mentor=emil, starts_at=slot.starts, now=now)
    let_jobs_run()
    with acting_in(organisation.pk):
        kept: dict[str, Any] = {
            "question_id": Question.objects.all(),
            "offer_id": Offer.objects.all(),
            "nudge_id": Nudge.objects.all(),
            "notice_id": Notice.objects.all(),
            "booking_id": Booking.objects.all(),
            "answer_id": Answer.objects.all(),
            "sample_id": SampleAnswer.objects.all(),
            "file_id": Upload.objects.all(),
        }
        found = {name: [str(row.pk) for row in rows] for name, rows in kept.items()}
    assert all(found[name] for name in found if name != "file_id"), found
    found["session_id"] = [str(over.pk), str(live.pk)]
    found["person_id"] = [str(person.pk) for person in (amina, ben, emil)]
    inside = {"question": "question_id", "mentor": "person_id", "chosen": "person_id", "subject": "session_id"}
    return found | {name: found[known] for name, known in inside.items()} | {"programme": [str(programme.pk)]}


@pytest.mark.parametrize("who", WHO)
def test_the_api_keeps_its_word_whatever_is_sent(who: str, callers: dict[str, Program], ids: Ids) -> None:
    assert len(OPERATIONS) > 70
    broken: dict[str, str] = {}
    for name, operation in OPERATIONS.items():
        try:
            _send_much(callers[who], operation, ids)
        except Exception as trouble:  # noqa: BLE001 - each address is tried, and what broke is told together
            told = trouble.exceptions if isinstance(trouble, BaseExceptionGroup) else [trouble]
            broken[name] = "\n".join(str(one) for one in (trouble, *told))
    assert not broken, "\n\n".join(f"{name}\n{text}" for name, text in broken.items())


def _send_much(program: Program, operation: Operation, ids: Ids) -> None:
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of([operation.as_strategy(mode) for mode in modes]), data=st.data())
    def send(case: Case, data: st.DataObject) -> None:
        _put_in(case, ids, data)
        with transaction.atomic():
            answer = _answer(program, case)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=PROMISES)

    send()


def _put_in(case: Case, ids: Ids, data: st.DataObject) -> None:
    """Let two of three ids be those of something that is there."""
    for part in (case.path_parameters, case.query, case.body):
        if not isinstance(part, dict):
            continue
        for field in sorted(set(part) & set(ids)):
            if ids[field] and data.draw(st.sampled_from((True, True, False)), label=f"a real {field}"):
                real = data.draw(st.sampled_from(ids[field]), label=field)
                part[field] = [real] if isinstance(part[field], list) else real


def _answer(program: Program, case: Case) -> schemathesis.Response:
    """Send a request as it would go over the wire, and return the answer as a program on the other side has it."""
    limits.forget_all()
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    target = urlsplit(str(sent.url))
    path = f"{program.base}{target.path}" + (f"?{target.query}" if target.query else "")
    left_out = ("content-length", "cookie")
    headers = {name: str(value) for name, value in sent.headers.items() if name.lower() not in left_out}
    headers.pop("Authorization", None)
    body = sent.body or b""
    given = program.client.generic(
        case.method,
        path,
        data=body.encode() if isinstance(body, str) else body,
        content_type=headers.pop("Content-Type", ""),
        headers=headers | program.headers,
    )
    return schemathesis.Response(
        status_code=given.status_code,
        headers={name.lower(): [value] for name, value in given.headers.items()},
        content=given.getvalue(),
        request=sent,
        elapsed=0.0,
        verify=False,
    )
