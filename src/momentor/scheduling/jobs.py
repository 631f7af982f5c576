"""What scheduling does by the clock."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from momentor.asking.models import Question
from momentor.foundation import jobs
from momentor.scheduling.actions import OPENS_EARLY, open_room
from momentor.scheduling.models import Booking


@jobs.catch_up("3-59/5 * * * *")
def open_late_rooms() -> Iterator[jobs.Late]:
    """Open the rooms of bookings whose time has come and whose own timer was lost."""
    due = Booking.objects.standing().filter(session=None, during__startswith__lte=timezone.now() + OPENS_EARLY)
    kept = due.filter(question__state=Question.State.SCHEDULED).order_by("during")
    for booking_id in kept.values_list("pk", flat=True)[: jobs.MOST_LATE]:
        yield partial(open_room, booking_id=booking_id)
