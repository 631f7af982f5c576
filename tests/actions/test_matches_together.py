"""Two coordinators at the same instant, and somebody who leaves while they confirm: with real threads and commits."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from momentor.foundation.jobs import run_waiting
from momentor.foundation.models import EventRecord
from momentor.foundation.refusals import Refusal
from momentor.foundation.tenancy import acting_in
from momentor.matches.actions import confirm_preview, drop_proposal, start_preview
from momentor.matches.actions.previews import PreviewUnderway
from momentor.matches.models import Match, Preview, Proposal
from momentor.matches.working import work_out
from momentor.notices.models import Notice
from momentor.people.actions import leave_organisation
from momentor.people.models import Membership, Organisation, Person, Programme
from tests.cast import NOW
from tests.programmes import a_preview, a_programme, matched, newcomers, wants

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def crews(organisation: Organisation, amina: Person, ben: Person, emil: Person, dana: Person) -> Programme:
    programme = a_programme(organisation, dana, amina, ben, emil)
    wants(organisation, programme, amina)
    newcomers(organisation, programme, dana, 3)
    with acting_in(organisation.pk):
        Membership.objects.filter(person=emil).update(roles=[Membership.Role.COORDINATOR])
    return programme


def at_once(organisation: Organisation, *calls: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same instant, each in a thread and transaction of its own; return results and refusals."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        try:
            with acting_in(organisation.pk):
                return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def let_jobs_run() -> None:
    run_waiting(until=timezone.now())


def test_two_coordinators_who_confirm_at_once_make_one_set_of_matches(
    organisation: Organisation, crews: Programme, dana: Person, emil: Person
) -> None:
    preview = a_preview(organisation, crews, dana)

    results = at_once(
        organisation, *(partial(confirm_preview, preview=preview, by=by, now=NOW) for by in (dana, emil) * 3)
    )
    let_jobs_run()

    assert [result.state for result in results] == ["confirmed"] * 6
    assert len(matched(organisation)) == 4
    with acting_in(organisation.pk):
        assert Match.objects.count() == 4
        assert EventRecord.objects.filter(name="PreviewConfirmed").count() == 1
        assert Notice.objects.filter(kind="your_mentor").count() == 4


def test_two_coordinators_who_press_at_once_look_at_one_preview(
    organisation: Organisation, crews: Programme, dana: Person, emil: Person
) -> None:
    results = at_once(
        organisation, *(partial(start_preview, programme=crews, by=by, now=NOW) for by in (dana, emil) * 2)
    )

    assert sum(isinstance(result, Preview) for result in results) == 1
    assert sum(isinstance(result, PreviewUnderway) for result in results) == 3


def test_a_pair_that_is_taken_out_while_it_is_confirmed_is_one_or_the_other(
    organisation: Organisation, crews: Programme, dana: Person, emil: Person
) -> None:
    preview = a_preview(organisation, crews, dana)
    with acting_in(organisation.pk):
        proposal = Proposal.objects.filter(preview=preview).order_by("pk")[0]

    dropped, _confirmed = at_once(
        organisation,
        partial(drop_proposal, proposal=proposal, by=dana, now=NOW),
        partial(confirm_preview, preview=preview, by=emil, now=NOW),
    )

    with acting_in(organisation.pk):
        is_matched = Match.objects.filter(mentee=proposal.mentee_id).exists()
        is_dropped = Proposal.objects.get(pk=proposal.pk).dropped_at is not None
    assert is_dropped is not is_matched
    assert isinstance(dropped, Refusal) is is_matched


@pytest.mark.parametrize("round_number", range(3))
def test_who_leaves_while_it_is_confirmed_ends_up_without_a_match(
    organisation: Organisation, crews: Programme, dana: Person, amina: Person, ben: Person, round_number: int
) -> None:
    preview = a_preview(organisation, crews, dana)

    at_once(
        organisation,
        partial(confirm_preview, preview=preview, by=dana, now=NOW),
        partial(leave_organisation, by=amina, now=NOW),
        partial(leave_organisation, by=ben, now=NOW),
    )
    let_jobs_run()

    assert "Amina Yusuf" not in matched(organisation)
    assert "Ben Okafor" not in matched(organisation).values()


def test_two_workers_on_one_preview_keep_it_once(organisation: Organisation, crews: Programme, dana: Person) -> None:
    with acting_in(organisation.pk):
        preview = start_preview(programme=crews, by=dana, now=NOW, is_queued=False)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(timeout=60)
        try:
            work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    with acting_in(organisation.pk):
        assert Preview.objects.get().state == "ready"
        assert Proposal.objects.count() == 4
        assert EventRecord.objects.filter(name="PreviewReady").count() == 1


KILLED_WHILE_PLANNING = """
import django, sys, time
django.setup()
from uuid import UUID
from django.utils import timezone
from momentor.matches import planner, working
def plan(task, *, on_plan):
    print("planning", flush=True)
    time.sleep(600)
planner.plan = plan
working.work_out(preview_id=UUID(sys.argv[1]), organisation_id=UUID(sys.argv[2]), now=timezone.now())
"""


def test_after_a_worker_was_killed_the_next_works_it_out_whole(
    organisation: Organisation, crews: Programme, dana: Person
) -> None:
    with acting_in(organisation.pk):
        preview = start_preview(programme=crews, by=dana, now=NOW, is_queued=False)
    command = [sys.executable, "-c", KILLED_WHILE_PLANNING, str(preview.pk), str(organisation.pk)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "planning\n"
        worker.kill()
    with acting_in(organisation.pk):
        left = Preview.objects.get(pk=preview.pk)
        assert (left.state, left.stage, Proposal.objects.count()) == ("running", "planning", 0)

    work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=timezone.now())

    with acting_in(organisation.pk):
        assert Preview.objects.get(pk=preview.pk).state == "ready"
        assert Proposal.objects.count() == 4


def test_the_steps_of_a_preview_can_be_seen_while_it_is_worked_out(
    organisation: Organisation, crews: Programme, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str, int, int]] = []
    with acting_in(organisation.pk):
        preview = start_preview(programme=crews, by=dana, now=NOW, is_queued=False)

    def look(waited: Callable[..., Any]) -> Callable[..., Any]:
        def and_look(*given: Any, **named: Any) -> Any:
            def from_outside() -> None:
                with acting_in(organisation.pk):
                    now = Preview.objects.get(pk=preview.pk)
                    seen.append((now.state, now.stage, now.done, now.out_of))
                connections.close_all()

            other = threading.Thread(target=from_outside)
            other.start()
            other.join(timeout=60)
            return waited(*given, **named)

        return and_look

    monkeypatch.setattr("momentor.matches.planner.plan", look(work_out.__globals__["planner"].plan))
    monkeypatch.setattr("momentor.matches.working.keep_preview", look(work_out.__globals__["keep_preview"]))
    work_out(preview_id=preview.pk, organisation_id=organisation.pk, now=NOW)

    planning, reasons = seen
    assert planning == ("running", "planning", 0, 13)
    assert reasons == ("running", "reasons", 4, 4)
