"""Reads about previews and matches, for pages and for the console."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from momentor.foundation.prepared import prepared
from momentor.foundation.text import one_line
from momentor.matches.models import MOST_WISHES, Match, Preview, Proposal, Wish
from momentor.matches.plain import PARTS, said_of, why_left
from momentor.matches.reading import blocks_among, members_of, mentors_at_work, wants_one
from momentor.people.models import Enrolment, Membership, Person, Programme

PAGE = 25
MOST_AT_HOME = 6
MOST_OWN = 100


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many look for a mentor in a programme, and who could be theirs."""

    seeking: int
    silent: int  # who neither mentor nor said whether they want a mentor
    mentors: int
    paused: int
    matched: int


def standing_of(programme: Programme, *, now: datetime) -> Standing:
    """Return where a programme stands before everybody is matched. Five queries, whatever its size."""
    members, able = members_of(programme), mentors_at_work(now)
    taken = set(Match.objects.running().filter(programme=programme).values_list("mentee_id", flat=True))
    free = [one for one in members if one.person_id not in taken]
    mentors = [one for one in members if one.answers_questions and one.places != 0]
    seeking = sum(wants_one(one, counts_silent=False) for one in free)
    return Standing(
        seeking=seeking,
        silent=sum(wants_one(one, counts_silent=True) for one in free) - seeking,
        mentors=sum(one.membership_id in able for one in mentors),
        paused=sum(one.membership_id not in able for one in mentors),
        matched=len(taken),
    )


def latest_preview(programme: Programme) -> Preview | None:
    """Return the preview that is underway, ready or was confirmed last."""
    told = (Preview.State.DISCARDED,)
    return Preview.objects.filter(programme=programme).exclude(state__in=told).order_by("-started_at", "-pk").first()


