"""The worker: what a job queues stays in its transaction, timers reach every organisation, errors are tried again."""

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from threading import Thread
from time import sleep
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from momentor.foundation import jobs, worker
from momentor.foundation.tenancy import acting, acting_in
from momentor.people.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timezone.now() + timedelta(days=1)
done: list[UUID | None] = []


@jobs.job
def note_where() -> None:
    done.append(acting().organisation_id)


@jobs.job
def queue_and_fail() -> None:
    jobs.enqueue(note_where)
    raise ValueError("my own words")


@jobs.job
def fail_while_a_copy_waits() -> None:
    """Fail; meanwhile somebody else queues the same work again."""
    organisation_id = acting().organisation_id

    def queue_a_copy() -> None:
        with acting_in(organisation_id):
            jobs.enqueue(fail_while_a_copy_waits, at=LATER, once="one is enough")
        connection.close()

    somebody_else = Thread(target=queue_a_copy)
    somebody_else.start()
    somebody_else.join()
    raise ValueError("my own words")


@jobs.job
def queue_and_end() -> None:
    jobs.enqueue(note_where)


@jobs.job_in_steps
def take_a_step_and_fail(*, organisation_id: UUID, number: int) -> None:
    """Do something and commit it, and fail at the next."""
    assert not connection.in_atomic_block
    with acting_in(organisation_id):
        jobs.enqueue(note_where)
    raise ValueError(number)


@jobs.job_in_steps
def take_long(*, organisation_id: UUID, number: int) -> None:
    """Say when it begins and when it ends."""
    spans.append(number)
    sleep(0.3)
    spans.append(number)


spans: list[int] = []


@jobs.catch_up("0 0 1 1 *")
def do_late_ones() -> Iterator[jobs.Late]:
    yield partial(queue_and_fail)
    yield partial(queue_and_end)


def work_once() -> None:
    """Run a worker until the queue is empty."""

    async def run() -> None:
        app = worker._app(os.environ["DATABASE_URL"], 2)
        app.periodic_registry.periodic_tasks.clear()  # whatever minute it is
        async with app.open_async():
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, delete_jobs="successful", worker_middleware=worker.MIDDLEWARE
            )

    asyncio.run(run())


def queue() -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status::text, attempts from procrastinate_jobs order by id")
        return [
            (str(name).rsplit(".", 1)[-1], str(status), int(attempts)) for name, status, attempts in cursor.fetchall()
        ]


@pytest.fixture(autouse=True)
def nothing_done(organisation: Organisation) -> None:
    done.clear()


def test_what_a_job_queues_is_done_in_its_organisation(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(queue_and_end)

    work_once()

    assert done == [organisation.pk]
    assert queue() == []


def test_what_a_failed_job_queued_is_undone_and_the_job_is_tried_again(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(queue_and_fail)

    work_once()

    assert done == []
    assert queue() == [("queue_and_fail", "todo", 1)]


def test_a_job_in_steps_keeps_the_steps_that_it_took_and_is_tried_again(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(take_a_step_and_fail, number=7)

    work_once()

    assert done == [organisation.pk]
    assert queue() == [("take_a_step_and_fail", "todo", 1)]


def test_long_work_of_a_kind_is_done_one_after_the_other(organisation: Organisation) -> None:
    spans.clear()
    with acting_in(organisation.pk):
        for number in range(3):
            jobs.enqueue(take_long, number=number)

    work_once()

    assert sorted(spans) == [0, 0, 1, 1, 2, 2]
    assert all(spans[place] == spans[place + 1] for place in (0, 2, 4)), "one was begun before another had ended"


def test_work_that_failed_while_a_copy_waits_is_tried_again_as_well(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(fail_while_a_copy_waits, once="one is enough")
        jobs.enqueue(fail_while_a_copy_waits, once="one is enough")

    work_once()

    assert queue() == [("fail_while_a_copy_waits", "todo", 1), ("fail_while_a_copy_waits", "todo", 0)]


def test_a_failed_jobs_words_are_not_logged(organisation: Organisation, caplog: pytest.LogCaptureFixture) -> None:
    from momentor.project.logging import Plain

    with acting_in(organisation.pk):
        jobs.enqueue(queue_and_fail)

    with caplog.at_level("INFO", "momentor.worker"):
        work_once()

    [failed] = [record for record in caplog.records if record.getMessage() == "job failed"]
    assert "my own words" not in Plain().format(failed)
    assert "queue_and_fail" in Plain().format(failed)


def test_a_timer_rings_once_in_every_organisation(organisation: Organisation, other_organisation: Organisation) -> None:
    timer = jobs.Timer(cron="* * * * *", function=note_where, is_for_each_organisation=True)

    timer.ring()
    timer.ring()
    work_once()

    assert sorted(done, key=str) == sorted([organisation.pk, other_organisation.pk], key=str)


def test_what_a_person_waits_for_goes_before_timers_that_rang_earlier(organisation: Organisation) -> None:
    jobs.Timer(cron="* * * * *", function=queue_and_end, is_for_each_organisation=True).ring()
    with acting_in(organisation.pk):
        jobs.enqueue(note_where)

    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers default values returning id")
        [worker_id] = cursor.fetchone()
        cursor.execute("select task_name from procrastinate_fetch_job_v2(null, %s)", [worker_id])
        [first] = cursor.fetchone()

    assert first.endswith(".note_where")


def test_late_jobs_have_a_transaction_each(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(do_late_ones)

    work_once()

    assert done == [organisation.pk]  # what the second queued, and not what the first did
    assert queue() == []


def test_a_timer_of_the_whole_site_rings_outside_every_organisation() -> None:
    jobs.Timer(cron="0 3 * * *", function=note_where, is_for_each_organisation=False).ring()

    work_once()

    assert done == [None]


def test_work_that_was_queued_again_does_not_stop_the_sweep_for_dead_workers(organisation: Organisation) -> None:
    with acting_in(organisation.pk):
        jobs.enqueue(note_where, once="one is enough")
        leave_behind("note_where")
        jobs.enqueue(note_where, once="one is enough")
        jobs.enqueue(queue_and_end)
    leave_behind("queue_and_end")

    give_back()

    assert queue() == [("note_where", "todo", 0), ("queue_and_end", "todo", 1)]


def leave_behind(name: str) -> None:
    """Let a job look as a worker leaves it that was killed at it."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where task_name like %s", [f"%.{name}"])


def give_back() -> None:
    async def run() -> None:
        app = worker._app(os.environ["DATABASE_URL"], 1)
        async with app.open_async():
            await worker._give_back(app)

    asyncio.run(run())


def test_a_worker_knows_every_timer() -> None:
    worker._import_jobs()
    app = worker._app(os.environ["DATABASE_URL"], 1)

    names = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert names == {f"timer.{timer.name}" for timer in jobs.timers()}
