"""Working a preview out: minutes of work for a large programme, in steps that its page can follow.

Each step is a transaction of its own. What it comes to is kept in the last one, whole or not at all, so a worker that
dies in the middle leaves a preview that is worked out anew.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from momentor.dispatch import candidates
from momentor.foundation.tenancy import acting_in
from momentor.matches import planner, planning
from momentor.matches.actions.previews import keep_preview
from momentor.matches.fitting import CANDIDATES, PARTS, Offering, People, Seeking, Words, facts_of, fits
from momentor.matches.models import Preview, Proposal
from momentor.matches.planning import Task
from momentor.matches.reading import people_of

AT_ONCE = 100  # wishes compared in one transaction
Stage = Preview.Stage
Row = TypeVar("Row")

logger = logging.getLogger("momentor.matches")


class PutAside(Exception):
    """Somebody stopped the preview while it was worked on."""


def work_out(*, preview_id: UUID, organisation_id: UUID, now: datetime) -> None:
    """Work a preview out and keep what it comes to. Stops where it was put aside; twice does no harm."""
    try:
        _Work(preview_id, organisation_id, now).do()
    except PutAside:
        logger.info("A preview was put aside while it was worked on.")
    except planner.PlanningStopped as stopped:
        logger.warning("A preview could not be worked out.", extra={"why": str(stopped)})
        with acting_in(organisation_id):
            Preview.objects.underway().filter(pk=preview_id).update(state=Preview.State.FAILED)


class _Work:
    """One preview on its way."""

    def __init__(self, preview_id: UUID, organisation_id: UUID, now: datetime) -> None:
        self._preview_id = preview_id
        self._organisation_id = organisation_id
        self._now = now

    def do(self) -> None:
        preview, people = self._read()
        words = self._compare(people)
        task = Task(
            programme=people.programme(fits(people, words, weights=preview.weights)),
            way=preview.way,
            weights=preview.weights,
        )
        self._show(Stage.PLANNING, 0, task.plans)
        found = planner.plan(task, on_plan=lambda made: self._show(Stage.PLANNING, made, task.plans))
        proposals = [*self._pairs(people, found["matches"]), *self._nobodys(found["unmatched"])]
        with acting_in(self._organisation_id):
            keep_preview(
                preview_id=self._preview_id,
                proposals=proposals,
                version=f"{planning.VERSION} {candidates.VERSION}",
                inputs=_inputs(people, task, self._now),
                result=_result(found, preview.weights),
                task=planning.packed(task),
                now=timezone.now(),
            )

    def _read(self) -> tuple[Preview, People]:
        with acting_in(self._organisation_id):
            self._show(Stage.READING, 0, 0, begin=True)
            preview = Preview.objects.select_related("programme").get(pk=self._preview_id)
            return preview, people_of(preview, now=self._now)

    def _compare(self, people: People) -> Words:
        words = Words()
        wishes = {UUID(one.id): one.text for one in people.seeking if one.text}
        mentors = [UUID(one.id) for one in people.offering]
        for done, some in _some_at_once(list(wishes.items())):
            with acting_in(self._organisation_id):
                for near in candidates.nearest_to(dict(some), among=mentors, now=self._now, take=CANDIDATES):
                    words.add(str(near.person_id), {str(one): score for one, score in near.scores.items()})
            self._show(Stage.WORDS, done, len(wishes))
        return words

    def _pairs(self, people: People, matches: Sequence[Sequence[Any]]) -> Iterator[Proposal]:
        seeking = {one.id: one for one in people.seeking}
        offering = {one.id: one for one in people.offering}
        for done, some in _some_at_once(matches):
            with acting_in(self._organisation_id):
                found = [
                    Proposal(
                        preview_id=self._preview_id,
                        mentee_id=UUID(mentee),
                        mentor_id=UUID(mentor),
                        score=score,
                        parts=parts,
                        facts=self._facts(seeking[mentee], offering[mentor]),
                    )
                    for mentee, mentor, score, parts in some
                ]
            yield from found
            self._show(Stage.REASONS, done, len(matches))

    def _facts(self, mentee: Seeking, mentor: Offering) -> dict[str, Any]:
        words: list[str] = []
        if mentee.own_words and mentee.text:
            words = candidates.words_between(mentee.text, of=UUID(mentee.id), to=UUID(mentor.id), now=self._now)
        return asdict(facts_of(mentee, mentor)) | {"words": words}

    def _nobodys(self, unmatched: Sequence[Sequence[Any]]) -> Iterator[Proposal]:
        for mentee, why, is_open, _ruled_out in unmatched:
            yield Proposal(
                organisation_id=self._organisation_id,
                preview_id=self._preview_id,
                mentee_id=UUID(mentee),
                why=why,
                facts={"open": is_open},
            )

    def _show(self, stage: Stage, done: int, out_of: int, *, begin: bool = False) -> None:
        """Tell the page how far it is. Raises PutAside where nobody waits for it any more."""
        with acting_in(self._organisation_id):
            states = Preview.UNDERWAY if begin else (Preview.State.RUNNING,)
            waiting = Preview.objects.filter(pk=self._preview_id, state__in=states)
            if not waiting.update(state=Preview.State.RUNNING, stage=stage, done=done, out_of=max(done, out_of)):
                raise PutAside


def _some_at_once(rows: Sequence[Row]) -> Iterator[tuple[int, Sequence[Row]]]:
    """Yield rows some at a time, each time with how many have come by then."""
    for start in range(0, len(rows), AT_ONCE):
        yield min(start + AT_ONCE, len(rows)), rows[start : start + AT_ONCE]


def _inputs(people: People, task: Task, now: datetime) -> dict[str, Any]:
    return {
        "at": now.isoformat(),
        "mentees": len(people.seeking),
        "mentors": len(people.offering),
        "places": sum(one.places for one in people.offering),
        "pairs": len(task.programme.fits.mentee),
    }


def _result(found: dict[str, Any], weights: dict[str, float]) -> dict[str, Any]:
    loads = Counter(Counter(mentor for _mentee, mentor, _score, _parts in found["matches"]).values())
    return {
        "matched": len(found["matches"]),
        "unmatched": len(found["unmatched"]),
        "total": found["total"],
        "full": sum(weights[part] for part in PARTS) or 1.0,
        "effects": found["effects"],
        "loads": {str(mentees): mentors for mentees, mentors in sorted(loads.items())},
    }
