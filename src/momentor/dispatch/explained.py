"""How a list came about, for people: each score by its parts, who was kept off and why, what counts how much.

Reasons hold words of the question; what is said here to others than its mentee holds none.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from momentor.dispatch.ledger import Replay, digest_of, replay
from momentor.dispatch.lists import Looked
from momentor.dispatch.models import LedgerEntry
from momentor.dispatch.queries import PLACES
from momentor.dispatch.reasons import Said, said_of, titles_of
from momentor.people.models import Membership, Person

# Functions, since the language is the reader's.
SIGNALS: dict[str, Callable[[], str]] = {
    "answered": lambda: _("Answered like questions"),
    "recent": lambda: _("Answered lately"),
    "tags": lambda: _("Same topics"),
    "profile": lambda: _("Profile"),
    "sample": lambda: _("Sample answers"),
    "experience": lambda: _("Experience"),
    "rhythm": lambda: _("Usual times"),
    "met": lambda: _("Met before"),
    "load": lambda: _("Asked often lately"),
}
COUNTS: dict[str, Callable[[], str]] = {
    "answered": lambda: _("Weight of answers to like questions"),
    "recent": lambda: _("Weight of having answered lately"),
    "tags": lambda: _("Weight of answers on the same topics"),
    "profile": lambda: _("Weight of the profile, for newcomers"),
    "sample": lambda: _("Weight of sample answers, for newcomers"),
    "one_answer": lambda: _("What one fresh answer to the same question is worth"),
    "half_life": lambda: _("Days after which an answer counts half"),
    "least_vote": lambda: _("What an answer keeps, however old"),
    "recent_half_life": lambda: _("Days after which having answered counts half"),
    "nearest": lambda: _("How many like questions are looked at"),
    "enough_answers": lambda: _("Answers with which somebody is no newcomer any more"),
    "newcomer_places": lambda: _("Places kept for newcomers"),
    "newcomer_fit": lambda: _("How near a newcomer’s words must be, up to 1"),
    "neighbours_within": lambda: _("First places among which one from a neighbouring field stands"),
    "neighbour_strength": lambda: _("How strong they must be, as part of the best"),
    "load": lambda: _("How much many offers lately hold somebody back"),
}
OUTCOMES: dict[str, Callable[[], str]] = {
    "same": lambda: _("Made again just now from what was kept: the same list."),
    "different": lambda: _("Made again just now from what was kept, it is another list. Tell who runs the site."),
    "too_old": lambda: _("It cannot be made again: it is from before what a list is made from was kept."),
    "forgotten": lambda: _("It cannot be made again: somebody on it left, and what spoke for them was forgotten."),
    "unreadable": lambda: _("It cannot be made again by this version. Tell who runs the site."),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A signal of a score: what it adds, and its share of the whole in percent, where that says something."""

    kind: str
    weight: float
    share: int | None

    @property
    def label(self) -> str:
        return SIGNALS[self.kind]() if self.kind in SIGNALS else self.kind


