"""Amina's and Ben's programs walk the whole loop, over the network, and hear of each other's steps as they happen."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone

from momentor.foundation.tenancy import acting_in
from momentor.learning.models import Nudge
from momentor.people.models import Organisation, Person
from tests.api_client import token_of
from tests.journeys.lives import FOREMAN
from tests.journeys.served import Served, until


class Robot:
    """A program far away: it has a token and the address of an organisation, and nothing else."""

    def __init__(self, site: Served, organisation: Organisation, person: Person) -> None:
        self.http = httpx.Client(
            base_url=f"{site.url}/at/{organisation.slug}/api/v1",
            headers={"Authorization": f"Bearer {token_of(person, organisation)}"},
            timeout=20,
        )

    def __getattr__(self, method: str) -> Any:
        def send(path: str, body: object = None, **headers: str) -> Any:
            response = self.http.request(method.upper(), path, json=body, headers=headers)
            assert response.is_success, (method, path, response.status_code, response.text)
            return response.json() if response.content else None

        return send

    @contextmanager
    def listening(self) -> Iterator["queue.Queue[dict[str, Any]]"]:
        """Hear what is pushed to this person."""
        heard: queue.Queue[dict[str, Any]] = queue.Queue()
        stream = self.http.stream("GET", "/events", timeout=30)
        response = stream.__enter__()
        assert response.headers["content-type"].startswith("text/event-stream")

        def listen() -> None:
            try:
                for line in response.iter_lines():
                    if line.startswith("data: "):
                        heard.put(json.loads(line.removeprefix("data: ")))
            except (httpx.HTTPError, httpx.StreamError):
                return  # the end of the story

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield heard
        response.close()


def hears(heard: "queue.Queue[dict[str, Any]]", kind: str) -> dict[str, Any]:
    """Wait for something of this kind."""
    while True:
        said = heard.get(timeout=15)
        if said["t"] == kind:
            return said


def test_two_programs_walk_from_a_question_to_what_came_of_it(
    site: Served, organisation: Organisation, amina: Person, ben: Person
) -> None:
    hers, his = Robot(site, organisation, amina), Robot(site, organisation, ben)
    his.put("/me/availability", {"minutes": 60})

    with hers.listening() as to_her, his.listening() as to_him:
        question = hers.post("/questions", {"text": FOREMAN, "language": "en"}, **{"Idempotency-Key": "the-question"})
        again = hers.post("/questions", {"text": FOREMAN, "language": "en"}, **{"Idempotency-Key": "the-question"})
        [first, *_others] = hers.get(f"/questions/{question['id']}/shortlist")
        hers.post(f"/questions/{question['id']}/search", {"chosen": [first["person"]]})
        offer = his.get(f"/offers/{hears(to_him, 'offer')['offer_id']}")
        session = his.post(f"/offers/{offer['id']}/acceptance")
        claimed = hears(to_her, "claimed")

    room = f"/sessions/{claimed['session_id']}"
    hers.put(f"{room}/attendance")
    running = his.put(f"{room}/attendance")
    his.post(f"{room}/messages", {"client_id": "1", "body": "Lead one shift first."})
    [answer] = [one for one in hers.get(f"{room}/messages")["items"] if one["kind"] == "text"]
    day = (timezone.now() + timedelta(days=7)).date().isoformat()
    hers.put(
        f"{room}/takeaway", {"insight": "Try it first", "plan_if": "a lead is ill", "plan_then": "ask", "check_on": day}
    )
    hers.post(f"{room}/end")
    hers.post(f"{room}/thanks", {"words": "That was what I needed."})
    with acting_in(organisation.pk):
        Nudge.objects.update(due_at=timezone.now())
    site.let_pass(organisation, "send_nudge")
    nudge = until(lambda: _sent(hers.get("/nudges?waiting=true")["items"]), "the nudge", pause=0.5)[0]
    hers.post(f"/nudges/{nudge['id']}/reply", {"reply": "done", "helped": True, "words": "I lead now."})

    assert again == question
    assert first["person"] == str(ben.pk)
    assert offer["text"] == FOREMAN
    assert session["id"] == claimed["session_id"]
    assert running["state"] == "running"
    assert answer["body"] == "Lead one shift first."
    assert hers.get(f"/questions/{question['id']}")["state"] == "answered"
    assert his.get(f"{room}/outcome") == {"was_applied": True, "helped": True, "words": "I lead now."}
    assert until(lambda: his.get("/notices")["items"], "a notice for Ben", pause=0.5)


def _sent(nudges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [nudge for nudge in nudges if nudge["sent_at"]]
