"""What goes when it is older than the organisation keeps it."""

from datetime import datetime

from momentor.asking.models import Question
from momentor.scheduling.models import Booking


def forget_bookings(before: datetime) -> int:
    """Remove the bookings whose time was before, where their question is over and stays."""
    return (
        Booking.objects.filter(during__endswith__lt=before).exclude(question__state__in=Question.UNRESOLVED).delete()[0]
    )
