"""Slow work and timers, kept in the database: queued with the change that wants them, run at least once.

A job gets ids by keyword and runs inside the organisation that queued it, in one transaction.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import close_old_connections, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from momentor.foundation.tenancy import acting, acting_in, current_organisation_id, signing_in

Job = Callable[..., None]
# A job that should have run by now, with its ids: partial(job, offer_id=...).
Late = partial[None]

# How many late jobs of one kind are done in one go; what is left comes next time.
MOST_LATE = 500
# A timer queues as many jobs as there are organisations; what a person waits for goes first.
BEHIND = -1

logger = logging.getLogger("momentor.worker")

# Seconds: 2, 4, 8, ... up to a quarter of an hour, some two hours in all: longer than a restart of anything.
_PATIENTLY = RetryStrategy(max_attempts=14, exponential_wait=2)
_tasks: dict[str, Any] = {}
_long: set[str] = set()


def job(function: Job) -> Job:
    """Make a function a job. It still can be called by hand, which runs it where it stands."""

    def run(*, organisation_id: str | None, **ids: Any) -> None:
        if organisation_id is None:
            with signing_in():
                function(**ids)
        else:
            with acting_in(UUID(organisation_id)):
                function(**ids)

    _register(function, run)
    return function


def job_in_steps(function: Job) -> Job:
    """Make a function a job that opens its transactions itself: for minutes of work that show how far they are.

    It is given its organisation beside its ids. A worker that dies leaves the steps that were committed, and the job
    begins anew: each step has to look what is there. One of a kind runs at a time, on the whole site, so that work that
    people wait for finds a free hand.
    """

    def run(*, organisation_id: str, **ids: Any) -> None:
        function(organisation_id=UUID(organisation_id), **ids)

    _register(function, run)
    _long.add(_address(function))
    return function


def _register(function: Job, run: Job) -> None:
    """Let the worker know a job by its function's name, and `run` as the way to do it on a connection that works."""
    name = _address(function)

    @wraps(function)
    def run_safely(**arguments: Any) -> None:
        _renew_connection()
        try:
            run(**arguments)
        finally:
            _renew_connection()

    _tasks[name] = app.task(name=name, retry=_PATIENTLY, pass_context=False)(run_safely)


def enqueue(
    function: Job, *, at: datetime | None = None, once: str | None = None, priority: int = 0, **ids: Any
) -> None:
    """Queue a job in the transaction of the caller, to run now or at a time; the higher priority goes first.

    `once` names work of which no second copy need wait in the queue.
    """
    task = _tasks[_address(function)]
    organisation_id = acting().organisation_id
    arguments = {name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}
    one_at_a_time = _address(function) if _address(function) in _long else None
    deferrer = task.configure(schedule_at=at, queueing_lock=once, lock=one_at_a_time, priority=priority)
    arguments["organisation_id"] = str(organisation_id) if organisation_id else None
    if once is None:
        deferrer.defer(**arguments)
        return
    # A refused duplicate breaks the transaction, so it gets a savepoint of its own.
    try:
        with transaction.atomic():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A job that the worker queues by the clock."""

    cron: str
    function: Job
    is_for_each_organisation: bool

    @property
    def name(self) -> str:
        return _address(self.function)

    def ring(self) -> None:
        """Queue the job once in every organisation, or once for the whole site."""
        if not self.is_for_each_organisation:
            enqueue(self.function, once=self.name, priority=BEHIND)
            return
        organisations = apps.get_model("people.Organisation").objects.order_by("pk")
        for organisation_id in organisations.values_list("pk", flat=True):
            with acting_in(organisation_id):
                enqueue(self.function, once=f"{self.name} {organisation_id}", priority=BEHIND)


_timers: dict[str, Timer] = {}


def every(cron: str, *, in_each_organisation: bool = True) -> Callable[[Job], Job]:
    """Make a function without arguments a job that runs by the clock (UTC): minute, hour, day, month, weekday.

    It runs inside each organisation by itself, or once for the whole site, where it sees no tenant's rows.
    """

    def decorate(function: Job) -> Job:
        job(function)
        timer = Timer(cron=cron, function=function, is_for_each_organisation=in_each_organisation)
        _timers[timer.name] = timer
        return function

    return decorate


def catch_up(cron: str) -> Callable[[Callable[[], Iterable[Late]]], Job]:
    """Make a function that finds jobs whose time has passed a timer that does them by itself, in each organisation.

    A timer in the queue can be lost: its job failed for hours, or looked at a clock that was behind the database's.
    What is late is read from the rows, so nothing is. Each job has a transaction of its own: it keeps no lock while
    another is done, and one that fails stops no other.
    """

    def decorate(find: Callable[[], Iterable[Late]]) -> Job:
        def run(*, organisation_id: str) -> None:
            with acting_in(UUID(organisation_id)):
                found = list(find())
            for late in found:
                _do(late, UUID(organisation_id))

        @wraps(find)
        def by_hand() -> None:
            run(organisation_id=str(current_organisation_id()))

        _register(by_hand, run)
        timer = Timer(cron=cron, function=by_hand, is_for_each_organisation=True)
        _timers[timer.name] = timer
        return by_hand

    return decorate


def _do(late: Late, organisation_id: UUID) -> None:
    try:
        with acting_in(organisation_id):
            late()
    except Exception:
        logger.exception("late job failed", extra={"job": _address(late.func)})
        if not connection.is_usable():
            raise  # the database went away: the rest would fail as well


def timers() -> list[Timer]:
    """Return every timer of the modules that were imported, in a fixed order."""
    return [_timers[name] for name in sorted(_timers)]


def _renew_connection() -> None:
    """Drop a connection that broke, as after a restart of the database; inside a transaction there is none to drop."""
    if not connection.in_atomic_block:
        close_old_connections()


def run_waiting(*, until: datetime) -> int:
    """Run every job that is due by `until`, in order, in this thread; return how many. For tests and commands."""
    done = 0
    while row := _take(until):
        task_name, arguments, _ = row
        _tasks[task_name].func(**arguments)
        done += 1
    return done


def _address(function: Job) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _take(until: datetime) -> tuple[str, dict[str, Any], int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where id = (select id from procrastinate_jobs where status = 'todo'"
            " and (scheduled_at is null or scheduled_at <= %s) order by coalesce(scheduled_at, '-infinity'), id limit 1"
            " for update skip locked) returning task_name, args, id",
            [until],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    name, arguments, number = row
    return name, json.loads(arguments) if isinstance(arguments, str) else arguments, number
