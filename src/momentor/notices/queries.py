"""Notices in a reader's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from momentor.notices.kinds import CHANNELS, FOR_COORDINATORS, FOR_MENTORS, FOR_MODERATORS, KINDS, Kind
from momentor.notices.models import Notice, Preference
from momentor.people.models import Membership, Person

PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice as its reader sees it."""

    notice: Notice
    kind: Kind
    sentence: str


def told(notices: Sequence[Notice]) -> list[Told]:
    """Return notices with their sentences, in the language of the moment; those of kinds long gone are left out."""
    names = names_in(notices)
    return [
        Told(notice=notice, kind=KINDS[notice.kind], sentence=sentence_of(notice, names))
        for notice in notices
        if notice.kind in KINDS
    ]


def names_in(notices: Iterable[Notice]) -> dict[str, str]:
    """Return by id the names of the people in these notices, in one query."""
    wanted = {UUID(notice.facts["who"]) for notice in notices if notice.facts.get("who")}
    if not wanted:
        return {}
    return {str(person.pk): str(person) for person in Person.objects.filter(pk__in=wanted).only("name", "left_at")}


def sentence_of(notice: Notice, names: dict[str, str]) -> str:
    """Return what a notice says."""
    # Without a name there: somebody who stays hidden until the two meet.
    who = names.get(notice.facts["who"], _("Somebody who left")) if notice.facts.get("who") else _("Somebody")
    parts = {**notice.facts, "who": who}
    return str(KINDS[notice.kind].sentence) % parts


def path_to(kind: Kind, facts: dict[str, str]) -> str:
    """Return where a notice leads, inside the organisation; home where there is no such page any more."""
    arguments = [UUID(facts[kind.about])] if kind.about and facts.get(kind.about) else []
    try:
        return reverse(kind.page, args=arguments)
    except NoReverseMatch:
        return reverse("web:home")


def is_wanted(kind: Kind, channel: str, person: Person) -> bool:
    """Return whether a person wants this kind of notice through this channel."""
    if channel not in kind.by:
        return False
    wish = Preference.objects.filter(person=person, kind=kind.name, channel=channel).values_list("is_wanted", flat=True)
    return next(iter(wish), channel not in kind.unless_asked)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One kind on the page of preferences, and for each channel whether it is wanted; None where it cannot be."""

    kind: Kind
    channels: list[tuple[str, bool | None]]


def wishes_of(membership: Membership) -> list[Wish]:
    """Return what a member may be told, and how they want it, in one query."""
    rows = Preference.objects.filter(person_id=membership.person_id).values_list("kind", "channel", "is_wanted")
    given = {(kind, channel): is_wanted for kind, channel, is_wanted in rows}
    return [
        Wish(
            kind=kind,
            channels=[
                (
                    channel,
                    given.get((kind.name, channel), channel not in kind.unless_asked) if channel in kind.by else None,
                )
                for channel in CHANNELS
            ],
        )
        for kind in kinds_for(membership)
    ]


def kinds_for(membership: Membership) -> list[Kind]:
    """Return the kinds that can reach a member in their roles."""
    hidden: set[str] = set()
    if not membership.is_coordinator:
        hidden |= FOR_COORDINATORS
    if not membership.is_moderator:
        hidden |= FOR_MODERATORS
    if not membership.answers_questions:
        hidden |= FOR_MENTORS
    return [kind for kind in KINDS.values() if kind.name not in hidden]
