"""The match ledger: how each list and each wave came about, kept so that it can be explained, and made again.

An entry keeps ids, numbers and the question's digest, but no words of the question beside those in the reasons. A list
that is shown again as it was is the same entry; another list of the same question is another one.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID, uuid5

from django.db.models import Q

from matchwell import Ranked
from matchwell.ledger import UnreadableRecord
from momentor.asking.models import Question
from momentor.dispatch.candidates import VERSION, Made, Suggestion, fit
from momentor.dispatch.lists import Kept, WaveRecord, kept_from, people_in
from momentor.dispatch.models import LedgerEntry, Search

FORGOTTEN = {"forgotten": True}
AT_ONCE = 200
NO_REASON = {"kind": "chosen", "weight": 0, "question": None, "words": []}
SAME_AGAIN = ("version", "weights", "inputs", "result", "record", "people", "made_at")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody whom a wave asks: why, and what was expected of it. `reasons` are empty for who was only chosen."""

    person_id: UUID
    score: float
    fit: float
    presence: str
    chance: float
    reasons: list[dict[str, Any]]
    why: str = "rank"


def write_list(*, question: Question, made: Made, now: datetime) -> LedgerEntry:
    """Keep how a shortlist came about that is shown. One statement, however often it is shown."""
    kept = made.record()
    result = [_row(asked_as(one)) for one in made.suggested]
    entry = _entry(question, kept, result, may_be_asked=made.may_be_asked, now=now)
    entry.pk = uuid5(question.pk, " ".join([VERSION, *(f"{row['person']}:{row['why']}" for row in result)]))
    LedgerEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["organisation", "id"], update_fields=SAME_AGAIN
    )
    return entry


def write_wave(
    *, search: Search, kept: WaveRecord, asked: Iterable[Asked], may_be_asked: int, now: datetime
) -> LedgerEntry:
    """Keep how a wave of a search came about, also one in which there was nobody to ask."""
    result = [_row(one) for one in asked]
    entry = _entry(search.question, kept, result, may_be_asked=may_be_asked, now=now)
    entry.search = search
    entry.save(force_insert=True)
    return entry


def _entry(
    question: Question, kept: Kept, result: list[dict[str, Any]], *, may_be_asked: int, now: datetime
) -> LedgerEntry:
    ranking = kept.records[0]
    named = people_in(kept) | {row["person"] for row in result}
    return LedgerEntry(
        question=question,
        version=VERSION,
        weights=asdict(ranking.weights),
        inputs={
            "at": now.isoformat(),
            "text": digest_of(question.text),
            "topics": question.topics,
            "language": question.language,
            "medium": question.medium,
            "considered": may_be_asked,
            "fitting": ranking.considered,
            "ranker": ranking.ranker,
        },
        result=result,
        record=kept.as_json(),
        people=sorted(UUID(person) for person in named),
        made_at=now,
    )


def _row(one: Asked) -> dict[str, Any]:
    return {
        "person": str(one.person_id),
        "score": one.score,
        "why": one.why,
        "presence": one.presence,
        "chance": round(one.chance, 4),
        "reasons": one.reasons or [NO_REASON],
    }


def digest_of(text: str) -> str:
    """Return what tells whether a question was written in the same words, without keeping them."""
    return sha256(text.encode()).hexdigest()


def asked_as(suggestion: Suggestion) -> Asked:
    """Return a suggestion as somebody who is asked."""
    return Asked(
        person_id=suggestion.person_id,
        score=suggestion.ranked.score,
        fit=fit(suggestion.ranked),
        presence=suggestion.reach.presence,
        chance=suggestion.chance.of_yes,
        reasons=reasons_as_json(suggestion.ranked),
        why=suggestion.ranked.why,
    )


def reasons_as_json(ranked: Ranked) -> list[dict[str, Any]]:
    """Return a ranking's reasons as plain values: kind, weight, question id, words."""
    return [
        {
            "kind": reason.kind,
            "weight": round(reason.weight, 6),
            "question": reason.question,
            "words": list(reason.words),
            **({"nearness": round(reason.nearness, 4)} if reason.nearness is not None else {}),
            **({"days": round(reason.days, 2)} if reason.days is not None else {}),
            **({"count": reason.count} if reason.count is not None else {}),
        }
        for reason in ranked.reasons
    ]


# Made again


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What came of making a list again: the same, or in what it differs; or why it cannot be made again.

    `outcome` is "same", "different", "too_old" (from before records were kept), "forgotten" (somebody on it left, and
    what spoke for them went with them) or "unreadable". `kept` is what it was made from, `people` who stands on it now.
    """

    outcome: Literal["same", "different", "too_old", "forgotten", "unreadable"]
    kept: Kept | None = None
    people: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def is_same(self) -> bool:
        return self.outcome == "same"


def replay(entry: LedgerEntry) -> Replay:
    """Make the list of an entry again from what was kept, and compare: the same people, places, reasons and scores."""
    if entry.record is None:
        return Replay(outcome="too_old")
    if entry.record == FORGOTTEN:
        return Replay(outcome="forgotten")
    try:
        kept = kept_from(entry.record)
        again = [(one.person, one.why, one.score) for one in kept.replayed()]
    except UnreadableRecord as fault:
        return Replay(outcome="unreadable", why_not=str(fault))
    was = [(row["person"], row["why"], row["score"]) for row in entry.result]
    return Replay(
        outcome="same" if again == was else "different", kept=kept, people=tuple(person for person, *_ in again)
    )


# Forgotten


def forget_signals_of(person_id: UUID) -> int:
    """Forget what spoke for somebody who left, in every entry that names them; return how many entries that were.

    That they stood on a list stays, as the offers made to them do, until the organisation's retention ends. Without
    what spoke for them the list cannot be made again.
    """
    named = Q(people__contains=[person_id]) | Q(record__isnull=True, result__contains=[{"person": str(person_id)}])
    ids = list(LedgerEntry.objects.filter(named).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        entries = LedgerEntry.objects.select_for_update().filter(pk__in=ids[start : start + AT_ONCE]).order_by("pk")
        changed = [_without(entry, person_id) for entry in entries]
        LedgerEntry.objects.bulk_update(changed, ["result", "record", "people"])
    return len(ids)


def _without(entry: LedgerEntry, person_id: UUID) -> LedgerEntry:
    entry.result = [
        row | {"score": None, "chance": None, "reasons": []} if row["person"] == str(person_id) else row
        for row in entry.result
    ]
    entry.record = FORGOTTEN if entry.record is not None else None
    entry.people = [one for one in entry.people if one != person_id]
    return entry
