"""Who may be asked at all: hard limits, read from the rows. What fits best is matching's business."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.people.models import Block, Enrolment, Medium, Membership, Pause, Person
from momentor.scheduling.limits import is_understood, mentors_within
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.slots import is_within_hours, is_within_quiet
from momentor.sessions.models import Session

WEEK = timedelta(days=7)
# Whoever talks to somebody in so short a time is not put before a live question.
SOON = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How one mentor can be reached."""

    membership: Membership
    presence: str  # "available", "hours" or "reachable"
    is_quiet: bool
    is_busy: bool
    has_room: bool

    @property
    def person_id(self) -> UUID:
        return self.membership.person_id

    @property
    def may_be_disturbed(self) -> bool:
        """Return whether a live offer may reach them now."""
        return self.has_room and not self.is_busy and (not self.is_quiet or self.presence == "available")


def mentor_ids_for(question: Question, *, now: datetime, with_unclaimed: bool = False) -> set[UUID]:
    """Return by person id the mentors who may be asked this question at all.

    They take part, share its language, offer its medium, are not paused, and neither blocked nor were blocked by
    the mentee; who was offered it, or met over it, before is left out. Two queries, whatever the number of mentors.
    """
    members = mentors_within(question).filter(mediums__contains=[question.medium])
    if not with_unclaimed:
        members = members.filter(person__is_claimed=True)
    members = members.exclude(person_id__in=Offer.objects.filter(question=question).values("mentor_id"))
    members = members.exclude(pk__in=_paused(now))
    return {
        person_id
        for person_id, languages in members.values_list("person_id", "person__languages")
        if is_understood(question, languages)
    }


def mentors_for(question: Question, *, now: datetime, with_unclaimed: bool = False) -> dict[UUID, Reach]:
    """Return those of `mentor_ids_for`, with how each can be reached."""
    return reach_of(mentor_ids_for(question, now=now, with_unclaimed=with_unclaimed), now=now)


def reach_of(people: Iterable[UUID], *, now: datetime, taken: Mapping[UUID, int] | None = None) -> dict[UUID, Reach]:
    """Return how these members can be reached, by person id. Seven queries, whatever their number.

    `taken` is what `week_of_everybody` says, where the caller has asked already: then it takes five.
    """
    members = list(Membership.objects.here().filter(person_id__in=list(people)).select_related("person"))
    ids = [member.person_id for member in members]
    busy = _busy(ids, now) | _busy_elsewhere(ids, now)
    taken = _taken(ids, now) if taken is None else taken
    hours: dict[UUID, list[WeeklyHours]] = {}
    for stretch in WeeklyHours.objects.filter(membership__in=members):
        hours.setdefault(stretch.membership_id, []).append(stretch)
    return {
        member.person_id: Reach(
            membership=member,
            presence=_presence(member, hours.get(member.pk, []), now),
            is_quiet=is_within_quiet(member.quiet_from, member.quiet_until, now.astimezone(_zone(member))),
            is_busy=member.person_id in busy,
            has_room=taken.get(member.person_id, 0) < member.capacity_per_week,
        )
        for member in members
    }


def questions_for(membership: Membership, *, minutes: int, now: datetime, most: int = 50) -> list[Question]:
    """Return the questions that wait and that this mentor may be asked, the longest waiting first.

    The same limits as `mentor_ids_for`, read from the other side. A question whose mentee chose whom to ask is
    for those alone.
    """
    me = membership.person
    if Pause.objects.in_force(now).filter(membership=membership).exists():
        return []
    programmes = Enrolment.objects.filter(membership=membership).values("programme_id")
    waiting = (
        Question.objects.filter(state__in=Question.CLAIMABLE, time_box__lte=minutes, medium__in=membership.mediums)
        .exclude(mentee=None)
        .exclude(mentee=me)
        .exclude(mentee_id__in=list(Block.objects.apart_from(me)))
        .exclude(audience=Question.Audience.CHOSEN)
        .exclude(pk__in=Offer.objects.filter(mentor=me).values("question_id"))
        .exclude(pk__in=Session.objects.filter(mentor=me).values("question_id"))
        .filter(
            ~Q(audience=Question.Audience.PROGRAMME)
            | Q(programme=None)
            | Q(programme__is_for_all=True)
            | Q(programme_id__in=programmes)
        )
        .select_related("mentee", "programme")
        .order_by("asked_at", "pk")
    )
    return [question for question in waiting[: most * 2] if is_understood(question, me.languages)][:most]


