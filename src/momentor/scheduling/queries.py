"""Free slots, read from the rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from momentor.people.models import Membership, Person
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.slots import Span, Stretch, free_slots

NOTICE = timedelta(minutes=15)
HORIZON = timedelta(days=7)
SOON = timedelta(days=2)


def slots_of(membership: Membership, *, minutes: int, now: datetime, most: int = 200) -> list[Span]:
    """Return a mentor's free slots of this many minutes within a week, earliest first, in UTC."""
    return free_times([membership], minutes=minutes, now=now, until=now + HORIZON, most=most).get(membership.pk, [])


def free_times(
    members: Iterable[Membership], *, minutes: int, now: datetime, until: datetime, most: int = 3
) -> dict[UUID, list[Span]]:
    """Return by membership id the first free slots of several mentors, with two queries for all of them."""
    members = list(members)
    hours: dict[UUID, list[Stretch]] = {}
    for row in WeeklyHours.objects.filter(membership__in=members).order_by("weekday", "starts"):
        hours.setdefault(row.membership_id, []).append((row.weekday, row.starts, row.ends))
    busy = _busy([member.person_id for member in members if member.pk in hours], now, until)
    found: dict[UUID, list[Span]] = {}
    for member in members:
        slots = free_slots(
            hours.get(member.pk, []),
            ZoneInfo(member.person.time_zone),
            minutes=minutes,
            after=now + NOTICE,
            until=until,
            busy=busy.get(member.person_id, []),
        )
        if first := list(islice(slots, most)):
            found[member.pk] = first
    return found


def bookings_ahead(person: Person, *, now: datetime) -> "list[Booking]":
    """Return what this person has booked and still before them, soonest first."""
    return list(
        Booking.objects.standing()
        .visible_to(person)
        .filter(session=None, during__endswith__gt=now)
        .select_related("question", "mentor", "mentee")
        .order_by("during")[:20]
    )


def _busy(people: list[UUID], now: datetime, until: datetime) -> dict[UUID, list[Span]]:
    taken: dict[UUID, list[Span]] = {}
    for mentor_id, mentee_id, during in (
        Booking.objects.standing()
        .filter(Q(mentor_id__in=people) | Q(mentee_id__in=people), during__overlap=(now, until))
        .values_list("mentor_id", "mentee_id", "during")
    ):
        for person_id in (mentor_id, mentee_id):
            taken.setdefault(person_id, []).append(Span(during.lower, during.upper))
    return taken
