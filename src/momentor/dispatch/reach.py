"""Who may be asked at all: hard limits, read from the rows. What fits best is matching's business."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from momentor.asking.models import Question
from momentor.dispatch.models import Offer
from momentor.people.models import Block, Enrolment, Medium, Membership, Pause, Person
from momentor.scheduling.models import Booking, WeeklyHours
from momentor.scheduling.slots import is_within_hours, is_within_quiet
from momentor.sessions.models import Session

WEEK = timedelta(days=7)


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


def mentors_for(question: Question, *, now: datetime, with_unclaimed: bool = False) -> dict[UUID, Reach]:
    """Return by person id the mentors who may be asked this question at all.

    They take part, share its language, offer its medium, are not paused, and neither blocked nor were blocked by
    the mentee; who was offered it before is left out. Eight queries, whatever the number of mentors.
    """
    asker = question.mentee
    members = Membership.objects.mentors().exclude(person=asker).select_related("person")
    if not with_unclaimed:
        members = members.filter(person__is_claimed=True)
    if asker is not None:
        members = members.exclude(person_id__in=_apart_from(asker))
    members = members.filter(mediums__contains=[question.medium])
    if question.audience == Question.Audience.PROGRAMME and question.programme and not question.programme.is_for_all:
        members = members.filter(pk__in=Enrolment.objects.filter(programme=question.programme).values("membership_id"))
    members = members.exclude(
        person_id__in=Offer.objects.filter(question=question).values("mentor_id"),
    ).exclude(pk__in=_paused(now))
    spoken = {question.language} if question.language else set(asker.languages if asker else [])
    return _with_reach([member for member in members if share_a_language(spoken, member.person.languages)], now=now)


def reach_of(members: Iterable[Membership], *, now: datetime) -> dict[UUID, Reach]:
    """Return how these members can be reached, by person id."""
    return _with_reach(members, now=now)


def is_in_session(person: Person) -> bool:
    """Return whether the person is in a live session right now."""
    return Session.objects.visible_to(person).live().exists()


def _with_reach(members: Iterable[Membership], *, now: datetime) -> dict[UUID, Reach]:
    members = list(members)
    ids = [member.person_id for member in members]
    busy = _busy(ids, now)
    taken = dict(
        Session.objects.filter(mentor_id__in=ids, opened_at__gt=now - WEEK)
        .exclude(state=Session.State.RETURNED)
        .values("mentor_id")
        .annotate(sessions=Count("id"))
        .values_list("mentor_id", "sessions")
    )
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


def _presence(member: Membership, hours: list[WeeklyHours], now: datetime) -> str:
    if member.is_available(now):
        return "available"
    local = now.astimezone(_zone(member))
    return "hours" if is_within_hours([(h.weekday, h.starts, h.ends) for h in hours], local) else "reachable"


def _zone(member: Membership) -> ZoneInfo:
    return ZoneInfo(member.person.time_zone)


def _busy(ids: list[UUID], now: datetime) -> set[UUID]:
    """Return who is in a live session, or has a booked one within a quarter of an hour."""
    soon = (now, now + timedelta(minutes=15))
    busy: set[UUID] = set()
    rows = [
        *Session.objects.live().filter(Q(mentor_id__in=ids) | Q(mentee_id__in=ids)).values_list("mentor_id", "mentee_id"),
        *Booking.objects.standing()
        .filter(Q(mentor_id__in=ids) | Q(mentee_id__in=ids), during__overlap=soon)
        .values_list("mentor_id", "mentee_id"),
    ]
    for mentor_id, mentee_id in rows:
        busy |= {mentor_id, mentee_id}
    return busy


def _apart_from(person: Person) -> "list[UUID]":
    return list(Block.objects.apart_from(person))


def _paused(now: datetime) -> "object":
    return (
        Pause.objects.filter(from_at__lte=now, resumed_at=None)
        .filter(Q(until_at=None) | Q(until_at__gt=now))
        .values("membership_id")
    )


def share_a_language(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two people share a language, whatever the region ("de" and "de-AT"); unknown ones share all."""
    mine = {language.split("-")[0].lower() for language in some}
    theirs = {language.split("-")[0].lower() for language in others}
    return not mine or not theirs or bool(mine & theirs)


def written_only(question: Question) -> bool:
    """Return whether the question was meant for days from the start."""
    return question.medium == Medium.ASYNC
