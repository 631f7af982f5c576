"""What people take along of their matches, and what goes when it is older than the organisation keeps it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from momentor.matches.models import Match, Preview, Wish
from momentor.people.export import Part
from momentor.people.models import Person


def exported(person: Person) -> Iterator[Part]:
    """Return a person's matches, and whom they wished for; not who wished for them."""
    yield Part(name="matches.json", rows=_matches(person))
    wishes = Wish.objects.filter(by=person).order_by("id")
    names = ("programme__name", "about_id", "about__name", "side", "wished_at")
    yield Part(name="wishes.json", rows=wishes.values(*names).iterator(chunk_size=500))


def _matches(person: Person) -> Iterator[dict[str, Any]]:
    found = Match.objects.visible_to(person).select_related("programme", "mentee", "mentor").order_by("id")
    for match in found.iterator(chunk_size=500):
        yield {
            "programme": match.programme.name,
            "as": "mentee" if match.mentee_id == person.pk else "mentor",
            "with": str(match.other_than(person)),
            "what_spoke_for_it": match.facts,
            "made_at": match.made_at,
            "ended_at": match.ended_at,
        }


def forget_matches(before: datetime) -> int:
    """Remove the matches that ended before, and the previews of before from which no match is left."""
    gone = Match.objects.filter(ended_at__lt=before).delete()[0]
    kept = Match.objects.filter(preview=OuterRef("pk"))
    old = Preview.objects.filter(started_at__lt=before).exclude(state__in=Preview.UNDERWAY).exclude(Exists(kept))
    return gone + old.delete()[0]