# A preview, row by row


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One proposed pair as a coordinator sees it."""

    proposal: Proposal
    wish: str
    fit: int  # of 100
    said: list[str]
    parts: list[tuple[str, int]]  # in words, and how much of the fit each makes

    @property
    def is_dropped(self) -> bool:
        return self.proposal.dropped_at is not None


def pairs_in(preview: Preview, words: str = "") -> QuerySet[Proposal]:
    """Return the pairs of a preview, the best fit first, of people whose names hold these words."""
    found = Proposal.objects.filter(preview=preview).pairs().select_related("mentee", "mentor")
    for word in one_line(words).split()[:6]:
        found = found.filter(Q(mentee__name__icontains=word) | Q(mentor__name__icontains=word))
    return found.order_by("-score", "pk")


def as_pairs(preview: Preview, proposals: Iterable[Proposal]) -> list[Pair]:
    """Return proposals in words. One query."""
    proposals, full = list(proposals), preview.result["full"]
    parts = Enrolment.objects.filter(
        programme=preview.programme_id, membership__person__in=[one.mentee_id for one in proposals]
    )
    wishes = dict(parts.values_list("membership__person", "wish"))
    return [
        Pair(
            proposal=one,
            wish=wishes.get(one.mentee_id, ""),
            fit=of_100(one.score, full),
            said=said_of(one.facts),
            parts=[(str(PARTS[part]), of_100(points, full)) for part, points in one.parts.items() if part in PARTS],
        )
        for one in proposals
    ]


def of_100(score: float, full: float) -> int:
    """Return a score as a share of all that the parts could make, wishes beside."""
    return min(100, round(100 * score / full))


def left_in(preview: Preview) -> QuerySet[Proposal]:
    """Return the mentees for whom a preview has nobody, by name."""
    left = Proposal.objects.filter(preview=preview, mentor=None).select_related("mentee")
    return left.order_by("mentee__name", "pk")


def as_left(proposals: Iterable[Proposal]) -> list[tuple[Person, str]]:
    """Return who is left, each with why."""
    return [(one.mentee, why_left(one.why, one.facts.get("open", 0))) for one in proposals]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What happens if one part counts differently: people matched, mean fit of 100, people with another mentor."""

    factor: float
    matched: int
    fit: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a preview comes to, in sums."""

    matched: int
    left: int
    dropped: int
    fit: int
    mentors: int
    places: int
    loads: list[tuple[int, int]]  # mentees of a mentor, and how many mentors have so many
    effects: list[tuple[str, float, list[Effect]]]  # by part, with its weight


def outlook_of(preview: Preview) -> Outlook:
    """Return what a preview comes to. One query."""
    result, inputs = preview.result, preview.inputs
    full, matched = result["full"], result["matched"]
    loads = {int(mentees): mentors for mentees, mentors in result["loads"].items()}
    loads[0] = inputs["mentors"] - sum(loads.values())
    by_part: dict[str, list[Effect]] = {}
    for one in result["effects"]:
        by_part.setdefault(one["part"], []).append(
            Effect(
                factor=one["factor"],
                matched=one["matched"],
                fit=_mean(one["total"], one["matched"], full),
                changed=one["changed"],
            )
        )
    return Outlook(
        matched=matched,
        left=result["unmatched"],
        dropped=Proposal.objects.filter(preview=preview).pairs().exclude(dropped_at=None).count(),
        fit=_mean(result["total"], matched, full),
        mentors=inputs["mentors"],
        places=inputs["places"],
        loads=sorted(loads.items()),
        effects=[(str(PARTS[part]), preview.weights.get(part, 1.0), effects) for part, effects in by_part.items()],
    )


def _mean(total: float, matched: int, full: float) -> int:
    return of_100(total / matched, full) if matched else 0


def left_out_of(preview: Preview) -> QuerySet[Proposal]:
    """Return the pairs that no longer held when a preview was confirmed."""
    found = Proposal.objects.filter(preview=preview).exclude(left_out="").select_related("mentee", "mentor")
    return found.order_by("mentee__name", "pk")


def who_may_not_meet(preview: Preview) -> list[Match]:
    """Return the matches from a preview between people of whom one blocked the other, or takes part no more."""
    running = Match.objects.running().filter(preview=preview).order_by("pk")
    there = {one.person_id for one in members_of(preview.programme)}
    apart = {pair for one, other in blocks_among(there) for pair in ((one, other), (other, one))}
    return [
        match
        for match in running
        if not {match.mentee_id, match.mentor_id} <= there or (match.mentee_id, match.mentor_id) in apart
    ]


# One's own


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One match as one of the two sees it."""

    match: Match
    other: Person
    is_mentee: bool


def matches_of(person: Person) -> list[Mine]:
    """Return somebody's running matches: their mentors first, then their mentees."""
    return _as_mine(_running(person=person), person)


def matches_at_home(person: Person) -> list[Mine]:
    """Return the first of somebody's matches, for the home page."""
    return matches_of(person)[:MOST_AT_HOME]


@prepared
def _running(person: Person) -> QuerySet[Match]:
    found = Match.objects.running().visible_to(person).select_related("programme", "mentee", "mentor")
    return found.order_by("made_at", "pk")[:MOST_OWN]


def _as_mine(matches: Iterable[Match], person: Person) -> list[Mine]:
    mine = [Mine(match=one, other=one.other_than(person), is_mentee=one.mentee_id == person.pk) for one in matches]
    return sorted(mine, key=lambda one: not one.is_mentee)


def mentors_of(person: Person) -> list[Mine]:
    """Return the matches in which somebody is mentored."""
    return [one for one in matches_of(person) if one.is_mentee]


def matches_between(person: Person, other_id: UUID) -> list[Mine]:
    """Return the running matches of two people."""
    return [one for one in matches_of(person) if one.other.pk == other_id]


def own_matches_in(programme: Programme, person: Person) -> list[Mine]:
    """Return somebody's running matches in one programme."""
    return [one for one in matches_of(person) if one.match.programme_id == programme.pk]