def taken_this_week(person: Person, *, now: datetime) -> int:
    """Return how much of a mentor's week is spoken for: conversations of the last seven days, and bookings ahead."""
    return _taken([person.pk], now).get(person.pk, 0)


def week_of_everybody(now: datetime) -> dict[UUID, int]:
    """Return by mentor how much of the week is spoken for, of those of whom something is. Two queries."""
    return _taken(None, now)


def full_at(now: datetime, taken: Mapping[UUID, int] | None = None) -> set[UUID]:
    """Return who has no time left this week. Three queries, or one where `taken` says what the weeks hold."""
    taken = week_of_everybody(now) if taken is None else taken
    spoken_for = Membership.objects.here().filter(Q(person_id__in=taken) | Q(capacity_per_week=0))
    rows = spoken_for.values_list("person_id", "capacity_per_week")
    return {person_id for person_id, capacity in rows if taken.get(person_id, 0) >= capacity}


def is_in_session(person: Person) -> bool:
    """Return whether the person is in a live session right now, here or in another of their organisations."""
    if Session.objects.visible_to(person).live().exists():
        return True
    with connection.cursor() as cursor:
        cursor.execute("select exists (select rooms_live_elsewhere(%s))", [[person.pk]])
        return bool(cursor.fetchone()[0])


def one_at_a_time(person: Person) -> None:
    """Let what else would open a live session for this person wait, in any organisation, until this is committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"live:{person.pk}"])


def _taken(ids: list[UUID] | None, now: datetime) -> dict[UUID, int]:
    """Return by person the conversations of a week as a mentor: those of the last seven days, and those booked.

    None for the ids means everybody; who has none is not in it.
    """
    counts: dict[UUID, int] = {}
    theirs = Q(mentor__isnull=False) if ids is None else Q(mentor_id__in=ids)
    held = Session.objects.filter(theirs, opened_at__gt=now - WEEK).exclude(state=Session.State.RETURNED)
    ahead = Booking.objects.standing().filter(theirs, session=None, during__endswith__gt=now)
    for rows in (held, ahead):
        for mentor_id, count in rows.values("mentor_id").annotate(count=Count("id")).values_list("mentor_id", "count"):
            counts[mentor_id] = counts.get(mentor_id, 0) + count
    return counts


def _presence(member: Membership, hours: list[WeeklyHours], now: datetime) -> str:
    if member.is_available(now):
        return "available"
    local = now.astimezone(_zone(member))
    return "hours" if is_within_hours([(h.weekday, h.starts, h.ends) for h in hours], local) else "reachable"


def _zone(member: Membership) -> ZoneInfo:
    return ZoneInfo(member.person.time_zone)


def _busy(ids: list[UUID], now: datetime) -> set[UUID]:
    """Return who is in a live session, or has a booked one within a quarter of an hour."""
    busy: set[UUID] = set()
    rows = [
        *Session.objects.live()
        .filter(Q(mentor_id__in=ids) | Q(mentee_id__in=ids))
        .values_list("mentor_id", "mentee_id"),
        *Booking.objects.standing()
        .filter(Q(mentor_id__in=ids) | Q(mentee_id__in=ids), during__overlap=(now, now + SOON))
        .values_list("mentor_id", "mentee_id"),
    ]
    for mentor_id, mentee_id in rows:
        busy |= {mentor_id, mentee_id}
    return busy


def _busy_elsewhere(ids: list[UUID], now: datetime) -> set[UUID]:
    """Return who is as busy in another organisation; no more of it is known here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rooms_live_elsewhere(%s) union select person from scheduling_taken_elsewhere(%s, %s, %s)",
            [sorted(ids), sorted(ids), now, now + SOON],
        )
        return {person_id for (person_id,) in cursor.fetchall()}


def _paused(now: datetime) -> "QuerySet[Pause, Any]":
    return Pause.objects.in_force(now).values("membership_id")


def written_only(question: Question) -> bool:
    """Return whether the question was meant for days from the start."""
    return question.medium == Medium.ASYNC
