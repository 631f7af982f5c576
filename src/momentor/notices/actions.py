"""Telling people what they should know, and what they want to know of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from momentor.foundation import jobs
from momentor.foundation.pushing import person_stream, push
from momentor.foundation.refusals import Refusal
from momentor.notices.kinds import CHANNELS, KINDS, MAIL, PUSH
from momentor.notices.models import Delivery, Notice, Preference
from momentor.notices.queries import is_wanted
from momentor.people.models import Membership, Person

MOST_COUNTED = 100


class NoSuchNotice(Refusal):
    message = _("There is no such kind of notice.")
    status = 422


@transaction.atomic
def tell(*, person_id: UUID | None, kind: str, once: str, now: datetime, **facts: object) -> Notice | None:
    """Tell a person something, once: in the app, and through the channels they want.

    `facts` are the ids, numbers and times that its sentence and its link are made from, never words. Returns the
    notice, or None when it was told before or there is nobody to tell.
    """
    told = KINDS[kind]
    if person_id is None or not _is_here(person_id):
        return None
    plain = {name: str(fact) for name, fact in facts.items() if fact is not None}
    notice, is_new = Notice.objects.get_or_create(
        person_id=person_id, once=f"{kind}:{once}"[:120], defaults={"kind": kind, "facts": plain, "made_at": now}
    )
    if not is_new:
        return None
    person = Person.objects.get(pk=person_id)
    for channel in sorted(told.by):
        if person.is_claimed and is_wanted(told, channel, person):
            delivery = Delivery.objects.create(notice=notice, channel=channel)
            at = now + told.mail_waits if channel == MAIL and told.mail_waits else None
            _queue(delivery, at=at)
    _push_number(person_id, notice=notice)
    return notice


def _is_here(person_id: UUID) -> bool:
    return Membership.objects.here().active().filter(person_id=person_id).exists()


def _queue(delivery: Delivery, *, at: datetime | None) -> None:
    from momentor.notices.jobs import deliver  # the job calls back into here

    jobs.enqueue(deliver, at=at, delivery_id=delivery.pk)


def _push_number(person_id: UUID, notice: Notice | None = None) -> None:
    """Tell the person's open pages how many notices are unread, and which is new."""
    message: dict[str, Any] = {"t": "notice", "unread": _unread(person_id)}
    if notice is not None:
        message |= {"id": str(notice.pk), "kind": notice.kind, "facts": notice.facts}
    push(to=person_stream(person_id), message=message)


def _unread(person_id: UUID) -> int:
    return Notice.objects.unread().filter(person_id=person_id)[:MOST_COUNTED].count()


@transaction.atomic
def mark_read(*, by: Person, now: datetime, notice: Notice | None = None) -> int:
    """Mark one notice, or all of them, as read; return how many were new."""
    unread = Notice.objects.visible_to(by).unread()
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    changed = unread.update(read_at=now)
    if changed:
        _push_number(by.pk)
    return changed


@transaction.atomic
def settle(*, kinds: tuple[str, ...], now: datetime, person_id: UUID | None = None, **facts: object) -> int:
    """Mark the notices about something as read, since it is over: nobody needs to look any more."""
    found = Notice.objects.unread().filter(
        kind__in=kinds, **{f"facts__{name}": str(fact) for name, fact in facts.items()}
    )
    if person_id is not None:
        found = found.filter(person_id=person_id)
    people = set(found.values_list("person_id", flat=True))
    changed = found.update(read_at=now)
    for one in sorted(people):
        _push_number(one)
    return changed


@transaction.atomic
def choose_channel(*, by: Person, kind: str, channel: str, is_wanted: bool) -> Preference:
    """Say whether one wants a kind of notice through a channel. Raises NoSuchNotice."""
    if kind not in KINDS or channel not in CHANNELS or channel not in KINDS[kind].by:
        raise NoSuchNotice
    wish, _is_new = Preference.objects.update_or_create(
        person=by, kind=kind, channel=channel, defaults={"is_wanted": is_wanted}
    )
    if not is_wanted:
        waiting = Delivery.objects.filter(
            notice__person=by, notice__kind=kind, channel=channel, state=Delivery.State.WAITING
        )
        waiting.update(state=Delivery.State.DROPPED, why="not wanted")
    return wish


assert {MAIL, PUSH} == set(CHANNELS)
