"""Telling people that they are matched."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from momentor.matches.models import Match
from momentor.notices.actions import tell


def tell_of_matches(*, match_ids: Sequence[UUID], now: datetime) -> None:
    """Tell both of each of these pairs who it is; nobody of a pair that is over already."""
    for match in Match.objects.running().filter(pk__in=match_ids).order_by("pk"):
        for kind, person_id, other_id in (
            ("your_mentor", match.mentee_id, match.mentor_id),
            ("your_mentee", match.mentor_id, match.mentee_id),
        ):
            tell(person_id=person_id, kind=kind, once=str(match.pk), now=now, who=other_id, match=match.pk)
