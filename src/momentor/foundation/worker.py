"""The worker: takes jobs from the queue, keeps the timers, and gives back what a dead worker had taken.

A job runs at least once. A worker says every few seconds that it lives; when it stops saying so, its unfinished jobs
go back into the queue. When the database goes away, the worker waits for it.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import psycopg
import psycopg_pool
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import autodiscover_modules, import_string
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Status

from momentor.foundation import jobs

HEARTBEAT = 5.0
SILENT_AFTER = 15.0  # seconds without a heartbeat until a worker counts as dead
SWEEP_EVERY = 10.0
FINISH_WITHIN = 15.0  # seconds that running jobs get when the worker is asked to stop
KEEP_FAILED_HOURS = 30 * 24
LONGEST_WAIT = 10.0

logger = logging.getLogger("momentor.worker")
DatabaseAway = (psycopg.OperationalError, exceptions.ConnectorException, psycopg_pool.PoolTimeout)


def work(database_url: str, *, at_once: int = 4) -> None:
    """Work until SIGTERM or SIGINT; then let running jobs end, or give them back."""
    _import_jobs()
    asyncio.run(_Worker(database_url, at_once).run())


def _import_jobs() -> None:
    """Import everything that queues jobs, since a job whose function is unknown here would be lost."""
    import_string(settings.WIRING)
    import_module(settings.ROOT_URLCONF)
    autodiscover_modules("jobs", "actions", "listeners", "live")


class _Worker:
    def __init__(self, database_url: str, at_once: int) -> None:
        self.database_url = database_url
        self.at_once = at_once
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        wait = 0.25
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                await self._work()
            except DatabaseAway as error:
                logger.warning("The database is away.", extra={"error": type(error).__name__})
            wait = 0.25 if time.monotonic() - began > SILENT_AFTER else min(LONGEST_WAIT, wait * 2)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), wait)

    async def _work(self) -> None:
        """Run one worker until it is asked to stop or loses its database."""
        app = _app(self.database_url, self.at_once)
        async with app.open_async():
            logger.info("The worker is at work.", extra={"at_once": self.at_once, "timers": len(jobs.timers())})
            worker = asyncio.create_task(
                app.run_worker_async(
                    concurrency=self.at_once,
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=SILENT_AFTER,
                    shutdown_graceful_timeout=FINISH_WITHIN,
                    delete_jobs="successful",
                    worker_middleware=MIDDLEWARE,
                )
            )
            others = [asyncio.create_task(each) for each in (self.stopping.wait(), _sweep(app), _tidy(app))]
            await asyncio.wait([worker, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in (worker, *others):
                task.cancel()
            results = await asyncio.gather(worker, *others, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


def _app(database_url: str, at_once: int) -> App:
    """Return a queue that takes jobs by a pool of its own.

    Its tasks still belong to Django's queue, so that what a job enqueues stays in that job's transaction.
    """
    connector = PsycopgConnector(conninfo=database_url, min_size=1, max_size=at_once + 4, timeout=10)
    app = App(connector=connector)
    app.tasks.update(queue.tasks)
    for timer in jobs.timers():
        name = f"timer.{timer.name}"
        task = app.task(name=name, queueing_lock=name)(_tick(timer))
        app.periodic(cron=timer.cron)(task)
    return app


def _tick(timer: jobs.Timer) -> Callable[..., None]:
    def tick(timestamp: int) -> None:
        close_old_connections()
        try:
            timer.ring()
        finally:
            close_old_connections()

    return tick


async def _sweep(app: App) -> None:
    """Give back, again and again, the jobs that dead workers had taken."""
    while True:
        await _give_back(app)
        await app.job_manager.prune_stalled_workers(seconds_since_heartbeat=10 * SILENT_AFTER)
        await asyncio.sleep(SWEEP_EVERY)


async def _give_back(app: App) -> None:
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_AFTER):
        logger.warning("A worker died; its job goes back into the queue.", extra={"job": stalled.task_name})
        try:
            await app.job_manager.retry_job(stalled)
        except exceptions.UniqueViolation:
            # Work of which one copy is enough (`once`) was queued again meanwhile: that copy does it.
            await app.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=True)


async def _tidy(app: App) -> None:
    """Remove, once an hour, the jobs that failed for good long ago."""
    while True:
        await app.job_manager.delete_old_jobs(
            nb_hours=KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        await asyncio.sleep(3600)


async def _let_copies_wait(call_next: Callable[[], Awaitable[Any]], context: Any, worker: Any) -> Any:
    """Drop the lock of work of which one copy is enough (`once`): it is for jobs that wait, and this one has begun.

    With it, a job that fails could not go back into the queue once its next copy waits there.
    """
    if context.job.queueing_lock is not None:
        await context.app.connector.execute_query_async(
            "update procrastinate_jobs set queueing_lock = null where id = %(job_id)s", job_id=context.job.id
        )
    return await call_next()


async def _log_job(call_next: Callable[[], Awaitable[Any]], context: Any, worker: Any) -> Any:
    began = time.perf_counter()
    fields = {"job": context.job.task_name, "attempt": context.job.attempts + 1}
    listener = context.job.task_kwargs.get("listener")
    if listener:
        fields["listener"] = listener
    try:
        result = await call_next()
    except Exception:
        logger.exception("job failed", extra=fields)
        raise
    milliseconds = round((time.perf_counter() - began) * 1000, 1)
    logger.info("job", extra={**fields, "milliseconds": milliseconds})
    return result


MIDDLEWARE: list[Any] = [_let_copies_wait, _log_job]
