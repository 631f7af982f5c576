"""What is decided when a notice leaves: still of use, still wanted, at a decent hour, not too often; then how."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from momentor.dispatch.models import Offer
from momentor.foundation import jobs
from momentor.foundation.addresses import address_in, path_in
from momentor.integrations.email.letters import Letter, Undeliverable, send
from momentor.integrations.webpush.sending import Push, push_to
from momentor.learning.links import token_of
from momentor.learning.models import Nudge
from momentor.notices.kinds import KINDS, MAIL, PUSH, Kind
from momentor.notices.models import Delivery, Notice
from momentor.notices.queries import is_wanted, names_in, sentence_of
from momentor.notices.unsubscribing import token_for
from momentor.people.models import Membership, Organisation
from momentor.scheduling.slots import is_within_quiet

GIVE_UP_AFTER = timedelta(days=1)
OFFER_KINDS = tuple(kind.name for kind in KINDS.values() if kind.is_offer)


@transaction.atomic
def deliver_one(*, delivery_id: UUID, now: datetime) -> None:
    """Send one delivery that waits, put it off to a decent hour, or drop it and say why.

    Raises TryAgainLater when the other side is not there at the moment.
    """
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("notice__person")
        .filter(pk=delivery_id, state=Delivery.State.WAITING)
        .first()
    )
    if delivery is None:
        return
    notice = delivery.notice
    kind = KINDS.get(notice.kind)
    member = Membership.objects.here().active().filter(person=notice.person, person__is_active=True).first()
    if kind is None or member is None:
        _close(delivery, Delivery.State.DROPPED, "nobody to tell", now=now)
        return
    if why := _why_not(delivery, kind, now=now):
        _close(delivery, Delivery.State.DROPPED, why, now=now)
        return
    can_wait = kind.is_offer or (delivery.channel == PUSH and not kind.is_urgent)
    if can_wait and (until := quiet_until(member, ZoneInfo(notice.person.time_zone), now=now)):
        _put_off(delivery, until)
        return
    try:
        with translation.override(notice.person.locale or settings.LANGUAGE_CODE):
            reached = _mail(notice, kind) if delivery.channel == MAIL else _push(notice, kind, now=now)
    except Undeliverable as trouble:
        _close(delivery, Delivery.State.FAILED, str(trouble), now=now)
        return
    if reached:
        _close(delivery, Delivery.State.SENT, "", now=now)
    else:
        _close(delivery, Delivery.State.DROPPED, "no device to reach", now=now)


def _why_not(delivery: Delivery, kind: Kind, *, now: datetime) -> str:
    """Return why a notice need not be delivered any more; nothing when it should be."""
    notice = delivery.notice
    if notice.read_at is not None:
        return "read"
    if not is_wanted(kind, delivery.channel, notice.person):
        return "not wanted"
    if kind.is_offer:
        offer = _offer_of(notice)
        if offer is None or not offer.is_open(now):
            return "gone"
        if delivery.channel == PUSH and _pushed_today(notice, now=now) >= settings.OFFERS_A_DAY:
            return "daily maximum"
    return ""


def _offer_of(notice: Notice) -> Offer | None:
    return Offer.objects.filter(pk=UUID(notice.facts["offer"])).select_related("question").first()


def _pushed_today(notice: Notice, *, now: datetime) -> int:
    """Return how many offers reached a person's devices in a day, here and in their other organisations."""
    since = now - timedelta(days=1)
    pushed = Delivery.objects.filter(channel=PUSH, state=Delivery.State.SENT, tried_at__gt=since)
    pushed_here = pushed.filter(notice__person=notice.person, notice__kind__in=OFFER_KINDS).count()
    with connection.cursor() as cursor:
        kinds = list(OFFER_KINDS)
        cursor.execute("select notices_pushed_elsewhere(%s, %s, %s)", [notice.person_id, kinds, since])
        [(pushed_elsewhere,)] = cursor.fetchall()
    return pushed_here + int(pushed_elsewhere)


def quiet_until(member: Membership, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Return when a member's quiet hours end if they hold now; whoever is "available now" is awake."""
    local = now.astimezone(zone)
    if member.is_available(now) or member.quiet_until is None:
        return None
    if not is_within_quiet(member.quiet_from, member.quiet_until, local):
        return None
    end = datetime.combine(local.date(), member.quiet_until, tzinfo=zone)
    return end if end > local else datetime.combine(local.date() + timedelta(days=1), member.quiet_until, tzinfo=zone)


def _put_off(delivery: Delivery, until: datetime) -> None:
    from momentor.notices.jobs import deliver  # the job calls back into here

    delivery.why = "quiet hours"
    delivery.save(update_fields=["why"])
    jobs.enqueue(deliver, at=until, delivery_id=delivery.pk)


def _mail(notice: Notice, kind: Kind) -> bool:
    person, organisation = notice.person, notice.organisation
    sentence = sentence_of(notice, names_in([notice]))
    extra = _plan_of(notice, organisation) if kind.name == "nudge" else ([], [])
    send(
        Letter(
            to=person.email,
            person_is_demo=person.is_demo,
            # The name of the other one may stand in a subject; what was asked, said or planned never does. Below it, a
            # reminder quotes the plan: it is of use where it can be read at a glance. The page on privacy says so.
            subject=sentence,
            greeting=_("Hello %(name)s,") % {"name": person},
            lines=(sentence, *extra[0]),
            buttons=extra[1] or [(str(kind.action), address_in(organisation, "notices:notice", notice.pk))],
            place=organisation.name,
            unsubscribe=address_in(organisation, "notices:unsubscribe", token_for(person, kind.name)),
            preferences=address_in(organisation, "notices:preferences"),
            reference=str(notice.pk),
        )
    )
    return True


def _plan_of(notice: Notice, organisation: Organisation) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the plan that a nudge is about, in its own words, and a button for each answer."""
    nudge = Nudge.objects.select_related("takeaway").get(pk=notice.facts["nudge"])
    plan = nudge.takeaway
    lines = [
        *([plan.first_step] if plan.first_step else []),
        *([_("If %(this)s, then %(that)s") % {"this": plan.plan_if, "that": plan.plan_then}] if plan.plan_then else []),
    ]
    here = address_in(organisation, "learning:reply_by_mail", token_of(nudge))
    return lines, [(str(name), f"{here}?reply={value}") for value, name in Nudge.Reply.choices]


def _push(notice: Notice, kind: Kind, *, now: datetime) -> bool:
    organisation = notice.organisation
    offer = _offer_of(notice) if kind.is_offer else None
    return push_to(
        notice.person,
        Push(
            title=sentence_of(notice, names_in([notice])),
            place=organisation.name,
            url=path_in(organisation, "notices:notice", notice.pk),
            tag=f"{kind.name}:{notice.facts.get('offer') or notice.facts.get('session') or notice.pk}",
            is_urgent=kind.is_urgent,
            offer=offer,
        ),
        organisation=organisation,
        now=now,
    )


def _close(delivery: Delivery, state: str, why: str, *, now: datetime) -> None:
    delivery.state, delivery.why, delivery.tried_at = state, why[:200], now
    delivery.save(update_fields=["state", "why", "tried_at"])


def give_up_on_old(*, now: datetime) -> int:
    """Write off deliveries that still wait a day after their time: their channel was not there."""
    old = Delivery.objects.filter(state=Delivery.State.WAITING, notice__made_at__lt=now - GIVE_UP_AFTER)
    return old.exclude(why="quiet hours").update(
        state=Delivery.State.FAILED, why="could not be delivered within a day", tried_at=now
    )
