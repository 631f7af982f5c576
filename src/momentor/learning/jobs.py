"""What learning does by the clock."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from momentor.foundation import jobs
from momentor.learning.actions import send_nudge
from momentor.learning.models import Nudge


@jobs.catch_up("4-59/5 * * * *")
def send_late_nudges() -> Iterator[jobs.Late]:
    """Remind of plans whose day has come and whose own timer was lost."""
    due = Nudge.objects.filter(sent_at=None, due_at__lte=timezone.now(), reply="", takeaway__finished_at=None)
    for nudge_id in due.order_by("due_at").values_list("pk", flat=True)[: jobs.MOST_LATE]:
        yield partial(send_nudge, nudge_id=nudge_id)
