"""A preview from its start until it is confirmed or put aside."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matchwell.programme.values import MENTEE_WISH, MENTOR_WISH
from momentor.foundation import jobs
from momentor.foundation.events import announce
from momentor.foundation.refusals import Refusal
from momentor.matches.events import PreviewDiscarded, PreviewReady, PreviewStarted
from momentor.matches.fitting import PARTS
from momentor.matches.models import Preview, Proposal
from momentor.people.actions.programmes import NotMatchedHere
from momentor.people.models import Person, Programme
from momentor.people.standing import coordinator

ALL_PARTS = (*PARTS, MENTEE_WISH, MENTOR_WISH)
HEAVIEST = 10.0
ROWS_AT_ONCE = 1000


class PreviewUnderway(Refusal):
    message = _("Somebody is having a preview worked out at this moment. Look at that one, or stop it first.")


class PreviewNotReady(Refusal):
    message = _("This preview is not there to be confirmed: it is still being worked out, or was put aside.")


class WrongSettings(Refusal):
    message = "%(what)s"
    status = 422


@transaction.atomic
def start_preview(
    *,
    programme: Programme,
    by: Person | None,
    now: datetime,
    way: str = Preview.Way.MOST,
    weights: Mapping[str, float] | None = None,
    places: int = 2,
    most_hours_apart: int | None = None,
    counts_silent: bool = False,
    is_queued: bool = True,
) -> Preview:
    """Have worked out what matching everybody in a programme would come to. One that was ready before is put aside.

    `by` is None for the host at the console, who may also work it out in place of the worker (`is_queued`).
    Raises OnlyForCoordinators, NotMatchedHere, PreviewUnderway, WrongSettings.
    """
    if by is not None:
        coordinator(by)
    # Lock the programme: two coordinators may press at the same instant.
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if not programme.matches_people:
        raise NotMatchedHere
    before = Preview.objects.filter(programme=programme)
    if before.underway().exists():
        raise PreviewUnderway
    _put_aside(before.filter(state=Preview.State.READY))
    preview = Preview(
        programme=programme,
        way=way,
        weights=_weights(weights or {}),
        places=places,
        most_hours_apart=most_hours_apart,
        counts_silent=counts_silent,
        by=by,
        started_at=now,
    )
    try:
        preview.clean_fields(exclude=["by", "weights", "inputs", "result", "confirmed_by", "programme"])
    except ValidationError as error:
        raise WrongSettings(what=" ".join(error.messages)) from error
    preview.save(force_insert=True)
    announce(PreviewStarted(preview_id=preview.pk, programme_id=programme.pk, by_id=by.pk if by else None, at=now))
    if is_queued:
        from momentor.matches.jobs import make_preview  # the job calls back into here

        jobs.enqueue(make_preview, preview_id=preview.pk)
    return preview


def _weights(given: Mapping[str, float]) -> dict[str, float]:
    for name, weight in given.items():
        if name not in ALL_PARTS:
            raise WrongSettings(what=_("There is no part “%(name)s” to weigh.") % {"name": name})
        if not (isfinite(weight) and 0 <= weight <= HEAVIEST):
            raise WrongSettings(what=_("A weight is a number from 0 to %(most)s.") % {"most": round(HEAVIEST)})
    return {name: float(given.get(name, 1.0)) for name in ALL_PARTS}


@transaction.atomic
def discard_preview(*, preview: Preview, by: Person, now: datetime) -> None:
    """Put a preview aside, or stop one that is being worked out. Nothing of it takes effect; twice does no harm.

    Raises OnlyForCoordinators, PreviewNotReady.
    """
    coordinator(by)
    found = Preview.objects.select_for_update().get(pk=preview.pk)
    if found.state == Preview.State.CONFIRMED:
        raise PreviewNotReady
    if _put_aside(Preview.objects.filter(pk=found.pk).exclude(state=Preview.State.DISCARDED)):
        announce(PreviewDiscarded(preview_id=preview.pk, by_id=by.pk, at=now))


def _put_aside(previews: Any) -> int:
    """Keep of these that there were such, and nothing of what they would have done."""
    Proposal.objects.filter(preview__in=previews).delete()
    changed: int = previews.update(state=Preview.State.DISCARDED, task=None)
    return changed


@transaction.atomic
def drop_proposal(*, proposal: Proposal, by: Person, now: datetime) -> None:
    """Take one pair out of a preview: it will not be matched. Raises OnlyForCoordinators, PreviewNotReady."""
    _ready(proposal, by)
    Proposal.objects.filter(pk=proposal.pk, dropped_at=None).update(dropped_at=now)


@transaction.atomic
def restore_proposal(*, proposal: Proposal, by: Person) -> None:
    """Take a pair back in that was taken out. Raises OnlyForCoordinators, PreviewNotReady."""
    _ready(proposal, by)
    Proposal.objects.filter(pk=proposal.pk).update(dropped_at=None)


def _ready(proposal: Proposal, by: Person) -> None:
    coordinator(by)
    # Locked, so that no pair is taken out while the preview is being confirmed.
    if not Preview.objects.select_for_update().get(pk=proposal.preview_id).is_ready:
        raise PreviewNotReady


@transaction.atomic
def keep_preview(
    *,
    preview_id: UUID,
    proposals: Iterable[Proposal],
    version: str,
    inputs: Mapping[str, Any],
    result: Mapping[str, Any],
    task: bytes,
    now: datetime,
) -> Preview | None:
    """Keep what a preview came to, all of it at once; None where it was put aside, or kept by another, meanwhile."""
    preview = Preview.objects.select_for_update().get(pk=preview_id)
    if preview.state != Preview.State.RUNNING:
        return None
    Proposal.objects.bulk_create(proposals, batch_size=ROWS_AT_ONCE)
    preview.state, preview.ready_at = Preview.State.READY, now
    preview.version, preview.inputs, preview.result, preview.task = version, dict(inputs), dict(result), task
    preview.save(update_fields=["state", "ready_at", "version", "inputs", "result", "task"])
    seconds = round((now - preview.started_at).total_seconds())
    announce(PreviewReady(preview_id=preview.pk, seconds=seconds, at=now))
    return preview