def parts_of(one: Looked) -> list[Part]:
    """Return the signals of somebody's score, the weightiest first; no shares where some weigh against them."""
    has_shares = one.score > 0 and all(part > 0 for part in one.parts.values())
    heavy_first = sorted(one.parts.items(), key=lambda item: (-item[1], item[0]))
    return [
        Part(kind=kind, weight=weight, share=round(100 * weight / one.score) if has_shares else None)
        for kind, weight in heavy_first
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    """Somebody who was looked at, as a coordinator reads it. `person` is None for who cannot be named any more."""

    person: Person | None
    looked: Looked
    parts: list[Part]
    note: str


@dataclass(frozen=True, kw_only=True)
class Explained:
    """How a list came about, without the words of the question."""

    entry: LedgerEntry
    replay: Replay
    lines: list[Line]
    counts: list[tuple[str, str]]

    @property
    def verdict(self) -> str:
        return OUTCOMES[self.replay.outcome]()


def explained_for(entry: LedgerEntry, *, viewer: Person) -> Explained:
    """Return everybody who was looked at, in order, with their signals. Names only as the viewer may see them."""
    again = replay(entry)
    looked = again.kept.looked_at() if again.kept else []
    people = _named([one.candidate.person for one in looked], viewer)
    lines = [
        Line(person=people.get(UUID(one.candidate.person)), looked=one, parts=parts_of(one), note=note_of(one))
        for one in looked
    ]
    return Explained(entry=entry, replay=again, lines=lines, counts=_counts(entry.weights))


def _named(ids: list[str], viewer: Person) -> dict[UUID, Person]:
    members = Membership.objects.visible_to(viewer).filter(person_id__in=[UUID(one) for one in ids])
    return {member.person_id: member.person for member in members.select_related("person")}


def note_of(one: Looked) -> str:
    """Return why somebody stands where they stand, or what kept them off."""
    if one.place:
        return PLACES[one.why]() if one.why in PLACES else _("By what speaks for them.")
    invitations = round(one.candidate.load)
    times = ngettext("Offered %(n)s question in four weeks.", "Offered %(n)s questions in four weeks.", invitations)
    notes: dict[str, Callable[[], str]] = {
        "full": lambda: _("No time left this week. With time they would stand at place %(place)s."),
        "invited": lambda: times + " " + _("Without that they would stand at place %(place)s."),
        "weaker": lambda: _("Others fit better."),
        "later": lambda: _("May be asked later: a wave disturbs as few as it can."),
        "away": lambda: _("Could not be asked at that moment: talking to somebody, quiet hours, or no time left."),
    }
    return notes[one.off or "weaker"]() % {"place": one.would_be, "n": invitations}


def _counts(weights: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(COUNTS[name](), _plain(weights[name])) for name in COUNTS if name in weights]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else f"{value:g}"


# For the mentee


@dataclass(frozen=True, kw_only=True)
class OwnLine:
    """Somebody on the mentee's own list, and what spoke for them. Where it is decided blind, nobody is named."""

    person: Person | None
    is_hidden: bool
    reasons: list[Said]


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """How a shortlist came about, for the one who asked."""

    entry: LedgerEntry
    verdict: str
    is_same: bool
    lines: list[OwnLine]
    full: int  # who would have stood on it with time left
    is_of_these_words: bool


def own_list_of(entry: LedgerEntry, *, viewer: Person) -> OwnList:
    """Return the people on a shortlist as its mentee saw them; not those whom they may not see any more."""
    again, question = replay(entry), entry.question
    people = _named([row["person"] for row in entry.result], viewer)
    rows = [row for row in entry.result if UUID(row["person"]) in people]
    quoted = () if question.is_blind else rows
    titles = titles_of(reason for row in quoted for reason in row["reasons"])
    lines = [
        OwnLine(
            person=None if question.is_blind else people[UUID(row["person"])],
            is_hidden=question.is_blind,
            reasons=[
                *([Said(text=PLACES[row["why"]]())] if row.get("why") in PLACES else []),
                *said_of(row["reasons"], titles, is_blind=question.is_blind),
            ],
        )
        for row in rows
    ]
    looked = again.kept.looked_at() if again.kept else []
    return OwnList(
        entry=entry,
        verdict=OUTCOMES[again.outcome](),
        is_same=again.is_same,
        lines=lines,
        full=sum(one.off == "full" for one in looked),
        is_of_these_words=entry.inputs.get("text") in (None, digest_of(question.text)),
    )


# For a program


def as_plain(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry as plain values, everybody by id: on the list, kept off it, looked at; and what replay says."""
    again = replay(entry)
    looked = again.kept.looked_at() if again.kept else []
    by_id = {one.candidate.person: one for one in looked}
    return {
        "entry": str(entry.pk),
        "made_at": entry.made_at.isoformat(),
        "kind": "wave" if entry.search_id else "list",
        "pace": entry.search.pace if entry.search else None,
        "version": entry.version,
        "ranker": entry.inputs.get("ranker"),
        "weights": entry.weights,
        "inputs": entry.inputs,
        "people": [
            row
            | {"signals": [asdict(part) for part in parts_of(by_id[row["person"]])] if row["person"] in by_id else []}
            for row in entry.result
        ],
        "looked_at": [
            {
                "person": one.candidate.person,
                "place": one.place,
                "why": one.why,
                "score": one.score,
                "signals": [asdict(part) for part in parts_of(one)],
                "invitations": one.candidate.load,
                "is_full": one.candidate.room <= 0,
                "off": one.off,
                "would_be": one.would_be,
            }
            for one in looked
        ],
        "replayed": {"outcome": again.outcome, "people": list(again.people), "why_not": again.why_not},
    }
