"""Free slots, read from the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from momentor.asking.blind import key_of
from momentor.asking.models import Question
from momentor.foundation.prepared import prepared
from momentor.people.models import Membership, Pause, Person
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.slots import WEEK, Span, Stretch, free_slots, has_room
from momentor.sessions.models import Session

NOTICE = timedelta(minutes=15)
HORIZON = timedelta(days=7)
SOON = timedelta(days=2)
NEXT = 6  # of what is booked, on pages that show other things as well


def slots_of(
    membership: Membership, *, minutes: int, now: datetime, most: int = 200, mentee: Person | None = None
) -> list[Span]:
    """Return a mentor's free slots of this many minutes within a week, earliest first, in UTC."""
    until = now + HORIZON
    found = free_times([membership], minutes=minutes, now=now, until=until, most=most, mentee=mentee)
    return found.get(membership.pk, [])


def free_times(
    members: Iterable[Membership],
    *,
    minutes: int,
    now: datetime,
    until: datetime,
    most: int = 3,
    mentee: Person | None = None,
) -> dict[UUID, list[Span]]:
    """Return by membership id the first free slots of several mentors, with five queries for all of them.

    What they, or the mentee, have booked in any organisation, a pause, and the number of conversations a week that a
    mentor wants, leave no slot.
    """
    members = list(members)
    hours: dict[UUID, list[Stretch]] = {}
    for row in WeeklyHours.objects.filter(membership__in=members).order_by("weekday", "starts"):
        hours.setdefault(row.membership_id, []).append((row.weekday, row.starts, row.ends))
    members = [member for member in members if member.pk in hours]
    if not members:
        return {}
    both = {member.person_id for member in members} | ({mentee.pk} if mentee else set())
    busy, elsewhere = _busy(both, now, until), _busy_elsewhere(both, now, until)
    not_theirs = [*busy.get(mentee.pk, []), *elsewhere.get(mentee.pk, [])] if mentee else []
    paused = _paused(members, now, until)
    held = _held([member.person_id for member in members], now)
    found: dict[UUID, list[Span]] = {}
    for member in members:
        taken = busy.get(member.person_id, [])
        slots = free_slots(
            hours[member.pk],
            ZoneInfo(member.person.time_zone),
            minutes=minutes,
            after=now + NOTICE,
            until=until,
            busy=[*taken, *elsewhere.get(member.person_id, []), *paused.get(member.pk, []), *not_theirs],
        )
        weeks = [*held.get(member.person_id, []), *(span.starts for span in taken)]
        with_room = (slot for slot in slots if has_room(slot.starts, weeks, capacity=member.capacity_per_week))
        if first := list(islice(with_room, most)):
            found[member.pk] = first
    return found


def is_taken(people: Iterable[Person], starts_at: datetime, *, minutes: int) -> bool:
    """Return whether one of these people has something booked in these minutes, here or elsewhere."""
    ids, ends_at = {person.pk for person in people}, starts_at + timedelta(minutes=minutes)
    return bool(_busy(ids, starts_at, ends_at) or _busy_elsewhere(ids, starts_at, ends_at))


def bookings_ahead(person: Person, *, now: datetime) -> list[Booking]:
    """Return the next times that this person has booked, or that were booked with them, soonest first."""
    return _next(person=person, now=now)


def bookings_with(mentor: Person, *, now: datetime) -> list[Booking]:
    """Return the next times that were booked with a mentor, soonest first."""
    return _next_with(mentor=mentor, now=now)


def all_bookings_ahead(person: Person, *, now: datetime) -> QuerySet[Booking]:
    """Return all of what `bookings_ahead` begins with, to be read in pages."""
    ahead = Booking.objects.standing().visible_to(person).filter(session=None, during__endswith__gt=now)
    return ahead.select_related("question__programme", "mentor", "mentee").order_by("during", "pk")


@prepared
def _next(person: Person, now: datetime) -> QuerySet[Booking]:
    return all_bookings_ahead(person, now=now)[:NEXT]


@prepared
def _next_with(mentor: Person, now: datetime) -> QuerySet[Booking]:
    return all_bookings_ahead(mentor, now=now).filter(mentor=mentor)[:NEXT]


def _busy(people: set[UUID], now: datetime, until: datetime) -> dict[UUID, list[Span]]:
    taken: dict[UUID, list[Span]] = {}
    for mentor_id, mentee_id, during in (
        Booking.objects.standing()
        .filter(Q(mentor_id__in=people) | Q(mentee_id__in=people), during__overlap=(now, until))
        .values_list("mentor_id", "mentee_id", "during")
    ):
        for person_id in (mentor_id, mentee_id):
            taken.setdefault(person_id, []).append(Span(during.lower, during.upper))
    return taken


