"""Where rows become the people who may be matched: who seeks, who offers, and who may not be with whom."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, Window
from django.db.models.functions import Left, RowNumber

from matchwell.words import QUESTION_LETTERS
from momentor.asking.models import Question
from momentor.matches.fitting import Offering, People, Seeking
from momentor.matches.models import Match, Preview, Wish
from momentor.people.models import Block, Enrolment, Membership, Pause, Programme
from momentor.people.queries import skills_of

LATEST = 3  # questions that stand for a wish that was not written


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who takes part in a programme, and what they said about a mentor of their own."""

    membership_id: UUID
    person_id: UUID
    answers_questions: bool
    languages: tuple[str, ...]
    time_zone: str
    wants_mentor: bool | None
    wish: str
    places: int | None


def people_of(preview: Preview, *, now: datetime, with_words: bool = True) -> People:
    """Return everybody in a programme who looks for a mentor or has a place, by the settings of a preview.

    Mentors who take a break, and those whose places are all taken, are left out, as are mentees who have somebody.
    Without words, what only serves to say how well people fit is not read.
    """
    programme = preview.programme
    members = members_of(programme)
    matches = Match.objects.running().filter(programme=programme)
    taken = dict(matches.values_list("mentee_id", "mentor_id"))
    load = Counter(taken.values())
    seeking = [
        one for one in members if one.person_id not in taken and wants_one(one, counts_silent=preview.counts_silent)
    ]
    able = mentors_at_work(now)
    offering = [
        (one, places) for one in members if one.membership_id in able and (places := _places(one, preview, load)) > 0
    ]
    wishes = _wishes(programme)
    texts = {one.person_id: one.wish for one in seeking if one.wish}
    if with_words:
        texts = _questions_of(one.person_id for one in seeking if not one.wish) | texts
    skills = skills_of(one.membership_id for one, _places in offering) if with_words else {}
    return People(
        seeking=[
            Seeking(
                id=str(one.person_id),
                text=texts.get(one.person_id, ""),
                own_words=bool(one.wish),
                languages=one.languages,
                utc_offset=_offset(one, now),
                wishes=wishes.get((one.person_id, Wish.Side.AS_MENTEE), ()),
            )
            for one in seeking
        ],
        offering=[
            Offering(
                id=str(one.person_id),
                places=places,
                skills=tuple(skills.get(one.membership_id, ())),
                languages=one.languages,
                utc_offset=_offset(one, now),
                wishes=wishes.get((one.person_id, Wish.Side.AS_MENTOR), ()),
            )
            for one, places in offering
        ],
        apart=_apart(programme, {one.person_id for one in members}),
        most_hours_apart=preview.most_hours_apart,
    )


def wants_one(member: Member, *, counts_silent: bool) -> bool:
    """Return whether somebody is to be given a mentor: who said so; if those count, also who said nothing."""
    if member.wants_mentor is None:
        return counts_silent and not member.answers_questions
    return member.wants_mentor


def members_of(programme: Programme) -> list[Member]:
    """Return the active members who take part and whose account is in use, in a fixed order.

    Rows are put together here and not by a join: right after many came in, PostgreSQL does not know yet that there are
    many, and joins them one by one.
    """
    parts = {part.membership_id: part for part in Enrolment.objects.filter(programme=programme)}
    there = Membership.objects.here().active().filter(person__is_active=True, person__is_claimed=True)
    if not programme.is_for_all:
        there = there.filter(pk__in=list(parts))
    rows = there.order_by("pk").values_list(
        "pk", "person_id", "answers_questions", "person__languages", "person__time_zone"
    )
    return [_member(row, parts.get(row[0])) for row in rows]


def _member(row: tuple[UUID, UUID, bool, list[str], str], part: Enrolment | None) -> Member:
    membership_id, person_id, answers_questions, languages, time_zone = row
    return Member(
        membership_id=membership_id,
        person_id=person_id,
        answers_questions=answers_questions,
        languages=tuple(languages),
        time_zone=time_zone,
        wants_mentor=part.wants_mentor if part else None,
        wish=part.wish if part else "",
        places=part.places if part else None,
    )


def mentors_at_work(now: datetime) -> set[UUID]:
    """Return the memberships of the mentors here who do not take a break."""
    paused = set(Pause.objects.in_force(now).values_list("membership_id", flat=True))
    return set(Membership.objects.mentors().values_list("pk", flat=True)) - paused


def _places(one: Member, preview: Preview, load: Counter[UUID]) -> int:
    """Return how many mentees somebody can still be given: their own number, else what is usual in this preview."""
    return (preview.places if one.places is None else one.places) - load[one.person_id]


def _offset(one: Member, now: datetime) -> float:
    offset = ZoneInfo(one.time_zone).utcoffset(now)
    return offset.total_seconds() / 3600 if offset is not None else 0.0


def _questions_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """Return by person what they asked last, for those who wrote no wish. Their words are compared, never shown."""
    asked = Question.objects.filter(mentee_id__in=list(people))
    asked = asked.exclude(state__in=(Question.State.DRAFT, Question.State.WITHDRAWN))
    latest = Window(RowNumber(), partition_by=F("mentee_id"), order_by=F("changed_at").desc())
    rows = asked.annotate(turn=latest, start=Left("text", QUESTION_LETTERS)).filter(turn__lte=LATEST)
    texts: dict[UUID, list[str]] = {}
    for person_id, start in rows.order_by("mentee_id", "turn").values_list("mentee_id", "start"):
        texts.setdefault(person_id, []).append(start)
    return {person_id: "\n".join(starts) for person_id, starts in texts.items()}


def _wishes(programme: Programme) -> dict[tuple[UUID, str], tuple[str, ...]]:
    wishes: dict[tuple[UUID, str], tuple[str, ...]] = {}
    rows = Wish.objects.filter(programme=programme).order_by("wished_at", "pk")
    for by_id, side, about_id in rows.values_list("by_id", "side", "about_id"):
        wishes[by_id, side] = (*wishes.get((by_id, side), ()), str(about_id))
    return wishes


def _apart(programme: Programme, people: Collection[UUID]) -> frozenset[tuple[str, str]]:
    """Return who may not be matched: who keeps whom away, and who had each other here before and parted."""
    parted = Match.objects.filter(~Q(ended_at=None), programme=programme).values_list("mentee_id", "mentor_id")
    return frozenset((str(one), str(other)) for one, other in [*blocks_among(people), *parted])


def blocks_among(people: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return who of these people keeps whom of them away."""
    blocks = Block.objects.values_list("by_id", "about_id").iterator()
    return [(one, other) for one, other in blocks if one in people and other in people]