def matches_in(programme: Programme, words: str = "") -> QuerySet[Match]:
    """Return the running matches of a programme for coordinators, by the mentee's name."""
    found = Match.objects.running().filter(programme=programme).select_related("mentee", "mentor")
    for word in one_line(words).split()[:6]:
        found = found.filter(Q(mentee__name__icontains=word) | Q(mentor__name__icontains=word))
    return found.order_by("mentee__name", "pk")


def wish_behind(match: Match) -> str:
    """Return what the mentee of a match would like a mentor for, as it stands now."""
    part = Enrolment.objects.filter(programme=match.programme_id, membership__person=match.mentee_id)
    return next(iter(part.values_list("wish", flat=True)), "")


def asked_to_say(membership: Membership) -> Programme | None:
    """Return a programme in which a member takes part, and has not said yet whether they would like a mentor."""
    return next(iter(_unsaid(membership=membership)), None)


@prepared
def _unsaid(membership: Membership) -> QuerySet[Programme]:
    parts = Enrolment.objects.filter(membership=membership, wants_mentor=None)
    return Programme.objects.filter(matches_people=True, pk__in=parts.values("programme_id")).order_by("pk")[:1]


@dataclass(frozen=True, kw_only=True)
class Wishing:
    """Whom somebody wished for in a programme, and whom of a list they may still wish for, by person id."""

    wishes: list[Wish]
    mentors: set[UUID]
    mentees: set[UUID]


def wishing_in(
    programme: Programme, membership: Membership, rows: Iterable[Membership], *, has_mentor: bool
) -> Wishing:
    """Return what somebody wished in a programme, and whom of these members they may still wish for. Two queries."""
    rows = [row for row in rows if row.pk != membership.pk]
    found = Wish.objects.filter(programme=programme, by=membership.person_id).select_related("about")
    wishes = list(found.order_by("side", "wished_at", "pk"))
    asked = Enrolment.objects.filter(programme=programme, wants_mentor=True)
    wanting = set(asked.filter(membership__in=[membership, *rows]).values_list("membership_id", flat=True))
    mentors = (
        {row.person_id for row in rows if row.answers_questions}
        if membership.pk in wanting and not has_mentor
        else set()
    )
    mentees = {row.person_id for row in rows if row.pk in wanting} if membership.answers_questions else set()
    return Wishing(
        wishes=wishes,
        mentors=_still(mentors, wishes, Wish.Side.AS_MENTEE),
        mentees=_still(mentees, wishes, Wish.Side.AS_MENTOR),
    )


def _still(people: set[UUID], wishes: list[Wish], side: str) -> set[UUID]:
    named = {wish.about_id for wish in wishes if wish.side == side}
    return people - named if len(named) < MOST_WISHES else set()


def as_values(preview: Preview) -> dict[str, Any]:
    """Return a preview as plain values, for another program."""
    people = Proposal.objects.filter(preview=preview).select_related("mentee", "mentor").order_by("mentee__name", "pk")
    return {
        "preview": str(preview.pk),
        "state": preview.state,
        "way": preview.way,
        "weights": preview.weights,
        "places": preview.places,
        "most_hours_apart": preview.most_hours_apart,
        "version": preview.version,
        "inputs": preview.inputs,
        "result": preview.result,
        "pairs": [_pair(one) for one in people if one.mentor_id],
        "left": [
            {"mentee": str(one.mentee_id), "name": str(one.mentee), "why": why_left(one.why, one.facts.get("open", 0))}
            for one in people
            if not one.mentor_id
        ],
    }


def _pair(one: Proposal) -> dict[str, Any]:
    return {
        "mentee": str(one.mentee_id),
        "mentee_name": str(one.mentee),
        "mentor": str(one.mentor_id),
        "mentor_name": str(one.mentor),
        "score": one.score,
        "parts": one.parts,
        "said": said_of(one.facts),
        "left_out": one.left_out or None,
    }
