"""Run jobs and timers until stopped. `momentor serve` starts one by itself; run more beside more web processes."""

import argparse

from momentor.console.serving import at_least_one

EXAMPLE = "momentor worker --at-once 8"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at-once", type=at_least_one, metavar="N", help="jobs beside each other; else MOMENTOR_JOBS_AT_ONCE"
    )


def main(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from momentor.foundation.worker import work

    if settings.IS_DEMO:
        from django.utils import timezone

        from momentor.demo.load import wake_mentors

        wake_mentors(now=timezone.now())
    work(settings.WORKER_DATABASE_URL, at_once=arguments.at_once or settings.ENVIRONMENT["MOMENTOR_JOBS_AT_ONCE"])
    return 0
