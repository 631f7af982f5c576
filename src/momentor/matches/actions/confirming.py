"""From a preview to matches that hold."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction

from matchwell.programme.limits import ALLOWED
from momentor.foundation.events import announce
from momentor.matches.actions.previews import ROWS_AT_ONCE, PreviewNotReady
from momentor.matches.events import PreviewConfirmed
from momentor.matches.fitting import People
from momentor.matches.models import Match, Preview, Proposal
from momentor.matches.reading import people_of
from momentor.people.actions.programmes import NotMatchedHere
from momentor.people.models import Membership, Person, Programme
from momentor.people.standing import coordinator

LeftOut = Proposal.LeftOut


@transaction.atomic
def confirm_preview(*, preview: Preview, by: Person | None, now: datetime) -> Preview:
    """Match everybody as a preview proposes, except pairs taken out and those that no longer hold.

    Everything is looked at anew: who left, has somebody, takes a break, is full, or may no longer meet. Who confirms
    what is confirmed gets it as it is. `by` is None for the host at the console.
    Raises OnlyForCoordinators, NotMatchedHere, PreviewNotReady.
    """
    if by is not None:
        coordinator(by)
    programme = Programme.objects.select_for_update().get(pk=preview.programme_id)
    preview = Preview.objects.select_for_update(of=("self",)).select_related("programme").get(pk=preview.pk)
    if preview.state == Preview.State.CONFIRMED:
        return preview
    if not programme.matches_people:
        raise NotMatchedHere
    if not preview.is_ready:
        raise PreviewNotReady
    proposals = list(Proposal.objects.filter(preview=preview).kept().order_by("-score", "pk"))
    _hold_still(proposals)
    verdicts = _verdicts(proposals, people_of(preview, now=now, with_words=False))
    made = [proposal for proposal in proposals if proposal.pk not in verdicts]
    Match.objects.bulk_create((_match(preview, one, now) for one in made), batch_size=ROWS_AT_ONCE)
    for why in LeftOut:
        Proposal.objects.filter(pk__in=[pk for pk, verdict in verdicts.items() if verdict == why]).update(left_out=why)
    preview.state, preview.confirmed_at, preview.confirmed_by = Preview.State.CONFIRMED, now, by
    preview.result |= {"made": len(made), "left_out": len(verdicts)}
    preview.save(update_fields=["state", "confirmed_at", "confirmed_by", "result"])
    announce(
        PreviewConfirmed(
            preview_id=preview.pk, by_id=by.pk if by else None, matched=len(made), left_out=len(verdicts), at=now
        )
    )
    return preview


def _match(preview: Preview, proposal: Proposal, now: datetime) -> Match:
    assert proposal.mentor_id is not None
    return Match(
        programme=preview.programme,
        preview=preview,
        mentee_id=proposal.mentee_id,
        mentor_id=proposal.mentor_id,
        facts=proposal.facts,
        made_at=now,
    )


def _hold_still(proposals: list[Proposal]) -> None:
    """Lock the memberships of everybody concerned: who leaves at this instant does so before, or after all is done."""
    people = {person_id for one in proposals for person_id in (one.mentee_id, one.mentor_id) if person_id}
    held = Membership.objects.here().filter(person_id__in=people).order_by("pk").select_for_update(of=("self",))
    list(held.values_list("pk", flat=True))


@dataclass
class _Room:
    """Who looks for somebody, and which places are left."""

    seeking: set[str]
    places: Counter[str]


def _verdicts(proposals: list[Proposal], people: People) -> dict[UUID, str]:
    """Return by proposal why it no longer holds; of two who would share a mentor's last place, the better fit holds."""
    room = _Room(
        seeking={one.id for one in people.seeking},
        places=Counter({one.id: one.places for one in people.offering}),
    )
    ruled_out = _ruled_out(proposals, people)
    verdicts: dict[UUID, str] = {}
    for one in proposals:
        mentee, mentor = str(one.mentee_id), str(one.mentor_id)
        if mentee not in room.seeking:
            verdicts[one.pk] = LeftOut.MENTEE
        elif room.places[mentor] < 1:
            verdicts[one.pk] = LeftOut.MENTOR
        elif (mentee, mentor) in ruled_out:
            verdicts[one.pk] = LeftOut.PAIR
        else:
            room.places[mentor] -= 1
    return verdicts


def _ruled_out(proposals: list[Proposal], people: People) -> set[tuple[str, str]]:
    """Return the pairs that a hard limit keeps apart: blocks, languages, clocks."""
    mentees = {name: place for place, name in enumerate(sorted(one.id for one in people.seeking))}
    mentors = {name: place for place, name in enumerate(sorted(one.id for one in people.offering))}
    pairs = [
        (str(one.mentee_id), str(one.mentor_id))
        for one in proposals
        if str(one.mentee_id) in mentees and str(one.mentor_id) in mentors
    ]
    found = people.limits().of(
        np.array([mentees[mentee] for mentee, _mentor in pairs], np.int32),
        np.array([mentors[mentor] for _mentee, mentor in pairs], np.int32),
    )
    return {pair for pair, limit in zip(pairs, found.tolist(), strict=True) if limit != ALLOWED}
