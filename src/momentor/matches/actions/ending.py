"""The end of a match: by one of the two, by a coordinator, or because one of them is gone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from momentor.foundation.events import announce
from momentor.matches.events import MatchEnded
from momentor.matches.models import Match
from momentor.people.models import Person
from momentor.people.standing import coordinator, member


@transaction.atomic
def end_match(*, match: Match, by: Person, now: datetime) -> None:
    """End a match. Nobody has to say why; twice does no harm. Raises NotAMember, OnlyForCoordinators."""
    if by.pk in (match.mentee_id, match.mentor_id):
        member(by)
    else:
        coordinator(by)
    _end(Match.objects.filter(pk=match.pk), by_id=by.pk, now=now)


def part(*, pairs: Iterable[tuple[UUID, UUID]], by_id: UUID, now: datetime) -> None:
    """End every match between two people who may not meet any more."""
    for one, other in pairs:
        between = Q(mentee=one, mentor=other) | Q(mentee=other, mentor=one)
        _end(Match.objects.filter(between), by_id=by_id, now=now)


def part_all_of(*, person_id: UUID, now: datetime, programme_id: UUID | None = None) -> None:
    """End every match of somebody who is gone: from a programme, or from everywhere."""
    theirs = Match.objects.filter(Q(mentee=person_id) | Q(mentor=person_id))
    _end(theirs.filter(programme=programme_id) if programme_id else theirs, by_id=person_id, now=now)


@transaction.atomic
def _end(matches: QuerySet[Match], *, by_id: UUID, now: datetime) -> None:
    ending = list(matches.filter(ended_at=None).select_for_update().order_by("pk"))
    Match.objects.filter(pk__in=[one.pk for one in ending]).update(ended_at=now)
    for one in ending:
        announce(MatchEnded(match_id=one.pk, by_id=by_id, at=now))