def _busy_elsewhere(people: set[UUID], now: datetime, until: datetime) -> dict[UUID, list[Span]]:
    """Return when these people are taken in their other organisations, of which no more than that is known here."""
    taken: dict[UUID, list[Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select person, lower(during), upper(during) from scheduling_taken_elsewhere(%s, %s, %s)",
            [sorted(people), now, until],
        )
        for person_id, starts, ends in cursor.fetchall():
            taken.setdefault(person_id, []).append(Span(starts, ends))
    return taken


def _paused(members: list[Membership], now: datetime, until: datetime) -> dict[UUID, list[Span]]:
    pauses = Pause.objects.filter(membership__in=members, resumed_at=None, from_at__lt=until)
    found: dict[UUID, list[Span]] = {}
    for pause in pauses.filter(Q(until_at=None) | Q(until_at__gt=now)):
        found.setdefault(pause.membership_id, []).append(Span(pause.from_at, pause.until_at or until))
    return found


def _held(people: list[UUID], now: datetime) -> dict[UUID, list[datetime]]:
    """Return when each mentor's conversations of the last week began."""
    found: dict[UUID, list[datetime]] = {}
    sessions = Session.objects.filter(mentor_id__in=people, opened_at__gt=now - WEEK)
    for mentor_id, opened_at in sessions.exclude(state=Session.State.RETURNED).values_list("mentor_id", "opened_at"):
        assert mentor_id is not None
        found.setdefault(mentor_id, []).append(opened_at)
    return found


def booking_ahead(question: Question) -> Booking | None:
    """Return the slot that is kept for a question and not yet a conversation."""
    return Booking.objects.standing().filter(question=question, session=None).select_related("mentor").first()


def hours_of(membership: Membership) -> list[WeeklyHours]:
    """Return a mentor's weekly hours, from Monday on."""
    return list(WeeklyHours.objects.filter(membership=membership).order_by("weekday", "starts"))


@dataclass(frozen=True, kw_only=True)
class SlotShown:
    """One free slot as it is chosen from: by the reader's clock, and by the mentor's."""

    starts: datetime
    label: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """The free slots of one of the reader's days."""

    day: date
    slots: list[SlotShown]


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What one mentor has to give."""

    person_id: UUID
    key: UUID  # stands for them before the mentee: their id, or what blind.py makes of it
    name: str  # empty where the programme decides blind, as are the headline and the zone
    headline: str
    days: list[Day]
    their_zone: str  # empty where their clock shows the same


def offered_by(
    members: Iterable[Membership], *, question: Question, zone: str, now: datetime, most: int
) -> list[Offered]:
    """Return the free slots of these mentors by day, in the reader's time zone, those who have the soonest first."""
    members = list(members)
    free = free_times(
        members, minutes=question.time_box, now=now, until=now + HORIZON, most=most, mentee=question.mentee
    )
    with_slots = [member for member in members if member.pk in free]
    return [
        _offered(member, free[member.pk], question=question, zone=zone)
        for member in sorted(with_slots, key=lambda member: free[member.pk][0].starts)
    ]


def _offered(member: Membership, slots: list[Span], *, question: Question, zone: str) -> Offered:
    is_blind = question.is_blind
    # Where they live says who they are, in a small community.
    theirs = zone if is_blind else member.person.time_zone
    return Offered(
        person_id=member.person_id,
        key=key_of(question, member.person_id),
        name="" if is_blind else str(member.person),
        headline="" if is_blind else member.headline,
        days=by_day(slots, mine=ZoneInfo(zone), theirs=ZoneInfo(theirs)),
        their_zone=_other_zone(slots[0], zone, theirs),
    )


def by_day(slots: Iterable[Span], *, mine: ZoneInfo, theirs: ZoneInfo) -> list[Day]:
    """Return slots by the reader's days; where the mentor's clock shows another time, it stands beside."""
    days: dict[date, list[SlotShown]] = {}
    for slot in slots:
        here, there = slot.starts.astimezone(mine), slot.starts.astimezone(theirs)
        differs = here.replace(tzinfo=None) != there.replace(tzinfo=None)
        shown = SlotShown(starts=slot.starts, label=f"{here:%H:%M}", theirs=f"{there:%H:%M}" if differs else "")
        days.setdefault(here.date(), []).append(shown)
    return [Day(day=day, slots=shown) for day, shown in days.items()]


def _other_zone(slot: Span, mine: str, theirs: str) -> str:
    same = slot.starts.astimezone(ZoneInfo(mine)).utcoffset() == slot.starts.astimezone(ZoneInfo(theirs)).utcoffset()
    return "" if same else theirs.replace("_", " ")
