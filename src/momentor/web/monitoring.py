"""What the site counts, for Prometheus to fetch."""

import ipaddress
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

JOBS = """
select case when status = 'todo' and scheduled_at > now() then 'timer' else status::text end as state, count(*),
    extract(epoch from coalesce(max(now() - scheduled_at) filter (where status = 'todo'), interval '0'))
from procrastinate_jobs where status in ('todo', 'doing', 'failed') group by 1
"""


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the counts of all web processes and of the queue, to whoever may see them; others find no such page."""
    if not _may_see(request):
        raise Http404
    return HttpResponse(generate_latest(_all_counts()), content_type=CONTENT_TYPE_LATEST)


class Queue(Collector):
    """Counts jobs when it is asked, so that an idle site does no work for it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("momentor_jobs", "Jobs by state; timers are due later.", labels=["state"])
        late = GaugeMetricFamily("momentor_jobs_late_seconds", "How long the oldest due job has waited.")
        with connection.cursor() as cursor:
            cursor.execute(JOBS)
            rows = cursor.fetchall()
        for state, count, _late in rows:
            jobs.add_metric([state], count)
        late.add_metric([], max([0.0, *(float(seconds) for state, _count, seconds in rows if state == "todo")]))
        yield jobs
        yield late

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing ahead: describing must not ask the database."""
        return iter(())


REGISTRY.register(Queue())


def _all_counts() -> CollectorRegistry:
    """Return what this process counted; where several share a folder, what all of them did."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the package leaves it open
    together.register(Queue())
    return together


def _may_see(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    # A proxy on this machine also comes from this machine; it says for whom.
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    return not forwarded and _is_this_machine(request.META.get("REMOTE_ADDR", ""))


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
